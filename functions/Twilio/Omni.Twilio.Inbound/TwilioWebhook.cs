using System.Text;
using Omni.Pipeline;
using Omni.Shared;

namespace Omni.Twilio.Inbound;

/// <summary>
/// Twilio's webhook: signed forms, for messages and for receipts. https://www.twilio.com/docs/messaging/guides/webhook-request
/// </summary>
/// <param name="options">Its options.</param>
internal sealed class TwilioWebhook(TwilioOptions options) : ICarrierWebhook
{
    // TwiML that does nothing. For an inbound message an empty 200 makes Twilio warn with 11200 or 12300.
    private static readonly WebhookAnswer NoReply = new(200, "text/xml", "<Response/>");

    /// <inheritdoc/>
    public Carrier Carrier { get; } = CarrierCatalogue.Get("twilio");

    /// <inheritdoc/>
    public bool Verify(WebhookRequest request) => TwilioSignature.IsValid(request, options.AuthTokens);

    /// <inheritdoc/>
    public IReadOnlyList<CarrierEvent> Read(WebhookRequest request)
    {
        var query = TwilioForm.Decode(Encoding.UTF8.GetBytes(request.Query));
        var form = request switch
        {
            { Method: "GET" } => query,
            { Body.IsEmpty: true } or { ContentType: TwilioForm.MediaType } => TwilioForm.Decode(request.Body.Span),
            _ => throw new FormatException("The body is not a form."),
        };
        return TwilioMapper.Map(form.Read(), reference: query.Read().Find("ref"), options.AccountSid);
    }

    /// <inheritdoc/>
    public WebhookAnswer Acknowledge(WebhookRequest request, IReadOnlyList<CarrierEvent> events) =>
        events.Any(e => e is CarrierEvent.MessageReceived) ? NoReply : WebhookAnswer.NoContent;
}
