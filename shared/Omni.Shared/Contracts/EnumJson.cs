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

/// <summary>The words of enums as they stand in JSON, for keys and logs.</summary>
public static class EnumWords
{
    /// <summary>The camelCase word of a value, such as <c>whatsappUserId</c>.</summary>
    /// <param name="value">The value.</param>
    /// <typeparam name="T">The enum.</typeparam>
    public static string Word<T>(this T value) where T : struct, Enum => JsonNamingPolicy.CamelCase.ConvertName(value.ToString());

    /// <summary>The snake_case code of a reason, such as <c>opted_out</c>.</summary>
    /// <param name="value">The reason.</param>
    public static string Code(this FailureReason value) => JsonNamingPolicy.SnakeCaseLower.ConvertName(value.ToString());

    /// <summary>The value of a camelCase word; null when no value has that word.</summary>
    /// <param name="word">The word.</param>
    /// <typeparam name="T">The enum.</typeparam>
    public static T? FromWord<T>(string? word) where T : struct, Enum
    {
        foreach (var value in Enum.GetValues<T>())
        {
            if (value.Word() == word) return value;
        }

        return null;
    }

    /// <summary>The reason of a snake_case code; null when there is none.</summary>
    /// <param name="code">The code.</param>
    public static FailureReason? FromCode(string? code)
    {
        foreach (var value in Enum.GetValues<FailureReason>())
        {
            if (value.Code() == code) return value;
        }

        return null;
    }
}
