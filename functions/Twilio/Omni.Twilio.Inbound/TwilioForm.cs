using System.Text;

namespace Omni.Twilio.Inbound;

/// <summary>
/// A form (https://url.spec.whatwg.org/#urlencoded-parsing) in two steps. <see cref="Decode"/> takes anything and keeps every field and
/// every byte, for the signature; <see cref="Read"/> gives text, once the signature is known to be good.
/// </summary>
internal sealed class TwilioForm
{
    /// <summary>The media type of a form.</summary>
    public const string MediaType = "application/x-www-form-urlencoded";

    private readonly List<(byte[] Name, byte[] Value)> _fields = [];

    private TwilioForm() { }

    /// <summary>The fields in the order in which they came, repeats and empty values included.</summary>
    public IReadOnlyList<(byte[] Name, byte[] Value)> Fields => _fields;

    /// <summary>Decodes a form. A percent sign without two hex digits stays what it is.</summary>
    /// <param name="encoded">The form as it came.</param>
    public static TwilioForm Decode(ReadOnlySpan<byte> encoded)
    {
        var form = new TwilioForm();
        foreach (var range in encoded.Split((byte)'&'))
        {
            var field = encoded[range];
            if (field.IsEmpty) continue;

            var equals = field.IndexOf((byte)'=');
            form._fields.Add(equals < 0 ? (Unescape(field), []) : (Unescape(field[..equals]), Unescape(field[(equals + 1)..])));
        }

        return form;
    }

    /// <summary>
    /// The fields as text. Half a character, where a text was cut, is U+FFFD; NUL characters, which some networks pad with, are left out.
    /// </summary>
    public TwilioFields Read()
    {
        var values = new Dictionary<string, string>(StringComparer.Ordinal);
        foreach (var (name, value) in _fields)
        {
            values.TryAdd(Encoding.UTF8.GetString(name), Encoding.UTF8.GetString(value).Replace("\0", "", StringComparison.Ordinal));
        }

        return new(values);
    }

    private static byte[] Unescape(ReadOnlySpan<byte> encoded)
    {
        var decoded = new byte[encoded.Length];
        var length = 0;
        for (var i = 0; i < encoded.Length; i++)
        {
            var plain = encoded[i] == (byte)'+' ? (byte)' ' : encoded[i];
            if (plain == (byte)'%'
                && i + 2 < encoded.Length
                && char.IsAsciiHexDigit((char)encoded[i + 1])
                && char.IsAsciiHexDigit((char)encoded[i + 2]))
            {
                plain = (byte)(Digit(encoded[i + 1]) << 4 | Digit(encoded[i + 2]));
                i += 2;
            }

            decoded[length++] = plain;
        }

        return decoded[..length];
    }

    // 'A' and 'a' have the same low bits, one above a multiple of 16.
    private static int Digit(byte hex) => hex <= '9' ? hex - '0' : (hex & 0xF) + 9;
}

/// <summary>The fields of a form as text; of a repeated one the first.</summary>
/// <param name="values">Values by name.</param>
internal sealed class TwilioFields(IReadOnlyDictionary<string, string> values)
{
    /// <summary>A field; null when it is missing or empty, which mean the same to Twilio.</summary>
    /// <param name="name">Its name.</param>
    public string? Find(string name) => values.GetValueOrDefault(name) is { Length: > 0 } value ? value : null;
}
