namespace Omni.Shared;

/// <summary>What is wrong with choices whoever carries them: what a person picks must come back as exactly one of them.</summary>
internal static class ChoiceShape
{
    private const string IdTaken = "Another choice has this id: it could not be told which one was chosen.";
    private const string TitleTaken = "Another choice beside it has this title: the person could not tell them apart.";

    public static IEnumerable<PlanProblem> Problems(InteractiveContent content)
    {
        object?[] kinds = [content.Buttons, content.List, content.CtaUrl, content.QuickReplies, content.Cards];
        if (kinds.Count(kind => kind is not null) != 1)
        {
            return [new("content.buttons", "required", "Give exactly one of buttons, list, ctaUrl, quickReplies and cards.")];
        }

        return
        [
            // Cards speak for themselves; everything else hangs under a text.
            .. content.Cards is null ? ContentShape.Needed("content.body", content.Body, "The text above the choices is empty.") : [],
            .. content.Reply is null ? Array.Empty<PlanProblem>() : [new("content.reply", "not_carried", "Only people choose.")],
            .. content.Buttons is { } buttons ? Choices("content.buttons", buttons) : [],
            .. content.QuickReplies is { } replies ? Choices("content.quickReplies", replies) : [],
            .. content.List is { } list ? List(list) : [],
            .. content.CtaUrl is { } link ? Link(link) : [],
            .. content.Cards is { } cards ? Cards(cards) : [],
        ];
    }

    private static IEnumerable<PlanProblem> Choices(string path, IReadOnlyList<Choice> choices) =>
    [
        .. AtLeastOne(path, choices),
        .. choices.Index().SelectMany(choice => Choice($"{path}[{choice.Index}]", choice.Item.Id, choice.Item.Title)),
        .. ContentShape.Unique(choices.Index().Select(c => ($"{path}[{c.Index}].id", c.Item.Id)), IdTaken),
        .. ContentShape.Unique(choices.Index().Select(c => ($"{path}[{c.Index}].title", c.Item.Title)), TitleTaken),
    ];

    private static IEnumerable<PlanProblem> List(ChoiceList list)
    {
        var sections = (list.Sections ?? []).Index().Select(
            s => (Path: $"content.list.sections[{s.Index}]", s.Item.Title, Rows: s.Item.Rows ?? [])).ToArray();
        return
        [
            .. ContentShape.Needed("content.list.button", list.Button),
            .. AtLeastOne("content.list.sections", sections),
            .. sections.SelectMany(section => (IEnumerable<PlanProblem>)
            [
                .. sections.Length > 1
                    ? ContentShape.Needed($"{section.Path}.title", section.Title, "Where there are several sections, each needs a title.")
                    : [],
                .. AtLeastOne($"{section.Path}.rows", section.Rows),
                .. section.Rows.Index().SelectMany(row => Choice($"{section.Path}.rows[{row.Index}]", row.Item.Id, row.Item.Title)),
                .. ContentShape.Unique(
                    section.Rows.Index().Select(row => ($"{section.Path}.rows[{row.Index}].title", row.Item.Title)), TitleTaken),
            ]),
            .. ContentShape.Unique(
                sections.SelectMany(section => section.Rows.Index().Select(row => ($"{section.Path}.rows[{row.Index}].id", row.Item.Id))),
                IdTaken),
        ];
    }

    private static IEnumerable<PlanProblem> Link(CtaUrl link) =>
        [.. ContentShape.Needed("content.ctaUrl.title", link.Title), .. Page("content.ctaUrl.url", link.Url)];

    private static IEnumerable<PlanProblem> Cards(IReadOnlyList<Card> cards)
    {
        var all = cards.Index().Select(c => (Path: $"content.cards[{c.Index}]", Card: c.Item, Buttons: c.Item.Buttons ?? [])).ToArray();
        return
        [
            .. AtLeastOne("content.cards", cards),
            .. all.SelectMany(card => (IEnumerable<PlanProblem>)
            [
                .. ContentShape.Needed($"{card.Path}.title", card.Card.Title),
                .. card.Card.ImageUrl is { } image && !ContentShape.IsFetchable(image)
                    ? [new PlanProblem($"{card.Path}.imageUrl", "invalid_url", "The picture's address must be an absolute https URL.")]
                    : Array.Empty<PlanProblem>(),
                .. card.Buttons.Index().SelectMany(button => (IEnumerable<PlanProblem>)
                [
                    .. Choice($"{card.Path}.buttons[{button.Index}]", button.Item.Id, button.Item.Title),
                    .. button.Item.Url is { } url ? Page($"{card.Path}.buttons[{button.Index}].url", url) : [],
                ]),
                .. ContentShape.Unique(
                    card.Buttons.Index().Select(button => ($"{card.Path}.buttons[{button.Index}].title", button.Item.Title)), TitleTaken),
            ]),
            .. ContentShape.Unique(
                all.SelectMany(card => card.Buttons.Index().Select(button => ($"{card.Path}.buttons[{button.Index}].id", button.Item.Id))),
                IdTaken),
        ];
    }

    private static IEnumerable<PlanProblem> Choice(string path, string? id, string? title)
    {
        foreach (var problem in ContentShape.Needed($"{path}.id", id, "It needs an id, which comes back when it is chosen."))
            yield return problem;
        if (!string.IsNullOrWhiteSpace(id) && id.Length != id.AsSpan().Trim().Length)
        {
            yield return new($"{path}.id", "invalid_value", "An id has no blanks at its ends: carriers may not give them back.");
        }

        foreach (var problem in ContentShape.Needed($"{path}.title", title)) yield return problem;
    }

    private static IEnumerable<PlanProblem> Page(string field, Uri? url)
    {
        if (url is not { IsAbsoluteUri: true } || (url.Scheme != Uri.UriSchemeHttps && url.Scheme != Uri.UriSchemeHttp))
        {
            yield return new(field, "invalid_url", "A page has an absolute http or https URL.");
        }
    }

    private static IEnumerable<PlanProblem> AtLeastOne<T>(string field, IReadOnlyCollection<T> items)
    {
        if (items.Count == 0) yield return new(field, "required", "It is empty.");
    }
}
