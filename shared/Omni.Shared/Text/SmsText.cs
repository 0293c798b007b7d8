using System.Buffers;

namespace Omni.Shared;

/// <summary>The alphabet an SMS travels in; it decides how many characters fit.</summary>
[System.Text.Json.Serialization.JsonConverter(typeof(CamelCaseEnumConverter<SmsEncoding>))]
public enum SmsEncoding
{
    /// <summary>The GSM 7-bit default alphabet with its extension table: 160 septets alone, 153 in each of several.</summary>
    Gsm7,

    /// <summary>UTF-16 in all but name: 70 units alone, 67 in each of several.</summary>
    Ucs2,
}

/// <summary>What a text costs as SMS.</summary>
/// <param name="Encoding">The alphabet that the whole text needs.</param>
/// <param name="Segments">How many SMS carry it, at least one.</param>
/// <param name="Units">Its length in septets (GSM-7) or UTF-16 units (UCS-2), without what a segment leaves unused at its end.</param>
public readonly record struct SegmentCount(SmsEncoding Encoding, int Segments, int Units);

/// <summary>How carriers encode a text as SMS, cut it into segments, and so count it.</summary>
/// <remarks>
/// 3GPP TS 23.038, section 6.2.1 (the alphabet) and TS 23.040, section 9.2.3.24.1 (joining costs a header in every segment);
/// https://www.twilio.com/docs/glossary/what-is-gsm-7-character-encoding
/// </remarks>
public static class SmsText
{
    // Capital Ç and é è ñ ü are in the alphabet; ç á í ó ú are not, and turn the whole text to UCS-2.
    private const string Basic =
        "@£$¥èéùìòÇ\nØø\rÅåΔ_ΦΓΛΩΠΨΣΘΞÆæßÉ !\"#¤%&'()*+,-./0123456789:;<=>?" +
        "¡ABCDEFGHIJKLMNOPQRSTUVWXYZÄÖÑÜ§¿abcdefghijklmnopqrstuvwxyzäöñüà";

    // Each is sent as an escape and a second septet. The escape itself is no character: U+001B in a text needs UCS-2.
    private const string Extension = "\f^{}\\[~]|€";

    private static readonly SearchValues<char> Gsm7 = SearchValues.Create(Basic + Extension);
    private static readonly SearchValues<char> Escaped = SearchValues.Create(Extension);

    /// <summary>Counts what a text costs. An empty text is one segment of no units; a lone surrogate is one unit.</summary>
    public static SegmentCount Count(string text)
    {
        var encoding = text.AsSpan().ContainsAnyExcept(Gsm7) ? SmsEncoding.Ucs2 : SmsEncoding.Gsm7;
        var units = 0;
        for (var at = 0; at < text.Length;)
        {
            var (length, cost) = CharacterAt(text, at, encoding);
            at += length;
            units += cost;
        }

        if (units <= Alone(encoding)) return new(encoding, 1, units);

        var segments = 0;
        for (var at = 0; at < text.Length; segments++) at += FillSegment(text.AsSpan(at), encoding, Joined(encoding));
        return new(encoding, segments, units);
    }

    /// <summary>The length, in UTF-16 units, of the longest start of a text that is at most so many segments.</summary>
    internal static int LongestPrefix(ReadOnlySpan<char> text, int maxSegments)
    {
        var outside = text.IndexOfAnyExcept(Gsm7);
        var gsm7 = outside < 0 ? text : text[..outside];
        var asGsm7 = Fill(gsm7, SmsEncoding.Gsm7, maxSegments);

        // One character more would need UCS-2 for all of them: that may hold more, or less than stopping before it.
        return outside < 0 || asGsm7 < outside ? asGsm7 : Math.Max(asGsm7, Fill(text, SmsEncoding.Ucs2, maxSegments));
    }

    private static int Fill(ReadOnlySpan<char> text, SmsEncoding encoding, int maxSegments)
    {
        if (maxSegments == 1) return FillSegment(text, encoding, Alone(encoding));

        var at = 0;
        for (var segments = 0; segments < maxSegments && at < text.Length; segments++)
            at += FillSegment(text[at..], encoding, Joined(encoding));
        return at;
    }

    /// <summary>How much of the text one segment takes: a character that would straddle its end waits for the next.</summary>
    private static int FillSegment(ReadOnlySpan<char> text, SmsEncoding encoding, int capacity)
    {
        var at = 0;
        for (var used = 0; at < text.Length;)
        {
            var (length, cost) = CharacterAt(text, at, encoding);
            used += cost;
            if (used > capacity) break;
            at += length;
        }

        return at;
    }

    private static (int Length, int Cost) CharacterAt(ReadOnlySpan<char> text, int at, SmsEncoding encoding) => encoding switch
    {
        SmsEncoding.Gsm7 => (1, Escaped.Contains(text[at]) ? 2 : 1),
        _ when at + 1 < text.Length && char.IsSurrogatePair(text[at], text[at + 1]) => (2, 2),
        _ => (1, 1),
    };

    private static int Alone(SmsEncoding encoding) => encoding is SmsEncoding.Gsm7 ? 160 : 70;

    private static int Joined(SmsEncoding encoding) => encoding is SmsEncoding.Gsm7 ? 153 : 67;
}
