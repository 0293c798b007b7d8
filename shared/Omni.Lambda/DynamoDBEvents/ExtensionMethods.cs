using System.Buffers;
using System.Text;
using System.Text.Encodings.Web;
using System.Text.Json;
using static Amazon.Lambda.DynamoDBEvents.DynamoDBEvent;

namespace Amazon.Lambda.DynamoDBEvents;

/// <summary>An item's image as plain JSON, without DynamoDB's type letters.</summary>
public static class ExtensionMethods
{
    public static string ToJson(this Dictionary<string, AttributeValue> item) => ToJson(item, indented: false);

    public static string ToJsonPretty(this Dictionary<string, AttributeValue> item) => ToJson(item, indented: true);

    private static string ToJson(Dictionary<string, AttributeValue> item, bool indented)
    {
        var buffer = new ArrayBufferWriter<byte>();
        using (var writer = new Utf8JsonWriter(
            buffer, new() { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping, Indented = indented }))
        {
            WriteMap(writer, item);
        }

        return Encoding.UTF8.GetString(buffer.WrittenSpan);
    }

    private static void WriteMap(Utf8JsonWriter writer, Dictionary<string, AttributeValue> map)
    {
        writer.WriteStartObject();
        foreach (var (name, value) in map)
        {
            writer.WritePropertyName(name);
            WriteValue(writer, value);
        }

        writer.WriteEndObject();
    }

    private static void WriteValue(Utf8JsonWriter writer, AttributeValue value)
    {
        switch (value)
        {
            case { S: { } text }: writer.WriteStringValue(text); break;
            case { N: { } number }: writer.WriteRawValue(number); break;
            case { B: { } bytes }: writer.WriteBase64StringValue(bytes.ToArray()); break;
            case { BOOL: { } flag }: writer.WriteBooleanValue(flag); break;
            case { M: { } map }: WriteMap(writer, map); break;
            case { L: { } list }: WriteList(writer, list, WriteValue); break;
            case { SS: { } texts }: WriteList(writer, texts, static (w, text) => w.WriteStringValue(text)); break;
            case { NS: { } numbers }: WriteList(writer, numbers, static (w, number) => w.WriteRawValue(number)); break;
            case { BS: { } blobs }: WriteList(writer, blobs, static (w, bytes) => w.WriteBase64StringValue(bytes.ToArray())); break;
            default: writer.WriteNullValue(); break;
        }
    }

    private static void WriteList<T>(Utf8JsonWriter writer, List<T> items, Action<Utf8JsonWriter, T> write)
    {
        writer.WriteStartArray();
        foreach (var item in items) write(writer, item);
        writer.WriteEndArray();
    }
}
