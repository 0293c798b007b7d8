using System.Text.Json;
using System.Text.RegularExpressions;

namespace Omni.Simulators.WhatsApp;

/// <summary>What Meta looks at before it takes a message. What it finds later comes as a failed status.</summary>
internal sealed partial class WhatsAppChecks(WhatsAppAccount account)
{
    private const int MaxText = 4096, MaxCaption = 1024, MaxCallbackData = 512, MaxContacts = 5;

    /// <summary>The kinds of files with their MIME types and the largest size.</summary>
    public static IReadOnlyDictionary<string, (string[] Types, int MaxBytes)> MediaTypes { get; } = new Dictionary<string, (string[], int)>
    {
        ["audio"] = (["audio/aac", "audio/amr", "audio/mpeg", "audio/mp4", "audio/ogg"], 16 << 20),
        ["document"] = (["text/plain", "application/pdf", "application/msword", "application/vnd."], 100 << 20),
        ["image"] = (["image/jpeg", "image/png"], 5 << 20),
        ["sticker"] = (["image/webp"], 500 << 10),
        ["video"] = (["video/mp4", "video/3gpp"], 16 << 20),
    };

    /// <summary>The kind of file that a MIME type belongs to; null when Meta takes no such files.</summary>
    public static string? KindOf(string contentType) =>
        MediaTypes.FirstOrDefault(kind => kind.Value.Types.Any(type => contentType.StartsWith(type, StringComparison.Ordinal))).Key;

    public WhatsAppError? Check(WhatsAppSend send, WhatsAppNumber number)
    {
        if (send.CallbackData?.Length > MaxCallbackData)
            return Wrong($"biz_opaque_callback_data has at most {MaxCallbackData} characters.");
        if (send.Body.Text("recipient_type") is not (null or "individual")) return Wrong("Only recipient_type individual is played.");
        if (CheckRecipient(send, number) is { } refusal) return refusal;
        if (!send.Content.IsThere()) return WhatsAppError.Of(WhatsAppError.Missing, $"The parameter {send.Type} is required.");
        if (send.Body.Member("context") is { ValueKind: not JsonValueKind.Undefined } context
            && context.Text("message_id")?.StartsWith("wamid.", StringComparison.Ordinal) is not true)
        {
            return Wrong("context.message_id is not a message.");
        }

        return send.Type switch
        {
            "text" => send.Content.Text("body") is { Length: > 0 and <= MaxText }
                ? null
                : Wrong($"text.body must have 1 to {MaxText} characters."),
            "image" or "video" or "document" or "audio" or "sticker" =>
                CheckMedia(send.Type, send.Content, hasCaption: send.Type is not ("audio" or "sticker")),
            "location" => CheckLocation(send.Content),
            "contacts" => CheckContacts(send.Content),
            "reaction" => send.Content.Text("message_id")?.StartsWith("wamid.", StringComparison.Ordinal) is true
                && send.Content.Text("emoji") is not null
                ? null : Wrong("A reaction needs message_id and emoji."),
            "template" => WhatsAppTemplateChecks.Check(send, account, this),
            "interactive" => WhatsAppInteractiveChecks.Check(send.Content) is { } why ? Wrong(why) : null,
            _ => WhatsAppError.Of(WhatsAppError.Unsupported, $"type {send.Type}"),
        };
    }

    /// <summary>Checks a file that is named by exactly one of its address and its id.</summary>
    public WhatsAppError? CheckMedia(string kind, JsonElement file, bool hasCaption)
    {
        var (link, id) = (file.Text("link"), file.Text("id"));
        if (link is null == id is null) return Wrong($"{kind} needs exactly one of id and link.");
        if (!hasCaption && file.Member("caption").IsThere()) return Wrong($"{kind} takes no caption.");
        if (file.Text("caption")?.Length > MaxCaption) return Wrong($"A caption has at most {MaxCaption} characters.");
        if (link is not null)
            return Uri.TryCreate(link, UriKind.Absolute, out var url) && IsWeb(url) ? null : Wrong($"{kind}.link is not a web address.");

        return account.Media.Find(id!) is not { IsUpload: true, Gone: false } media ? Wrong("Media id is unknown.")
            : KindOf(media.ContentType) == kind ? null
            : Wrong($"The media is no {kind}.");
    }

    private static WhatsAppError? CheckRecipient(WhatsAppSend send, WhatsAppNumber number) => send switch
    {
        { To: null, Recipient: null } => WhatsAppError.Of(WhatsAppError.Parameter, "The parameter to is required."),
        { To: ['0', '0', ..] } => WhatsAppError.Of(WhatsAppError.Parameter, "to must not begin with 00."),

        // Stricter than Meta, which would put our own country code in front and write to a stranger.
        { To: { } to } when !Phone().IsMatch(to) => Wrong("to is not a phone number with its plus and country code."),
        { To: { } to } when to == number.Phone => WhatsAppError.Of(131021),
        { To: null, Recipient: { } user } when !UserId().IsMatch(user) => Wrong("recipient is not a business-scoped user id."),
        _ => null,
    };

    private static WhatsAppError? CheckLocation(JsonElement place)
    {
        return Degrees("latitude") is >= -90 and <= 90 && Degrees("longitude") is >= -180 and <= 180
            ? null
            : Wrong("latitude or longitude is missing or out of range.");

        double? Degrees(string name) => place.Member(name) is { ValueKind: JsonValueKind.Number } number ? number.GetDouble() : null;
    }

    private static WhatsAppError? CheckContacts(JsonElement contacts)
    {
        if (contacts.Items().Count() is 0 or > MaxContacts) return Wrong($"contacts must have 1 to {MaxContacts} cards.");
        string[] parts = ["first_name", "last_name", "middle_name", "suffix", "prefix"];
        return contacts.Items().All(card => card.Member("name").Text("formatted_name") is { Length: > 0 }
            && parts.Any(part => card.Member("name").Text(part) is { Length: > 0 }))
            ? null
            : Wrong("A contact needs formatted_name and one more part of its name.");
    }

    internal static WhatsAppError Wrong(string details) => WhatsAppError.Of(WhatsAppError.Value, details);

    private static bool IsWeb(Uri url) => url.Scheme == "https" || (url.Scheme == "http" && url.IsLoopback);

    [GeneratedRegex(@"^\+[1-9][0-9]{6,14}$")]
    private static partial Regex Phone();

    [GeneratedRegex(@"^[A-Z]{2}\.(ENT\.)?[A-Za-z0-9]{1,128}$")]
    private static partial Regex UserId();
}
