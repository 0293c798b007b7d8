using System.Text.Json;

namespace Omni.Simulators.WhatsApp;

/// <summary>A message as it was submitted.</summary>
/// <param name="Body">The whole request.</param>
internal sealed record WhatsAppSend(JsonElement Body)
{
    public string? To => Body.Text("to");

    public string? Recipient => Body.Text("recipient");

    public string Type => Body.Text("type") ?? "text";

    /// <summary>What stands under the name of the type.</summary>
    public JsonElement Content => Body.Member(Type);

    public string? CallbackData => Body.Text("biz_opaque_callback_data");

    public bool IsReadMark => Body.Text("status") is "read";

    /// <summary>What of it is text.</summary>
    public string? Text => Type switch
    {
        "text" => Content.Text("body"),
        "interactive" => Content.Member("body").Text("text"),
        "template" => Content.Text("name"),
        "reaction" => Content.Text("emoji"),
        "location" => Content.Text("name"),
        _ => Content.Text("caption"),
    };

    /// <summary>The file that it names by an id.</summary>
    public string? MediaId => WhatsAppChecks.MediaTypes.ContainsKey(Type) ? Content.Text("id") : null;

    /// <summary>The addresses that Meta fetches for it.</summary>
    public IEnumerable<string> Links =>
        from file in Files
        let link = file.Text("link")
        where link is not null
        select link;

    private IEnumerable<JsonElement> Files => Type switch
    {
        "template" =>
            from component in Content.Member("components").Items()
            from parameter in component.Member("parameters").Items()
            select parameter.Member(parameter.Text("type") ?? ""),
        "interactive" => [Content.Member("header").Member(Content.Member("header").Text("type") ?? "")],
        _ => [Content],
    };
}

/// <summary>Reads JSON that may be anything: what is missing or of another kind is nothing.</summary>
internal static class LenientJson
{
    public static JsonElement Member(this JsonElement element, string name) =>
        element.ValueKind is JsonValueKind.Object && element.TryGetProperty(name, out var member) ? member : default;

    public static string? Text(this JsonElement element, string name) =>
        element.Member(name) is { ValueKind: JsonValueKind.String } member ? member.GetString() : null;

    public static IEnumerable<JsonElement> Items(this JsonElement element) =>
        element.ValueKind is JsonValueKind.Array ? element.EnumerateArray() : [];

    public static bool IsThere(this JsonElement element) => element.ValueKind is not (JsonValueKind.Undefined or JsonValueKind.Null);
}
