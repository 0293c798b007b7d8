using System.Text.Json;

namespace Omni.Simulators.WhatsApp;

/// <summary>The rules of interactive messages: buttons, lists and a button that opens a page.</summary>
internal static class WhatsAppInteractiveChecks
{
    private const int MaxBody = 1024, MaxHeader = 60, MaxFooter = 60, MaxTitle = 20, MaxRowTitle = 24, MaxDescription = 72;

    /// <summary>Why the message is refused; null when it is taken.</summary>
    public static string? Check(JsonElement content)
    {
        if (content.Member("body").Text("text") is not { Length: > 0 and <= MaxBody }) return $"body must have 1 to {MaxBody} characters.";
        if (content.Member("footer") is { ValueKind: JsonValueKind.Object } footer
            && footer.Text("text") is not { Length: > 0 and <= MaxFooter })
            return $"footer must have 1 to {MaxFooter} characters.";

        var header = content.Member("header");
        if (header.Text("type") is "text" && header.Text("text") is not { Length: > 0 and <= MaxHeader })
            return $"header must have 1 to {MaxHeader} characters.";

        var action = content.Member("action");
        return content.Text("type") switch
        {
            "button" => Buttons([.. action.Member("buttons").Items()]),
            "list" when header.IsThere() && header.Text("type") is not "text" => "A list takes a text header only.",
            "list" => List(action),
            "cta_url" => Link(action),
            var other => $"The interactive type {other} is not played.",
        };
    }

    private static string? Buttons(JsonElement[] buttons)
    {
        if (buttons.Length is 0 or > 3) return "Invalid buttons count. Min allowed buttons: 1, Max allowed buttons: 3";
        if (buttons.Any(button => button.Text("type") is not "reply")) return "A button's type is reply.";

        JsonElement[] replies = [.. buttons.Select(button => button.Member("reply"))];
        if (!replies.All(reply => reply.Text("title") is { Length: > 0 and <= MaxTitle }))
            return $"Button title length invalid. Min length: 1, Max length: {MaxTitle}";
        if (!replies.All(reply => reply.Text("id") is { Length: > 0 and <= 256 } id && id == id.Trim()))
            return "A button's id has 1 to 256 characters and no blanks at its ends.";
        return AreUnique(replies, "title") && AreUnique(replies, "id") ? null : "Buttons must differ in title and id.";
    }

    private static string? List(JsonElement action)
    {
        if (action.Text("button") is not { Length: > 0 and <= MaxTitle })
            return $"Button label length invalid. Min length: 1, Max length: {MaxTitle}";

        JsonElement[] sections = [.. action.Member("sections").Items()];
        if (sections.Length is 0 or > 10) return "A list has 1 to 10 sections.";
        if (sections.Length > 1 && !sections.All(section => section.Text("title") is { Length: > 0 }))
            return "Of several sections each needs a title.";
        if (sections.Any(section => section.Text("title")?.Length > MaxRowTitle))
            return $"A section's title has at most {MaxRowTitle} characters.";

        JsonElement[] rows = [.. sections.SelectMany(section => section.Member("rows").Items())];
        if (rows.Length is 0 or > 10) return "Total row count exceed max allowed count: 10";
        if (!rows.All(row => row.Text("title") is { Length: > 0 and <= MaxRowTitle }))
            return $"A row's title has 1 to {MaxRowTitle} characters.";
        if (!rows.All(row => row.Text("id") is { Length: > 0 and <= 200 })) return "A row's id has 1 to 200 characters.";
        if (rows.Any(row => row.Text("description")?.Length > MaxDescription))
            return $"A row's description has at most {MaxDescription} characters.";
        return AreUnique(rows, "id") ? null : "Rows must differ in id.";
    }

    private static string? Link(JsonElement action)
    {
        var parameters = action.Member("parameters");
        if (action.Text("name") is not "cta_url") return "The action's name is cta_url.";
        if (parameters.Text("display_text") is not { Length: > 0 and <= MaxTitle }) return $"display_text has 1 to {MaxTitle} characters.";
        return Uri.TryCreate(parameters.Text("url"), UriKind.Absolute, out var url) && url.Scheme is ("https" or "http")
            ? null
            : "url is not a web address.";
    }

    private static bool AreUnique(JsonElement[] items, string member) =>
        items.DistinctBy(item => item.Text(member)).Count() == items.Length;
}
