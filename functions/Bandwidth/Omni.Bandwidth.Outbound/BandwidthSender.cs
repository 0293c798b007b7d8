using System.Net;
using System.Net.Http.Headers;
using System.Text.Json;
using Omni.Pipeline;
using Omni.Shared;

namespace Omni.Bandwidth.Outbound;

/// <summary>Sends through Bandwidth's messaging API. https://dev.bandwidth.com/apis/messaging/</summary>
/// <remarks>
/// It looks nothing up, on purpose. Bandwidth's search knows neither the tag nor the text of a message: what it finds after a lost answer
/// is any message from this number to this person about that time. When Bandwidth falters, two messages to one person lose their answers
/// together, and the one that was never taken would be given the id of the one that was: reported as sent, and lost without a word. A
/// receipt tells for sure, because the tag comes back in it, and with <c>message-sent</c> switched on it comes within seconds; until then
/// the message is unknown, and everybody can see it.
/// </remarks>
/// <param name="http">The call.</param>
/// <param name="auth">What it signs in with.</param>
/// <param name="options">Where and as whom.</param>
/// <param name="clock">The time.</param>
internal sealed class BandwidthSender(CarrierHttp http, BandwidthAuth auth, BandwidthOptions options, TimeProvider clock)
    : ICarrierSender, ICarrierMedia
{
    private static readonly MediaTypeHeaderValue Json = new("application/json", "utf-8");

    /// <summary>Bandwidth's entry in the catalogue.</summary>
    public static Carrier Carrier { get; } = CarrierCatalogue.Get("bandwidth");

    /// <summary>A sender with a cache of tokens of its own.</summary>
    /// <param name="http">The call.</param>
    /// <param name="options">Where and as whom.</param>
    /// <param name="clock">The time.</param>
    public static BandwidthSender Create(CarrierHttp http, BandwidthOptions options, TimeProvider clock) =>
        new(http, new BandwidthAuth(http, options, clock), options, clock);

    /// <inheritdoc/>
    public async Task<SendOutcome> SendAsync(OutboundPart part, CancellationToken cancellation)
    {
        if (BandwidthRequest.For(part, options.ApplicationId, clock.GetUtcNow()) is not { } message)
            return new SendOutcome.Rejected(FailureReason.Unsupported, "content");

        var body = JsonSerializer.SerializeToUtf8Bytes(message, BandwidthJson.Wire.BandwidthRequest);
        var (header, refusal) = await auth.GetAsync(cancellation).ConfigureAwait(false);
        if (header is null) return refusal!;

        var (reply, outcome) = await PostAsync(part, body, header, cancellation).ConfigureAwait(false);

        // A token that was revoked before its time. What is answered 401 was surely not taken, so it may go out once more.
        if (reply is { Status: HttpStatusCode.Unauthorized } && auth.TryForget(header))
        {
            (header, refusal) = await auth.GetAsync(cancellation).ConfigureAwait(false);
            if (header is null) return refusal!;

            (reply, outcome) = await PostAsync(part, body, header, cancellation).ConfigureAwait(false);
        }

        return reply switch
        {
            null => outcome!,
            { IsSuccess: true } => Taken(reply),
            _ => BandwidthRefusal.Outcome(reply),
        };
    }

    /// <inheritdoc/>
    public async Task<MediaAnswer> OpenAsync(MediaItem file, CancellationToken cancellation)
    {
        // People's files lie in our account at Bandwidth, for 48 hours. Our credentials go nowhere else.
        if (file.MediaUrl is not { } url || !options.IsOurMedia(url)) return new MediaAnswer.Gone("foreign_host");

        var (header, refusal) = await auth.GetAsync(cancellation).ConfigureAwait(false);
        if (header is null) return Later(refusal!);

        var answer = await GetAsync(url, header, cancellation).ConfigureAwait(false);
        if (answer is MediaAnswer.Later { CarrierCode: "http_401" } && auth.TryForget(header))
        {
            (header, refusal) = await auth.GetAsync(cancellation).ConfigureAwait(false);
            return header is null ? Later(refusal!) : await GetAsync(url, header, cancellation).ConfigureAwait(false);
        }

        return answer;
    }

    private async Task<(CarrierReply? Reply, SendOutcome? Outcome)> PostAsync(
        OutboundPart part, byte[] body, AuthenticationHeaderValue header, CancellationToken cancellation)
    {
        using var request = new HttpRequestMessage(HttpMethod.Post, options.MessagesUrl)
        {
            Headers = { Authorization = header },
            Content = new ByteArrayContent(body) { Headers = { ContentType = Json } },
        };
        return await http.SendAsync(part, request, cancellation).ConfigureAwait(false);
    }

    private async Task<MediaAnswer> GetAsync(Uri url, AuthenticationHeaderValue header, CancellationToken cancellation)
    {
        using var request = new HttpRequestMessage(HttpMethod.Get, url) { Headers = { Authorization = header } };
        return await http.OpenAsync(request, cancellation).ConfigureAwait(false);
    }

    private static MediaAnswer.Later Later(SendOutcome.Deferred refusal) => new(refusal.Cause, refusal.CarrierCode, refusal.RetryAfter);

    // 202 means accepted, any other 2xx with an id as well. One without is no proof: something in between may have answered.
    private static SendOutcome Taken(CarrierReply reply) =>
        reply.Read(BandwidthJson.Default.BandwidthTaken)?.Id is { Length: > 0 } id
            ? new SendOutcome.Accepted(id)
            : new SendOutcome.Unknown("unreadable");
}
