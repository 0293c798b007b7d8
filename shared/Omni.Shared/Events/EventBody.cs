using System.Text.Json;
using System.Text.Json.Nodes;

namespace Omni.Shared;

/// <summary>What is posted to an endpoint: the event as every reader of the log gives it out.</summary>
public static class EventBody
{
    /// <summary>The most bytes. A larger event is sent thin: with the ids by which its data can be read.</summary>
    public const int MaxBytes = 256 * 1024;

    private static readonly string[] Ids = ["id", "carrier", "conversationId", "parent", "leg", "links"];

    /// <summary>The body, as UTF-8.</summary>
    /// <param name="e">The event.</param>
    public static byte[] Of(ClientEvent e)
    {
        var body = JsonSerializer.SerializeToUtf8Bytes(e, EventJson.Wire.ClientEvent);
        return body.Length <= MaxBytes
            ? body
            : JsonSerializer.SerializeToUtf8Bytes(e with { Data = Thin(e.Data) }, EventJson.Wire.ClientEvent);
    }

    private static JsonElement Thin(JsonElement data)
    {
        var thin = new JsonObject();
        foreach (var name in Ids)
        {
            if (data.TryGetProperty(name, out var value)) thin[name] = JsonNode.Parse(value.GetRawText());
        }

        thin[EventData.Truncated] = true;
        using var document = JsonDocument.Parse(thin.ToJsonString());
        return document.RootElement.Clone();
    }
}
