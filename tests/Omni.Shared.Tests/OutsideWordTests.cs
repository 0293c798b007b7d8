namespace Omni.Shared.Tests;

public class OutsideWordTests
{
    [Theory]
    [InlineData(null, "")]
    [InlineData("", "")]
    [InlineData("131047", "131047")]
    [InlineData("unknown_status:teleported", "unknown_status:teleported")]
    [InlineData("unknown_status:+14155550123", "unknown_status:other")]
    [InlineData("unknown_status:14155550123", "unknown_status:other")]
    [InlineData("unknown_status:see you at nine", "unknown_status:other")]
    [InlineData("4155550123", "other")]
    [InlineData("see you at nine", "other")]
    [InlineData(":x y", "other")]
    public void A_word_is_shown_when_it_is_no_text_and_no_number(string? word, string shown) => Assert.Equal(shown, OutsideWord.Of(word));

    [Fact]
    public void A_long_word_is_not_shown_and_of_a_long_id_its_beginning()
    {
        Assert.Equal("other", OutsideWord.Of(new string('x', 28_000)));
        Assert.Equal(new string('a', 64), OutsideWord.OfId(new string('a', 2_000)));
        Assert.Equal("other", OutsideWord.OfId("an id with\nlines"));
    }
}
