using System.Globalization;
using Omni.Shared;

namespace Omni.WhatsApp.Outbound;

/// <summary>
/// A template with its values. https://developers.facebook.com/documentation/business-messaging/whatsapp/templates/overview
/// </summary>
internal static class WhatsAppTemplate
{
    /// <summary>The request's template.</summary>
    /// <param name="template">The template.</param>
    /// <param name="language">Its language as it was approved.</param>
    /// <param name="file">The header's file; null when it has none.</param>
    public static TemplateBody For(TemplateContent template, string language, MediaBody? file)
    {
        ComponentBody[] components =
            [.. Header(template.Header, file), .. Body(template.Variables), .. (template.Buttons ?? []).Select(Button)];
        return new(template.Name, new(language), components.Length > 0 ? components : null);
    }

    private static IEnumerable<ComponentBody> Header(TemplateHeader? header, MediaBody? file)
    {
        ParameterBody? value = header switch
        {
            { Text: { } text } => Text(text),
            { Image: not null } => new("image") { Image = file },
            { Video: not null } => new("video") { Video = file },
            { Document: { } document } => new("document") { Document = file! with { Filename = document.Filename } },
            _ => null,
        };
        return value is null ? [] : [Component("header", value)];
    }

    // Templates are numbered or named, never both: numbers are sent in their order, names beside their values.
    private static IEnumerable<ComponentBody> Body(IReadOnlyDictionary<string, string> variables)
    {
        if (variables.Count == 0) return [];

        var numbered = variables.Keys.All(name => int.TryParse(name, NumberStyles.None, CultureInfo.InvariantCulture, out _));
        ParameterBody[] values = numbered
            ? [.. variables.OrderBy(variable => int.Parse(variable.Key, CultureInfo.InvariantCulture))
                .Select(variable => Text(variable.Value))]
            : [.. variables.Select(variable => Text(variable.Value) with { ParameterName = variable.Key })];
        return [Component("body", values)];
    }

    private static ComponentBody Button(TemplateButton button)
    {
        var index = button.Index.ToString(CultureInfo.InvariantCulture);
        return button.Type switch
        {
            TemplateButtonType.QuickReply => new("button", "quick_reply", index, [new("payload") { Payload = button.Value }]),
            TemplateButtonType.CopyCode => new("button", "copy_code", index, [new("coupon_code") { CouponCode = button.Value }]),
            _ => new("button", "url", index, [Text(button.Value)]),
        };
    }

    private static ComponentBody Component(string type, params ParameterBody[] values) => new(type, SubType: null, Index: null, values);

    private static ParameterBody Text(string value) => new("text") { Text = value };
}
