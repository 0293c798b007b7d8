using System.Text.Json;
using Omni.Pipeline;
using Omni.Shared;

namespace Omni.Bandwidth.Inbound;

/// <summary>Bandwidth's callbacks: JSON arrays of events, for messages and for receipts. https://dev.bandwidth.com/docs/messaging/webhooks</summary>
/// <param name="options">Its options.</param>
internal sealed class BandwidthWebhook(BandwidthOptions options) : ICarrierWebhook
{
    private static readonly WebhookAnswer NotFound = new(404, "application/problem+json", """{"title":"Not Found","status":404,"code":"not_found"}""");

    // Without exactly this header Bandwidth never sends its credentials, and the callback is lost in the end.
    private static readonly WebhookAnswer SignIn = WebhookAnswer.Unauthorized with
    {
        Headers = new Dictionary<string, string> { ["WWW-Authenticate"] = "Basic realm=\"Omni\"" },
    };

    /// <inheritdoc/>
    public Carrier Carrier { get; } = CarrierCatalogue.Get("bandwidth");

    /// <inheritdoc/>
    /// <remarks>
    /// Where the application has credentials, each callback comes first without them, perhaps without its body too: that call asks what to sign in with. One
    /// without a body must not be acknowledged even if its path is right, or the event in the call after it would never come.
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
        var body = JsonSerializer.Deserialize(request.Body.Span, BandwidthJson.Default.JsonElement);

        // Bandwidth's pages show an array, its OpenAPI file a single event: https://github.com/Bandwidth/api-docs/issues/1180
        JsonElement[] callbacks = body.ValueKind switch
        {
            JsonValueKind.Array => [.. body.EnumerateArray()],
            JsonValueKind.Object => [body],
            _ => throw new FormatException("The body is neither an event nor a list of events."),
        };
        if (callbacks.Length == 0) return [BandwidthMapper.Ignored("empty")];

        CarrierEvent[] events = [.. callbacks.SelectMany(callback => BandwidthMapper.Map(callback, options.ApplicationId))];
        return events.All(e => e is CarrierEvent.Ignored { Reason: BandwidthMapper.Unreadable })
            ? throw new FormatException("No event can be read.") // so that it is kept
            : events;
    }

    /// <inheritdoc/>
    public WebhookAnswer Acknowledge(WebhookRequest request, IReadOnlyList<CarrierEvent> events) => WebhookAnswer.NoContent;
}
