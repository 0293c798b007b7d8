using System.Globalization;
using System.Net;
using Omni.Pipeline;
using Omni.Shared;

namespace Omni.Twilio.Outbound;

/// <summary>Sends through Twilio's messages API. https://www.twilio.com/docs/messaging/api/message-resource</summary>
/// <param name="http">The call.</param>
/// <param name="options">Where and as whom.</param>
/// <param name="clock">The time.</param>
internal sealed class TwilioSender(CarrierHttp http, TwilioOptions options, TimeProvider clock)
    : ICarrierSender, ICarrierLookup, ICarrierMedia, ICarrierTemplates
{
    private readonly TwilioTemplates _templates = new(http, options);

    /// <summary>Twilio's entry in the catalogue.</summary>
    public static Carrier Carrier { get; } = CarrierCatalogue.Get("twilio");

    /// <inheritdoc/>
    public async Task<SendOutcome> SendAsync(OutboundPart part, CancellationToken cancellation)
    {
        if (TwilioRequest.For(part) is not { } message) return new SendOutcome.Rejected(FailureReason.Unsupported, "content");

        using var request = Call(HttpMethod.Post, options.MessagesUrl);
        request.Content = new FormUrlEncodedContent(
            message.Fields(options.StatusCallback(part.Reference), part.Message.Deadline - clock.GetUtcNow()));

        var (reply, outcome) = await http.SendAsync(part, request, cancellation).ConfigureAwait(false);
        return reply switch
        {
            null => outcome!,
            { IsSuccess: true } => Taken(reply),
            _ => TwilioErrors.Table.Refusal(Text(reply.Read(TwilioJson.Default.TwilioProblem)?.Code), reply),
        };
    }

    /// <inheritdoc/>
    public async Task<LookupAnswer?> FindAsync(OutboundPart part, DateTimeOffset since, CancellationToken cancellation)
    {
        if (TwilioRequest.For(part) is not { } message) return null;

        using var request = Call(HttpMethod.Get, options.MessagesUrl + TwilioLookup.QueryFor(message));
        var reply = await http.CallAsync(request, cancellation).ConfigureAwait(false);
        return reply.IsSuccess && reply.Read(TwilioJson.Default.TwilioPage) is { } page
            ? TwilioLookup.Match(page, message, since)
            : throw new HttpRequestException($"Twilio's list could not be read: {reply.StatusCode}."); // no answer is not the answer "none"
    }

    /// <inheritdoc/>
    /// <remarks>
    /// Twilio answers with a redirect to a signed link, which breaks when credentials come along; the client drops them on the way.
    /// https://www.twilio.com/docs/messaging/api/media-resource
    /// </remarks>
    public async Task<MediaAnswer> OpenAsync(MediaItem file, CancellationToken cancellation)
    {
        if (file.MediaUrl is not { } url || !options.IsOurs(url)) return new MediaAnswer.Gone("foreign_address");

        using var request = Call(HttpMethod.Get, url.AbsoluteUri);
        return await http.OpenAsync(request, cancellation).ConfigureAwait(false);
    }

    /// <inheritdoc/>
    public Task<IReadOnlyList<CarrierTemplate>?> ListAsync(CancellationToken cancellation) => _templates.ListAsync(cancellation);

    private static SendOutcome Taken(CarrierReply reply)
    {
        // A 2xx without an id is not proof: something in between may have answered. Looked up, it is found if Twilio has it, with its id.
        if (reply.Read(TwilioJson.Default.TwilioMessage) is not { Sid: { Length: > 0 } sid } message)
        {
            return new SendOutcome.Unknown("unreadable");
        }

        if (message.Status is not ("failed" or "undelivered" or "canceled")) return new SendOutcome.Accepted(sid);

        // Made and failed in one: Twilio does not send it. What the code asks for holds here too, and a fault of Twilio's is not in doubt.
        var code = Text(message.ErrorCode) ?? message.Status;
        return TwilioErrors.Table.Find(code) switch
        {
            { Class: ErrorClass.Unknown } fault => (fault with { Class = ErrorClass.Transient }).ToOutcome(code),
            { Class: not ErrorClass.Permanent } passing => passing.ToOutcome(code),
            var final => new SendOutcome.Rejected(final?.Reason ?? FailureReason.Unknown, code, sid),
        };
    }

    private static string? Text(int? code) => code?.ToString(CultureInfo.InvariantCulture);

    private HttpRequestMessage Call(HttpMethod method, string url) =>
        new(method, url) { Headers = { Authorization = options.Authorization } };
}
