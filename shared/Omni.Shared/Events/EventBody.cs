using System.Globalization;
using System.Text.Json;

namespace Omni.Shared;

/// <summary>
/// What is posted to an endpoint: the payload that Standard Webhooks recommends, with the event's id, and a message's rank.
/// https://github.com/standard-webhooks/standard-webhooks/blob/main/spec/standard-webhooks.md
/// </summary>
public static class EventBody
{
    /// <summary>The most bytes. A larger event is sent thin: with the ids by which its data can be read.</summary>
    public const int MaxBytes = 256 * 1024;

    /// <summary>The body, as UTF-8.</summary>
    /// <param name="e">The event.</param>
    public static byte[] Of(ClientEvent e)
    {
        var body = Write(e, json => e.Data.WriteTo(json));
        return body.Length <= MaxBytes ? body : Write(e, json =>
        {
            json.WriteStartObject();
            foreach (var name in (string[])["id", "carrier", "conversationId", "links"])
            {
                if (!e.Data.TryGetProperty(name, out var value)) continue;

                json.WritePropertyName(name);
                value.WriteTo(json);
            }

            json.WriteBoolean(EventData.Truncated, true);
            json.WriteEndObject();
        });
    }

    private static byte[] Write(ClientEvent e, Action<Utf8JsonWriter> data)
    {
        using var buffer = new MemoryStream();
        using (var json = new Utf8JsonWriter(buffer, new() { Encoder = EventJson.Wire.Options.Encoder }))
        {
            json.WriteStartObject();
            json.WriteString("id", e.Id);
            json.WriteString("type", e.Type);
            json.WriteString(
                "timestamp", e.Timestamp.UtcDateTime.ToString("yyyy-MM-dd'T'HH:mm:ss.fff'Z'", CultureInfo.InvariantCulture));
            if (e.Sequence is { } sequence) json.WriteNumber("sequence", sequence);
            json.WritePropertyName("data");
            data(json);
            json.WriteEndObject();
        }

        return buffer.ToArray();
    }
}
