using System.Collections.Frozen;

namespace Omni.Shared;

/// <summary>
/// The words by which people opt out of messages and in again. The common ones are those of the CTIA's Messaging Principles
/// (https://www.ctia.org/the-wireless-industry/industry-commitments/messaging-interoperability-sms-mms); a carrier may know more.
/// </summary>
/// <param name="alsoOut">The carrier's further words that opt out.</param>
/// <param name="alsoIn">The carrier's further words that opt in.</param>
public sealed class OptOutKeywords(IEnumerable<string> alsoOut, IEnumerable<string> alsoIn)
{
    private static readonly string[] Out = ["STOP", "STOPALL", "UNSUBSCRIBE", "CANCEL", "END", "QUIT"];
    private static readonly string[] In = ["START", "YES", "UNSTOP"];

    private readonly FrozenDictionary<string, bool> _optsOut =
        Out.Concat(alsoOut)
            .Select(word => KeyValuePair.Create(word, true))
            .Concat(In.Concat(alsoIn).Select(word => KeyValuePair.Create(word, false)))
            .ToFrozenDictionary(StringComparer.OrdinalIgnoreCase);

    /// <summary>The common words alone.</summary>
    public static OptOutKeywords Common { get; } = new([], []);

    /// <summary>
    /// The keyword of a message and whether it opts out (or in); null for a message like any other: the keyword must be the whole of it.
    /// </summary>
    /// <param name="text">The message's text.</param>
    public (string Word, bool OptedOut)? Hear(string? text)
    {
        var word = text?.Trim() ?? "";
        return _optsOut.TryGetValue(word, out var optedOut) ? (word.ToUpperInvariant(), optedOut) : null;
    }
}
