using Omni.Shared;

namespace Omni.WhatsApp.Outbound;

/// <summary>
/// A text with choices.
/// https://developers.facebook.com/documentation/business-messaging/whatsapp/messages/interactive-reply-buttons-messages
/// </summary>
internal static class WhatsAppInteractive
{
    /// <summary>The request's message; null when WhatsApp has no such choices.</summary>
    /// <param name="content">The content.</param>
    public static InteractiveBody? For(InteractiveContent content) => content switch
    {
        // WhatsApp knows no suggestions that vanish: buttons come nearest.
        { Kind: ChoiceKind.Buttons or ChoiceKind.QuickReplies } =>
            Message("button", content, new()
            {
                Buttons = [.. (content.Buttons ?? content.QuickReplies)!.Select(choice => new ButtonBody(new(choice.Id, choice.Title)))]
            }),
        { Kind: ChoiceKind.List, List: { } list } =>
            Message("list", content, new() { Button = list.Button, Sections = [.. list.Sections.Select(Section)] }),
        { Kind: ChoiceKind.CtaUrl, CtaUrl: { } link } =>
            Message("cta_url", content, new() { Name = "cta_url", Parameters = new(link.Title, link.Url.OriginalString) }),
        _ => null,
    };

    private static InteractiveBody Message(string type, InteractiveContent content, ActionBody action) => new(
        type,
        content.Header is { Length: > 0 } header ? new(header) : null,
        new(content.Body),
        content.Footer is { Length: > 0 } footer ? new(footer) : null,
        action);

    private static SectionBody Section(ChoiceSection section) =>
        new(section.Title, [.. section.Rows.Select(row => new RowBody(row.Id, row.Title, row.Description))]);
}
