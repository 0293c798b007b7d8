using System.Text.Json;
using Omni.Pipeline;
using Omni.Shared;

namespace Omni.LiveChat.Inbound;

/// <summary>What a customer wrote, out of LiveChat's events.</summary>
internal static class LiveChatContent
{
    /// <summary>The content of an event.</summary>
    /// <param name="e">The event.</param>
    public static Content Of(LiveChatEvent e) => e.Type switch
    {
        // The text of a button is what it writes; its id is our name for the choice.
        "message" when e.Postback?.Id is { } choice => new InteractiveContent { Reply = new(choice, e.Text ?? choice) },
        "message" => new TextContent { Body = e.Text ?? "" },
        "file" when InboundFiles.Find(e.Url) is { } file => MediaContent.Of([file with { MimeType = e.ContentType, Filename = e.Name }]),
        "filled_form" => new UnsupportedContent { Kind = "filled_form", Text = string.Join('\n', (e.Fields ?? []).Select(Line)) },
        var other => new UnsupportedContent { Kind = other ?? "unknown", Text = e.Text },
    };

    /// <summary>The choice of a button that was pressed. A button that writes has its text as its value: so we make them.</summary>
    /// <param name="press">The press.</param>
    /// <param name="choice">The button's id.</param>
    public static InteractiveContent Of(LiveChatPostback press, string choice) =>
        new() { Reply = new(choice, press is { ButtonType: "message", ButtonValue: { Length: > 0 } title } ? title : choice) };

    // Labels are written by the company, some with a colon of their own.
    private static string Line(LiveChatField field) =>
        $"{field.Label?.TrimEnd().TrimEnd(':')}: {string.Join(", ", Answers(field).Select(Answer).Where(answer => answer.Length > 0))}";

    private static IEnumerable<JsonElement> Answers(LiveChatField field) =>
        ((JsonElement[])[field.Answers, field.Answer, field.Value]).Select(WebhookJson.Items).FirstOrDefault(items => items.Any()) ?? [];

    private static string Answer(JsonElement answer) => answer.ValueKind switch
    {
        JsonValueKind.Undefined or JsonValueKind.Null => "",
        JsonValueKind.String => answer.GetString()!,
        JsonValueKind.Object => answer.TryGetProperty("label", out var label) ? Answer(label) : "",
        _ => answer.GetRawText(),
    };
}
