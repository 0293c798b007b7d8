using System.Net;
using System.Net.Http.Headers;
using System.Text;
using Omni.Shared;

namespace Omni.Aws;

/// <summary>What a client's endpoint answered.</summary>
/// <param name="At">When it was called.</param>
/// <param name="Status">The HTTP status; null when there was no answer.</param>
/// <param name="Error">
/// Why there was none: <c>timeout</c>, <c>dns</c>, <c>tls</c>, <c>connect</c>, <c>reset</c>; null when there was one.
/// </param>
/// <param name="Latency">How long it took.</param>
/// <param name="Body">How the body begins.</param>
/// <param name="RetryAfter">The wait that it asks for.</param>
public sealed record EndpointAnswer(
    DateTimeOffset At, int? Status, string? Error, TimeSpan Latency, string? Body = null, TimeSpan? RetryAfter = null)
{
    private static readonly TimeSpan LongestRest = TimeSpan.FromHours(24);

    /// <summary>Whether the endpoint took the event.</summary>
    public bool Succeeded => Status is >= 200 and < 300;

    /// <summary>Whether the endpoint is not there any more, and says so.</summary>
    public bool IsGone => Status == 410;

    /// <summary>How long it wants to be left alone; null when it does not.</summary>
    public TimeSpan? Rest => Status is 429 or 503 && RetryAfter is { } wait ? (wait < LongestRest ? wait : LongestRest) : null;

    /// <summary>The answer as it is kept.</summary>
    /// <param name="e">The event.</param>
    /// <param name="attempt">How many times it was tried.</param>
    /// <param name="next">When it is tried again; null when it is not.</param>
    public EndpointAttempt AttemptOf(ClientEvent e, int attempt, DateTimeOffset? next) => new()
    {
        EventId = e.Id, Type = e.Type, At = At, Attempt = attempt, Succeeded = Succeeded, Status = Status, Error = Error, Latency = Latency,
        Body = Body, Next = next,
    };
}

/// <summary>Posts an event to a client's endpoint, signed.</summary>
/// <param name="http">The client of <see cref="NewHttp"/>.</param>
/// <param name="clock">The time.</param>
public sealed class EndpointClient(HttpClient http, TimeProvider clock)
{
    /// <summary>The most that an endpoint may take.</summary>
    public static readonly TimeSpan Timeout = TimeSpan.FromSeconds(10);

    /// <summary>So much of an answer's body is read.</summary>
    private const int MaxReplyBytes = 1024;

    /// <summary>The client of a function. It calls public addresses only, and follows no redirect.</summary>
    /// <param name="isLocal">Whether the stage is the one on a single machine: then endpoints may be on it.</param>
    public static HttpClient NewHttp(bool isLocal)
    {
        var handler = PublicHttp.NewHandler((_, address) => MayConnect(address, isLocal));
        handler.AllowAutoRedirect = false; // who is told is who was named
        return new(handler) { Timeout = System.Threading.Timeout.InfiniteTimeSpan }; // each call has its own
    }

    /// <summary>Whether an endpoint may be at an address.</summary>
    /// <param name="address">The address.</param>
    /// <param name="isLocal">Whether the stage is the one on a single machine.</param>
    public static bool MayConnect(IPAddress address, bool isLocal) =>
        PublicHttp.IsPublic(address) || (isLocal && IPAddress.IsLoopback(address));

    /// <summary>Makes one attempt.</summary>
    /// <param name="endpoint">The endpoint.</param>
    /// <param name="e">The event.</param>
    /// <param name="cancellation">Stops the call.</param>
    public async Task<EndpointAnswer> PostAsync(WebhookEndpoint endpoint, ClientEvent e, CancellationToken cancellation = default)
    {
        var (at, started) = (clock.GetUtcNow(), clock.GetTimestamp());
        using var limit = new CancellationTokenSource(Timeout, clock);
        using var stop = CancellationTokenSource.CreateLinkedTokenSource(limit.Token, cancellation);
        using var request = RequestOf(endpoint, e, at);
        try
        {
            using var response = await http.SendAsync(
                request, HttpCompletionOption.ResponseHeadersRead, stop.Token).ConfigureAwait(false);
            var body = await BeginningAsync(response, stop.Token).ConfigureAwait(false);
            return new(
                at, (int)response.StatusCode, null, clock.GetElapsedTime(started), body, RetryAfterHeader.Of(response, clock));
        }
        catch (Exception lost) when (IsLost(lost) && !cancellation.IsCancellationRequested)
        {
            return new(at, null, ErrorOf(lost), clock.GetElapsedTime(started));
        }
    }

    private static HttpRequestMessage RequestOf(WebhookEndpoint endpoint, ClientEvent e, DateTimeOffset at)
    {
        var body = EventBody.Of(e);
        var request = new HttpRequestMessage(HttpMethod.Post, endpoint.Url) { Content = new ByteArrayContent(body) };
        request.Content.Headers.ContentType = new MediaTypeHeaderValue("application/json");
        request.Headers.UserAgent.Add(new ProductInfoHeaderValue("Omni", "1.0"));
        foreach (var (name, value) in endpoint.Headers) request.Headers.TryAddWithoutValidation(name, value);
        request.Headers.Add(StandardWebhooks.IdHeader, e.Id);
        request.Headers.Add(StandardWebhooks.TimestampHeader, StandardWebhooks.Seconds(at));
        request.Headers.Add(StandardWebhooks.SignatureHeader, StandardWebhooks.Sign(endpoint.SecretsAt(at), e.Id, at, body));
        return request;
    }

    /// <summary>How a body begins. The status is what counts: that the rest breaks off changes nothing.</summary>
    private static async Task<string?> BeginningAsync(HttpResponseMessage response, CancellationToken cancellation)
    {
        try
        {
            var bytes = new byte[MaxReplyBytes];
            using var body = await response.Content.ReadAsStreamAsync(cancellation).ConfigureAwait(false);
            var length = await body.ReadAtLeastAsync(bytes, bytes.Length, throwOnEndOfStream: false, cancellation).ConfigureAwait(false);
            return length == 0 ? null : Encoding.UTF8.GetString(bytes, 0, length);
        }
        catch (Exception lost) when (IsLost(lost))
        {
            return null;
        }
    }

    private static bool IsLost(Exception fault) => fault is HttpRequestException or OperationCanceledException or IOException;

    private static string ErrorOf(Exception lost) => lost switch
    {
        OperationCanceledException => "timeout",
        HttpRequestException { HttpRequestError: HttpRequestError.NameResolutionError } => "dns",
        HttpRequestException { HttpRequestError: HttpRequestError.SecureConnectionError } => "tls",
        HttpRequestException { HttpRequestError: HttpRequestError.ConnectionError } => "connect",
        _ => "reset",
    };
}
