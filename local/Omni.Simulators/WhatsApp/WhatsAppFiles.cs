using Omni.Simulators.Files;

namespace Omni.Simulators.WhatsApp;

/// <summary>
/// What Meta looks at in a file, uploaded or fetched.
/// https://developers.facebook.com/documentation/business-messaging/whatsapp/business-phone-numbers/media
/// </summary>
internal static class WhatsAppFiles
{
    private const int StickerSide = 512, MaxStillStickerBytes = 100 << 10;

    /// <summary>Why it cannot go; null when it can.</summary>
    /// <param name="contentType">The type that it is said to be.</param>
    /// <param name="look">What it is.</param>
    public static string? Refuse(string contentType, FileLook look) => WhatsAppChecks.KindOf(contentType) switch
    {
        null => $"Files of type {contentType} are not supported.",
        var kind when look.Bytes > WhatsAppChecks.MediaTypes[kind].MaxBytes => "The file is too large.",
        _ when !look.IsWhole => "The file is empty or damaged.",
        "image" when look.Type != contentType => $"The file is {look.Type}, not {contentType}.",
        "sticker" when look.Type is not "image/webp" => "A sticker is image/webp.",
        "sticker" when (look.Width, look.Height) is not (StickerSide, StickerSide) => "A sticker has 512 × 512 pixels.",
        "sticker" when !look.Moves && look.Bytes > MaxStillStickerBytes => "A sticker that does not move has at most 100 KB.",
        _ => null,
    };
}
