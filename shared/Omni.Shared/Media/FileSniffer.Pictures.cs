using System.Buffers.Binary;

namespace Omni.Shared;

public static partial class FileSniffer
{
    // More parts than any honest picture has; whoever sends more wants to see us count.
    private const int MaxSegments = 20_000;

    private const int MaxTiffTags = 512;

    // https://www.w3.org/Graphics/JPEG/itu-t81.pdf, annex B
    private static FileFacts Jpeg(ByteSource source)
    {
        var (width, height, orientation) = (default(int?), default(int?), 1);
        var (hasMetadata, components) = (false, 3);
        long at = 2;
        for (var segments = 0; segments < MaxSegments; segments++)
        {
            if (source.Read(at, 4) is not { Length: 4 } marker || marker[0] != 0xFF) break;

            if (marker[1] == 0xFF)
            {
                at++; // fill bytes
                continue;
            }

            if (marker[1] is 0xD9 or 0xDA) break;

            var length = BinaryPrimitives.ReadUInt16BigEndian(marker.AsSpan(2));
            switch (marker[1])
            {
                case >= 0xC0 and <= 0xCF and not (0xC4 or 0xC8 or 0xCC):
                    height ??= source.Big16(at + 5);
                    width ??= source.Big16(at + 7);
                    components = source.Byte(at + 9) ?? components;
                    break;
                case 0xE1:
                    hasMetadata = true;
                    orientation = ExifOrientation(source.Read(at + 4, Math.Min(length, (ushort)HeadBytes))) ?? orientation;
                    break;
                case 0xED or 0xFE: // Photoshop's and comments
                    hasMetadata = true;
                    break;
            }

            at += 2 + length;
        }

        var tail = source.Read(Math.Max(0, source.Length - HeadBytes), HeadBytes);
        var turned = orientation is >= 5 and <= 8;
        return new()
        {
            Type = FileTypes.Jpeg,
            Width = turned ? height : width,
            Height = turned ? width : height,
            Frames = 1,
            IsTurned = orientation != 1,
            HasMetadata = hasMetadata,
            HasPlainColours = components is 1 or 3,
            IsWhole = width > 0 && height > 0 && tail.AsSpan().LastIndexOf((ReadOnlySpan<byte>)[0xFF, 0xD9]) >= 0,
        };
    }

    // https://www.cipa.jp/std/documents/e/DC-X008-Translation-2019-E.pdf, tag 274
    private static int? ExifOrientation(ReadOnlySpan<byte> segment)
    {
        if (!segment.StartsWith("Exif\0\0"u8) || segment.Length < 14) return null;

        var tiff = segment[6..];
        var isBig = tiff[0] == (byte)'M';
        int Number16(ReadOnlySpan<byte> from) =>
            isBig ? BinaryPrimitives.ReadUInt16BigEndian(from) : BinaryPrimitives.ReadUInt16LittleEndian(from);
        var start = isBig ? BinaryPrimitives.ReadUInt32BigEndian(tiff[4..]) : BinaryPrimitives.ReadUInt32LittleEndian(tiff[4..]);
        if (start + 2 > tiff.Length) return null;

        var directory = tiff[(int)start..];
        for (var i = 0; i < Number16(directory) && 2 + ((i + 1) * 12) <= directory.Length; i++)
        {
            var entry = directory[(2 + (i * 12))..];
            if (Number16(entry) == 274) return Number16(entry[8..]) is >= 1 and <= 8 and var orientation ? orientation : null;
        }

        return null;
    }

    // https://www.w3.org/TR/png-3/#5Chunk-layout
    private static FileFacts Png(ByteSource source)
    {
        var header = source.Read(16, 10);
        var (hasMetadata, isWhole, frames) = (false, false, 1);
        long at = 8;
        for (var chunks = 0; chunks < MaxSegments && source.Big32(at) is { } length; chunks++)
        {
            var type = Text(source.Read(at + 4, 4));
            hasMetadata |= type is "eXIf" or "tEXt" or "zTXt" or "iTXt" or "tIME";
            if (type == "acTL") frames = (int)Math.Min(source.Big32(at + 8) ?? 1, int.MaxValue);
            at += 12L + length;
            if (type != "IEND") continue;

            isWhole = at <= source.Length;
            break;
        }

        return new()
        {
            Type = FileTypes.Png,
            Width = header.Length >= 8 ? Positive(BinaryPrimitives.ReadUInt32BigEndian(header)) : null,
            Height = header.Length >= 8 ? Positive(BinaryPrimitives.ReadUInt32BigEndian(header.AsSpan(4))) : null,
            Frames = frames,
            HasMetadata = hasMetadata,
            // eight bits, and red, green, blue with or without transparency
            HasPlainColours = header is [.., 8, 2 or 6],
            IsWhole = isWhole,
        };
    }

    // https://www.w3.org/Graphics/GIF/spec-gif89a.txt
    private static FileFacts Gif(ByteSource source)
    {
        var header = source.Read(6, 5);
        if (header.Length < 5) return new() { Type = FileTypes.Gif, IsWhole = false };

        static int ColourTable(int flags) => (flags & 0x80) != 0 ? 3 << ((flags & 7) + 1) : 0;

        long at = 13 + ColourTable(header[4]);
        var (frames, isWhole, hasMetadata) = (0, false, false);
        for (var blocks = 0; blocks < MaxSegments && !isWhole && source.Byte(at) is { } introducer; blocks++)
        {
            switch (introducer)
            {
                case 0x2C:
                    frames++;
                    at = GifBlocks(source, at + 11 + ColourTable(source.Byte(at + 9) ?? 0));
                    break;
                case 0x21:
                    hasMetadata |= source.Byte(at + 1) == 0xFE;
                    at = GifBlocks(source, at + 2);
                    break;
                case 0x3B:
                    isWhole = true;
                    break;
                default:
                    at = source.Length; // not a block: what follows cannot be told
                    break;
            }
        }

        return new()
        {
            Type = FileTypes.Gif,
            Width = BinaryPrimitives.ReadUInt16LittleEndian(header),
            Height = BinaryPrimitives.ReadUInt16LittleEndian(header.AsSpan(2)),
            Frames = frames,
            HasMetadata = hasMetadata,
            IsWhole = isWhole && frames > 0,
        };
    }

    /// <summary>Steps over a chain of blocks, each with its length in front, to behind the empty one that ends it.</summary>
    private static long GifBlocks(ByteSource source, long at)
    {
        while (source.Byte(at) is > 0 and var length) at += 1 + length;
        return at + 1;
    }

    // https://developers.google.com/speed/webp/docs/riff_container
    private static FileFacts WebP(ByteSource source)
    {
        var (width, height, frames, hasMetadata) = (default(int?), default(int?), 0, false);
        var end = 8L + (source.Little32(4) ?? 0);
        long at = 12;
        for (var chunks = 0; chunks < MaxSegments && at + 8 <= Math.Min(end, source.Length); chunks++)
        {
            var type = Text(source.Read(at, 4));
            var body = source.Read(at + 8, 16);
            switch (type)
            {
                case "VP8X" when body.Length >= 10:
                    width = 1 + (body[4] | (body[5] << 8) | (body[6] << 16));
                    height = 1 + (body[7] | (body[8] << 8) | (body[9] << 16));
                    break;
                case "VP8 " when body.Length >= 10:
                    width ??= BinaryPrimitives.ReadUInt16LittleEndian(body.AsSpan(6)) & 0x3FFF;
                    height ??= BinaryPrimitives.ReadUInt16LittleEndian(body.AsSpan(8)) & 0x3FFF;
                    break;
                case "VP8L" when body.Length >= 5:
                    var bits = BinaryPrimitives.ReadUInt32LittleEndian(body.AsSpan(1));
                    width ??= 1 + (int)(bits & 0x3FFF);
                    height ??= 1 + (int)((bits >> 14) & 0x3FFF);
                    break;
                case "ANMF":
                    frames++;
                    break;
                case "EXIF" or "XMP ":
                    hasMetadata = true;
                    break;
            }

            var length = source.Little32(at + 4) ?? 0;
            at += 8L + length + (length & 1);
        }

        return new()
        {
            Type = FileTypes.WebP,
            Width = width,
            Height = height,
            Frames = Math.Max(frames, 1),
            HasMetadata = hasMetadata,
            IsWhole = width is not null && end <= source.Length,
        };
    }

    // https://www.itu.int/itudoc/itu-t/com16/tiff-fx/docs/tiff6.pdf, section 2
    private static FileFacts Tiff(ByteSource source, ReadOnlySpan<byte> head)
    {
        var isBig = head[0] == (byte)'M';
        uint Number(ReadOnlySpan<byte> from, bool isShort) => (isBig, isShort) switch
        {
            (true, true) => BinaryPrimitives.ReadUInt16BigEndian(from),
            (true, false) => BinaryPrimitives.ReadUInt32BigEndian(from),
            (false, true) => BinaryPrimitives.ReadUInt16LittleEndian(from),
            (false, false) => BinaryPrimitives.ReadUInt32LittleEndian(from),
        };
        var (width, height) = (default(int?), default(int?));
        var orientation = 1;
        if (head.Length >= 8)
        {
            var start = Number(head[4..8], isShort: false);
            var count = source.Read(start, 2) is { Length: 2 } two ? Number(two, isShort: true) : 0;
            for (var i = 0; i < Math.Min(count, MaxTiffTags); i++)
            {
                if (source.Read(start + 2 + (i * 12L), 12) is not { Length: 12 } entry) break;

                var value = Number(entry.AsSpan(8), isShort: Number(entry.AsSpan(2), isShort: true) == 3);
                switch (Number(entry, isShort: true))
                {
                    case 256:
                        width = Positive(value);
                        break;
                    case 257:
                        height = Positive(value);
                        break;
                    case 274:
                        orientation = (int)Math.Min(value, 8);
                        break;
                }
            }
        }

        var turned = orientation is >= 5 and <= 8;
        return new()
        {
            Type = FileTypes.Tiff, Width = turned ? height : width, Height = turned ? width : height, Frames = 1, HasMetadata = true,
            IsTurned = orientation > 1, IsWhole = width is not null && height is not null,
        };
    }

    private static FileFacts Bmp(ReadOnlySpan<byte> head) => new()
    {
        Type = FileTypes.Bmp,
        Width = Positive(BinaryPrimitives.ReadUInt32LittleEndian(head[18..])),
        Height = Positive((uint)Math.Abs((long)BinaryPrimitives.ReadInt32LittleEndian(head[22..]))),
        Frames = 1,
    };

    private static int? Positive(uint number) => number is > 0 and <= int.MaxValue ? (int)number : null;
}
