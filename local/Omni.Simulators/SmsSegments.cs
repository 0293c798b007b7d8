using System.Buffers;

namespace Omni.Simulators;

/// <summary>How many parts a text takes on the air: 160 or 153 septets in GSM-7 (3GPP TS 23.038), else 70 or 67 UTF-16 units.</summary>
internal static class SmsSegments
{
    private const string Extended = "^{}\\[]~|€\f";

    private static readonly SearchValues<char> Gsm7 = SearchValues.Create(
        "@£$¥èéùìòÇ\nØø\rÅåΔ_ΦΓΛΩΠΨΣΘΞÆæßÉ !\"#¤%&'()*+,-./0123456789:;<=>?¡ABCDEFGHIJKLMNOPQRSTUVWXYZÄÖÑÜ§¿abcdefghijklmnopqrstuvwxyzäöñüà"
            + Extended);

    public static int Count(string text)
    {
        if (text.Length == 0) return 1;
        return text.AsSpan().ContainsAnyExcept(Gsm7)
            ? Parts([.. text.EnumerateRunes().Select(rune => rune.Utf16SequenceLength)], single: 70, joined: 67)
            : Parts([.. text.Select(character => Extended.Contains(character) ? 2 : 1)], single: 160, joined: 153);
    }

    // An escaped character and a surrogate pair stay whole, so a part may end one unit short.
    private static int Parts(IReadOnlyList<int> units, int single, int joined)
    {
        if (units.Sum() <= single) return 1;

        var (parts, used) = (1, 0);
        foreach (var unit in units)
        {
            used += unit;
            if (used <= joined) continue;
            (parts, used) = (parts + 1, unit);
        }

        return parts;
    }
}
