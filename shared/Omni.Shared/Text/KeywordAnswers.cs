using System.Text.Json.Serialization;

namespace Omni.Shared;

/// <summary>What Omni answers by itself to a word of a person.</summary>
[JsonConverter(typeof(CamelCaseEnumConverter<AutomaticAnswer>))]
public enum AutomaticAnswer
{
    /// <summary>That they opted out: the one message that may go to somebody who has.</summary>
    OptOut,

    /// <summary>Who writes to them, and where they find help.</summary>
    Help,
}

/// <summary>The words that a sender listens to beside the common ones, and what it answers, in one language.</summary>
public sealed record KeywordAnswers
{
    /// <summary>The language, BCP 47.</summary>
    public required string Language { get; init; }

    /// <summary>About opting out; null for nothing.</summary>
    public KeywordAnswer? OptOut { get; init; }

    /// <summary>About asking for help; null for nothing.</summary>
    public KeywordAnswer? Help { get; init; }

    /// <summary>What is said about one of them.</summary>
    /// <param name="about">Which.</param>
    public KeywordAnswer? Of(AutomaticAnswer about) => about switch
    {
        AutomaticAnswer.OptOut => OptOut,
        AutomaticAnswer.Help => Help,
        _ => throw new System.Diagnostics.UnreachableException(),
    };
}

/// <summary>Words, and the answer to them.</summary>
public sealed record KeywordAnswer
{
    /// <summary>Words that mean it beside the common ones.</summary>
    public IReadOnlyList<string> Words { get => field ?? []; init; }

    /// <summary>What is answered; null for nothing.</summary>
    public string? Answer { get; init; }
}

/// <summary>A word that a person wrote, and what it means to a sender.</summary>
/// <param name="About">What it is about.</param>
/// <param name="Word">The word, in capitals.</param>
/// <param name="Answer">What the sender answers; null for nothing.</param>
public sealed record HeardKeyword(AutomaticAnswer About, string Word, string? Answer)
{
    /// <summary>
    /// The common words that ask for help:
    /// https://www.ctia.org/the-wireless-industry/industry-commitments/messaging-interoperability-sms-mms
    /// </summary>
    public static IReadOnlyList<string> CommonHelp { get; } = ["HELP", "INFO"];

    /// <summary>
    /// Hears the keyword of a message. A sender's own word is answered in its language, a common one in the first that has an answer.
    /// </summary>
    /// <param name="text">The message's text: the keyword must be the whole of it.</param>
    /// <param name="optOutWord">The word by which it opted out, where the carrier's webhook heard one; null for none.</param>
    /// <param name="sender">What the sender listens to.</param>
    /// <returns>The keyword; null for a message like any other.</returns>
    public static HeardKeyword? Hear(string? text, string? optOutWord, IReadOnlyList<KeywordAnswers> sender)
    {
        var word = text?.Trim() ?? "";
        // Who opted out at the carrier asks for nothing else, whatever the word.
        AutomaticAnswer[] meanings = optOutWord is null ? [AutomaticAnswer.OptOut, AutomaticAnswer.Help] : [AutomaticAnswer.OptOut];
        foreach (var about in meanings)
        {
            foreach (var said in sender.Select(language => language.Of(about)))
            {
                if (said?.Words.Contains(word, StringComparer.OrdinalIgnoreCase) == true)
                    return new(about, word.ToUpperInvariant(), said.Answer);
            }
        }

        if (optOutWord is not null) return Common(AutomaticAnswer.OptOut, optOutWord);
        return CommonHelp.Contains(word, StringComparer.OrdinalIgnoreCase)
            ? Common(AutomaticAnswer.Help, word.ToUpperInvariant())
            : null;

        HeardKeyword Common(AutomaticAnswer about, string heard) =>
            new(about, heard, sender.Select(language => language.Of(about)?.Answer).FirstOrDefault(answer => answer is not null));
    }
}
