using System.Text.Json;

namespace Omni.MessageBird.Inbound;

/// <summary>
/// The fields of a call, whether they came as a form, in the query or as a flat JSON object. MessageBird writes <c>mediaUrls</c> and
/// <c>mediaURLs</c>, and gives <c>id</c> and <c>body</c> twice: names are told apart without regard to case,
/// and the last of a repeated one counts.
/// </summary>
internal sealed class MessageBirdFields
{
    private const string MediaUrls = "mediaUrls";

    private readonly Dictionary<string, string> _values = new(StringComparer.OrdinalIgnoreCase);
    private readonly List<string> _media = [];

    private MessageBirdFields() { }

    /// <summary>The addresses of the files.</summary>
    public IReadOnlyList<string> Media => _media;

    /// <summary>The fields of a form or a query. What is badly encoded stays as it is: it is text that a person wrote.</summary>
    /// <param name="encoded">The form as it came.</param>
    public static MessageBirdFields OfForm(string encoded)
    {
        var fields = new MessageBirdFields();
        foreach (var field in encoded.Split('&', StringSplitOptions.RemoveEmptyEntries))
        {
            var (name, value) = field.Split('=', 2) is [var left, var right] ? (left, right) : (field, "");
            fields.Add(Unescape(name), Unescape(value));
        }

        return fields;

        static string Unescape(string text) => Uri.UnescapeDataString(text.Replace('+', ' '));
    }

    /// <summary>The fields of an object: its texts and numbers, and its list of files.</summary>
    /// <param name="json">The object.</param>
    public static MessageBirdFields OfJson(JsonElement json)
    {
        var fields = new MessageBirdFields();
        foreach (var member in json.EnumerateObject())
        {
            if (member.Value.ValueKind == JsonValueKind.Array)
            {
                foreach (var item in member.Value.EnumerateArray().Where(item => item.ValueKind == JsonValueKind.String))
                    fields.Add(member.Name, item.GetString()!);
            }
            else if (member.Value.ValueKind is JsonValueKind.String or JsonValueKind.Number)
            {
                fields.Add(member.Name, member.Value.ToString());
            }
        }

        return fields;
    }

    /// <summary>The first of some fields that is there and not empty; null when none is.</summary>
    /// <param name="names">Their names, the likeliest first.</param>
    public string? Find(params ReadOnlySpan<string> names)
    {
        foreach (var name in names)
        {
            if (_values.GetValueOrDefault(name) is { Length: > 0 } value) return value;
        }

        return null;
    }

    private void Add(string name, string value)
    {
        // some networks pad a text with them; no database and no screen wants them
        value = value.Replace("\0", "", StringComparison.Ordinal);

        // Some writers of forms number the repeats: mediaUrls[], mediaUrls[0].
        var isMedia = name.StartsWith(MediaUrls, StringComparison.OrdinalIgnoreCase)
            && (name.Length == MediaUrls.Length || name[MediaUrls.Length] == '[');
        if (!isMedia) _values[name] = value;
        else if (value.Length > 0) _media.Add(value);
    }
}
