using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;

namespace Omni.Simulators.LiveChat;

/// <summary>
/// What is wrong with an event that an agent sends. https://platform.text.com/docs/messaging/agent-chat-api/data-structures#events
/// </summary>
internal static class LiveChatEventCheck
{
    private const int MaxTextBytes = 16 * 1024, MaxElements = 10, MaxButtons = 13;

    private static readonly string[] Common = ["type", "custom_id", "visibility", "properties"];
    private static readonly string[] ElementMembers = ["title", "subtitle", "image", "buttons"];
    private static readonly string[] ButtonMembers = ["text", "type", "value", "postback_id", "user_ids", "target", "webview_height"];
    private static readonly string[] ButtonTypes = ["message", "url", "phone", "webview"];

    /// <summary>Why the event is refused; null when it is well.</summary>
    public static string? Problem(JsonObject given) => given.Text("type") switch
    {
        "message" => Unknown(given, "text", "postback") ?? Message(given),
        "file" => Unknown(given, "url", "alternative_text") ?? (given.Text("url") is null ? "`event.url` is required" : null),
        "rich_message" => Unknown(given, "template_id", "elements") ?? RichMessage(given),
        "custom" => Unknown(given, "content"),
        "system_message" => given.Text("system_message_type") is null ? "`event.system_message_type` is required" : null,
        "form" or "filled_form" =>
            given.Text("form_id") is null || given.Array("fields") is null ? "`event.form_id` and `event.fields` are required" : null,
        _ => "`event.type` is not supported",
    } ?? CommonProblem(given);

    private static string? CommonProblem(JsonObject given) => given switch
    {
        _ when given.ContainsKey("custom_id") && given.Text("custom_id") is null => "`event.custom_id` must be a string",
        _ when given.ContainsKey("visibility") && given.Text("visibility") is not ("all" or "agents") =>
            "`event.visibility` must be all or agents",
        _ => null,
    };

    private static string? Message(JsonObject given) => given.Text("text") switch
    {
        null or "" => "`event.text` is required",
        var text when Encoding.UTF8.GetByteCount(text) > MaxTextBytes => "`event.text` is longer than 16 KB",
        _ => null,
    };

    private static string? RichMessage(JsonObject given)
    {
        if (given.Text("template_id") is not ("cards" or "quick_replies" or "sticker" or "ecommerce"))
            return "`event.template_id` is not supported";
        if (given.Array("elements") is not { } elements) return null;
        return elements.Count > MaxElements
            ? $"`event.elements` has more than {MaxElements} items"
            : elements.Select(Element).FirstOrDefault(problem => problem is not null);
    }

    private static string? Element(JsonNode? node)
    {
        if (node is not JsonObject element || element.Any(m => !ElementMembers.Contains(m.Key)))
            return "`event.elements` has an item that is not supported";
        if (element.ContainsKey("image") && !Uri.IsWellFormedUriString(element.Object("image").Text("url"), UriKind.Absolute))
            return "`image.url` is required";
        if (element.Array("buttons") is not { } buttons) return null;
        return buttons.Count > MaxButtons
            ? $"`buttons` has more than {MaxButtons} items"
            : buttons.Select(Button).FirstOrDefault(problem => problem is not null);
    }

    private static string? Button(JsonNode? node)
    {
        if (node is not JsonObject button || button.Any(m => !ButtonMembers.Contains(m.Key)))
            return "`buttons` has an item that is not supported";
        if (button.Text("text") is not { Length: > 0 }
            || button.Text("postback_id") is not { Length: > 0 }
            || button.Array("user_ids") is null)
            return "`button` needs text, postback_id and user_ids";
        if (button.ContainsKey("type") != button.ContainsKey("value")) return "`button.type` and `button.value` go together";
        if (button.Text("type") is { } type && !ButtonTypes.Contains(type)) return "`button.type` is not supported";
        if (button.Text("type") == "url" && !Uri.IsWellFormedUriString(button.Text("value"), UriKind.Absolute))
            return "`button.value` is not a URL";
        return button.Text("type") == "webview" && button.Text("webview_height") is not ("compact" or "tall" or "full")
            ? "`button.webview_height` is required"
            : null;
    }

    private static string? Unknown(JsonObject given, params string[] members) =>
        given.Select(m => m.Key).FirstOrDefault(name => !Common.Contains(name) && !members.Contains(name)) is { } name
            ? $"`event.{JsonEncodedText.Encode(name)}` is not supported"
            : null;
}
