namespace Omni.Shared.Tests.Text;

/// <summary>The words that a sender listens to.</summary>
public sealed class KeywordTests
{
    private static readonly KeywordAnswers[] Sender =
    [
        new() { Language = "en", OptOut = new() { Words = ["LEAVE"] }, Help = new() { Answer = "Help!" } },
        new()
        {
            Language = "de", OptOut = new() { Words = ["Stopp", "ABMELDEN"], Answer = "Aus." },
            Help = new() { Words = ["HILFE"], Answer = "Hilfe!" },
        },
        new() { Language = "fr", Help = new() { Words = ["AIDE"] } },
    ];

    [Theory]
    [InlineData("stopp", null, "optOut", "STOPP", "Aus.")]
    [InlineData(" Abmelden\n", null, "optOut", "ABMELDEN", "Aus.")]
    [InlineData("leave", null, "optOut", "LEAVE", null)] // its language has no answer
    [InlineData("stop", "STOP", "optOut", "STOP", "Aus.")] // the first language that has one
    [InlineData("Revoke", "REVOKE", "optOut", "REVOKE", "Aus.")]
    [InlineData("hilfe", "STOP", "optOut", "STOP", "Aus.")] // what the webhook heard is said
    [InlineData("HILFE", null, "help", "HILFE", "Hilfe!")]
    [InlineData("help", null, "help", "HELP", "Help!")]
    [InlineData("Info", null, "help", "INFO", "Help!")]
    [InlineData("aide", null, "help", "AIDE", null)]
    public void A_word_has_a_meaning_and_an_answer(string text, string? optOutWord, string about, string word, string? answer)
    {
        var heard = HeardKeyword.Hear(text, optOutWord, Sender)!;

        Assert.Equal((about, word, answer), (heard.About.Word(), heard.Word, heard.Answer));
    }

    [Theory]
    [InlineData(null)]
    [InlineData("")]
    [InlineData("Hello")]
    [InlineData("Please stopp")]
    [InlineData("START")]
    public void Any_other_message_has_none(string? text) => Assert.Null(HeardKeyword.Hear(text, null, Sender));

    [Fact]
    public void A_sender_without_answers_hears_and_says_nothing() =>
        Assert.Null(HeardKeyword.Hear("STOP", "STOP", [])!.Answer);
}
