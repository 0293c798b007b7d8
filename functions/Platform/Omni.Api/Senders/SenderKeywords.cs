using Omni.Shared;

namespace Omni.Api;

/// <summary>Reads what a sender listens to and answers by itself.</summary>
internal static class SenderKeywords
{
    private const int MaxLanguages = 10;
    private const int MaxLanguage = 35;
    private const int MaxWords = 20;
    private const int MaxWord = 32;
    private const int MaxAnswer = 640;

    /// <summary>Reads it; what is wrong stands in the errors.</summary>
    /// <param name="fields">The request.</param>
    /// <param name="carrier">The sender's carrier.</param>
    /// <param name="address">What kind of address it is; null when it is none.</param>
    public static IReadOnlyList<KeywordAnswers> Read(JsonFields fields, Carrier carrier, AddressType? address)
    {
        var carrierAnswers = address is { } type && carrier.AnswersKeywordsTo.Contains(type);
        var languages = new HashSet<string>(StringComparer.OrdinalIgnoreCase);
        var words = new HashSet<string>(StringComparer.OrdinalIgnoreCase);
        var read = fields.Objects("keywords", of =>
        {
            var keywords = new KeywordAnswers
            {
                Language = Language(of, languages),
                OptOut = Answer(of, "optOut", AutomaticAnswer.OptOut),
                Help = Answer(of, "help", AutomaticAnswer.Help),
            };
            of.RefuseOthers();
            return keywords;
        });
        if (read?.Count > MaxLanguages) fields.Refuse("keywords", "too_many", $"There are at most {MaxLanguages}.");
        return read ?? [];

        KeywordAnswer? Answer(JsonFields of, string name, AutomaticAnswer about)
        {
            if (of.Object(name) is not { } said) return null;

            var answer = new KeywordAnswer
            {
                Words = Words(said, about, words),
                Answer = said.Text("answer", max: MaxAnswer),
            };
            if (answer.Answer is not null && carrierAnswers)
                said.Refuse("answer", "not_here", $"{carrier.Name} answers by itself: set the text up there.");
            said.RefuseOthers();
            return answer;
        }
    }

    private static string Language(JsonFields of, HashSet<string> languages)
    {
        // https://www.rfc-editor.org/rfc/rfc5646#section-2.1: subtags of letters and digits, hyphens between them.
        var language = of.Text("language", required: true, min: 2, max: MaxLanguage);
        if (language is not null && !language.Split('-').All(tag => tag.Length is > 0 and <= 8 && tag.All(char.IsAsciiLetterOrDigit)))
            of.Refuse("language", "invalid_value", "It is a language's tag, such as en or pt-BR: BCP 47.");
        else if (language is not null && !languages.Add(language))
            of.Refuse("language", "repeated", "It was there before.");
        return language ?? "";
    }

    private static IReadOnlyList<string> Words(JsonFields said, AutomaticAnswer about, HashSet<string> taken)
    {
        if (said.Texts("words", canBeEmpty: true) is not { } words) return [];

        if (words.Count > MaxWords) said.Refuse("words", "too_many", $"There are at most {MaxWords}.");
        foreach (var (index, word) in words.Index())
        {
            var name = $"words[{index}]";
            if (word.Length is 0 or > MaxWord || word.Trim() != word)
                said.Refuse(name, "invalid_length", $"It has 1 to {MaxWord} characters, without spaces around them.");
            else if (OptOutKeywords.Common.Hear(word) is { OptedOut: false })
                said.Refuse(name, "invalid_value", "It is a common word that opts in.");
            else if (about is AutomaticAnswer.Help && OptOutKeywords.Common.Hear(word) is not null)
                said.Refuse(name, "invalid_value", "It is a common word that opts out.");
            else if (about is AutomaticAnswer.OptOut && HeardKeyword.CommonHelp.Contains(word, StringComparer.OrdinalIgnoreCase))
                said.Refuse(name, "invalid_value", "It is a common word that asks for help.");
            else if (!taken.Add(word))
                said.Refuse(name, "repeated", "It was there before.");
        }

        return words;
    }
}
