using System.Globalization;
using Omni.Pipeline;
using Omni.Shared;

namespace Omni.MessageBird.Outbound;

/// <summary>Templates in MessageBird's form. https://developers.messagebird.com/api/conversations/#hsm-object</summary>
internal static class MessageBirdTemplates
{
    /// <summary>The template, or why it cannot be sent.</summary>
    /// <param name="template">The template.</param>
    /// <param name="media">The files that it names.</param>
    /// <param name="nameSpace">The namespace of the account's templates; null when it is not set.</param>
    public static (MessageBirdTemplate? Template, SendOutcome? Refusal) Write(
        TemplateContent template, IOutboundMedia media, string? nameSpace)
    {
        // A setting is missing: our fault, and the message's turn comes when it is there.
        if (nameSpace is null) return (null, new SendOutcome.Deferred(DeferralCause.OurFault, "template_namespace"));
        if (template.Language is not { Length: > 0 } language) return Refuse("language");
        if (Values(template) is not { } values) return Refuse("variables");
        if (Header(template.Header, media) is not { } header) return (null, new SendOutcome.Rejected(FailureReason.MediaRejected, "media"));

        var written = new MessageBirdTemplate { Namespace = nameSpace, Name = template.Name, Language = new("deterministic", language) };
        if (header.Length == 0 && template.Buttons is not { Count: > 0 })
        {
            return (
                values.Length == 0 ? written : written with { Values = [.. values.Select(value => new MessageBirdValue(value))] }, null);
        }

        MessageBirdComponent[] body = values.Length == 0 ? [] : [new() { Type = "body", Parameters = [.. values.Select(Text)] }];
        return (written with { Components = [.. header, .. body, .. (template.Buttons ?? []).Select(Button)] }, null);
    }

    // MessageBird's values have no names, only an order: 1, 2, … without a gap.
    private static string[]? Values(TemplateContent template)
    {
        var values = new string[template.Variables.Count];
        for (var i = 0; i < values.Length; i++)
        {
            if (!template.Variables.TryGetValue((i + 1).ToString(CultureInfo.InvariantCulture), out var value)) return null;
            values[i] = value;
        }

        return values;
    }

    /// <summary>The header: one component or none; null when its file has no address.</summary>
    private static MessageBirdComponent[]? Header(TemplateHeader? header, IOutboundMedia media)
    {
        if (header is null) return [];
        if (header.Text is { } text) return [Component(Text(text))];
        if ((header.Image ?? header.Video ?? header.Document) is not { } named) return [];
        if (media.LinkTo(named) is not { } url) return null;

        var file = new MessageBirdFile(url.OriginalString);
        return header switch
        {
            { Image: not null } => [Component(new() { Type = "image", Image = file })],
            { Video: not null } => [Component(new() { Type = "video", Video = file })],
            _ => [Component(new() { Type = "document", Document = file })],
        };

        static MessageBirdComponent Component(MessageBirdParameter value) => new() { Type = "header", Parameters = [value] };
    }

    private static MessageBirdComponent Button(TemplateButton button) => new()
    {
        Type = "button",
        SubType = button.Type switch
        {
            TemplateButtonType.Url => "url",
            TemplateButtonType.QuickReply => "quick_reply",
            _ => "copy_code",
        },
        Index = button.Index,
        Parameters =
        [
            button.Type switch
            {
                TemplateButtonType.Url => Text(button.Value),
                TemplateButtonType.QuickReply => new() { Type = "payload", Payload = button.Value },
                _ => new() { Type = "coupon_code", CouponCode = button.Value },
            },
        ],
    };

    private static MessageBirdParameter Text(string text) => new() { Type = "text", Text = text };

    private static (MessageBirdTemplate?, SendOutcome?) Refuse(string what) =>
        (null, new SendOutcome.Rejected(FailureReason.TemplateRejected, what));
}
