using System.Text.Json;
using System.Text.Json.Serialization;
using Omni.Pipeline;

namespace Omni.Inteliquent.Inbound;

/// <summary>
/// The one body of all webhook calls. The carrier guarantees <c>referenceId</c> alone, and its clients have met numbers without quotes: so
/// nothing is required here, and every member is read for what can be read of it.
/// </summary>
internal sealed record InteliquentCall
{
    /// <summary>The carrier's id of an inbound message; in a receipt that of the message we sent.</summary>
    [JsonPropertyName("referenceId")]
    public string? ReferenceId { get; init; }

    /// <summary>Who it comes from.</summary>
    [JsonPropertyName("from")]
    public string? From { get; init; }

    /// <summary>Who it went to; in a group the others as well.</summary>
    [JsonPropertyName("to"), JsonConverter(typeof(LooseList))]
    public IReadOnlyList<string>? To { get; init; }

    /// <summary>What was written; missing in an MMS without words. In a receipt the line of SMPP.</summary>
    [JsonPropertyName("text")]
    public string? Text { get; init; }

    /// <summary>Whether it is a receipt: nothing else tells, for a person can write such a line too.</summary>
    [JsonPropertyName("deliveryReceipt"), JsonConverter(typeof(LooseFlag))]
    public bool IsReceipt { get; init; }

    /// <summary>The parts of an MMS.</summary>
    [JsonPropertyName("mediaUrls"), JsonConverter(typeof(LooseList))]
    public IReadOnlyList<string>? MediaUrls { get; init; }
}

/// <summary>
/// Reads a list of texts or numbers, or one alone. Of a file that is an object its address is read;
/// what else stands there is an empty text.
/// </summary>
internal sealed class LooseList : JsonConverter<IReadOnlyList<string>>
{
    /// <inheritdoc/>
    public override IReadOnlyList<string> Read(ref Utf8JsonReader reader, Type typeToConvert, JsonSerializerOptions options)
    {
        if (reader.TokenType != JsonTokenType.StartArray) return Item(ref reader) is { Length: > 0 } alone ? [alone] : [];

        var items = new List<string>();
        while (reader.Read() && reader.TokenType != JsonTokenType.EndArray) items.Add(Item(ref reader));
        return items;
    }

    private static string Item(ref Utf8JsonReader reader)
    {
        if (reader.TokenType != JsonTokenType.StartObject) return LooseText.Read(ref reader) ?? "";

        using var item = JsonDocument.ParseValue(ref reader);
        string[] addresses = ["url", "mediaUrl"];
        return addresses.Select(
            name => item.RootElement.TryGetProperty(name, out var url) && url.ValueKind is JsonValueKind.String ? url.GetString() : null)
            .FirstOrDefault(url => url is not null) ?? "";
    }

    /// <inheritdoc/>
    public override void Write(Utf8JsonWriter writer, IReadOnlyList<string> value, JsonSerializerOptions options) =>
        throw new NotSupportedException();
}

/// <summary>Reads a flag, also one in quotes; anything else is false.</summary>
internal sealed class LooseFlag : JsonConverter<bool>
{
    /// <inheritdoc/>
    public override bool Read(ref Utf8JsonReader reader, Type typeToConvert, JsonSerializerOptions options)
    {
        if (reader.TokenType == JsonTokenType.True) return true;
        return "true".Equals(LooseText.Read(ref reader), StringComparison.OrdinalIgnoreCase);
    }

    /// <inheritdoc/>
    public override void Write(Utf8JsonWriter writer, bool value, JsonSerializerOptions options) => writer.WriteBooleanValue(value);
}

/// <summary>The JSON of the webhook.</summary>
[JsonSourceGenerationOptions(Converters = [typeof(WebhookText)])]
[JsonSerializable(typeof(InteliquentCall))]
internal sealed partial class InteliquentJson : JsonSerializerContext;
