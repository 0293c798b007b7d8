using System.Text.Json;
using System.Text.Json.Nodes;
using System.Text.Json.Serialization.Metadata;

namespace Omni.Shared;

/// <summary>Makes the data of events: as the API shows a thing, but never large.</summary>
public static class EventData
{
    /// <summary>The most bytes of an event's data, as UTF-8.</summary>
    public const int MaxBytes = 20 * 1024;

    /// <summary>Tells that something of the data was left out; the link in it leads to the whole.</summary>
    public const string Truncated = "truncated";

    // What can be large, in the order in which it is left out.
    private static readonly string[] Bulky = ["failover", "content", "metadata", "participants", "parts", "files", "clientReference"];

    /// <summary>The data of an event about a thing.</summary>
    /// <param name="view">The thing as the API shows it.</param>
    /// <param name="type">How it is written.</param>
    /// <typeparam name="T">The view's type.</typeparam>
    public static JsonElement Of<T>(T view, JsonTypeInfo<T> type)
    {
        var json = JsonSerializer.SerializeToUtf8Bytes(view, type);
        return Parse(json.Length <= MaxBytes ? json : Cut(JsonNode.Parse(json)!.AsObject()));
    }

    private static byte[] Cut(JsonObject data)
    {
        data[Truncated] = true;
        var json = Utf8(data);
        foreach (var member in Bulky)
        {
            if (json.Length <= MaxBytes) break;
            if (data.Remove(member)) json = Utf8(data);
        }

        return json;
    }

    private static byte[] Utf8(JsonObject data)
    {
        using var buffer = new MemoryStream();
        using (var writer = new Utf8JsonWriter(buffer, new() { Encoder = EventJson.Wire.Options.Encoder })) data.WriteTo(writer);
        return buffer.ToArray();
    }

    private static JsonElement Parse(ReadOnlyMemory<byte> json)
    {
        using var document = JsonDocument.Parse(json);
        return document.RootElement.Clone();
    }
}
