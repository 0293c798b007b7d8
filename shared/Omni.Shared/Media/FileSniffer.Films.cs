using System.Buffers.Binary;

namespace Omni.Shared;

public static partial class FileSniffer
{
    private const int MaxBoxes = 2_000;
    private const int MaxDepth = 8;
    private const int OpusRate = 48_000;

    // ISO/IEC 14496-12: boxes of a length, a name and a body, one in another. https://mp4ra.org/registered-types/brands
    private static FileFacts Boxes(ByteSource source, ReadOnlySpan<byte> head)
    {
        var brandBytes = (int)Math.Min(BinaryPrimitives.ReadUInt32BigEndian(head), head.Length);
        var brands = new List<string> { Text(head[8..12]) };
        for (var at = 16; at + 4 <= brandBytes; at += 4) brands.Add(Text(head[at..(at + 4)]));

        if (brands.Any(brand => brand is "avif" or "avis")) return Still(source, FileTypes.Avif);
        if (brands.Any(brand => brand is "heic" or "heix" or "hevc" or "heim" or "heis" or "mif1" or "msf1"))
            return Still(source, FileTypes.Heic);

        var film = new Film();
        var isWhole = Walk(source, 0, source.Length, film, 0);
        var type = (film.VideoCodec, brands[0]) switch
        {
            (null, _) when film.AudioCodec is not null => FileTypes.M4a,
            (_, "qt  ") => FileTypes.QuickTime,
            (_, ['3', 'g', ..]) => FileTypes.ThreeGpp,
            _ => FileTypes.Mp4,
        };
        return new()
        {
            Type = type,
            Width = film.Width,
            Height = film.Height,
            DurationMs = film.DurationMs,
            VideoCodec = film.VideoCodec,
            AudioCodec = film.AudioCodec,
            Channels = film.Channels,
            HasMetadata = film.HasMetadata,
            IsWhole = isWhole && film.HasIndex && (film.VideoCodec ?? film.AudioCodec) is not null,
        };
    }

    private static FileFacts Still(ByteSource source, string type)
    {
        var film = new Film();
        var isWhole = Walk(source, 0, source.Length, film, 0);
        return new() { Type = type, Width = film.Width, Height = film.Height, Frames = 1, HasMetadata = true, IsWhole = isWhole };
    }

    private sealed class Film
    {
        public int Boxes { get; set; }

        public bool HasIndex { get; set; }

        public bool HasMetadata { get; set; }

        public long? DurationMs { get; set; }

        public int? Width { get; set; }

        public int? Height { get; set; }

        public string? VideoCodec { get; set; }

        public string? AudioCodec { get; set; }

        public int? Channels { get; set; }
    }

    /// <returns>Whether every box ends where the one that it is in does, or before.</returns>
    private static bool Walk(ByteSource source, long from, long to, Film film, int depth)
    {
        var at = from;
        while (at + 8 <= to)
        {
            if (++film.Boxes > MaxBoxes || source.Read(at, 16) is not { Length: >= 8 } header) return false;

            long length = BinaryPrimitives.ReadUInt32BigEndian(header);
            var type = Text(header.AsSpan(4, 4));
            var body = at + 8;
            if (length == 1 && header.Length == 16)
            {
                length = (long)Math.Min(BinaryPrimitives.ReadUInt64BigEndian(header.AsSpan(8)), long.MaxValue / 2);
                body = at + 16;
            }
            else if (length == 0)
            {
                length = to - at;
            }

            if (length < body - at || at + length > to) return false;

            Box(source, type, body, at + length, film, depth);
            at += length;
        }

        return true;
    }

    private static void Box(ByteSource source, string type, long body, long end, Film film, int depth)
    {
        switch (type)
        {
            case "moov" or "trak" or "mdia" or "minf" or "stbl" or "iprp" or "ipco" when depth < MaxDepth:
                film.HasIndex |= type == "moov";
                Walk(source, body, end, film, depth + 1);
                break;
            case "meta" when depth == 0:
                Walk(source, body + 4, end, film, depth + 1); // a version goes before its boxes
                break;
            case "udta" or "meta":
                film.HasMetadata = true;
                break;
            case "mvhd":
                var isLong = source.Byte(body) == 1;
                var scale = source.Big32(body + (isLong ? 20 : 12));
                var duration = isLong ? source.Big64(body + 24) : source.Big32(body + 16);
                if (scale is > 0 && duration is not null and not uint.MaxValue)
                    film.DurationMs = (long)Math.Min(duration.Value / (double)scale.Value * 1000, int.MaxValue);
                break;
            case "ispe":
                var (width, height) = (source.Big32(body + 4) ?? 0, source.Big32(body + 8) ?? 0);
                if ((long)width * height <= (long)(film.Width ?? 0) * (film.Height ?? 0)) break; // tiles and thumbnails are smaller

                (film.Width, film.Height) = (Positive(width), Positive(height));
                break;
            case "stsd":
                Entry(source, body + 8, film);
                break;
        }
    }

    private static void Entry(ByteSource source, long at, Film film)
    {
        var codec = Text(source.Read(at + 4, 4));
        switch (codec)
        {
            case "avc1" or "avc3":
                Picture("h264");
                break;
            case "hvc1" or "hev1":
                Picture("hevc");
                break;
            case "av01" or "vp09" or "s263" or "mp4v":
                Picture(codec switch { "av01" => "av1", "vp09" => "vp9", "s263" => "h263", _ => "mpeg4" });
                break;
            case "mp4a":
                Sound("aac");
                break;
            case "samr" or "sawb":
                Sound("amr");
                break;
            case "Opus":
                Sound("opus");
                break;
            case ".mp3":
                Sound("mp3");
                break;
        }

        void Picture(string name)
        {
            film.VideoCodec ??= name;
            film.Width ??= source.Big16(at + 32);
            film.Height ??= source.Big16(at + 34);
        }

        void Sound(string name)
        {
            film.AudioCodec ??= name;
            film.Channels ??= source.Big16(at + 24);
        }
    }

    // https://www.rfc-editor.org/rfc/rfc3533 (pages), https://www.rfc-editor.org/rfc/rfc7845 (Opus)
    private static FileFacts Ogg(ByteSource source, ReadOnlySpan<byte> head)
    {
        var opus = head.IndexOf("OpusHead"u8);
        var (codec, channels) = opus >= 0 && opus + 10 <= head.Length
            ? ("opus", head[opus + 9])
            : (head.IndexOf("\u0001vorbis"u8) >= 0 ? "vorbis" : null, default(int?));
        var skip = opus >= 0 && opus + 12 <= head.Length ? BinaryPrimitives.ReadUInt16LittleEndian(head[(opus + 10)..]) : 0;

        // The last page tells how many samples there are up to its end; a page has 65,307 bytes at most.
        var tail = source.Read(Math.Max(0, source.Length - 65_307), 65_307);
        var last = tail.AsSpan().LastIndexOf("OggS"u8);
        var samples = codec == "opus" && last >= 0 && last + 14 <= tail.Length
            ? BinaryPrimitives.ReadInt64LittleEndian(tail.AsSpan(last + 6)) - skip
            : 0;
        return new()
        {
            Type = FileTypes.Ogg, AudioCodec = codec, Channels = channels,
            DurationMs = samples > 0 ? Math.Min(samples * 1000 / OpusRate, int.MaxValue) : null,
            IsWhole = last >= 0,
        };
    }

    // 20 ms a frame, whose first byte tells its length: https://www.rfc-editor.org/rfc/rfc4867#section-5.3
    private static FileFacts Amr(ByteSource source)
    {
        int[] lengths = [13, 14, 16, 18, 20, 21, 27, 32, 6, 1, 1, 1, 1, 1, 1, 1];
        var mode = ((source.Byte(6) ?? 0) >> 3) & 0xF;
        return new() { Type = FileTypes.Amr, AudioCodec = "amr", Channels = 1, DurationMs = (source.Length - 6) / lengths[mode] * 20 };
    }

    private static FileFacts Wav(ByteSource source, ReadOnlySpan<byte> head)
    {
        if (head.Length < 36 || !head[12..16].SequenceEqual("fmt "u8)) return new() { Type = FileTypes.Wav, IsWhole = false };

        var perSecond = BinaryPrimitives.ReadUInt32LittleEndian(head[28..]);
        return new()
        {
            Type = FileTypes.Wav, AudioCodec = "pcm", Channels = BinaryPrimitives.ReadUInt16LittleEndian(head[22..]),
            DurationMs = perSecond > 0 ? (source.Length - 44) * 1000 / perSecond : null,
        };
    }

    // Layer III of MPEG 1, 2 or 2.5: eleven bits of synchronisation, then what it is.
    private static bool IsMp3Frame(ReadOnlySpan<byte> at) =>
        at.Length >= 4 && at[0] == 0xFF && (at[1] & 0xE0) == 0xE0 && (at[1] & 0x18) != 0x08 && (at[1] & 0x06) == 0x02
        && (at[2] & 0xF0) is not (0 or 0xF0) && (at[2] & 0x0C) != 0x0C;

    private static FileFacts Mp3(ByteSource source, ReadOnlySpan<byte> head)
    {
        // The length of the tags in front is in four times seven bits.
        var tags = head.StartsWith("ID3"u8) && head.Length >= 10
            ? 10L + ((head[6] & 0x7F) << 21 | (head[7] & 0x7F) << 14 | (head[8] & 0x7F) << 7 | (head[9] & 0x7F))
            : 0;
        var frame = source.Read(tags, 4);
        if (!IsMp3Frame(frame)) return new() { Type = FileTypes.Mp3, HasMetadata = tags > 0, IsWhole = false };

        // A guess for a variable rate: that of the first frame.
        int[] first = [0, 32, 40, 48, 56, 64, 80, 96, 112, 128, 160, 192, 224, 256, 320];
        int[] second = [0, 8, 16, 24, 32, 40, 48, 56, 64, 80, 96, 112, 128, 144, 160];
        var kilobits = ((frame[1] & 0x18) == 0x18 ? first : second)[frame[2] >> 4];
        return new()
        {
            Type = FileTypes.Mp3, AudioCodec = "mp3", Channels = (frame[3] & 0xC0) == 0xC0 ? 1 : 2, HasMetadata = tags > 0,
            DurationMs = kilobits > 0 ? (source.Length - tags) * 8 / kilobits : null,
        };
    }
}
