using System.Buffers.Binary;
using System.Text;

namespace Omni.Simulators.Files;

/// <summary>A file as a carrier sees it: by its own bytes, whatever anybody says of it.</summary>
/// <param name="Type">Its content type; <c>application/octet-stream</c> when nothing tells it.</param>
/// <param name="Bytes">Its size.</param>
/// <param name="Width">A picture's width in pixels; 0 for none.</param>
/// <param name="Height">A picture's height in pixels; 0 for none.</param>
/// <param name="Moves">Whether a picture has several that follow each other.</param>
/// <param name="IsWhole">Whether it ends where its kind of file says.</param>
internal sealed record FileLook(string Type, long Bytes, int Width = 0, int Height = 0, bool Moves = false, bool IsWhole = true)
{
    /// <summary>What comes first in a file of a type, and at which byte.</summary>
    private static readonly (int At, byte[] Start, string Type)[] Starts =
    [
        (0, [0xFF, 0xD8, 0xFF], "image/jpeg"),
        (0, [0x89, .. "PNG\r\n\u001a\n"u8], "image/png"),
        (0, [.. "GIF8"u8], "image/gif"),
        (8, [.. "WEBP"u8], "image/webp"),
        (8, [.. "WAVE"u8], "audio/wav"),
        (0, [.. "II*\0"u8], "image/tiff"),
        (0, [.. "MM\0*"u8], "image/tiff"),
        (0, [.. "BM"u8], "image/bmp"),
        (4, [.. "ftyp3g"u8], "video/3gpp"),
        (4, [.. "ftypM4A"u8], "audio/mp4"),
        (4, [.. "ftypqt"u8], "video/quicktime"),
        (4, [.. "ftypavif"u8], "image/avif"),
        (4, [.. "ftyphei"u8], "image/heic"),
        (4, [.. "ftypmif1"u8], "image/heif"),
        (4, [.. "ftyp"u8], "video/mp4"),
        (0, [0x1A, 0x45, 0xDF, 0xA3], "video/webm"),
        (0, [.. "OggS"u8], "audio/ogg"),
        (0, [.. "ID3"u8], "audio/mpeg"),
        (0, [0xFF, 0xFB], "audio/mpeg"),
        (0, [0xFF, 0xF3], "audio/mpeg"),
        (0, [0xFF, 0xF1], "audio/aac"),
        (0, [0xFF, 0xF9], "audio/aac"),
        (0, [.. "#!AMR"u8], "audio/amr"),
        (0, [.. "%PDF-"u8], "application/pdf"),
        (0, [.. "PK\u0003\u0004"u8], "application/zip"),
        (0, [0xD0, 0xCF, 0x11, 0xE0], "application/x-ole-storage"),
        (0, [.. "BEGIN:VCARD"u8], "text/vcard"),
        (0, [.. "BEGIN:VCALENDAR"u8], "text/calendar"),
    ];

    /// <summary>Looks at a file.</summary>
    public static FileLook Of(byte[] bytes)
    {
        var look = new FileLook(TypeOf(bytes), bytes.Length, IsWhole: bytes.Length > 0);
        try
        {
            return look.Type switch
            {
                "image/jpeg" => Jpeg(look, bytes),
                "image/png" => Png(look, bytes),
                "image/gif" => Gif(look, bytes),
                "image/webp" => WebP(look, bytes),
                _ => look,
            };
        }
        catch (Exception cut) when (cut is ArgumentOutOfRangeException or IndexOutOfRangeException)
        {
            return look with { IsWhole = false };
        }
    }

    private static string TypeOf(byte[] bytes)
    {
        foreach (var (at, start, type) in Starts)
        {
            if (bytes.Length >= at + start.Length && bytes.AsSpan(at).StartsWith(start)) return type;
        }

        if (bytes.Length == 0 || bytes.AsSpan(0, Math.Min(bytes.Length, 512)).Contains((byte)0)) return "application/octet-stream";

        var text = Encoding.UTF8.GetString(bytes, 0, Math.Min(bytes.Length, 512)).TrimStart();
        bool Begins(string start) => text.StartsWith(start, StringComparison.OrdinalIgnoreCase);
        return text.Contains("<svg", StringComparison.OrdinalIgnoreCase) ? "image/svg+xml"
            : Begins("<!doctype") || Begins("<html") ? "text/html"
            : text.Contains('\uFFFD', StringComparison.Ordinal) ? "application/octet-stream" : "text/plain";
    }

    // https://www.w3.org/Graphics/JPEG/itu-t81.pdf, annex B: markers with a length, the frame's own before the scan.
    private static FileLook Jpeg(FileLook look, byte[] bytes)
    {
        for (var at = 2; ; at += 2 + BinaryPrimitives.ReadUInt16BigEndian(bytes.AsSpan(at + 2)))
        {
            while (bytes[at + 1] == 0xFF) at++;
            if (bytes[at + 1] is >= 0xC0 and <= 0xCF and not (0xC4 or 0xC8 or 0xCC))
            {
                return look with
                {
                    Height = BinaryPrimitives.ReadUInt16BigEndian(bytes.AsSpan(at + 5)),
                    Width = BinaryPrimitives.ReadUInt16BigEndian(bytes.AsSpan(at + 7)),
                    IsWhole = bytes.AsSpan().LastIndexOf((ReadOnlySpan<byte>)[0xFF, 0xD9]) > at,
                };
            }
        }
    }

    // https://www.w3.org/TR/png-3/#5DataRep
    private static FileLook Png(FileLook look, byte[] bytes)
    {
        look = look with
        {
            Width = BinaryPrimitives.ReadInt32BigEndian(bytes.AsSpan(16)), Height = BinaryPrimitives.ReadInt32BigEndian(bytes.AsSpan(20)),
        };
        for (var at = 8; ; at += 12 + BinaryPrimitives.ReadInt32BigEndian(bytes.AsSpan(at)))
        {
            var chunk = Encoding.ASCII.GetString(bytes, at + 4, 4);
            if (chunk == "acTL") look = look with { Moves = true };
            if (chunk == "IEND") return look;
        }
    }

    // https://www.w3.org/Graphics/GIF/spec-gif89a.txt
    private static FileLook Gif(FileLook look, byte[] bytes)
    {
        look = look with { Width = bytes[6] | (bytes[7] << 8), Height = bytes[8] | (bytes[9] << 8) };
        int TableOf(byte flags) => (flags & 0x80) == 0 ? 0 : 3 << ((flags & 7) + 1);
        var pictures = 0;
        for (var at = 13 + TableOf(bytes[10]); ;)
        {
            switch (bytes[at])
            {
                case 0x3B:
                    return look with { Moves = pictures > 1 };
                case 0x2C:
                    pictures++;
                    at += 11 + TableOf(bytes[at + 9]);
                    break;
                case 0x21:
                    at += 2;
                    break;
                default:
                    return look with { IsWhole = false };
            }

            while (bytes[at] != 0) at += 1 + bytes[at];
            at++;
        }
    }

    // https://developers.google.com/speed/webp/docs/riff_container
    private static FileLook WebP(FileLook look, byte[] bytes)
    {
        look = look with { IsWhole = BinaryPrimitives.ReadUInt32LittleEndian(bytes.AsSpan(4)) + 8 <= bytes.Length };
        return Encoding.ASCII.GetString(bytes, 12, 4) switch
        {
            "VP8X" => look with { Width = 1 + Three(24), Height = 1 + Three(27), Moves = (bytes[20] & 2) != 0 },
            "VP8L" => look with
            {
                Width = 1 + ((bytes[21] | (bytes[22] << 8)) & 0x3FFF),
                Height = 1 + (((bytes[22] >> 6) | (bytes[23] << 2) | (bytes[24] << 10)) & 0x3FFF),
            },
            _ => look with
            {
                Width = BinaryPrimitives.ReadUInt16LittleEndian(bytes.AsSpan(26)) & 0x3FFF,
                Height = BinaryPrimitives.ReadUInt16LittleEndian(bytes.AsSpan(28)) & 0x3FFF,
            },
        };

        int Three(int at) => bytes[at] | (bytes[at + 1] << 8) | (bytes[at + 2] << 16);
    }
}
