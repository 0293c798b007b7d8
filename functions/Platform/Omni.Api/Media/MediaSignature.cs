namespace Omni.Api;

/// <summary>
/// Tells images, sound and film by their first bytes. What can hold a script, such as SVG, is none of these.
/// https://mimesniff.spec.whatwg.org/#matching-an-image-type-pattern,
/// https://mimesniff.spec.whatwg.org/#matching-an-audio-or-video-type-pattern
/// </summary>
internal static class MediaSignature
{
    /// <summary>How many bytes of a file are enough.</summary>
    public const int Length = 16;

    /// <summary>The type of a file; null when it is no image, sound or film that is known here.</summary>
    /// <param name="start">Its first bytes.</param>
    public static string? TypeOf(ReadOnlySpan<byte> start) => start switch
    {
        [0xFF, 0xD8, 0xFF, ..] => "image/jpeg",
        [0x89, (byte)'P', (byte)'N', (byte)'G', 0x0D, 0x0A, 0x1A, 0x0A, ..] => "image/png",
        [(byte)'G', (byte)'I', (byte)'F', (byte)'8', (byte)'7' or (byte)'9', (byte)'a', ..] => "image/gif",
        [(byte)'O', (byte)'g', (byte)'g', (byte)'S', 0, ..] => "audio/ogg",
        [(byte)'#', (byte)'!', (byte)'A', (byte)'M', (byte)'R', ..] => "audio/amr", // RFC 4867, section 5
        [(byte)'I', (byte)'D', (byte)'3', ..] => "audio/mpeg",
        [0xFF, 0xF1 or 0xF9, ..] => "audio/aac", // the frame header of ADTS: no layer
        [0xFF, 0xFA or 0xFB or 0xF2 or 0xF3 or 0xE2 or 0xE3, ..] => "audio/mpeg", // the same of MPEG: layer 3
        [0x1A, 0x45, 0xDF, 0xA3, ..] => "video/webm",
        [(byte)'B', (byte)'M', ..] => "image/bmp",
        [(byte)'I', (byte)'I', (byte)'*', 0, ..] or [(byte)'M', (byte)'M', 0, (byte)'*', ..] => "image/tiff",
        [(byte)'R', (byte)'I', (byte)'F', (byte)'F', _, _, _, _, .. var form] => form switch
        {
            [(byte)'W', (byte)'E', (byte)'B', (byte)'P', ..] => "image/webp",
            [(byte)'W', (byte)'A', (byte)'V', (byte)'E', ..] => "audio/wav",
            [(byte)'A', (byte)'V', (byte)'I', (byte)' ', ..] => "video/avi",
            _ => null,
        },
        [_, _, _, _, (byte)'f', (byte)'t', (byte)'y', (byte)'p', .. var brand] => brand switch
        {
            [(byte)'h' or (byte)'m', (byte)'e' or (byte)'i', (byte)'i' or (byte)'f', ..] => "image/heic",
            [(byte)'a', (byte)'v', (byte)'i', (byte)'f' or (byte)'s', ..] => "image/avif",
            [(byte)'M', (byte)'4', (byte)'A' or (byte)'B', (byte)' ', ..] => "audio/mp4",
            [(byte)'3', (byte)'g', ..] => "video/3gpp",
            [(byte)'q', (byte)'t', ..] => "video/quicktime",
            _ => "video/mp4",
        },
        _ => null,
    };
}
