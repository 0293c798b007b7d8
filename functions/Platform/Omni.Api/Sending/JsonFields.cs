using System.Text.Json;
using Omni.Shared;

namespace Omni.Api;

/// <summary>
/// Reads the members of a JSON object by hand and collects everything that is wrong with them, so that a client hears it all at once:
/// missing, of the wrong type, out of bounds, and, after <see cref="RefuseOthers"/>, unknown. A null counts as missing.
/// </summary>
internal sealed class JsonFields(JsonElement source, string path, List<FieldError> errors)
{
    private readonly HashSet<string> _known = new(StringComparer.Ordinal);

    /// <summary>The members of a body; null, and refused, when it is no object.</summary>
    public static JsonFields? Of(JsonElement body, List<FieldError> errors)
    {
        if (body.ValueKind == JsonValueKind.Object) return new(body, "", errors);

        errors.Add(new("$", "wrong_type", "It must be an object."));
        return null;
    }

    /// <summary>The path of a member, as errors name it.</summary>
    public string PathOf(string name) => path.Length == 0 ? name : $"{path}.{name}";

    public void Refuse(string name, string code, string detail) => errors.Add(new(PathOf(name), code, detail));

    /// <summary>A member; null when it is missing, which is wrong if it is required.</summary>
    public JsonElement? Member(string name, bool required = false)
    {
        _known.Add(name);
        if (source.TryGetProperty(name, out var value) && value.ValueKind != JsonValueKind.Null) return value;

        if (required) Refuse(name, "required", "It is required.");
        return null;
    }

    public string? Text(string name, bool required = false, int min = 1, int max = int.MaxValue)
    {
        if (Member(name, required) is not { } value) return null;
        if (value.ValueKind != JsonValueKind.String) return Wrong<string>(name, "a string");

        var text = value.GetString()!;
        if (text.Length >= min && text.Length <= max) return text;

        Refuse(name, "invalid_length", max == int.MaxValue ? "It is empty." : $"It has {min} to {max} characters; this has {text.Length}.");
        return null;
    }

    public int? Whole(string name, int min, int max, bool required = false)
    {
        if (Member(name, required) is not { } value) return null;
        if (value.ValueKind != JsonValueKind.Number || !value.TryGetInt32(out var number)) return Wrong<int?>(name, "a whole number");
        if (number >= min && number <= max) return number;

        Refuse(name, "out_of_range", $"It is {min} to {max}.");
        return null;
    }

    public double? Number(string name, double min, double max)
    {
        if (Member(name, required: true) is not { } value) return null;
        if (value.ValueKind != JsonValueKind.Number || !value.TryGetDouble(out var number)) return Wrong<double?>(name, "a number");
        if (number >= min && number <= max) return number;

        Refuse(name, "out_of_range", $"It is {min} to {max}.");
        return null;
    }

    public bool? Flag(string name) => Member(name) switch
    {
        null => null,
        { ValueKind: JsonValueKind.True } => true,
        { ValueKind: JsonValueKind.False } => false,
        _ => Wrong<bool?>(name, "true or false"),
    };

    public T? Word<T>(string name, bool required = false) where T : struct, Enum
    {
        if (Text(name, required) is not { } text) return null;
        if (EnumWords.FromWord<T>(text) is { } word) return word;

        Refuse(name, "invalid_value", $"It is one of {EnumList.Of<T>()}.");
        return null;
    }

    public DateTimeOffset? Moment(string name)
    {
        if (Text(name) is not { } text) return null;
        if (Rfc3339.Parse(text) is { } time) return time;

        Refuse(name, "invalid_value", "It is a time with its zone, such as 2026-01-31T08:00:00Z.");
        return null;
    }

    /// <summary>A URL, which goes on as it is written: what .NET would mend in it on the way is refused.</summary>
    public Uri? Url(string name, bool required = false)
    {
        if (Text(name, required, max: 2048) is not { } text) return null;
        if (Uri.TryCreate(text, UriKind.Absolute, out var url)
            && !text.Any(c => char.IsWhiteSpace(c) || char.IsControl(c) || c == '\\'))
        {
            return url;
        }

        Refuse(name, "invalid_url", "It is an absolute URL, without spaces and backslashes.");
        return null;
    }

    public JsonFields? Object(string name, bool required = false) => Member(name, required) switch
    {
        null => null,
        { ValueKind: JsonValueKind.Object } value => new JsonFields(value, PathOf(name), errors),
        _ => Wrong<JsonFields>(name, "an object"),
    };

    /// <summary>A list of objects, at least one.</summary>
    public IReadOnlyList<T>? Objects<T>(string name, Func<JsonFields, T> read, bool required = false) =>
        List(name, JsonValueKind.Object, "an object", (value, at) => read(new(value, at, errors)), required);

    /// <summary>A list of strings, at least one unless it can be empty.</summary>
    public IReadOnlyList<string>? Texts(string name, bool canBeEmpty = false) =>
        List(name, JsonValueKind.String, "a string", (value, _) => value.GetString()!, canBeEmpty: canBeEmpty);

    /// <summary>
    /// An object of strings, in the order of its names, so that equal objects are equal text. A null member counts as missing.
    /// </summary>
    public IReadOnlyDictionary<string, string>? Map(string name)
    {
        if (Object(name) is not { } map) return null;

        var values = new SortedDictionary<string, string>(StringComparer.Ordinal);
        foreach (var member in source.GetProperty(name).EnumerateObject())
        {
            if (member.Value.ValueKind == JsonValueKind.String) values[member.Name] = member.Value.GetString()!;
            else if (member.Value.ValueKind != JsonValueKind.Null) map.Wrong<string>(member.Name, "a string");
        }

        return values;
    }

    /// <summary>Labels: at most 20, with names of at most 64 characters. Null when they are missing.</summary>
    /// <param name="minValue">The fewest characters of a value.</param>
    /// <param name="maxValue">The most characters of a value.</param>
    public IReadOnlyDictionary<string, string>? Labels(int minValue, int maxValue)
    {
        const int Most = 20, MaxName = 64;
        if (Map("labels") is not { } labels) return null;

        if (labels.Count > Most) Refuse("labels", "too_many", $"There are at most {Most}.");
        foreach (var (name, value) in labels)
        {
            if (name.Length is 0 or > MaxName) Refuse("labels", "invalid_length", $"A name in it has 1 to {MaxName} characters.");
            if (value.Length < minValue || value.Length > maxValue)
            {
                Refuse(
                    $"labels.{name}", "invalid_length",
                    minValue == 0 ? $"It has at most {maxValue} characters." : $"It has {minValue} to {maxValue} characters.");
            }
        }

        return labels;
    }

    /// <summary>Refuses every member that was not asked for: a mistyped name must not be silently ignored.</summary>
    public void RefuseOthers()
    {
        foreach (var member in source.EnumerateObject())
        {
            if (!_known.Contains(member.Name)) Refuse(member.Name, "unknown_field", "There is no such field here.");
        }
    }

    private T[]? List<T>(
        string name, JsonValueKind kind, string word, Func<JsonElement, string, T> read, bool required = false, bool canBeEmpty = false)
    {
        if (Member(name, required) is not { } value) return null;
        if (value.ValueKind != JsonValueKind.Array) return Wrong<T[]>(name, "a list");
        if (value.GetArrayLength() == 0 && !canBeEmpty)
        {
            Refuse(name, "invalid_length", "It is empty.");
            return null;
        }

        var items = new List<T>();
        foreach (var (index, item) in value.EnumerateArray().Index())
        {
            if (item.ValueKind == kind) items.Add(read(item, $"{PathOf(name)}[{index}]"));
            else Wrong<T>($"{name}[{index}]", word);
        }

        return [.. items];
    }

    private T? Wrong<T>(string name, string word)
    {
        Refuse(name, "wrong_type", $"It must be {word}.");
        return default;
    }
}
