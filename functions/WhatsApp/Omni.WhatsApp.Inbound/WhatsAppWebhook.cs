using Omni.Pipeline;
using Omni.Shared;

namespace Omni.WhatsApp.Inbound;

/// <summary>
/// Meta's webhook: signed JSON for messages and statuses, and a question at set-up.
/// https://developers.facebook.com/documentation/business-messaging/whatsapp/webhooks/overview
/// </summary>
/// <param name="options">Its options.</param>
internal sealed class WhatsAppWebhook(WhatsAppOptions options) : ICarrierWebhook
{
    // Nothing else counts as taken: not even 204.
    private static readonly WebhookAnswer Taken = new(200);

    /// <inheritdoc/>
    public Carrier Carrier { get; } = CarrierCatalogue.Get("whatsapp");

    /// <inheritdoc/>
    public WebhookAnswer? Challenge(WebhookRequest request)
    {
        if (request.Method != "GET") return null;

        var isOurs = WebhookSecret.IsOneOf(Query(request, "hub.verify_token"), options.VerifyToken);
        return isOurs && Query(request, "hub.mode") == "subscribe" && Query(request, "hub.challenge") is { Length: > 0 } challenge
            ? new(200, "text/plain", challenge)
            : WebhookAnswer.Forbidden;
    }

    /// <inheritdoc/>
    public bool Verify(WebhookRequest request) => WhatsAppSignature.IsValid(request, options.AppSecrets);

    /// <inheritdoc/>
    public IReadOnlyList<CarrierEvent> Read(WebhookRequest request) => WhatsAppMapper.Map(request.Body.Span);

    /// <inheritdoc/>
    public WebhookAnswer Acknowledge(WebhookRequest request, IReadOnlyList<CarrierEvent> events) => Taken;

    private static string? Query(WebhookRequest request, string name)
    {
        foreach (var field in request.Query.Split('&'))
        {
            if (field.Split('=', 2) is [var key, var value] && Decode(key) == name) return Decode(value);
        }

        return null;

        static string Decode(string text) => Uri.UnescapeDataString(text.Replace('+', ' '));
    }
}
