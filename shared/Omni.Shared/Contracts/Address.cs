using System.Text.Json;
using System.Text.Json.Serialization;

namespace Omni.Shared;

/// <summary>What kind of name an <see cref="Address"/> is. A phone number is one kind among others and never a key by itself.</summary>
[JsonConverter(typeof(CamelCaseEnumConverter<AddressType>))]
public enum AddressType
{
    /// <summary>A phone number in E.164 form with the leading plus.</summary>
    Phone,

    /// <summary>A WhatsApp user who need not have a phone number (business-scoped user id).</summary>
    WhatsappUserId,

    /// <summary>A LiveChat chat: where a person writes, whoever they are.</summary>
    LivechatChat,

    /// <summary>A LiveChat customer, to begin a chat with, or to go on with the one that was begun.</summary>
    LivechatCustomer,

    /// <summary>A LiveChat license: our side of its chats.</summary>
    LivechatLicense,

    /// <summary>A sender name of up to 11 letters and digits; nobody can answer it.</summary>
    Alphanumeric,

    /// <summary>A short code of 3 to 8 digits.</summary>
    ShortCode,

    /// <summary>
    /// A carrier's name for a sender of its own keeping, behind which it picks the number (Twilio: a messaging service; MessageBird:
    /// a channel).
    /// </summary>
    SenderPool,
}

/// <summary>Who a message goes to or comes from. In JSON a plain string is the short form of a phone number.</summary>
/// <param name="Type">The kind of address.</param>
/// <param name="Value">The address in its kind's canonical form.</param>
[JsonConverter(typeof(AddressConverter))]
public sealed record Address(AddressType Type, string Value)
{
    /// <summary>A phone number in E.164 form.</summary>
    /// <param name="e164">The number with its leading plus.</param>
    public static Address Phone(string e164) => new(AddressType.Phone, e164);

    /// <summary>
    /// Whoever cannot be told: a message whose sender or recipient cannot be read is shown all the same.
    /// Like any name, nobody can answer it.
    /// </summary>
    [JsonIgnore]
    public static Address Unknown { get; } = new(AddressType.Alphanumeric, "unknown");

    /// <summary>The address as one text for keys: <c>phone:+14155550123</c>.</summary>
    [JsonIgnore]
    public string Key => $"{Type.Word()}:{Value}";

    /// <summary>The address of a <see cref="Key"/>.</summary>
    /// <param name="key">The text that <see cref="Key"/> gave.</param>
    /// <exception cref="FormatException">The text has no known type in front of a colon.</exception>
    public static Address FromKey(string key)
    {
        var colon = key.IndexOf(':', StringComparison.Ordinal);
        return colon > 0 && EnumWords.FromWord<AddressType>(key[..colon]) is { } type
            ? new Address(type, key[(colon + 1)..])
            : throw new FormatException("An address key is type:value.");
    }

    /// <summary>Never the whole value: addresses end up in logs through string interpolation.</summary>
    public override string ToString() => $"{Type.Word()}:{PhoneNumbers.Mask(Value)}";
}

/// <summary>Reads <c>"+14155550123"</c> or <c>{"type":"…","value":"…"}</c>; writes the short form for phone numbers.</summary>
public sealed class AddressConverter : JsonConverter<Address>
{
    /// <inheritdoc/>
    public override Address Read(ref Utf8JsonReader reader, Type typeToConvert, JsonSerializerOptions options)
    {
        if (reader.TokenType == JsonTokenType.String) return Address.Phone(reader.GetString()!);
        if (reader.TokenType != JsonTokenType.StartObject) throw new JsonException("An address is a phone number or {type, value}.");

        AddressType? type = null;
        string? value = null;
        while (reader.Read() && reader.TokenType == JsonTokenType.PropertyName)
        {
            var name = reader.GetString();
            reader.Read();
            switch (name)
            {
                case "type" when reader.TokenType == JsonTokenType.String:
                    type = EnumWords.FromWord<AddressType>(reader.GetString()) ?? throw new JsonException("The address type is not known.");
                    break;
                case "value" when reader.TokenType == JsonTokenType.String:
                    value = reader.GetString();
                    break;
                case "type" or "value":
                    throw new JsonException($"The address's {name} must be a string.");
                default:
                    reader.Skip();
                    break;
            }
        }

        return type is { } t && value is { } v ? new Address(t, v) : throw new JsonException("An address needs type and value.");
    }

    /// <inheritdoc/>
    public override void Write(Utf8JsonWriter writer, Address value, JsonSerializerOptions options)
    {
        if (value.Type == AddressType.Phone)
        {
            writer.WriteStringValue(value.Value);
            return;
        }

        writer.WriteStartObject();
        writer.WriteString("type", value.Type.Word());
        writer.WriteString("value", value.Value);
        writer.WriteEndObject();
    }
}

/// <summary>
/// Reads one address or a list of them. One is written as itself, the form that this list had before it was one.
/// </summary>
public sealed class OneOrMoreAddresses : JsonConverter<IReadOnlyList<Address>>
{
    private static readonly AddressConverter Single = new();

    /// <inheritdoc/>
    public override IReadOnlyList<Address> Read(ref Utf8JsonReader reader, Type typeToConvert, JsonSerializerOptions options)
    {
        if (reader.TokenType != JsonTokenType.StartArray) return [Single.Read(ref reader, typeof(Address), options)];

        var addresses = new List<Address>();
        while (reader.Read() && reader.TokenType != JsonTokenType.EndArray)
            addresses.Add(Single.Read(ref reader, typeof(Address), options));
        return addresses;
    }

    /// <inheritdoc/>
    public override void Write(Utf8JsonWriter writer, IReadOnlyList<Address> value, JsonSerializerOptions options)
    {
        if (value is [var only])
        {
            Single.Write(writer, only, options);
            return;
        }

        writer.WriteStartArray();
        foreach (var address in value) Single.Write(writer, address, options);
        writer.WriteEndArray();
    }
}
