using Omni.Pipeline;
using Omni.Shared;

namespace Omni.Bandwidth.Inbound;

/// <summary>
/// Bandwidth's callbacks: JSON arrays of events, for messages and for receipts. https://dev.bandwidth.com/docs/messaging/webhooks
/// </summary>
/// <param name="options">Its options.</param>
internal sealed class BandwidthWebhook(BandwidthOptions options) : ICarrierWebhook
{
    private static readonly WebhookAnswer NotFound = new(
        404, "application/problem+json", """{"title":"Not Found","status":404,"code":"not_found"}""");

    // Without exactly this header Bandwidth never sends its credentials, and the callback is lost in the end.
    private static readonly WebhookAnswer SignIn = WebhookAnswer.Unauthorized with
    {
        Headers = new Dictionary<string, string> { ["WWW-Authenticate"] = "Basic realm=\"Omni\"" },
    };

    /// <inheritdoc/>
    public Carrier Carrier { get; } = CarrierCatalogue.Get("bandwidth");

    /// <inheritdoc/>
    /// <remarks>
    /// Where the application has credentials, each callback comes first without them, perhaps without its body too: that call asks what to
    /// sign in with. One without a body must not be acknowledged even if its path is right, or the event in the call after it would never
    /// come.
    /// </remarks>
    public WebhookAnswer? Challenge(WebhookRequest request) =>
        request.Header("authorization").Length == 0 && (request.PathToken.Length == 0 || request.Body.IsEmpty) ? SignIn : null;

    /// <inheritdoc/>
    public bool Verify(WebhookRequest request) => BandwidthCredentials.AreValid(request, options);

    /// <inheritdoc/>
    public WebhookAnswer Refuse(WebhookRequest request) => request.PathToken.Length > 0 ? NotFound : SignIn;

    /// <inheritdoc/>
    public IReadOnlyList<CarrierEvent> Read(WebhookRequest request)
    {
        // Bandwidth's pages show an array, its OpenAPI file a single event: https://github.com/Bandwidth/api-docs/issues/1180
        var events = WebhookJson.Events(
            WebhookJson.Parse(request.Body.Span), callback => BandwidthMapper.Map(callback, options.ApplicationId));
        return events.Count > 0 ? events : [BandwidthMapper.Ignored("empty")];
    }

    /// <inheritdoc/>
    public WebhookAnswer Acknowledge(WebhookRequest request, IReadOnlyList<CarrierEvent> events) => WebhookAnswer.NoContent;
}
