using System.Globalization;
using Omni.Shared;

namespace Omni.Api;

/// <summary>
/// The query parameters of a call. Read from the raw query string, where a plus is a plus:
/// in a phone number it is usually meant as one, and written so.
/// </summary>
internal sealed class Query
{
    private readonly SortedDictionary<string, string> _values = new(StringComparer.Ordinal);
    private readonly List<FieldError> _errors = [];

    public Query(string? raw, IReadOnlyList<string> known)
    {
        foreach (var pair in (raw ?? "").Split('&', StringSplitOptions.RemoveEmptyEntries))
        {
            var pieces = pair.Split('=', 2);
            var name = Uri.UnescapeDataString(pieces[0]);
            if (!known.Contains(name))
                _errors.Add(new(
                    name,
                    "unknown_parameter",
                    $"This endpoint has no such parameter; it has {(known.Count > 0 ? string.Join(", ", known) : "none")}."));
            else if (!_values.TryAdd(name, pieces.Length == 2 ? Uri.UnescapeDataString(pieces[1]) : ""))
                _errors.Add(new(name, "repeated", "A parameter is given once."));
        }
    }

    /// <summary>What is wrong, as far as it was read.</summary>
    public IReadOnlyList<FieldError> Errors => _errors;

    /// <summary>What was given, by name.</summary>
    public IReadOnlyDictionary<string, string> Values => _values;

    public string? Text(string name) => _values.GetValueOrDefault(name);

    public int? Whole(string name, int min, int max) => Read<int>(name, $"It is a whole number from {min} to {max}.", text =>
        int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var number) && number >= min && number <= max
            ? number
            : null);

    public T? Word<T>(string name) where T : struct, Enum => Read(name, $"It is one of {EnumList.Of<T>()}.", EnumWords.FromWord<T>);

    public bool? Flag(string name) =>
        Read<bool>(name, "It is true or false.", text => text switch { "true" => true, "false" => false, _ => null });

    public DateTimeOffset? Moment(string name) => Read(name, "It is a time such as 2026-01-31T08:00:00Z.", Rfc3339.Parse);

    /// <summary>A day, in UTC.</summary>
    public DateOnly? Day(string name) => Read<DateOnly>(name, "It is a day such as 2026-01-31.", text =>
        DateOnly.TryParseExact(text, "yyyy-MM-dd", CultureInfo.InvariantCulture, DateTimeStyles.None, out var day) ? day : null);

    /// <summary>Notes what is wrong with a parameter that only its endpoint can judge.</summary>
    public void Refuse(string name, string code, string detail) => _errors.Add(new(name, code, detail));

    public T? Parsed<T>(string name, string rule, Func<string, T?> parse) where T : class
    {
        if (Text(name) is not { } text) return null;
        if (parse(text) is { } value) return value;

        _errors.Add(new(name, "invalid_value", rule));
        return null;
    }

    private T? Read<T>(string name, string rule, Func<string, T?> parse) where T : struct
    {
        if (Text(name) is not { } text) return null;
        if (parse(text) is { } value) return value;

        _errors.Add(new(name, "invalid_value", rule));
        return null;
    }
}

/// <summary>The words of an enum, to name them in a refusal.</summary>
internal static class EnumList
{
    public static string Of<T>() where T : struct, Enum => string.Join(", ", Enum.GetValues<T>().Select(value => value.Word()));
}

/// <summary>Times of the API: RFC 3339 with a zone, cut to the millisecond, which is what the tables keep.</summary>
internal static class Rfc3339
{
    private static readonly string[] Forms = ["yyyy-MM-dd'T'HH:mm:ss.FFFFFFF'Z'", "yyyy-MM-dd'T'HH:mm:ss.FFFFFFFzzz"];

    public static DateTimeOffset? Parse(string text) =>
        DateTimeOffset.TryParseExact(
            text, Forms, CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal | DateTimeStyles.AdjustToUniversal, out var time)
            ? Cut(time)
            : null;

    /// <summary>A time in a sentence, to the second.</summary>
    public static string Write(DateTimeOffset time) =>
        time.UtcDateTime.ToString("yyyy-MM-dd'T'HH:mm:ss'Z'", CultureInfo.InvariantCulture);

    public static DateTimeOffset Cut(DateTimeOffset time) => DateTimeOffset.FromUnixTimeMilliseconds(time.ToUnixTimeMilliseconds());
}
