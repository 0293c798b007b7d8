using System.Text.Json;
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
        "file" when Address(e.Url) is { } url => MediaContent.Of([new() { MediaUrl = url, MimeType = e.ContentType, Filename = e.Name }]),
        "filled_form" => new UnsupportedContent { Kind = "filled_form", Text = string.Join('\n', (e.Fields ?? []).Select(field => $"{field.Label}: {Answer(field)}")) },
        var other => new UnsupportedContent { Kind = other ?? "unknown", Text = e.Text },
    };

    /// <summary>The choice of a button that was pressed. A button that writes has its text as its value: so we make them.</summary>
    /// <param name="press">The press.</param>
    /// <param name="choice">The button's id.</param>
    public static InteractiveContent Of(LiveChatPostback press, string choice) =>
        new() { Reply = new(choice, press is { ButtonType: "message", ButtonValue: { Length: > 0 } title } ? title : choice) };

    private static Uri? Address(string? url) => Uri.TryCreate(url, UriKind.Absolute, out var address) && address.Scheme is "https" or "http" ? address : null;

    private static string Answer(LiveChatField field) => field.Answers is { } several ? string.Join(", ", several.Select(Answer)) : Answer(field.Answer);

    private static string Answer(JsonElement answer) => answer.ValueKind switch
    {
        JsonValueKind.Undefined or JsonValueKind.Null => "",
        JsonValueKind.String => answer.GetString()!,
        JsonValueKind.Object => answer.TryGetProperty("label", out var label) ? Answer(label) : "",
        _ => answer.GetRawText(),
    };
}
