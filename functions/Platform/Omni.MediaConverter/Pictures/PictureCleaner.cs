using System.Buffers.Binary;
using System.Text;
using Omni.Shared;

namespace Omni.MediaConverter;

/// <summary>
/// Takes out of a picture what tells more than what is seen (where and with what it was taken, comments, a small picture of it), and leaves
/// what is seen as it is, to the bit: nothing is encoded again.
/// </summary>
internal static class PictureCleaner
{
    private static readonly string[] PngChunks =
    [
        "IHDR", "PLTE", "IDAT", "IEND", "tRNS", "gAMA", "cHRM", "sRGB", "iCCP", "sBIT", "bKGD", "pHYs", "acTL", "fcTL", "fdAT",
    ];

    /// <summary>Cleans a picture.</summary>
    /// <param name="bytes">The picture, all there.</param>
    /// <param name="type">Its content type.</param>
    /// <returns>The clean one; null for a type that cannot be cleaned so, or bytes that are not as the type has it.</returns>
    public static byte[]? Clean(byte[] bytes, string type)
    {
        using var clean = new MemoryStream(bytes.Length);
        var isDone = type switch
        {
            FileTypes.Jpeg => Jpeg(bytes, clean),
            FileTypes.Png => Png(bytes, clean),
            FileTypes.WebP => WebP(bytes, clean),
            FileTypes.Gif => Gif(bytes, clean),
            _ => false,
        };
        return isDone ? clean.ToArray() : null;
    }

    private static bool Jpeg(byte[] bytes, MemoryStream clean)
    {
        clean.Write(bytes, 0, 2);
        for (var at = 2; at + 4 <= bytes.Length && bytes[at] == 0xFF;)
        {
            var marker = bytes[at + 1];
            if (marker == 0xFF)
            {
                at++; // fill bytes
                continue;
            }

            if (marker == 0xD9) break;

            var end = at + 2 + BinaryPrimitives.ReadUInt16BigEndian(bytes.AsSpan(at + 2));
            if (end > bytes.Length) return false;
            if (marker == 0xDA) end = EndOfScan(bytes, end);
            if (IsSeen(marker, bytes.AsSpan(at + 4, Math.Max(0, end - at - 4)))) clean.Write(bytes, at, end - at);
            at = end;
            if (marker != 0xDA || at + 1 >= bytes.Length || bytes[at + 1] != 0xD9) continue;

            clean.Write([0xFF, 0xD9]); // and nothing of what follows: cameras put whole pictures there
            return true;
        }

        return false;
    }

    // Colours and how they are to be shown; not EXIF, XMP, IPTC, further pictures and comments.
    private static bool IsSeen(byte marker, ReadOnlySpan<byte> body) => marker switch
    {
        0xE0 => body.StartsWith("JFIF\0"u8),
        0xE2 => body.StartsWith("ICC_PROFILE\0"u8),
        0xEE => body.StartsWith("Adobe"u8),
        >= 0xE0 and <= 0xEF or 0xFE => false,
        _ => true,
    };

    private static int EndOfScan(byte[] bytes, int at)
    {
        // A 0xFF of the picture itself is followed by zero; 0xD0 to 0xD7 are marks to restart at.
        while (at + 1 < bytes.Length && !(bytes[at] == 0xFF && bytes[at + 1] is not (0 or 0xFF or (>= 0xD0 and <= 0xD7)))) at++;
        return at;
    }

    private static bool Png(byte[] bytes, MemoryStream clean)
    {
        clean.Write(bytes, 0, 8);
        for (var at = 8; at + 12 <= bytes.Length;)
        {
            long end = at + 12L + BinaryPrimitives.ReadUInt32BigEndian(bytes.AsSpan(at));
            if (end > bytes.Length) return false;

            var type = Encoding.Latin1.GetString(bytes, at + 4, 4);
            if (PngChunks.Contains(type)) clean.Write(bytes, at, (int)end - at);
            if (type == "IEND") return true;
            at = (int)end;
        }

        return false;
    }

    private static bool WebP(byte[] bytes, MemoryStream clean)
    {
        clean.Write(bytes, 0, 12);
        for (var at = 12; at + 8 <= bytes.Length;)
        {
            var length = BinaryPrimitives.ReadUInt32LittleEndian(bytes.AsSpan(at + 4));
            long end = at + 8L + length + (length & 1);
            if (end > bytes.Length) return false;

            var type = Encoding.Latin1.GetString(bytes, at, 4);
            var chunk = bytes.AsSpan(at, (int)end - at).ToArray();
            if (type == "VP8X") chunk[8] &= 0xF3; // its flags say no more that EXIF and XMP follow
            if (type is not ("EXIF" or "XMP ")) clean.Write(chunk);
            at = (int)end;
        }

        BinaryPrimitives.WriteUInt32LittleEndian(clean.GetBuffer().AsSpan(4), (uint)clean.Length - 8);
        return true;
    }

    private static bool Gif(byte[] bytes, MemoryStream clean)
    {
        static int ColourTable(int flags) => (flags & 0x80) != 0 ? 3 << ((flags & 7) + 1) : 0;

        var at = 13 + ColourTable(bytes[10]);
        if (at > bytes.Length) return false;

        clean.Write(bytes, 0, at);
        while (at + 1 < bytes.Length)
        {
            var start = at;
            switch (bytes[at])
            {
                case 0x2C when at + 11 <= bytes.Length:
                    at += 11 + ColourTable(bytes[at + 9]);
                    break;
                case 0x21:
                    at += 2;
                    break;
                default:
                    return false;
            }

            while (at < bytes.Length && bytes[at] > 0) at += 1 + bytes[at];
            if (++at > bytes.Length) return false;

            var isSeen = bytes[start] == 0x2C || bytes[start + 1] == 0xF9
                || (bytes[start + 1] == 0xFF && bytes.AsSpan(start + 3).StartsWith("NETSCAPE2.0"u8));
            if (isSeen) clean.Write(bytes, start, at - start);
            if (at < bytes.Length && bytes[at] == 0x3B)
            {
                clean.WriteByte(0x3B);
                return true;
            }
        }

        return false;
    }
}
