using System.Buffers;

namespace Omni.Shared;

/// <summary>
/// Words from outside on their way into a log or a metric: a carrier's status, kind, code or id may be anything,
/// also a text or a number of a person.
/// </summary>
public static class OutsideWord
{
    /// <summary>What stands in place of what may not be shown.</summary>
    public const string Other = "other";

    private const int MostCharacters = 64, MostDigits = 6;

    private static readonly SearchValues<char> Shown = SearchValues.Create(
        "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789_-.:");

    /// <summary>
    /// A word as it may be shown: itself if it is short, of plain letters, and has fewer digits than any number of a person.
    /// </summary>
    /// <param name="word">The word. Of <c>ours:theirs</c>, where theirs may not be shown, ours is.</param>
    /// <returns>The word; empty for none; <see cref="Other"/> where it may not be shown.</returns>
    public static string Of(string? word) => word switch
    {
        null or "" => "",
        _ when IsShown(word) => word,
        _ when word.IndexOf(':', StringComparison.Ordinal) is > 0 and var colon && IsShown(word[..colon]) => $"{word[..colon]}:{Other}",
        _ => Other,
    };

    /// <summary>A carrier's id as it may be shown: as much of it as finds it again.</summary>
    /// <param name="id">The id.</param>
    public static string OfId(string id) =>
        id.AsSpan().ContainsAnyExcept(Shown) ? Other : id.Length <= MostCharacters ? id : id[..MostCharacters];

    private static bool IsShown(string word) =>
        word.Length <= MostCharacters && !word.AsSpan().ContainsAnyExcept(Shown) && word.Count(char.IsAsciiDigit) <= MostDigits;
}
