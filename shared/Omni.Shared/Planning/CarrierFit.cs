using System.Globalization;

namespace Omni.Shared;

/// <summary>What of well-formed content a carrier does not take, as its catalogue entry says. Each problem names the limit.</summary>
internal static class CarrierFit
{
    public static IEnumerable<PlanProblem> Problems(Message message, Carrier carrier)
    {
        var content = message.Content;
        if (!carrier.ContentTypesOf(message.From.Type).Contains(content.Type))
            return [NotCarried(content.Type, message.From.Type, carrier)];

        return
        [
            .. ContentFiles.Of(content).SelectMany(named => File(named, carrier)),
            .. Format(message, carrier),
            .. Of(content, message.From.Type, carrier),
        ];
    }

    private static IEnumerable<PlanProblem> Of(Content content, AddressType sender, Carrier carrier) =>
        content switch
        {
            MediaContent media => Media(media, sender, carrier),
            LocationContent place when !carrier.PlaceNames => PositionOnly(place, carrier),
            ContactsContent contacts =>
                Most("content.contacts", contacts.Contacts.Count, carrier.Limits.Contacts, "contact(s) in one message", carrier),
            TemplateContent template => Template(template, carrier),
            InteractiveContent interactive => Choices(interactive, carrier),
            _ => [],
        };

    private static IEnumerable<PlanProblem> File(NamedFile named, Carrier carrier)
    {
        if (named.File.MediaId is not { } id || Ids.IsMedia(id) || (carrier.KeepsFiles && !Ids.IsMeantAsMedia(id))) yield break;

        yield return new($"{named.Path}.mediaId", "unknown_media", carrier.KeepsFiles
            ? $"It is med_ and 64 hex digits for a file that Omni keeps, or the id of one that {carrier.Name} keeps."
            : $"It is med_ and 64 hex digits: {carrier.Name} keeps no files under ids of its own.");
    }

    private static IEnumerable<PlanProblem> Format(Message message, Carrier carrier)
    {
        if (message.Media?.Format is not { } format || carrier.Limits.Files is not { } limits) yield break;

        var types = ContentFiles.Of(message.Content)
            .SelectMany(named => limits.GetValueOrDefault(named.Kind)?.Types ?? []).Distinct().ToArray();
        if (types.Length > 0 && !types.Contains(format))
            yield return new("media.format", "not_carried", $"{carrier.Name} takes {string.Join(", ", types)} here.");
    }

    private static PlanProblem NotCarried(ContentType type, AddressType sender, Carrier carrier)
    {
        var senders = carrier.From.Where(other => carrier.ContentTypesOf(other).Contains(type)).ToArray();
        return new("content.type", "content_not_carried", senders.Length > 0
            ? $"{carrier.Name} carries {type.Word()} from {senders.Words()} only: from {sender.Word()} it carries "
                + $"{carrier.ContentTypesOf(sender).Words()}."
            : $"{carrier.Name} does not carry {type.Word()}; it carries {carrier.ContentTypes.Words()}.");
    }

    private static IEnumerable<PlanProblem> Media(MediaContent content, AddressType sender, Carrier carrier) =>
    [
        .. carrier.Limits.MediaCountFrom?.TryGetValue(sender, out var most) == true
            ? Most(
                "content.more", content.Files.Count, most, $"file(s) in one message from {sender.Word()}", carrier, code: "too_many_files")
            : Most(
                "content.more", content.Files.Count, carrier.Limits.MediaCount, "file(s) in one message", carrier, code: "too_many_files"),
        .. PartCutter.FollowsAsText(content, carrier.Limits)
            ? []
            : Longest("content.caption", content.Caption, carrier.Limits.CaptionCharacters, carrier),
    ];

    private static IEnumerable<PlanProblem> PositionOnly(LocationContent place, Carrier carrier) =>
    [
        .. LongestOrNone("content.name", place.Name, 0, carrier),
        .. LongestOrNone("content.address", place.Address, 0, carrier),
    ];

    private static IEnumerable<PlanProblem> Template(TemplateContent content, Carrier carrier)
    {
        if (carrier.TemplateLanguage && string.IsNullOrWhiteSpace(content.Language))
        {
            yield return new(
                "content.language", "required", $"{carrier.Name} keeps a template in several languages under one name: name the language.");
        }

        if (carrier.TemplateForm?.IsOf(content.Name) == false)
            yield return new("content.name", "invalid_value", $"At {carrier.Name} a template's name is {carrier.TemplateForm}.");

        foreach (var problem in Variables(content.Variables, carrier)) yield return problem;

        if (carrier.TemplateComponents) yield break;

        if (content.Header is not null)
            yield return new("content.header", "not_carried", $"At {carrier.Name} a template takes variables only.");
        if (content.Buttons is not null)
            yield return new("content.buttons", "not_carried", $"At {carrier.Name} a template takes variables only.");
    }

    private static IEnumerable<PlanProblem> Variables(IReadOnlyDictionary<string, string> variables, Carrier carrier)
    {
        var numbers = variables.Keys.Count(name => name.Length > 0 && name.All(char.IsAsciiDigit));
        var isInOrder = Enumerable.Range(1, variables.Count)
            .All(number => variables.ContainsKey(number.ToString(CultureInfo.InvariantCulture)));
        return carrier.VariableNames switch
        {
            VariableNames.Any => [],
            _ when isInOrder => [],
            VariableNames.NumbersOrNames when numbers == 0 => [],
            VariableNames.NumbersOrNames when numbers < variables.Count =>
            [
                new(
                    "content.variables", "mixed_names",
                    $"At {carrier.Name} the variables of a template all have numbers, or all have names."),
            ],
            _ => [new("content.variables", "not_numbered", $"At {carrier.Name} the variables of a template are 1, 2, … without a gap.")],
        };
    }

    private static IEnumerable<PlanProblem> Choices(InteractiveContent content, Carrier carrier)
    {
        if (content.Kind is not { } kind) return []; // malformed, which is said already
        if (carrier.Limits.Interactive is not { } limits || !limits.Kinds.Contains(kind))
        {
            return [new(
                $"content.{kind.Word()}",
                "choices_not_carried",
                $"{carrier.Name} does not carry {kind.Word()}; it carries {(carrier.Limits.Interactive?.Kinds ?? []).Words()}.")];
        }

        return
        [
            .. Longest("content.body", content.Body, limits.BodyCharacters, carrier),
            .. LongestOrNone("content.header", content.Header, limits.HeaderCharacters, carrier),
            .. LongestOrNone("content.footer", content.Footer, limits.FooterCharacters, carrier),
            .. content.Buttons is { } buttons ? Row("content.buttons", buttons, limits.Buttons, "buttons", limits, carrier) : [],
            .. content.QuickReplies is { } replies
                ? Row("content.quickReplies", replies, limits.QuickReplies, "quick replies", limits, carrier)
                : [],
            .. content.List is { } list ? List(list, limits, carrier) : [],
            .. content.CtaUrl is { } link ? Longest("content.ctaUrl.title", link.Title, limits.ButtonTitleCharacters, carrier) : [],
            .. content.Cards is { } cards
                ? Cards(
                    cards,
                    hasText: new[] { content.Header, content.Body, content.Footer }.Any(text => !string.IsNullOrEmpty(text)),
                    limits,
                    carrier)
                : [],
        ];
    }

    private static IEnumerable<PlanProblem> Row(
        string path, IReadOnlyList<Choice> choices, int? most, string word, InteractiveLimits limits, Carrier carrier) =>
    [
        .. Most(path, choices.Count, most, word, carrier),
        .. choices.Index().SelectMany(choice => (IEnumerable<PlanProblem>)
        [
            .. Longest($"{path}[{choice.Index}].id", choice.Item.Id, limits.IdCharacters, carrier),
            .. Longest($"{path}[{choice.Index}].title", choice.Item.Title, limits.ButtonTitleCharacters, carrier),
            .. LongestOrNone($"{path}[{choice.Index}].description", choice.Item.Description, 0, carrier),
        ]),
    ];

    private static IEnumerable<PlanProblem> List(ChoiceList list, InteractiveLimits limits, Carrier carrier)
    {
        var sections = (list.Sections ?? []).Index().Select(
            s => (Path: $"content.list.sections[{s.Index}]", s.Item.Title, Rows: s.Item.Rows ?? [])).ToArray();
        return
        [
            .. Longest("content.list.button", list.Button, limits.ButtonTitleCharacters, carrier),
            .. Most("content.list.sections", sections.Length, limits.Sections, "sections", carrier),
            .. Most(
                "content.list.sections", sections.Sum(section => section.Rows.Count), limits.Rows, "rows, all sections together", carrier),
            .. sections.SelectMany(section => (IEnumerable<PlanProblem>)
            [
                .. Longest($"{section.Path}.title", section.Title, limits.RowTitleCharacters, carrier),
                .. section.Rows.Index().SelectMany(row => (IEnumerable<PlanProblem>)
                [
                    .. Longest($"{section.Path}.rows[{row.Index}].id", row.Item.Id, limits.IdCharacters, carrier),
                    .. Longest($"{section.Path}.rows[{row.Index}].title", row.Item.Title, limits.RowTitleCharacters, carrier),
                    .. Longest(
                        $"{section.Path}.rows[{row.Index}].description", row.Item.Description, limits.RowDescriptionCharacters, carrier),
                ]),
            ]),
        ];
    }

    private static IEnumerable<PlanProblem> Cards(IReadOnlyList<Card> cards, bool hasText, InteractiveLimits limits, Carrier carrier) =>
    [
        .. hasText && limits.CardsUnderText is { } most
            ? Most("content.cards", cards.Count, most, "cards with a text above them", carrier)
            : Most("content.cards", cards.Count, limits.Cards, "cards", carrier),
        .. cards.Index().SelectMany(card => (IEnumerable<PlanProblem>)
        [
            .. Most($"content.cards[{card.Index}].buttons", (card.Item.Buttons ?? []).Count, limits.Buttons, "buttons", carrier),
            .. (card.Item.Buttons ?? []).Index().SelectMany(button => (IEnumerable<PlanProblem>)
            [
                .. Longest($"content.cards[{card.Index}].buttons[{button.Index}].id", button.Item.Id, limits.IdCharacters, carrier),
                .. Longest(
                    $"content.cards[{card.Index}].buttons[{button.Index}].title", button.Item.Title, limits.ButtonTitleCharacters, carrier),
            ]),
        ]),
    ];

    private static IEnumerable<PlanProblem> Longest(string field, string? text, int? most, Carrier carrier)
    {
        if (text?.Length > most)
            yield return new(field, "too_long", $"{carrier.Name} takes {most} characters here; this has {text.Length}.");
    }

    private static IEnumerable<PlanProblem> LongestOrNone(string field, string? text, int? most, Carrier carrier) =>
        most == 0 && !string.IsNullOrEmpty(text)
            ? [new(field, "not_carried", $"{carrier.Name} shows no such text here.")]
            : Longest(field, text, most, carrier);

    private static IEnumerable<PlanProblem> Most(string field, int count, int? most, string what, Carrier carrier, string code = "too_many")
    {
        if (count > most) yield return new(field, code, $"{carrier.Name} takes {most} {what}; these are {count}.");
    }
}

/// <summary>Words of enums in a row, for sentences.</summary>
internal static class WordList
{
    public static string Words<T>(this IEnumerable<T> values) where T : struct, Enum => string.Join(", ", values.Select(v => v.Word()));
}
