using System.Text.Json;

namespace Omni.Simulators.Inteliquent;

/// <summary>The body of <c>publishMessages</c>, read strictly: every client that works writes it so.</summary>
internal sealed record InteliquentSend(string? From, IReadOnlyList<string> To, string? Text, IReadOnlyList<string> MediaUrls)
{
    /// <summary>Reads a body.</summary>
    /// <returns>The call, or what is wrong with it.</returns>
    public static (InteliquentSend? Send, string? Problem) Read(string body)
    {
        try
        {
            using var document = JsonDocument.Parse(body);
            var root = document.RootElement;
            if (root.ValueKind is not JsonValueKind.Object) return (null, "The request must be a JSON object");
            if (Texts(root, "to") is not { } to) return (null, "to must be an array of strings");
            if (Texts(root, "mediaUrls") is not { } media) return (null, "mediaUrls must be an array of strings");
            if (!TryText(root, "from", out var from) || !TryText(root, "text", out var text))
                return (null, "from and text must be strings");
            return (new InteliquentSend(from, to, text, media), null);
        }
        catch (JsonException)
        {
            return (null, "The request is not JSON");
        }
    }

    /// <summary>What the broker minds about it; null when nothing.</summary>
    public string? Problem() => this switch
    {
        { From: null } => "Field is required: from",
        { To: [] } => "Field is required: to",
        { From: var from } when !InteliquentNumbers.IsNumber(from) => "from must be 11 digits",
        { To: var to } when !to.All(InteliquentNumbers.IsNumber) => "to must be 11 digits",
        { Text: null or "", MediaUrls: [] } => "Field is required: text or mediaUrls",
        { MediaUrls: var media }
            when !media.All(url => Uri.TryCreate(url, UriKind.Absolute, out var address) && address.Scheme is "https" or "http") =>
            "mediaUrls must be URLs",

        // Nobody knows what the broker does with a longer text; this product never leaves it the choice.
        { Text: { } text, MediaUrls: [] } when SmsSegments.Count(text) > 1 => "text is longer than one SMS",
        _ => null,
    };

    private static IReadOnlyList<string>? Texts(JsonElement root, string name) => root.TryGetProperty(name, out var member)
        ? member.ValueKind is JsonValueKind.Array && member.EnumerateArray().All(item => item.ValueKind is JsonValueKind.String)
            ? [.. member.EnumerateArray().Select(item => item.GetString()!)]
            : null
        : [];

    private static bool TryText(JsonElement root, string name, out string? text)
    {
        text = null;
        if (!root.TryGetProperty(name, out var member)) return true;
        if (member.ValueKind is not JsonValueKind.String) return false;
        text = member.GetString();
        return true;
    }
}
