using FsCheck.Xunit;

namespace Omni.Shared.Tests.Text;

[Properties(Arbitrary = [typeof(AnyText)])]
public sealed class PhoneNumbersTests
{
    private const string File = "phones.json";

    public static TheoryData<string> Fixtures => TextFixture.Names(File);

    [Theory, MemberData(nameof(Fixtures))]
    public void A_number_is_normalised_or_refused_as_its_fixture_says(string fixture)
    {
        var expected = TextFixture.Read<PhoneCase>(File, fixture);

        Assert.Equal(expected.E164 is not null, PhoneNumbers.TryNormalize(expected.Input, out var e164));
        Assert.Equal(expected.E164 ?? "", e164);
    }

    [Theory, MemberData(nameof(Fixtures))]
    public void A_normalised_number_stays_as_it_is(string fixture)
    {
        if (TextFixture.Read<PhoneCase>(File, fixture).E164 is not { } normal) return;

        Assert.True(PhoneNumbers.TryNormalize(normal, out var again));
        Assert.Equal(normal, again);
    }

    [Property]
    public bool Whatever_follows_a_plus_is_refused_or_becomes_E164(AnyText text, ulong digits) =>
        Normalises("+" + text.Value) && Normalises("+" + digits) && Normalises("+1 " + digits % 10_000_000_000);

    [Theory]
    [InlineData("+12065550123", "+1********23")]
    [InlineData("+79123456789", "+7********89")]
    [InlineData("+442079460018", "+44********18")]
    [InlineData("+6834002", "+68***02")]
    [InlineData("+491234567890123", "+49***********23")]
    [InlineData("+4912345678901234", "***")]
    [InlineData("+123456", "***")]
    [InlineData("12065550123", "***")]
    [InlineData("+1 206 555 0123", "***")]
    [InlineData("12345", "***")]
    [InlineData("someone@example.com", "***")]
    [InlineData("+", "***")]
    [InlineData("", "***")]
    public void A_log_shows_the_country_and_two_digits_of_a_number_and_nothing_of_the_rest(string address, string masked) =>
        Assert.Equal(masked, PhoneNumbers.Mask(address));

    [Theory]
    [InlineData("911", true)]
    [InlineData("12345678", true)]
    [InlineData("12", false)]
    [InlineData("123456789", false)]
    [InlineData("+12345", false)]
    [InlineData("12 45", false)]
    [InlineData("123a", false)]
    [InlineData("١٢٣", false)]
    public void A_short_code_is_three_to_eight_digits(string address, bool expected) =>
        Assert.Equal(expected, PhoneNumbers.IsShortCode(address));

    [Theory]
    [InlineData("A", true)]
    [InlineData("Omni", true)]
    [InlineData("My Shop & Co", false)]
    [InlineData("My Shop&Co", true)]
    [InlineData("a_b+c-d 123", true)]
    [InlineData("12345", false)]
    [InlineData("+-_ &", false)]
    [InlineData("Café", false)]
    [InlineData("a.b", false)]
    [InlineData("", false)]
    public void An_alphanumeric_sender_is_up_to_11_allowed_characters_with_a_letter(string address, bool expected) =>
        Assert.Equal(expected, PhoneNumbers.IsAlphanumericSender(address));

    private static bool Normalises(string input) =>
        PhoneNumbers.TryNormalize(input, out var e164)
            ? e164.Length is > 4 and <= 16 && e164[0] == '+' && e164.Skip(1).All(char.IsAsciiDigit)
            : e164.Length == 0;

    private sealed record PhoneCase(string Input, string? E164);
}
