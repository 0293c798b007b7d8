using System.Buffers.Binary;
using System.IO.Compression;
using System.Text;

namespace Omni.WebConsole.Phones;

/// <summary>A picture that a person may have taken: a hill under a sky, each time in other colours.</summary>
internal static class SamplePicture
{
    private const int Width = 240, Height = 160, TrueColour = 2;

    private static int _next;

    /// <summary>Another picture, as PNG.</summary>
    public static PhonePicture Next()
    {
        var turn = Interlocked.Increment(ref _next);
        var rows = new byte[Height * (1 + Width * 3)];
        var at = 0;
        for (var y = 0; y < Height; y++)
        {
            rows[at++] = 0; // the row is not filtered
            for (var x = 0; x < Width; x++)
            {
                var isHill = y > Height * 0.65 + 18 * Math.Sin((x + turn * 40) / 38.0);
                var (red, green, blue) = isHill ? (60, 120 + turn * 23 % 60, 70) : (110 + turn * 37 % 110, 160 + y / 4, 225);
                (rows[at], rows[at + 1], rows[at + 2]) = ((byte)red, (byte)green, (byte)blue);
                at += 3;
            }
        }

        return new("image/png", Png(rows));
    }

    // https://www.w3.org/TR/png-3/#5DataRep
    private static byte[] Png(byte[] rows)
    {
        using var packed = new MemoryStream();
        using (var zip = new ZLibStream(packed, CompressionLevel.Fastest, leaveOpen: true)) zip.Write(rows);

        var header = new byte[13];
        BinaryPrimitives.WriteInt32BigEndian(header, Width);
        BinaryPrimitives.WriteInt32BigEndian(header.AsSpan(4), Height);
        (header[8], header[9]) = (8, TrueColour);

        using var png = new MemoryStream();
        png.Write([0x89, (byte)'P', (byte)'N', (byte)'G', 0x0D, 0x0A, 0x1A, 0x0A]);
        Chunk(png, "IHDR", header);
        Chunk(png, "IDAT", packed.ToArray());
        Chunk(png, "IEND", []);
        return png.ToArray();
    }

    private static void Chunk(MemoryStream png, string type, byte[] content)
    {
        byte[] named = [.. Encoding.ASCII.GetBytes(type), .. content];
        Span<byte> number = stackalloc byte[4];
        BinaryPrimitives.WriteInt32BigEndian(number, content.Length);
        png.Write(number);
        png.Write(named);
        BinaryPrimitives.WriteUInt32BigEndian(number, Crc(named));
        png.Write(number);
    }

    // https://www.w3.org/TR/png-3/#D-CRCAppendix
    private static uint Crc(byte[] bytes)
    {
        var crc = uint.MaxValue;
        foreach (var one in bytes)
        {
            crc ^= one;
            for (var bit = 0; bit < 8; bit++) crc = (crc & 1) == 1 ? 0xEDB88320 ^ (crc >> 1) : crc >> 1;
        }

        return ~crc;
    }
}
