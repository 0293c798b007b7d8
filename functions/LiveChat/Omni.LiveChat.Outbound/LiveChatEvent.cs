using System.Text.Json.Serialization;
using Omni.Shared;

namespace Omni.LiveChat.Outbound;

/// <summary>An event that we write. https://platform.text.com/docs/messaging/agent-chat-api/data-structures#events</summary>
/// <param name="Type">Its kind.</param>
/// <param name="CustomId">
/// Our reference. It comes back in webhooks; nobody promises that a second event with the same one is dropped.
/// </param>
internal sealed record LiveChatEvent(
    [property: JsonPropertyName("type")] string Type, [property: JsonPropertyName("custom_id")] string CustomId)
{
    private const int MaxElements = 10;

    /// <summary>Everybody in the chat sees it.</summary>
    [JsonPropertyName("visibility")]
    public string Visibility { get; } = "all";

    /// <summary>The text of a message.</summary>
    [JsonPropertyName("text")]
    public string? Text { get; private init; }

    /// <summary>The address of a file, on LiveChat's own CDN.</summary>
    [JsonPropertyName("url")]
    public string? Url { get; private init; }

    /// <summary>The layout of a rich message.</summary>
    [JsonPropertyName("template_id")]
    public string? TemplateId { get; private init; }

    /// <summary>The cards of a rich message.</summary>
    [JsonPropertyName("elements")]
    public IReadOnlyList<LiveChatElement>? Elements { get; private init; }

    /// <summary>A file that was uploaded.</summary>
    /// <param name="url">Where it is.</param>
    /// <param name="reference">Our reference.</param>
    public static LiveChatEvent File(string url, AttemptReference reference) => new("file", reference.ToString()) { Url = url };

    /// <summary>The event for what needs no upload; null when LiveChat cannot carry it.</summary>
    /// <param name="content">The content.</param>
    /// <param name="reference">Our reference.</param>
    public static LiveChatEvent? For(Content content, AttemptReference reference) => content switch
    {
        TextContent text => new("message", reference.ToString()) { Text = text.Body },
        InteractiveContent { QuickReplies: { } replies } choices =>
            Rich(
                "quick_replies",
                [new() { Title = Lines(choices.Header, choices.Body, choices.Footer), Buttons = [.. replies.Select(LiveChatButton.Says)] }],
                reference),
        InteractiveContent { Buttons: { } buttons } choices =>
            Rich("cards", [Card(choices, [.. buttons.Select(LiveChatButton.Says)])], reference),
        InteractiveContent { CtaUrl: { } link } choices =>
            Rich("cards", [Card(choices, [LiveChatButton.Opens("cta_url", link.Title, link.Url)])], reference),
        InteractiveContent { Cards: { } cards } choices =>
            Rich("cards", [.. Above(choices), .. cards.Select(LiveChatElement.Of)], reference),
        _ => null,
    };

    private static LiveChatEvent? Rich(string template, IReadOnlyList<LiveChatElement> elements, AttemptReference reference) =>
        elements.Count > MaxElements ? null : new("rich_message", reference.ToString()) { TemplateId = template, Elements = elements };

    // A card has a headline and a second line, and no place for anything else: all text goes into these two.
    private static LiveChatElement Card(InteractiveContent choices, IReadOnlyList<LiveChatButton> buttons) =>
        string.IsNullOrEmpty(choices.Header)
            ? new() { Title = Lines(choices.Body), Subtitle = Lines(choices.Footer), Buttons = buttons }
            : new() { Title = choices.Header, Subtitle = Lines(choices.Body, choices.Footer), Buttons = buttons };

    // Nor has a row of cards a place for text above it: the text becomes the first card.
    private static IEnumerable<LiveChatElement> Above(InteractiveContent choices) =>
        Lines(choices.Header, choices.Body, choices.Footer) is null ? [] : [Card(choices, [])];

    private static string? Lines(params string?[] lines) =>
        string.Join('\n', lines.Where(line => !string.IsNullOrEmpty(line))) is { Length: > 0 } text ? text : null;
}

/// <summary>A card. https://platform.text.com/docs/extending-chat-widget/rich-messages</summary>
internal sealed record LiveChatElement
{
    /// <summary>Its headline.</summary>
    [JsonPropertyName("title")]
    public string? Title { get; init; }

    /// <summary>Its second line.</summary>
    [JsonPropertyName("subtitle")]
    public string? Subtitle { get; init; }

    /// <summary>Its picture.</summary>
    [JsonPropertyName("image")]
    public LiveChatImage? Image { get; init; }

    /// <summary>Its buttons; null for none.</summary>
    [JsonPropertyName("buttons")]
    public IReadOnlyList<LiveChatButton>? Buttons { get => field is { Count: > 0 } ? field : null; init; }

    /// <summary>One of our cards.</summary>
    /// <param name="card">The card.</param>
    public static LiveChatElement Of(Card card) => new()
    {
        Title = card.Title,
        Subtitle = card.Subtitle,
        Image = card.ImageUrl is { } url ? new(url.OriginalString) : null,
        Buttons = [.. card.Buttons.Select(button => button.Url is { } page
            ? LiveChatButton.Opens(button.Id, button.Title, page)
            : LiveChatButton.Says(new(button.Id, button.Title)))],
    };
}

/// <summary>A picture of a card: any public address.</summary>
/// <param name="Url">The address.</param>
internal sealed record LiveChatImage([property: JsonPropertyName("url")] string Url);

/// <summary>A button.</summary>
/// <param name="Type">What it does.</param>
/// <param name="Text">What the person sees.</param>
/// <param name="Value">What it does it with.</param>
/// <param name="PostbackId">Our name for it, which comes back.</param>
internal sealed record LiveChatButton(
    [property: JsonPropertyName("type")] string Type,
    [property: JsonPropertyName("text")] string Text,
    [property: JsonPropertyName("value")] string Value,
    [property: JsonPropertyName("postback_id")] string PostbackId)
{
    /// <summary>Who pressed it: nobody yet, and it must be said.</summary>
    [JsonPropertyName("user_ids")]
    public IReadOnlyList<string> UserIds { get; } = [];

    /// <summary>Where a page opens.</summary>
    [JsonPropertyName("target")]
    public string? Target { get; private init; }

    /// <summary>A button that writes its own text. Its value is not shown, and comes back with the press.</summary>
    /// <param name="choice">The choice.</param>
    public static LiveChatButton Says(Choice choice) => new("message", choice.Title, choice.Title, choice.Id);

    /// <summary>A button that opens a page beside the chat.</summary>
    /// <param name="id">Our name for it.</param>
    /// <param name="title">What the person sees.</param>
    /// <param name="page">The page.</param>
    public static LiveChatButton Opens(string id, string title, Uri page) => new("url", title, page.OriginalString, id) { Target = "new" };
}
