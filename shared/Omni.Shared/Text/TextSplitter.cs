using System.Globalization;

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

    private delegate int Room(ReadOnlySpan<char> rest);

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
