using System.Text.Json;
using System.Text.Json.Serialization;

namespace Omni.Shared;

/// <summary>Writes an enum as a camelCase word and reads only such words, never numbers.</summary>
/// <typeparam name="T">The enum.</typeparam>
public sealed class CamelCaseEnumConverter<T>() : JsonStringEnumConverter<T>(JsonNamingPolicy.CamelCase, allowIntegerValues: false)
    where T : struct, Enum;

/// <summary>Writes an enum as a snake_case code and reads only such codes, never numbers.</summary>
/// <typeparam name="T">The enum.</typeparam>
public sealed class SnakeCaseEnumConverter<T>() : JsonStringEnumConverter<T>(JsonNamingPolicy.SnakeCaseLower, allowIntegerValues: false)
    where T : struct, Enum;

/// <summary>
/// The words of enums as they stand in JSON, for keys and logs. Each item that is read asks for dozens, so they are made once.
/// </summary>
public static class EnumWords
{
    private static readonly Table<FailureReason> Codes = new(JsonNamingPolicy.SnakeCaseLower);

    /// <summary>The camelCase word of a value, such as <c>whatsappUserId</c>.</summary>
    /// <param name="value">The value.</param>
    /// <typeparam name="T">The enum.</typeparam>
    public static string Word<T>(this T value) where T : struct, Enum => Words<T>.Camel.Word(value);

    /// <summary>The snake_case code of a reason, such as <c>opted_out</c>.</summary>
    /// <param name="value">The reason.</param>
    public static string Code(this FailureReason value) => Codes.Word(value);

    /// <summary>The value of a camelCase word; null when no value has that word.</summary>
    /// <param name="word">The word.</param>
    /// <typeparam name="T">The enum.</typeparam>
    public static T? FromWord<T>(string? word) where T : struct, Enum => Words<T>.Camel.Value(word);

    /// <summary>The reason of a snake_case code; null when there is none.</summary>
    /// <param name="code">The code.</param>
    public static FailureReason? FromCode(string? code) => Codes.Value(code);

    private static class Words<T> where T : struct, Enum
    {
        public static readonly Table<T> Camel = new(JsonNamingPolicy.CamelCase);
    }

    private sealed class Table<T> where T : struct, Enum
    {
        private readonly Dictionary<T, string> _words;
        private readonly Dictionary<string, T> _values;

        public Table(JsonNamingPolicy naming)
        {
            _words = Enum.GetValues<T>().ToDictionary(value => value, value => naming.ConvertName(value.ToString()));
            _values = _words.ToDictionary(pair => pair.Value, pair => pair.Key, StringComparer.Ordinal);
        }

        public string Word(T value) => _words.TryGetValue(value, out var word) ? word : value.ToString();

        public T? Value(string? word) => word is not null && _values.TryGetValue(word, out var value) ? value : null;
    }
}
