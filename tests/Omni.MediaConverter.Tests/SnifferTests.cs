using Omni.MediaConverter.Tests.Support;
using Omni.Shared;

namespace Omni.MediaConverter.Tests;

/// <summary>What is found out of the bytes of a file.</summary>
public sealed class SnifferTests
{
    public static TheoryData<string, Func<byte[]>, string, int?, int?> Types => new()
    {
        { "a photograph", () => Samples.Jpeg(64, 48), "image/jpeg", 64, 48 },
        { "one in several passes", () => Samples.ProgressiveJpeg(64, 48), "image/jpeg", 64, 48 },
        { "a turned one, as it is shown", () => Samples.CameraJpeg(64, 48, 6), "image/jpeg", 48, 64 },
        { "PNG", () => Samples.Png(33, 44), "image/png", 33, 44 },
        { "GIF", () => Samples.Gif(20, 30, 3), "image/gif", 20, 30 },
        { "WebP", () => Samples.WebP(50, 60), "image/webp", 50, 60 },
        { "WebP with transparency", () => Samples.WebP(50, 60, isDrawing: true), "image/webp", 50, 60 },
        { "WebP that moves", () => Samples.MovingWebP(40, 40, 4), "image/webp", 40, 40 },
        { "TIFF", () => Samples.Tiff(70, 30), "image/tiff", 70, 30 },
        { "AVIF", () => Samples.Avif(64, 32), "image/avif", 64, 32 },
        { "HEIC", Samples.Heic, "image/heic", null, null },
        { "BMP", Samples.Bmp, "image/bmp", 4, 4 },
        { "SVG", Samples.Svg, "image/svg+xml", null, null },
        { "a page", Samples.Html, "text/html", null, null },
        { "a program", Samples.Program, "application/x-executable", null, null },
        { "PDF", () => Samples.Pdf(), "application/pdf", null, null },
        { "Word", Samples.Docx, "application/vnd.openxmlformats-officedocument.wordprocessingml.document", null, null },
        { "a contact", Samples.VCard, "text/vcard", null, null },
        { "a text", () => "Hello, wörld"u8.ToArray(), "text/plain", null, null },
        { "nothing", () => [], "application/octet-stream", null, null },
        { "noise", () => [1, 2, 3, 0, 255], "application/octet-stream", null, null },
    };

    [Theory, MemberData(nameof(Types))]
    public void A_file_is_what_its_bytes_are(string what, Func<byte[]> make, string type, int? width, int? height)
    {
        var bytes = make();

        var facts = FileSniffer.Look(bytes);

        Assert.True(type == facts.Type, $"{what} is {facts.Type}.");
        Assert.Equal((width, height, bytes.LongLength), (facts.Width, facts.Height, facts.Bytes));
    }

    public static TheoryData<string, Func<byte[]>> Whole => new()
    {
        { "JPEG", () => Samples.CameraJpeg(200, 100, 1) },
        { "PNG", () => Samples.Png(200, 100) },
        { "GIF", () => Samples.Gif(60, 60, 5) },
        { "WebP", () => Samples.WebP(200, 100) },
    };

    [Theory, MemberData(nameof(Whole))]
    public void What_is_cut_off_is_seen_and_what_is_there_is_not_doubted(string what, Func<byte[]> make)
    {
        var bytes = make();

        Assert.True(FileSniffer.Look(bytes).IsWhole, what);
        for (var share = 1; share < 10; share++)
            Assert.False(FileSniffer.Look(bytes[..(bytes.Length * share / 10)]).IsWhole, $"{share} tenths of a {what}");
    }

    [Fact]
    public void Pictures_that_move_are_counted()
    {
        Assert.Equal(7, FileSniffer.Look(Samples.Gif(30, 30, 7)).Frames);
        Assert.Equal(5, FileSniffer.Look(Samples.MovingWebP(30, 30, 5)).Frames);
        Assert.Equal(3_000, FileSniffer.Look(Samples.BombGif(3_000)).Frames);
    }

    [Fact]
    public void What_is_not_seen_is_known_to_be_there()
    {
        Assert.True(FileSniffer.Look(Samples.CameraJpeg(64, 48, 1)).HasMetadata);
        Assert.True(FileSniffer.Look(Samples.CommentedPng(64, 48)).HasMetadata);
        Assert.True(FileSniffer.Look(Samples.WebP(64, 48, hasExif: true)).HasMetadata);
        Assert.False(FileSniffer.Look(Samples.Jpeg(64, 48)).HasMetadata);
        Assert.False(FileSniffer.Look(Samples.Png(64, 48)).HasMetadata);
    }

    [Fact]
    public void Colours_that_not_everybody_shows_are_known()
    {
        Assert.False(FileSniffer.Look(Samples.CmykJpeg(64, 48)).HasPlainColours);
        Assert.False(FileSniffer.Look(Samples.DeepPng(64, 48)).HasPlainColours);
        Assert.True(FileSniffer.Look(Samples.Png(64, 48, isDrawing: true)).HasPlainColours);
    }

    [Fact]
    public void Whatever_the_bytes_are_it_ends_and_does_not_throw()
    {
        // Each file with bytes changed at random, and the start of one type before the rest of another.
        var random = new Random(11);
        byte[][] files = [.. Types.Select(row => ((Func<byte[]>)row[1])()).Where(bytes => bytes.Length > 0)];
        foreach (var file in files)
        {
            for (var round = 0; round < 200; round++)
            {
                var broken = file.ToArray();
                for (var changes = 0; changes < 8; changes++) broken[random.Next(broken.Length)] = (byte)random.Next(256);
                _ = FileSniffer.Look(broken[..random.Next(1, broken.Length + 1)]);
            }

            foreach (var other in files) _ = FileSniffer.Look([.. file.Take(24), .. other.Skip(24)]);
        }
    }
}
