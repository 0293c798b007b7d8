using System.Text.Json;
using System.Text.Json.Serialization;

namespace Omni.Client;

/// <summary>
/// Who a message goes to or comes from. A plain text is the short form: a phone number, or what the carrier takes instead of one.
/// </summary>
/// <param name="Value">The number, name or id.</param>
/// <param name="Type">The type, of <see cref="AddressType"/>; null in the short form, which in answers is a phone number.</param>
[JsonConverter(typeof(AddressConverter))]
public sealed record Address(string Value, string? Type = null)
{
    /// <summary>The short form.</summary>
    /// <param name="value">A phone number, or what the carrier takes instead of one.</param>
    public static implicit operator Address(string value) => new(value);

    /// <summary>Reads what <see cref="ToString"/> writes.</summary>
    /// <param name="text">A value, or <c>type:value</c>.</param>
    public static Address Parse(string text)
    {
        ArgumentNullException.ThrowIfNull(text);
        return text.Split(':', 2) is [var type, var value] ? new(value, type) : new(text);
    }

    /// <summary>The address as paths and queries take it: the value, or <c>type:value</c>.</summary>
    public override string ToString() => Type is null or AddressType.Phone ? Value : $"{Type}:{Value}";
}

/// <summary>A string, or an object with a type and a value.</summary>
internal sealed class AddressConverter : JsonConverter<Address>
{
    public override Address Read(ref Utf8JsonReader reader, Type typeToConvert, JsonSerializerOptions options)
    {
        if (reader.TokenType == JsonTokenType.String) return new(reader.GetString()!);

        using var read = JsonDocument.ParseValue(ref reader);
        return new(read.RootElement.GetProperty("value").GetString()!, read.RootElement.GetProperty("type").GetString());
    }

    public override void Write(Utf8JsonWriter writer, Address value, JsonSerializerOptions options)
    {
        if (value.Type is not { } type)
        {
            writer.WriteStringValue(value.Value);
            return;
        }

        writer.WriteStartObject();
        writer.WriteString("type", type);
        writer.WriteString("value", value.Value);
        writer.WriteEndObject();
    }
}
