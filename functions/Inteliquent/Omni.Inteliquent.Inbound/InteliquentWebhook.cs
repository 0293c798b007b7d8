using Omni.Aws;
using Omni.Pipeline;
using Omni.Shared;

namespace Omni.Inteliquent.Inbound;

/// <summary>Inteliquent's webhook: one JSON body a call, for messages and for receipts.</summary>
/// <param name="options">Its options.</param>
internal sealed class InteliquentWebhook(InteliquentOptions options) : ICarrierWebhook
{
    // The documented answer. The other one, 408 for a user error, could make the carrier call again with what cannot be read any better
    // then.
    private static readonly WebhookAnswer Taken = new(200, "application/json", """{"statusCode":"200","status":"success"}""");

    /// <inheritdoc/>
    public Carrier Carrier { get; } = CarrierCatalogue.Get("inteliquent");

    /// <inheritdoc/>
    public bool Verify(WebhookRequest request)
    {
        if (InteliquentProof.Find(request, options) is not { } form) return false;

        // Tells which of the two formulas the account gets: once it is known, INTELIQUENT_WEBHOOK_HASH can shut out the other.
        Metrics.Count(form == HashForm.Hmac ? "WebhookHashHmac" : "WebhookHashSha256", Carrier.Id);
        return true;
    }

    /// <inheritdoc/>
    public WebhookAnswer Refuse(WebhookRequest request) => WebhookAnswer.Unauthorized;

    /// <inheritdoc/>
    public IReadOnlyList<CarrierEvent> Read(WebhookRequest request) =>
        WebhookJson.Read(WebhookJson.Parse(request.Body.Span), InteliquentJson.Default.InteliquentCall, out var lost) is { } call
            ? InteliquentMapper.Map(call, lost, options.Numbers)
            : [CarrierEvent.Ignored.Unreadable];

    /// <inheritdoc/>
    public WebhookAnswer Acknowledge(WebhookRequest request, IReadOnlyList<CarrierEvent> events) => Taken;
}
