using System.Globalization;
using System.Net;
using Omni.Pipeline;
using Omni.Shared;

namespace Omni.Twilio.Outbound;

/// <summary>Sends through Twilio's messages API. https://www.twilio.com/docs/messaging/api/message-resource</summary>
/// <param name="http">The call.</param>
/// <param name="options">Where and as whom.</param>
/// <param name="clock">The time.</param>
internal sealed class TwilioSender(CarrierHttp http, TwilioOptions options, TimeProvider clock) : ICarrierSender, ICarrierLookup
{
    // The queue of a sender holds up to ten hours of its traffic: when it is full, seconds do not help.
    private static readonly TimeSpan FullQueueWait = TimeSpan.FromMinutes(5);

    /// <summary>Twilio's entry in the catalogue.</summary>
    public static Carrier Carrier { get; } = CarrierCatalogue.Get("twilio");

    /// <inheritdoc/>
    public async Task<SendOutcome> SendAsync(OutboundPart part, CancellationToken cancellation)
    {
        if (TwilioRequest.For(part) is not { } message) return new SendOutcome.Rejected(FailureReason.Unsupported, "content");

        using var request = Call(HttpMethod.Post, options.MessagesUrl);
        request.Content = new FormUrlEncodedContent(message.Fields(options.StatusCallback(part.Reference), part.Message.Deadline - clock.GetUtcNow()));

        var (reply, outcome) = await http.SendAsync(part, request, cancellation).ConfigureAwait(false);
        return (reply, outcome) switch
        {
            (null, _) or (_, SendOutcome.Unknown) => outcome!,
            ({ IsSuccess: true }, _) => Taken(reply),
            _ => Refusal(reply, outcome),
        };
    }

    /// <inheritdoc/>
    public async Task<IReadOnlyList<string>> FindAsync(OutboundPart part, DateTimeOffset since, CancellationToken cancellation)
    {
        if (TwilioRequest.For(part) is not { } message) return [];

        using var request = Call(HttpMethod.Get, options.MessagesUrl + TwilioLookup.QueryFor(message));
        var reply = await http.CallAsync(request, cancellation).ConfigureAwait(false);
        return reply.IsSuccess && TwilioJson.TryRead(reply.Body, TwilioJson.Default.TwilioPage) is { } page
            ? TwilioLookup.Match(page, message, since)
            : throw new HttpRequestException($"Twilio's list could not be read: {reply.StatusCode}."); // no answer is not the answer "none"
    }

    // A 2xx without an id is not proof: something in between may have answered. Looked up, it is found if Twilio has it, and with its id.
    private static SendOutcome Taken(CarrierReply reply) =>
        TwilioJson.TryRead(reply.Body, TwilioJson.Default.TwilioMessage)?.Sid is { Length: > 0 } sid
            ? new SendOutcome.Accepted(sid)
            : new SendOutcome.Unknown("unreadable");

    private static SendOutcome Refusal(CarrierReply reply, SendOutcome? general)
    {
        var code = TwilioJson.TryRead(reply.Body, TwilioJson.Default.TwilioProblem)?.Code?.ToString(CultureInfo.InvariantCulture) ?? reply.StatusCode;
        return code switch // https://www.twilio.com/docs/api/errors
        {
            "20429" => new SendOutcome.Deferred(DeferralCause.Throttled, code, reply.RetryAfter),
            "21611" => new SendOutcome.Deferred(DeferralCause.Throttled, code, reply.RetryAfter ?? FullQueueWait),

            // Our credentials or our account's id are at fault, not the message: it stays until they are mended.
            "20003" or "20404" => new SendOutcome.Deferred(DeferralCause.OurFault, code),
            _ when reply.Status == HttpStatusCode.Unauthorized => new SendOutcome.Deferred(DeferralCause.OurFault, code),
            _ => general ?? new SendOutcome.Rejected(TwilioErrors.ReasonOf(code), code),
        };
    }

    private HttpRequestMessage Call(HttpMethod method, string url) => new(method, url) { Headers = { Authorization = options.Authorization } };
}
