using System.Text;
using System.Text.Json;
using Omni.Pipeline;
using Omni.Shared;

namespace Omni.MessageBird.Inbound;

/// <summary>
/// MessageBird's webhook: status reports by GET, messages as forms (from older flows in the query, from a flow's step as JSON), and events of the
/// Conversations API as JSON. All are signed.
/// </summary>
/// <param name="options">Its options.</param>
internal sealed class MessageBirdWebhook(MessageBirdOptions options) : ICarrierWebhook
{
    // What MessageBird expects for a message; for anything else it is as good as any.
    private static readonly WebhookAnswer Ok = new(200, "text/plain", "OK");

    /// <inheritdoc/>
    public Carrier Carrier { get; } = CarrierCatalogue.Get("messagebird");

    /// <inheritdoc/>
    /// <remarks>A call that has a token is judged by its token, also where the older scheme counts: it cannot be talked down to the weaker one.</remarks>
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
            { ContentType: "application/json" } => ReadJson(request.Body, query.Find("ref")),
            { ContentType: "application/x-www-form-urlencoded" } => MessageBirdMapper.Map(MessageBirdFields.OfForm(Encoding.UTF8.GetString(request.Body.Span)), query.Find("ref")),
            _ => throw new FormatException("The body is neither a form nor JSON."),
        };
    }

    /// <inheritdoc/>
    /// <remarks>Of a call without a body everything that it says is in its query.</remarks>
    public ReadOnlyMemory<byte> Keepable(WebhookRequest request) => request.Body.IsEmpty ? Encoding.UTF8.GetBytes(request.Query) : request.Body;

    /// <inheritdoc/>
    public WebhookAnswer Acknowledge(WebhookRequest request, IReadOnlyList<CarrierEvent> events) => Ok;

    private static IReadOnlyList<CarrierEvent> ReadJson(ReadOnlyMemory<byte> body, string? reference)
    {
        var json = JsonSerializer.Deserialize(body.Span, MessageBirdJson.Default.JsonElement);
        return json.ValueKind switch
        {
            JsonValueKind.Object => Map(json, reference),
            JsonValueKind.Array => [.. json.EnumerateArray().SelectMany(item => MapOrIgnore(item, reference))],
            _ => throw new FormatException("The JSON is no event."),
        };
    }

    // MessageBird sends one event a call. Should it ever send more, one that cannot be read takes no other with it.
    private static IReadOnlyList<CarrierEvent> MapOrIgnore(JsonElement json, string? reference)
    {
        try
        {
            return json.ValueKind == JsonValueKind.Object ? Map(json, reference) : throw new FormatException();
        }
        catch (Exception unreadable) when (unreadable is FormatException or JsonException)
        {
            return [new CarrierEvent.Ignored { Reason = "unreadable" }];
        }
    }

    // An event has its message in an object, or a kind of two words; what a flow's step posts is flat.
    private static IReadOnlyList<CarrierEvent> Map(JsonElement json, string? reference)
    {
        var isEvent = (json.TryGetProperty("message", out var message) && message.ValueKind == JsonValueKind.Object)
            || (json.TryGetProperty("type", out var type) && type.ValueKind == JsonValueKind.String && type.GetString()!.Contains('.', StringComparison.Ordinal));
        return isEvent
            ? MessageBirdConversations.Map(json.Deserialize(MessageBirdJson.Default.MessageBirdEvent)!, reference)
            : MessageBirdMapper.Map(MessageBirdFields.OfJson(json), reference);
    }
}
