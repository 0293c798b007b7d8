using System.Net;
using System.Net.Sockets;
using System.Text.Json;
using System.Text.Json.Serialization.Metadata;
using Omni.Aws;
using Omni.Shared;

namespace Omni.Pipeline;

/// <summary>A carrier's answer, read whole.</summary>
/// <param name="Status">The HTTP status.</param>
/// <param name="Body">The body.</param>
/// <param name="RetryAfter">The wait that it asks for; null when it asks for none.</param>
public sealed record CarrierReply(HttpStatusCode Status, byte[] Body, TimeSpan? RetryAfter)
{
    /// <summary>Whether the status is 2xx.</summary>
    public bool IsSuccess => (int)Status is >= 200 and < 300;

    /// <summary>The status as a code for the timeline, where the carrier gives none of its own.</summary>
    public string StatusCode => string.Create(System.Globalization.CultureInfo.InvariantCulture, $"http_{(int)Status}");

    /// <summary>Reads the body; null when it is something else, such as a gateway's page.</summary>
    /// <param name="type">What it should be.</param>
    /// <typeparam name="T">What it should be.</typeparam>
    public T? Read<T>(JsonTypeInfo<T> type) where T : class
    {
        try
        {
            return JsonSerializer.Deserialize(Body, type);
        }
        catch (JsonException)
        {
            return null;
        }
    }
}

/// <summary>
/// The HTTP call to a carrier: what a broken connection means everywhere is decided here, once. A carrier's sender adds only what is
/// peculiar to it.
/// </summary>
/// <param name="http">The client.</param>
/// <param name="clock">The time.</param>
/// <param name="files">The client that fetches files, from addresses that a webhook or a client of ours names; by default the same.</param>
public sealed class CarrierHttp(HttpClient http, TimeProvider clock, HttpClient? files = null)
{
    /// <summary>The most that one call may take, below the lease of an attempt.</summary>
    public static readonly TimeSpan Timeout = TimeSpan.FromSeconds(8);

    private const int MaxReplyBytes = 1024 * 1024;

    /// <summary>The client of a function: one, with pooled connections.</summary>
    public static HttpClient NewClient() => new(new SocketsHttpHandler
    {
        ConnectTimeout = TimeSpan.FromSeconds(3),
        PooledConnectionLifetime = TimeSpan.FromMinutes(5),
        PooledConnectionIdleTimeout = TimeSpan.FromSeconds(50),
        AllowAutoRedirect = false, // a redirect would carry credentials elsewhere
        AutomaticDecompression = DecompressionMethods.All,
        UseCookies = false,
    })
    {
        Timeout = Timeout,
        MaxResponseContentBufferSize = MaxReplyBytes,
    };

    /// <summary>Makes the call that sends a part.</summary>
    /// <param name="part">The part.</param>
    /// <param name="request">The request.</param>
    /// <param name="cancellation">Ends the call.</param>
    /// <returns>The carrier's answer, or what a missing one means. What a refusal means <see cref="CarrierErrors.Refusal"/> says.</returns>
    public async Task<(CarrierReply? Reply, SendOutcome? Outcome)> SendAsync(
        OutboundPart part, HttpRequestMessage request, CancellationToken cancellation)
    {
        part.HasLeft = true;
        try
        {
            return (await CallAsync(request, cancellation).ConfigureAwait(false), null);
        }
        catch (HttpRequestException lost) when (NeverLeft(lost))
        {
            return (null, new SendOutcome.Deferred(DeferralCause.CarrierUnavailable, "connect"));
        }
        catch (Exception lost) when (lost is HttpRequestException or OperationCanceledException or IOException)
        {
            return (null, new SendOutcome.Unknown(lost is OperationCanceledException ? "timeout" : "reset"));
        }
    }

    /// <summary>Makes a call that can be repeated, such as a look-up.</summary>
    /// <param name="request">The request.</param>
    /// <param name="cancellation">Ends the call.</param>
    /// <exception cref="HttpRequestException">There was no answer.</exception>
    public async Task<CarrierReply> CallAsync(HttpRequestMessage request, CancellationToken cancellation)
    {
        using var response = await http.SendAsync(request, cancellation).ConfigureAwait(false);
        var body = await response.Content.ReadAsByteArrayAsync(cancellation).ConfigureAwait(false);
        return new(response.StatusCode, body, RetryAfterHeader.Of(response, clock));
    }

    /// <summary>
    /// Begins to fetch a file: what a status means for it everywhere. It may lie at no private address but the carrier's own; such a host,
    /// one that does not exist and one that refuses all look alike.
    /// </summary>
    /// <param name="request">The request.</param>
    /// <param name="cancellation">Stops the call.</param>
    public async Task<MediaAnswer> OpenAsync(HttpRequestMessage request, CancellationToken cancellation)
    {
        try
        {
            var response = await (files ?? http).SendAsync(
                request, HttpCompletionOption.ResponseHeadersRead, cancellation).ConfigureAwait(false);
            if (response.IsSuccessStatusCode)
            {
                return new MediaAnswer.Opened(
                    await response.Content.ReadAsStreamAsync(cancellation).ConfigureAwait(false),
                    response.Content.Headers.ContentType?.MediaType,
                    response.Content.Headers.ContentLength);
            }

            using (response)
            {
                var code = string.Create(System.Globalization.CultureInfo.InvariantCulture, $"http_{(int)response.StatusCode}");
                var wait = RetryAfterHeader.Of(response, clock);
                return (int)response.StatusCode switch
                {
                    401 or 403 => new MediaAnswer.Later(DeferralCause.OurFault, code),
                    408 or 425 or >= 500 => new MediaAnswer.Later(DeferralCause.CarrierUnavailable, code, wait),
                    429 => new MediaAnswer.Later(DeferralCause.Throttled, code, wait),
                    _ => new MediaAnswer.Gone(code),
                };
            }
        }
        catch (UriFormatException)
        {
            // The HTTP client follows a redirect before it looks whether that names a host: file: and data: name none.
            return new MediaAnswer.Gone("redirect");
        }
        catch (Exception lost) when (lost is HttpRequestException or OperationCanceledException or IOException)
        {
            return new MediaAnswer.Later(DeferralCause.CarrierUnavailable, lost is OperationCanceledException ? "timeout" : "connect");
        }
    }

    private static bool NeverLeft(HttpRequestException lost) =>
        lost.HttpRequestError is HttpRequestError.NameResolutionError
            or HttpRequestError.ConnectionError
            or HttpRequestError.SecureConnectionError
            or HttpRequestError.ProxyTunnelError
        || lost.InnerException is SocketException { SocketErrorCode: SocketError.ConnectionRefused };
}
