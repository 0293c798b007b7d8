using System.Globalization;
using System.Text;

namespace Omni.Shared;

/// <summary>Cuts a text that is too long for a carrier into pieces; the pieces joined are the text again, exactly.</summary>
/// <remarks>
/// A piece ends after white space if there is some in its last fifth, else between two characters as a reader sees them
/// (grapheme clusters, https://unicode.org/reports/tr29/); inside one only if it alone is too long, and never inside a
/// surrogate pair. An empty text is one empty piece.
/// </remarks>
public static class TextSplitter
{
    // The longest character is a surrogate pair.
    private const int ShortestLimit = 2;

    // A unit outside surrogate pairs has up to three bytes in UTF-8, half a pair two.
    private const int MaxBytesOfUnit = 3;

    private delegate int Room(ReadOnlySpan<char> rest);

    /// <summary>Cuts into pieces that keep every limit of a carrier at once: UTF-16 units, bytes of UTF-8, SMS segments.</summary>
    public static IReadOnlyList<string> Split(string text, CarrierLimits limits)
    {
        var (units, bytes, segments) = (limits.TextCharacters ?? int.MaxValue, limits.TextBytes ?? int.MaxValue, limits.SegmentsPerPart);
        return Cut(text, rest =>
        {
            var room = LongestPrefix(rest[..Math.Min(rest.Length, units)], bytes);
            return segments is { } most ? Math.Min(room, SmsText.LongestPrefix(rest[..room], most)) : room;
        });
    }

    /// <summary>Cuts into pieces of at most <paramref name="maxLength"/> UTF-16 units (two or more).</summary>
    public static IReadOnlyList<string> Split(string text, int maxLength)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(maxLength, ShortestLimit);
        return Cut(text, rest => Math.Min(rest.Length, maxLength));
    }

    /// <summary>Cuts into pieces, each of which is at most <paramref name="maxSegments"/> SMS segments when sent by itself.</summary>
    public static IReadOnlyList<string> SplitBySegments(string text, int maxSegments)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(maxSegments, 1);
        return Cut(text, rest => SmsText.LongestPrefix(rest, maxSegments));
    }

    /// <summary>The length, in UTF-16 units, of the longest start of a text that has at most so many bytes in UTF-8.</summary>
    private static int LongestPrefix(ReadOnlySpan<char> text, int maxBytes)
    {
        if (text.Length <= maxBytes / MaxBytesOfUnit || Encoding.UTF8.GetByteCount(text) <= maxBytes) return text.Length;

        var at = 0;
        for (var used = 0; at < text.Length;)
        {
            var isPair = at + 1 < text.Length && char.IsSurrogatePair(text[at], text[at + 1]);
            used += isPair ? 4 : Encoding.UTF8.GetByteCount(text.Slice(at, 1));
            if (used > maxBytes) break;
            at += isPair ? 2 : 1;
        }

        return at;
    }

    private static List<string> Cut(string text, Room room)
    {
        List<string> pieces = [];
        int[]? graphemes = null;
        var start = 0;
        while (true)
        {
            var limit = start + room(text.AsSpan(start));
            if (limit == text.Length) break;

            graphemes ??= StringInfo.ParseCombiningCharacters(text);
            var end = EndOfPiece(text, graphemes, start, limit);
            pieces.Add(text[start..end]);
            start = end;
        }

        pieces.Add(text[start..]);
        return pieces;
    }

    /// <summary>Where a piece that begins at <paramref name="start"/> and may reach <paramref name="limit"/> should end.</summary>
    private static int EndOfPiece(string text, int[] graphemes, int start, int limit)
    {
        var found = Array.BinarySearch(graphemes, limit);
        var last = found >= 0 ? found : ~found - 1;
        if (graphemes[last] <= start) return char.IsSurrogatePair(text, limit - 1) ? limit - 1 : limit;

        var lastFifth = limit - (limit - start) / 5;
        for (var i = last; graphemes[i] >= lastFifth && graphemes[i] > start; i--)
        {
            if (char.IsWhiteSpace(text[graphemes[i] - 1])) return graphemes[i];
        }

        return graphemes[last];
    }
}
