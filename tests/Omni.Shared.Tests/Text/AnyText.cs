using FsCheck;
using FsCheck.Fluent;

namespace Omni.Shared.Tests.Text;

/// <summary>
/// A text in which whatever can go wrong does: runs of what costs two units, of what must stay together, and of broken halves.
/// </summary>
public sealed record AnyText(string Value)
{
    private static readonly string[] Parts =
    [
        "a", "word ", " ", "\n", "\r\n", "\t", "é", "ç", "ж", // plain characters, in and out of GSM-7
        "€", "^", "{", "\f", // GSM-7's extension table
        "😀", "👍🏽", "👨‍👩‍👧‍👦", "🇩🇪", "🇫", // emoji, skin tone, family, flag, half a flag
        "e\u0301", "\u0301", "Z\u0335\u0321\u0353\u0301", "\u200D", // combining marks, alone too, and a joiner
        "각", "각", "नि", "्", "ก็", "\u0600", // Hangul both ways, Devanagari, Thai, a prepended mark
        "\uD83D", "\uDE00", // halves of a pair
    ];

    public static Arbitrary<AnyText> Arbitrary() =>
        (from part in Gen.Elements(Parts)
         from times in Gen.Frequency((6, Gen.Choose(1, 4)), (1, Gen.Choose(5, 170)))
         select string.Concat(Enumerable.Repeat(part, times)))
        .ListOf()
        .Select(runs => new AnyText(string.Concat(runs)))
        .ToArbitrary();
}
