using System.Globalization;
using FsCheck.Xunit;

namespace Omni.Shared.Tests.Text;

[Properties(Arbitrary = [typeof(AnyText)])]
public sealed class TextSplitterTests
{
    [Property]
    public bool The_pieces_joined_are_the_text_again(AnyText text, byte choice) =>
        string.Concat(TextSplitter.Split(text.Value, Limit(choice))) == text.Value
        && string.Concat(TextSplitter.SplitBySegments(text.Value, Segments(choice))) == text.Value;

    [Property]
    public bool No_piece_is_longer_than_the_limit_or_empty(AnyText text, byte choice) =>
        TextSplitter.Split(text.Value, Limit(choice))
            .All(piece => piece.Length <= Limit(choice) && (piece.Length > 0 || text.Value.Length == 0));

    [Property]
    public bool No_piece_takes_more_segments_than_allowed_or_is_empty(AnyText text, byte choice) =>
        TextSplitter.SplitBySegments(text.Value, Segments(choice))
            .All(piece => SmsText.Count(piece).Segments <= Segments(choice) && (piece.Length > 0 || text.Value.Length == 0));

    [Property]
    public bool No_surrogate_pair_is_cut(AnyText text, byte choice) =>
        CutsInto(TextSplitter.Split(text.Value, Limit(choice)))
            .Concat(CutsInto(TextSplitter.SplitBySegments(text.Value, Segments(choice))))
            .All(cut => !char.IsSurrogatePair(text.Value, cut - 1));

    [Property]
    public bool A_grapheme_is_cut_only_if_it_is_longer_than_the_limit(AnyText text, byte choice)
    {
        int[] starts = [.. StringInfo.ParseCombiningCharacters(text.Value), text.Value.Length];
        var tooLong = starts.Zip(starts.Skip(1)).Where(grapheme => grapheme.Second - grapheme.First > Limit(choice)).ToList();

        return CutsInto(TextSplitter.Split(text.Value, Limit(choice)))
            .All(cut => starts.Contains(cut) || tooLong.Any(grapheme => grapheme.First < cut && cut < grapheme.Second));
    }

    [Property]
    public bool A_piece_gives_up_a_fifth_at_most_for_white_space(string? words, byte choice)
    {
        var plain = string.Concat((words ?? "").Where(char.IsAscii)).Replace('\r', ' ');
        return TextSplitter.Split(plain, Limit(choice)).SkipLast(1).All(piece => piece.Length * 5 >= Limit(choice) * 4);
    }

    [Theory]
    [InlineData("short enough", 12, "short enough")]
    [InlineData("", 12, "")]
    [InlineData("The meeting is at noon", 12, "The meeting |is at noon")]
    [InlineData("The meeting was at noon", 13, "The meeting |was at noon")]
    [InlineData("Unbreakable", 5, "Unbre|akabl|e")]
    [InlineData("to be continued later on", 10, "to be cont|inued late|r on")]
    [InlineData("line one\nline two", 10, "line one\n|line two")]
    [InlineData("12345678\r\n90", 9, "12345678|\r\n90")]
    [InlineData("   ", 2, "  | ")]
    public void White_space_near_the_limit_is_where_a_piece_ends(string text, int maxLength, string pieces) =>
        Assert.Equal(pieces.Split('|'), TextSplitter.Split(text, maxLength));

    // InvariantGlobalization is on: .NET breaks graphemes from its own tables, without ICU.
    // Each text is the same character twice, with a limit one short of both.
    [Theory]
    [InlineData("👨‍👩‍👧‍👦")] // family
    [InlineData("🇩🇪")] // flag
    [InlineData("👍🏽")] // skin tone
    [InlineData("1\uFE0F\u20E3")] // keycap
    [InlineData("\u1112\u1161\u11AB")] // Hangul in three letters
    [InlineData("\u0928\u093F")] // Devanagari with a vowel sign
    [InlineData("\u0E01\u0E47")] // Thai with a mark
    [InlineData("e\u0323\u0301")] // combining marks
    [InlineData("\r\n")]
    public void What_a_reader_sees_as_one_character_stays_whole(string character) =>
        Assert.Equal([character, character], TextSplitter.Split(character + character, 2 * character.Length - 1));

    [Fact]
    public void A_character_longer_than_the_limit_is_cut_between_code_points()
    {
        var zalgo = "e" + new string('\u0301', 10);
        Assert.Equal([zalgo[..4], zalgo[4..8], zalgo[8..] + "a"], TextSplitter.Split(zalgo + "a", 4));

        Assert.Equal(["👨", "\u200D", "👩", "\u200D", "👧"], TextSplitter.Split("👨‍👩‍👧", 2));
    }

    [Fact]
    public void Pieces_for_a_carrier_of_single_SMS_use_the_alphabet_of_each_piece()
    {
        var plain = new string('a', 170);
        Assert.Equal([160, 10], TextSplitter.SplitBySegments(plain, 1).Select(piece => piece.Length));

        // The letter outside GSM-7 comes too late for the first piece to hold it, so only the second pays for it.
        var mixed = new string('a', 155) + "ж" + new string('a', 20);
        Assert.Equal([155, 21], TextSplitter.SplitBySegments(mixed, 1).Select(piece => piece.Length));

        var cyrillic = new string('ж', 71);
        Assert.Equal([70, 1], TextSplitter.SplitBySegments(cyrillic, 1).Select(piece => piece.Length));
        Assert.Equal([134, 1], TextSplitter.SplitBySegments(new string('ж', 135), 2).Select(piece => piece.Length));
    }

    [Fact]
    public void A_limit_that_cannot_be_kept_is_refused()
    {
        Assert.Throws<ArgumentOutOfRangeException>(() => TextSplitter.Split("😀", 1));
        Assert.Throws<ArgumentOutOfRangeException>(() => TextSplitter.SplitBySegments("a", 0));
    }

    private static int Limit(byte choice) => 2 + choice % 200;

    private static int Segments(byte choice) => 1 + choice % 3;

    /// <summary>Where the text was cut.</summary>
    private static IEnumerable<int> CutsInto(IReadOnlyList<string> pieces)
    {
        var at = 0;
        foreach (var piece in pieces.SkipLast(1)) yield return at += piece.Length;
    }
}
