using System.Buffers.Binary;
using System.Text;
using NetVips;

namespace Omni.MediaConverter.Tests.Support;

/// <summary>Files as people send them, good and bad, each made when it is asked for.</summary>
internal static class Samples
{
    /// <summary>A photograph: soft shapes with grain, so that it has as many bytes as one that was taken.</summary>
    public static Image Photo(int width, int height)
    {
        using var shapes = Image.Perlin(width, height, cellSize: Math.Max(8, Math.Min(width, height) / 6), uchar: true, seed: 7);
        using var noise = Image.Gaussnoise(width, height, sigma: 30, mean: 0, seed: 3);
        using var grain = noise.Gaussblur(1.2); // over a few pixels, as a lens and a sensor leave it
        using var red = shapes + grain;
        using var green = (shapes * 0.7) + 40 + grain;
        using var blue = 255 - (shapes * 0.8) + grain;
        using var joined = red.Bandjoin(green, blue);
        return joined.Cast(Enums.BandFormat.Uchar).Copy(interpretation: Enums.Interpretation.Srgb);
    }

    /// <summary>A drawing with a hole in it: few colours, and transparency.</summary>
    public static Image Drawing(int width, int height)
    {
        using var black = Image.Black(width, height);
        using var mask = black.Mutate(
            mutable => mutable.DrawCircle([255], width / 2, height / 2, Math.Min(width, height) / 3, fill: true));
        using var colour = black.NewFromImage([200, 40, 60]).Cast(Enums.BandFormat.Uchar).Copy(interpretation: Enums.Interpretation.Srgb);
        return colour.Bandjoin(mask);
    }

    /// <summary>A photograph as a camera writes it: turned, with the place, the camera and a comment.</summary>
    public static byte[] CameraJpeg(int width, int height, int orientation)
    {
        using var photo = Photo(width, height);
        using var tagged = photo.Mutate(mutable =>
        {
            mutable.Set(GValue.GIntType, "orientation", orientation);
            mutable.Set(GValue.GStrType, "exif-ifd0-Make", "Camera");
            mutable.Set(GValue.GStrType, "exif-ifd0-ImageDescription", "At home");
            mutable.Set(GValue.GStrType, "exif-ifd3-GPSLatitude", "52/1 22/1 0/1");
            mutable.Set(GValue.GStrType, "exif-ifd3-GPSLatitudeRef", "N");
        });
        return tagged.JpegsaveBuffer(q: 92);
    }

    public static byte[] Jpeg(int width, int height, int quality = 90)
    {
        using var photo = Photo(width, height);
        return photo.JpegsaveBuffer(q: quality, keep: Enums.ForeignKeep.None);
    }

    public static byte[] CmykJpeg(int width, int height)
    {
        using var photo = Photo(width, height);
        using var cmyk = photo.Colourspace(Enums.Interpretation.Cmyk);
        return cmyk.JpegsaveBuffer();
    }

    public static byte[] GreyJpeg(int width, int height)
    {
        using var photo = Photo(width, height);
        using var grey = photo.Colourspace(Enums.Interpretation.Bw);
        return grey.JpegsaveBuffer(keep: Enums.ForeignKeep.None);
    }

    public static byte[] ProgressiveJpeg(int width, int height)
    {
        using var photo = Photo(width, height);
        return photo.JpegsaveBuffer(interlace: true, keep: Enums.ForeignKeep.None);
    }

    public static byte[] Png(int width, int height, bool isDrawing = false)
    {
        using var picture = isDrawing ? Drawing(width, height) : Photo(width, height);
        return picture.PngsaveBuffer(compression: 1, keep: Enums.ForeignKeep.None);
    }

    public static byte[] DeepPng(int width, int height)
    {
        using var photo = Photo(width, height);
        using var deep = photo.Colourspace(Enums.Interpretation.Rgb16);
        return deep.PngsaveBuffer(compression: 1, keep: Enums.ForeignKeep.None);
    }

    public static byte[] CommentedPng(int width, int height)
    {
        using var photo = Photo(width, height);
        using var tagged = photo.Mutate(mutable =>
        {
            mutable.Set(GValue.GStrType, "exif-ifd3-GPSLatitude", "52/1 22/1 0/1");
            mutable.Set(GValue.GStrType, "png-comment-0-Author", "Somebody");
        });
        return tagged.PngsaveBuffer(compression: 1);
    }

    public static byte[] WebP(int width, int height, bool isDrawing = false, bool hasExif = false)
    {
        using var picture = isDrawing ? Drawing(width, height) : Photo(width, height);
        using var tagged = hasExif ? picture.Mutate(m => m.Set(GValue.GStrType, "exif-ifd0-Make", "Camera")) : picture.Copy();
        return tagged.WebpsaveBuffer(q: 90, keep: hasExif ? Enums.ForeignKeep.All : Enums.ForeignKeep.None);
    }

    public static byte[] Tiff(int width, int height)
    {
        using var photo = Photo(width, height);
        return photo.TiffsaveBuffer();
    }

    public static byte[] Avif(int width, int height)
    {
        using var photo = Photo(width, height);
        return photo.HeifsaveBuffer(q: 40, effort: 0, compression: Enums.ForeignHeifCompression.Av1);
    }

    /// <summary>A film of still pictures.</summary>
    public static byte[] Gif(int width, int height, int frames)
    {
        using var film = Frames(width, height, frames);
        return film.GifsaveBuffer(effort: 1);
    }

    public static byte[] MovingWebP(int width, int height, int frames)
    {
        using var film = Frames(width, height, frames);
        return film.WebpsaveBuffer(q: 30, keep: Enums.ForeignKeep.None, pageHeight: height);
    }

    private static Image Frames(int width, int height, int frames)
    {
        Image[] pictures =
        [
            .. Enumerable.Range(0, frames).Select(i =>
                Drawing(width, height).Mutate(mutable => mutable.DrawRect([0, 255, 0, 255], i, i, 4, 4, fill: true))),
        ];
        using var stacked = Image.Arrayjoin(pictures, across: 1);
        foreach (var picture in pictures) picture.Dispose();
        return stacked.Mutate(mutable =>
        {
            mutable.Set(GValue.GIntType, "page-height", height);
            mutable.Set(GValue.ArrayIntType, "delay", Enumerable.Repeat(80, frames).ToArray());
        });
    }

    /// <summary>A picture of few bytes that says that it is as large as a house: a PNG whose header lies.</summary>
    public static byte[] BombPng(uint width, uint height)
    {
        var png = Png(8, 8);
        BinaryPrimitives.WriteUInt32BigEndian(png.AsSpan(16), width);
        BinaryPrimitives.WriteUInt32BigEndian(png.AsSpan(20), height);
        BinaryPrimitives.WriteUInt32BigEndian(png.AsSpan(29), Crc(png.AsSpan(12, 17)));
        return png;
    }

    /// <summary>A GIF of thousands of pictures of one pixel.</summary>
    public static byte[] BombGif(int frames)
    {
        using var gif = new MemoryStream();
        gif.Write("GIF89a"u8);
        gif.Write([0x10, 0, 0x10, 0, 0x80, 0, 0, 0, 0, 0, 0xFF, 0xFF, 0xFF]);
        for (var i = 0; i < frames; i++) gif.Write([0x2C, 0, 0, 0, 0, 1, 0, 1, 0, 0, 2, 2, 0x44, 1, 0]);
        gif.WriteByte(0x3B);
        return gif.ToArray();
    }

    public static byte[] Bmp() => [.. "BM"u8, .. new byte[16], 4, 0, 0, 0, 4, 0, 0, 0, 1, 0, 24, 0, .. new byte[72]];

    public static byte[] Svg() =>
        "<?xml version=\"1.0\"?><svg xmlns=\"http://www.w3.org/2000/svg\"><image href=\"file:///etc/passwd\"/></svg>"u8.ToArray();

    public static byte[] Html() => "<!DOCTYPE html><html><body>404 Not Found</body></html>"u8.ToArray();

    public static byte[] Heic() =>
        [0, 0, 0, 24, .. "ftypheic"u8, 0, 0, 0, 0, .. "mif1heic"u8, 0, 0, 0, 16, .. "mdat"u8, .. new byte[8]];

    public static byte[] Program() => [.. "\u007FELF"u8, 2, 1, 1, .. new byte[200]];

    public static byte[] Pdf(int bytes = 2000) => [.. "%PDF-1.7\n"u8, .. Encoding.ASCII.GetBytes(new string('x', bytes)), .. "%%EOF\n"u8];

    public static byte[] Docx() => [.. "PK\u0003\u0004"u8, .. new byte[26], .. "word/document.xml"u8, .. new byte[300]];

    public static byte[] VCard() => "BEGIN:VCARD\nVERSION:3.0\nFN:Ada\nEND:VCARD\n"u8.ToArray();

    private static uint Crc(ReadOnlySpan<byte> bytes)
    {
        var crc = 0xFFFFFFFFu;
        foreach (var b in bytes)
        {
            crc ^= b;
            for (var bit = 0; bit < 8; bit++) crc = (crc & 1) != 0 ? (crc >> 1) ^ 0xEDB88320 : crc >> 1;
        }

        return ~crc;
    }
}
