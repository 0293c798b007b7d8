using System.Buffers.Binary;
using System.Text;

namespace Omni.Shared;

/// <summary>
/// Finds out what a file is, from its bytes alone. It reads headers and steps over what lies between them: nothing is decoded, whatever
/// the file says costs a few kilobytes of memory, and what makes no sense is left out. Never throws for what the bytes are.
/// </summary>
public static partial class FileSniffer
{
    // Enough for every signature, for the head of a text, and for the names of the first files in a package.
    private const int HeadBytes = 4096;

    /// <summary>Looks at a file.</summary>
    /// <param name="file">The file; it must be able to seek.</param>
    public static FileFacts Look(Stream file)
    {
        var source = new ByteSource(file);
        var head = source.Read(0, HeadBytes);
        var facts = Read(source, head);
        return facts with { Bytes = source.Length };
    }

    /// <summary>Looks at bytes in memory.</summary>
    /// <param name="bytes">The bytes.</param>
    public static FileFacts Look(byte[] bytes)
    {
        using var stream = new MemoryStream(bytes, writable: false);
        return Look(stream);
    }

    private static FileFacts Read(ByteSource source, ReadOnlySpan<byte> head)
    {
        if (head.StartsWith((ReadOnlySpan<byte>)[0xFF, 0xD8, 0xFF])) return Jpeg(source);
        if (head.StartsWith((ReadOnlySpan<byte>)[0x89, (byte)'P', (byte)'N', (byte)'G', 13, 10, 26, 10])) return Png(source);
        if (head.StartsWith("GIF87a"u8) || head.StartsWith("GIF89a"u8)) return Gif(source);
        if (head.StartsWith("RIFF"u8) && head.Length >= 12)
        {
            return Text(head[8..12]) switch
            {
                "WEBP" => WebP(source),
                "WAVE" => Wav(source, head),
                "AVI " => new() { Type = FileTypes.Avi },
                _ => new() { Type = FileTypes.Unknown },
            };
        }

        if (head.StartsWith("II*\0"u8) || head.StartsWith("MM\0*"u8)) return Tiff(source, head);
        if (head.Length >= 12 && head[4..8].SequenceEqual("ftyp"u8)) return Boxes(source, head);
        if (head.StartsWith("OggS"u8)) return Ogg(source, head);
        if (head.StartsWith("#!AMR\n"u8)) return Amr(source);
        if (head.StartsWith("fLaC"u8)) return new() { Type = FileTypes.Flac, AudioCodec = "flac" };
        if (head.StartsWith((ReadOnlySpan<byte>)[0x1A, 0x45, 0xDF, 0xA3])) return new() { Type = FileTypes.WebM };
        if (head.StartsWith((ReadOnlySpan<byte>)[0, 0, 1, 0xBA])) return new() { Type = FileTypes.Mpeg };
        if (head.StartsWith("ID3"u8) || IsMp3Frame(head)) return Mp3(source, head);
        if (head.Length > 2 && head[0] == 0xFF && (head[1] & 0xF6) == 0xF0) return new() { Type = FileTypes.Aac, AudioCodec = "aac" };
        if (head.StartsWith("BM"u8) && head.Length >= 26) return Bmp(head);
        if (head.StartsWith("%PDF-"u8)) return new() { Type = FileTypes.Pdf };
        if (head.StartsWith("PK\u0003\u0004"u8)) return new() { Type = PackageType(head) };
        if (head.StartsWith((ReadOnlySpan<byte>)[0xD0, 0xCF, 0x11, 0xE0])) return new() { Type = FileTypes.OldOffice };
        if (head.StartsWith("MZ"u8) || head.StartsWith("\u007FELF"u8)) return new() { Type = FileTypes.Program };
        return new() { Type = TextType(head) };
    }

    // Office writes its parts under these names; the first of them lies near the start.
    private static string PackageType(ReadOnlySpan<byte> head) =>
        head.IndexOf("word/"u8) >= 0 ? FileTypes.Docx
        : head.IndexOf("xl/"u8) >= 0 ? FileTypes.Xlsx
        : head.IndexOf("ppt/"u8) >= 0 ? FileTypes.Pptx
        : FileTypes.Zip;

    private static string TextType(ReadOnlySpan<byte> head)
    {
        if (head.Length == 0 || head.IndexOfAnyInRange((byte)0, (byte)8) >= 0) return FileTypes.Unknown;

        var text = Encoding.UTF8.GetString(head).TrimStart('\uFEFF', ' ', '\t', '\r', '\n');
        bool Starts(string with) => text.StartsWith(with, StringComparison.OrdinalIgnoreCase);

        if (Starts("<!doctype html") || Starts("<html") || Starts("<head") || Starts("<body")) return FileTypes.Html;
        var isXml = Starts("<?xml") || Starts("<!--") || Starts("<!doctype svg");
        if (Starts("<svg") || (isXml && text.Contains("<svg", StringComparison.Ordinal)))
            return FileTypes.Svg;
        if (Starts("BEGIN:VCARD")) return FileTypes.VCard;
        if (Starts("BEGIN:VCALENDAR")) return FileTypes.Calendar;

        // The last rune may be cut.
        return text.AsSpan(0, Math.Max(0, text.Length - 4)).Contains('\uFFFD') ? FileTypes.Unknown : FileTypes.PlainText;
    }

    private static string Text(ReadOnlySpan<byte> bytes) => Encoding.Latin1.GetString(bytes);

    /// <summary>Bytes at positions of a file. What lies beyond its end is not there.</summary>
    private sealed class ByteSource(Stream file)
    {
        public long Length { get; } = file.Length;

        /// <summary>The bytes from a position; fewer at the end of the file.</summary>
        public byte[] Read(long at, int count)
        {
            if (at < 0 || at >= Length) return [];

            var bytes = new byte[Math.Min(count, Length - at)];
            file.Position = at;
            return bytes[..file.ReadAtLeast(bytes, bytes.Length, throwOnEndOfStream: false)];
        }

        public int? Byte(long at) => Read(at, 1) is [var b] ? b : null;

        public ushort? Big16(long at) => Read(at, 2) is { Length: 2 } b ? BinaryPrimitives.ReadUInt16BigEndian(b) : null;

        public uint? Big32(long at) => Read(at, 4) is { Length: 4 } b ? BinaryPrimitives.ReadUInt32BigEndian(b) : null;

        public uint? Little32(long at) => Read(at, 4) is { Length: 4 } b ? BinaryPrimitives.ReadUInt32LittleEndian(b) : null;

        public ulong? Big64(long at) => Read(at, 8) is { Length: 8 } b ? BinaryPrimitives.ReadUInt64BigEndian(b) : null;
    }
}
