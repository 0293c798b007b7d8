using System.Text.Json;
using FsCheck.Xunit;

namespace Omni.Shared.Tests.Text;

[Properties(Arbitrary = [typeof(AnyText)])]
public sealed class SmsTextTests
{
    private const string File = "segment-counts.json";

    public static TheoryData<string> Fixtures => TextFixture.Names(File);

    [Theory, MemberData(nameof(Fixtures))]
    public void A_text_costs_what_its_fixture_says(string fixture)
    {
        var expected = TextFixture.Read<CountCase>(File, fixture);

        Assert.Equal(
            new SegmentCount(Enum.Parse<SmsEncoding>(expected.Encoding), expected.Segments, expected.Units),
            SmsText.Count(expected.Text));
    }

    [Fact]
    public void The_alphabet_has_127_characters_and_its_extension_10()
    {
        var gsm7 = Enumerable.Range(char.MinValue, char.MaxValue + 1)
            .Select(code => SmsText.Count(((char)code).ToString()))
            .Where(count => count.Encoding is SmsEncoding.Gsm7)
            .ToList();

        Assert.Equal(127, gsm7.Count(count => count.Units == 1));
        Assert.Equal(10, gsm7.Count(count => count.Units == 2));
    }

    [Fact]
    public void A_lone_surrogate_is_one_unit()
    {
        Assert.Equal(new SegmentCount(SmsEncoding.Ucs2, 1, 1), SmsText.Count("\uD83D"));
        Assert.Equal(new SegmentCount(SmsEncoding.Ucs2, 1, 3), SmsText.Count("\uDE00\uD83Da"));
    }

    [Property]
    public bool A_joined_segment_wastes_one_unit_at_most(AnyText text)
    {
        var (encoding, segments, units) = SmsText.Count(text.Value);
        var (alone, joined) = encoding is SmsEncoding.Gsm7 ? (160, 153) : (70, 67);

        return units <= alone
            ? segments == 1
            : segments * joined >= units && (segments - 1) * (joined - 1) < units;
    }

    [Property]
    public bool Units_of_UCS_2_are_UTF_16_units(AnyText text) =>
        SmsText.Count(text.Value + "ж") is { Encoding: SmsEncoding.Ucs2 } count && count.Units == text.Value.Length + 1;

    [Property]
    public bool The_longest_prefix_fits_and_one_character_more_does_not(AnyText text, byte choice)
    {
        var maxSegments = 1 + choice % 4;
        var length = SmsText.LongestPrefix(text.Value, maxSegments);
        if (SmsText.Count(text.Value[..length]).Segments > maxSegments) return false;
        if (length == text.Value.Length) return true;

        var isPair = length + 1 < text.Value.Length && char.IsSurrogatePair(text.Value, length);
        return SmsText.Count(text.Value[..(length + (isPair ? 2 : 1))]).Segments > maxSegments;
    }

    private sealed record CountCase(IReadOnlyList<JsonElement> Runs, string Encoding, int Segments, int Units)
    {
        /// <summary>Each run is a text and how often it is repeated.</summary>
        public string Text => string.Concat(Runs.SelectMany(run => Enumerable.Repeat(run[0].GetString()!, run[1].GetInt32())));
    }
}
