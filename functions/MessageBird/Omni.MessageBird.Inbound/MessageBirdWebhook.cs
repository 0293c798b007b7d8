using System.Text;
using System.Text.Json;
using Omni.Pipeline;
using Omni.Shared;

namespace Omni.MessageBird.Inbound;

/// <summary>
/// MessageBird's webhook: status reports by GET, messages as forms (from older flows in the query, from a flow's step as JSON), and events
/// of the Conversations API as JSON. All are signed.
/// </summary>
/// <param name="options">Its options.</param>
internal sealed class MessageBirdWebhook(MessageBirdOptions options) : ICarrierWebhook
{
    // What MessageBird expects for a message; for anything else it is as good as any.
    private static readonly WebhookAnswer Ok = new(200, "text/plain", "OK");

    /// <inheritdoc/>
    public Carrier Carrier { get; } = CarrierCatalogue.Get("messagebird");

    /// <inheritdoc/>
    /// <remarks>
    /// A call that has a token is judged by its token, also where the older scheme counts: it cannot be talked down to the weaker one.
    /// </remarks>
    public bool Verify(WebhookRequest request) =>
        request.Header(MessageBirdSignature.Header).Length > 0 || !options.AcceptsLegacy
            ? MessageBirdSignature.IsValid(request, options.SigningKeys)
            : MessageBirdLegacySignature.IsValid(request, options.SigningKeys, options.LegacyAge);

    /// <inheritdoc/>
    public WebhookAnswer Refuse(WebhookRequest request) => WebhookAnswer.Unauthorized;

    /// <inheritdoc/>
    public IReadOnlyList<CarrierEvent> Read(WebhookRequest request)
    {
        var query = MessageBirdFields.OfForm(request.Query);
        return request switch
        {
            { Body.IsEmpty: true } => MessageBirdMapper.Map(query),
            // MessageBird sends one event a call. Should it ever send more, one that cannot be read takes no other with it.
            { ContentType: "application/json" } =>
                WebhookJson.Events(WebhookJson.Parse(request.Body.Span), json => Map(json, query.Find("ref"))),
            { ContentType: "application/x-www-form-urlencoded" } =>
                MessageBirdMapper.Map(MessageBirdFields.OfForm(Encoding.UTF8.GetString(request.Body.Span)), query.Find("ref")),
            _ => throw new FormatException("The body is neither a form nor JSON."),
        };
    }

    /// <inheritdoc/>
    public WebhookAnswer Acknowledge(WebhookRequest request, IReadOnlyList<CarrierEvent> events) => Ok;

    // An event has its message in an object, or a kind of two words; what a flow's step posts is flat.
    private static IReadOnlyList<CarrierEvent> Map(JsonElement json, string? reference)
    {
        if (json.ValueKind != JsonValueKind.Object) return [CarrierEvent.Ignored.Unreadable];

        var isEvent = (json.TryGetProperty("message", out var message) && message.ValueKind == JsonValueKind.Object)
            || (json.TryGetProperty("type", out var type)
                && type.ValueKind == JsonValueKind.String
                && type.GetString()!.Contains('.', StringComparison.Ordinal));
        return isEvent
            ? MessageBirdConversations.Map(WebhookJson.Read(json, MessageBirdJson.Default.MessageBirdEvent) ?? new(), reference)
            : MessageBirdMapper.Map(MessageBirdFields.OfJson(json), reference);
    }
}
