using System.Buffers;
using System.Globalization;
using System.Text;
using System.Text.Json;
using System.Text.Json.Serialization;
using System.Text.Json.Serialization.Metadata;
using System.Text.Unicode;
using Omni.Shared;

namespace Omni.Pipeline;

/// <summary>
/// Reads what carriers post for what can be read of it: one member of a wrong type, half an emoji or a null in a list costs that member,
/// not the message, and one element that cannot be read at all costs none of its neighbours.
/// </summary>
public static class WebhookJson
{
    private const int EscapeLength = 6; // \u0000

    // So many members of a wrong type are left out one by one; after them whatever they stand in.
    private const int SingleFaults = 8;

    // More members than this no type of ours has at its top.
    private const int MostFaults = 64;

    /// <summary>
    /// The JSON of a body. Bytes that are no UTF-8 and halves of surrogate pairs become U+FFFD, NUL characters and nulls in lists are left
    /// out: no text of it has anything that a database, a queue or a screen chokes on.
    /// </summary>
    /// <param name="body">The body as it came.</param>
    /// <exception cref="JsonException">It is no JSON.</exception>
    /// <exception cref="FormatException">It is null.</exception>
    public static JsonElement Parse(ReadOnlySpan<byte> body)
    {
        using var document = JsonDocument.Parse(Mend(Utf8.IsValid(body) ? body : Encoding.UTF8.GetBytes(Encoding.UTF8.GetString(body))));
        if (document.RootElement.ValueKind is JsonValueKind.Null) throw new FormatException("The body says nothing.");
        return body.IndexOf("null"u8) < 0 ? document.RootElement.Clone() : Copy(document.RootElement, without: []);
    }

    /// <summary>An object as a type of ours. Members of another type than ours are left out.</summary>
    /// <param name="element">The object.</param>
    /// <param name="type">The type; none of its members may be required.</param>
    /// <returns>What could be read; null when it is no object.</returns>
    public static T? Read<T>(JsonElement element, JsonTypeInfo<T> type) where T : class => Read(element, type, out _);

    /// <summary>The same, and what was left out.</summary>
    /// <param name="element">The object.</param>
    /// <param name="type">The type; none of its members may be required.</param>
    /// <param name="lost">The paths of what was left out, such as <c>message.text</c>.</param>
    public static T? Read<T>(JsonElement element, JsonTypeInfo<T> type, out IReadOnlyList<string> lost) where T : class
    {
        var paths = new List<string>();
        lost = paths;
        while (element.ValueKind is JsonValueKind.Object && paths.Count < MostFaults)
        {
            try
            {
                return element.Deserialize(type);
            }
            catch (JsonException wrong) when (Steps(wrong.Path) is [_, ..] steps)
            {
                if (paths.Count >= SingleFaults) steps = steps[..1];
                paths.Add(string.Join('.', steps));
                element = Copy(element, steps);
            }
        }

        return null;
    }

    /// <summary>
    /// What a person filled in, which carriers hand on as JSON in a text. What is no object, or no JSON, becomes an object's only member.
    /// </summary>
    /// <param name="name">The carrier's name for it, which that member gets.</param>
    /// <param name="json">The text.</param>
    /// <returns>The object; null when it says nothing.</returns>
    public static JsonElement? Data(string name, string? json)
    {
        if (string.IsNullOrWhiteSpace(json)) return null;

        try
        {
            var data = Parse(Encoding.UTF8.GetBytes(json));
            return data.ValueKind is JsonValueKind.Object ? data : Wrapped(writer => data.WriteTo(writer));
        }
        catch (JsonException)
        {
            return Wrapped(writer => writer.WriteStringValue(json));
        }
        catch (FormatException)
        {
            return null;
        }

        JsonElement Wrapped(Action<Utf8JsonWriter> value) => Written(writer =>
        {
            writer.WriteStartObject();
            writer.WritePropertyName(name);
            value(writer);
            writer.WriteEndObject();
        });
    }

    /// <summary>Content that may lack a part. A text where more was said than could be read must not look as if it were all.</summary>
    /// <param name="content">What could be read.</param>
    /// <param name="lost">What was left out.</param>
    /// <param name="said">The paths of the members that say something.</param>
    public static Content Marked(Content content, IReadOnlyList<string> lost, params string[] said) =>
        content is TextContent text && lost.Any(path => said.Any(member => path.StartsWith(member, StringComparison.Ordinal)))
            ? new UnsupportedContent { Kind = "unreadable", Text = text.Body.Length > 0 ? text.Body : null }
            : content;

    /// <summary>The items of a list; of something that should be a list and is none, itself.</summary>
    /// <param name="list">The list.</param>
    public static IEnumerable<JsonElement> Items(JsonElement list) => list.ValueKind switch
    {
        JsonValueKind.Array => list.EnumerateArray(),
        JsonValueKind.Undefined or JsonValueKind.Null => [],
        _ => [list],
    };

    /// <summary>The events of a list, each of whose items is read by itself.</summary>
    /// <param name="list">The list.</param>
    /// <param name="map">The events of an item.</param>
    public static IReadOnlyList<CarrierEvent> Events(JsonElement list, Func<JsonElement, IEnumerable<CarrierEvent>> map) =>
        [.. Items(list).SelectMany(item => EventsOf(item, map))];

    private static CarrierEvent[] EventsOf(JsonElement item, Func<JsonElement, IEnumerable<CarrierEvent>> map)
    {
        try
        {
            return [.. map(item)];
        }
        catch (Exception wrong) when (wrong is not OutOfMemoryException)
        {
            return [CarrierEvent.Ignored.Unreadable]; // whatever is wrong with it is not its neighbours' fault
        }
    }

    // "$.contacts[0].name" in steps. Our members' names have no other characters in them.
    private static string[] Steps(string? path) => path?.Split(['$', '.', '[', ']', '\''], StringSplitOptions.RemoveEmptyEntries) ?? [];

    private static JsonElement Copy(JsonElement element, string[] without) => Written(writer => Copy(element, without, writer));

    private static JsonElement Written(Action<Utf8JsonWriter> write)
    {
        using var buffer = new MemoryStream();
        using (var writer = new Utf8JsonWriter(buffer)) write(writer);
        using var copy = JsonDocument.Parse(buffer.GetBuffer().AsMemory(0, (int)buffer.Length));
        return copy.RootElement.Clone();
    }

    private static void Copy(JsonElement element, ReadOnlySpan<string> without, Utf8JsonWriter to)
    {
        switch (element.ValueKind)
        {
            case JsonValueKind.Object:
                to.WriteStartObject();
                foreach (var member in element.EnumerateObject())
                {
                    var (isIt, isOnTheWay) = IsAt(member.Name, without);
                    if (isIt) continue;

                    to.WritePropertyName(member.Name);
                    Copy(member.Value, isOnTheWay ? without[1..] : [], to);
                }

                to.WriteEndObject();
                break;
            case JsonValueKind.Array:
                to.WriteStartArray();
                foreach (var (index, item) in element.EnumerateArray().Index())
                {
                    var (isIt, isOnTheWay) = IsAt(index.ToString(CultureInfo.InvariantCulture), without);
                    if (!isIt && item.ValueKind is not JsonValueKind.Null) Copy(item, isOnTheWay ? without[1..] : [], to);
                }

                to.WriteEndArray();
                break;
            default:
                element.WriteTo(to);
                break;
        }
    }

    private static (bool IsIt, bool IsOnTheWay) IsAt(string step, ReadOnlySpan<string> path) =>
        path.Length > 0 && path[0] == step ? (path.Length == 1, true) : (false, false);

    private static byte[] Mend(ReadOnlySpan<byte> json)
    {
        var mended = new byte[json.Length];
        var length = 0;
        while (!json.IsEmpty)
        {
            var unit = Escaped(json);
            if (unit is '\0' || json[0] == 0) // left out
            {
                json = json[(unit is '\0' ? EscapeLength : 1)..];
                continue;
            }

            var isPair = unit is { } high
                && char.IsHighSurrogate(high)
                && Escaped(json[EscapeLength..]) is { } low
                && char.IsLowSurrogate(low);
            var taken = isPair ? 2 * EscapeLength : unit is not null ? EscapeLength : json[0] == '\\' ? 2 : 1;
            var piece = json[..Math.Min(taken, json.Length)];
            (!isPair && unit is { } half && char.IsSurrogate(half) ? "\\ufffd"u8 : piece).CopyTo(mended.AsSpan(length));
            length += piece.Length;
            json = json[piece.Length..];
        }

        return mended[..length];
    }

    // The UTF-16 unit that is escaped here; null when none is.
    private static char? Escaped(ReadOnlySpan<byte> json) =>
        json.Length >= EscapeLength && json[0] == '\\' && json[1] == 'u'
        && ushort.TryParse(json[2..EscapeLength], NumberStyles.AllowHexSpecifier, CultureInfo.InvariantCulture, out var unit)
            ? (char)unit
            : null;
}

/// <summary>
/// Reads what carriers write now as text and now as a number: ids, numbers, times and codes. Anything else is an error, and
/// <see cref="WebhookJson"/> leaves it out.
/// </summary>
public sealed class WebhookText : JsonConverter<string>
{
    /// <inheritdoc/>
    public override string? Read(ref Utf8JsonReader reader, Type typeToConvert, JsonSerializerOptions options) => reader.TokenType switch
    {
        JsonTokenType.String => reader.GetString(),
        JsonTokenType.Number => Encoding.ASCII.GetString(reader.HasValueSequence ? reader.ValueSequence.ToArray() : reader.ValueSpan),
        _ => throw new JsonException("Not a text."),
    };

    /// <inheritdoc/>
    public override void Write(Utf8JsonWriter writer, string value, JsonSerializerOptions options) => writer.WriteStringValue(value);
}
