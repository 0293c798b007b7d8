using NetVips;
using Omni.MediaConverter.Tests.Support;
using Omni.Shared;

namespace Omni.MediaConverter.Tests;

/// <summary>What is made of pictures.</summary>
[Collection(nameof(OnePictureAtATime))]
public sealed class PictureTests
{
    private static readonly Address LongCode = Address.Phone("+12065550100");

    [Theory]
    [InlineData("whatsapp", 4000, 3000)]
    [InlineData("bandwidth", 4000, 3000)]
    [InlineData("twilio", 4000, 3000)]
    [InlineData("messagebird", 4000, 3000)]
    [InlineData("livechat", 4000, 3000)]
    public async Task A_turned_photograph_arrives_upright_small_enough_and_tells_no_place(string carrier, int width, int height)
    {
        var target = TargetOf(carrier, ContentType.Image);

        var made = await MakeAsync(Samples.CameraJpeg(width, height, 6), target);

        var facts = FileSniffer.Look(made!.Bytes);
        Assert.InRange(made.Encodes, 1, PictureConverter.MaxEncodes);
        Assert.Equal("image/jpeg", facts.Type);
        Assert.True(facts.Bytes <= target.LargestOf(facts.Type), $"{facts.Bytes} bytes");
        Assert.True(facts.Height > facts.Width, "It lies on its side.");
        Assert.False(facts.HasMetadata || facts.IsTurned);
    }

    /// <summary>What an outsider finds in it: exiftool, on machines that have it.</summary>
    [Theory]
    [InlineData("whatsapp", 6)]
    [InlineData("livechat", 1)] // only cleaned
    public async Task Exiftool_finds_nothing_that_is_not_seen(string carrier, int orientation)
    {
        var exiftool = (Environment.GetEnvironmentVariable("PATH") ?? "").Split(':')
            .Select(folder => Path.Combine(folder, "exiftool")).FirstOrDefault(File.Exists);
        if (exiftool is null) return;

        var made = await MakeAsync(Samples.CameraJpeg(800, 600, orientation), TargetOf(carrier, ContentType.Image));

        using var file = new TemporaryFile(made!.Bytes);
        using var run = System.Diagnostics.Process.Start(new System.Diagnostics.ProcessStartInfo(
            exiftool, ["-a", "-G1", "-s", "-EXIF:all", "-GPS:all", "-XMP:all", "-IPTC:all", "-Comment", "-ThumbnailImage", file.Path])
        {
            RedirectStandardOutput = true,
        })!;
        Assert.Equal("", await run.StandardOutput.ReadToEndAsync());
    }

    [Theory]
    [InlineData(300_000, 4000, 3000)]
    [InlineData(100_000, 4000, 3000)]
    [InlineData(20_000, 4000, 3000)]
    [InlineData(50_000, 720, 477)]
    [InlineData(10_000, 720, 477)]
    [InlineData(300_000, 3000, 400)]
    [InlineData(30_000, 200, 6000)]
    public async Task Any_limit_is_reached_in_three_encodes_and_not_missed_by_much(long limit, int width, int height)
    {
        var made = await MakeAsync(Samples.Jpeg(width, height), TargetOf("bandwidth", ContentType.Image) with { MostBytes = limit });

        Assert.InRange(made!.Encodes, 1, PictureConverter.MaxEncodes);
        Assert.InRange(made.Bytes.Length, limit * 55 / 100, limit);
    }

    public static TheoryData<string, Func<byte[]>, string> Fitting => new()
    {
        { "JPEG", () => Samples.Jpeg(800, 600), "whatsapp" },
        { "PNG", () => Samples.Png(300, 200), "whatsapp" },
        { "a GIF that moves", () => Samples.Gif(100, 100, 6), "twilio" },
        { "WebP", () => Samples.WebP(300, 200), "livechat" },
    };

    [Theory, MemberData(nameof(Fitting))]
    public async Task What_fits_goes_as_it_is(string what, Func<byte[]> make, string carrier)
    {
        Assert.True(await MakeAsync(make(), TargetOf(carrier, ContentType.Image)) is null, what);
    }

    public static TheoryData<string, Func<byte[]>> Telling => new()
    {
        { "JPEG", () => Samples.CameraJpeg(800, 600, 1) },
        { "JPEG with pictures behind its end", () => [.. Samples.CameraJpeg(800, 600, 1), .. Samples.CameraJpeg(80, 60, 1)] },
        { "PNG", () => Samples.CommentedPng(200, 100) },
        { "WebP", () => Samples.WebP(200, 100, hasExif: true) },
    };

    [Theory, MemberData(nameof(Telling))]
    public async Task What_fits_and_tells_more_than_is_seen_is_cleaned_to_the_same_pixels(string what, Func<byte[]> make)
    {
        var bytes = make();

        var made = await MakeAsync(bytes, TargetOf("livechat", ContentType.Image));

        Assert.True(made is { Encodes: 0 }, what);
        Assert.False(FileSniffer.Look(made!.Bytes).HasMetadata);
        using var before = Image.NewFromBuffer(bytes);
        using var after = Image.NewFromBuffer(made.Bytes);
        Assert.Equal(0, (before - after).Abs().Max());
        Assert.DoesNotContain(after.GetFields(), field => field.StartsWith("exif", StringComparison.Ordinal));
    }

    public static TheoryData<string, Func<byte[]>, string> Converted => new()
    {
        { "CMYK", () => Samples.CmykJpeg(400, 300), "image/jpeg" },
        { "16 bits", () => Samples.DeepPng(400, 300), "image/jpeg" },
        { "WebP", () => Samples.WebP(400, 300), "image/jpeg" },
        { "TIFF", () => Samples.Tiff(400, 300), "image/jpeg" },
        { "AVIF", () => Samples.Avif(128, 64), "image/jpeg" },
        { "GIF", () => Samples.Gif(60, 40, 4), "image/png" },
        { "a drawing with transparency", () => Samples.WebP(400, 300, isDrawing: true), "image/png" },
        { "grey", () => Samples.GreyJpeg(5000, 3000), "image/jpeg" },
    };

    [Theory, MemberData(nameof(Converted))]
    public async Task What_WhatsApp_does_not_show_becomes_what_it_does(string what, Func<byte[]> make, string type)
    {
        var target = TargetOf("whatsapp", ContentType.Image) with { MostBytes = 400_000 };
        var before = FileSniffer.Look(make());

        var made = await MakeAsync(make(), target);

        var facts = FileSniffer.Look(made!.Bytes);
        Assert.True(type == facts.Type, $"{what} became {facts.Type}.");
        Assert.Null(target.Of(facts));
        Assert.Equal((double)before.Width!.Value / before.Height!.Value, (double)facts.Width!.Value / facts.Height!.Value, 1);
    }

    [Fact]
    public async Task Transparency_becomes_white_where_a_type_has_none()
    {
        var target = TargetOf("whatsapp", ContentType.Image) with { Format = "image/jpeg" };

        using var made = Image.NewFromBuffer((await MakeAsync(Samples.Png(400, 300, isDrawing: true), target))!.Bytes);

        Assert.Equal(3, made.Bands);
        Assert.All(made.Getpoint(2, 2), colour => Assert.InRange(colour, 250, 255));
    }

    public static TheoryData<string, Func<byte[]>> Stickers => new()
    {
        { "a photograph", () => Samples.Jpeg(1000, 600) },
        { "a small one", () => Samples.Png(90, 40) },
        { "a drawing", () => Samples.Png(700, 900, isDrawing: true) },
        { "a still WebP of the wrong size", () => Samples.WebP(300, 300, isDrawing: true) },
    };

    [Theory, MemberData(nameof(Stickers))]
    public async Task A_sticker_is_a_square_of_512_with_transparency_around_it(string what, Func<byte[]> make)
    {
        var target = TargetOf("whatsapp", ContentType.Sticker);

        var made = await MakeAsync(make(), target);

        var facts = FileSniffer.Look(made!.Bytes);
        Assert.Null(target.Of(facts));
        Assert.True(facts is { Type: "image/webp", Width: 512, Height: 512, Bytes: <= 100 * 1024 }, $"{what}: {facts}");
        using var picture = Image.NewFromBuffer(made.Bytes);
        Assert.True(picture.HasAlpha());
    }

    [Fact]
    public async Task A_sticker_that_fits_goes_as_it_is_also_one_that_moves()
    {
        var target = TargetOf("whatsapp", ContentType.Sticker);

        Assert.Null(await MakeAsync(Samples.WebP(512, 512, isDrawing: true), target));
        Assert.Null(await MakeAsync(Samples.MovingWebP(512, 512, 4), target));
    }

    public static TheoryData<string, Func<byte[]>, ContentType, string> Hostile => new()
    {
        { "nothing", () => [], ContentType.Image, MediaRefusal.Empty },
        { "a page in place of a picture", Samples.Html, ContentType.Image, MediaRefusal.Type },
        { "a program", Samples.Program, ContentType.Image, MediaRefusal.Type },
        { "SVG", Samples.Svg, ContentType.Image, MediaRefusal.Type },
        { "HEIC of a phone", Samples.Heic, ContentType.Image, MediaRefusal.Type },
        { "BMP", Samples.Bmp, ContentType.Image, MediaRefusal.Type },
        { "a document as a picture", () => Samples.Pdf(), ContentType.Image, MediaRefusal.Type },
        { "a page as a document", Samples.Html, ContentType.Document, MediaRefusal.Type },
        { "a program as a document", Samples.Program, ContentType.Document, MediaRefusal.Type },
        { "a picture as sound", () => Samples.Png(20, 20), ContentType.Audio, MediaRefusal.Type },
        { "a bomb of pixels", () => Samples.BombPng(60_000, 60_000), ContentType.Image, MediaRefusal.Bomb },
        { "a bomb of pixels as a sticker", () => Samples.BombPng(20_000, 20_000), ContentType.Sticker, MediaRefusal.Bomb },
        { "a bomb of pictures", () => Samples.BombGif(5_000), ContentType.Image, MediaRefusal.Bomb },
        { "a picture that says it is larger than it is", () => Samples.BombPng(2_000, 2_000), ContentType.Sticker, MediaRefusal.Broken },
        { "half a photograph", () => Half(Samples.Jpeg(3000, 2000)), ContentType.Image, MediaRefusal.Broken },
        { "half a PNG", () => Half(Samples.Png(300, 200)), ContentType.Image, MediaRefusal.Broken },
        { "half a TIFF", () => Half(Samples.Tiff(300, 200)), ContentType.Image, MediaRefusal.Broken },
        { "half an AVIF", () => Half(Samples.Avif(300, 200)), ContentType.Image, MediaRefusal.Broken },
        { "a photograph with noise in it and its end", NoiseInside, ContentType.Sticker, MediaRefusal.Broken },
    };

    [Theory, MemberData(nameof(Hostile))]
    public async Task What_cannot_go_is_refused_with_what_it_is(string what, Func<byte[]> make, ContentType kind, string code)
    {
        var fault = await Assert.ThrowsAsync<MediaException>(() => MakeAsync(make(), TargetOf("whatsapp", kind)));

        Assert.True(code == fault.Refusal.Code, $"{what}: {fault.Refusal}");
        Assert.NotEmpty(fault.Refusal.Detail);
    }

    [Fact]
    public async Task Whatever_is_broken_in_a_file_ends_as_a_picture_or_as_a_refusal()
    {
        var random = new Random(5);
        byte[][] files =
        [
            Samples.Jpeg(300, 200), Samples.ProgressiveJpeg(300, 200), Samples.Png(100, 80), Samples.Gif(60, 60, 3), Samples.WebP(200, 100),
            Samples.Tiff(60, 40), Samples.Avif(64, 64),
        ];
        var target = TargetOf("whatsapp", ContentType.Sticker);
        foreach (var file in files)
        {
            for (var round = 0; round < 25; round++)
            {
                var broken = file.ToArray();
                for (var changes = 0; changes < 12; changes++) broken[random.Next(broken.Length)] = (byte)random.Next(256);
                try
                {
                    await MakeAsync(broken, target);
                }
                catch (MediaException refused)
                {
                    Assert.StartsWith("media_", refused.Refusal.Code, StringComparison.Ordinal);
                }
            }
        }
    }

    [Fact]
    public async Task What_takes_too_long_is_given_up()
    {
        using var over = new CancellationTokenSource();
        await over.CancelAsync();

        await Assert.ThrowsAnyAsync<OperationCanceledException>(
            () => MakeAsync(Samples.CameraJpeg(3000, 2000, 6), TargetOf("whatsapp", ContentType.Image), over.Token));
    }

    private static byte[] Half(byte[] bytes) => bytes[..(bytes.Length / 2)];

    private static byte[] NoiseInside()
    {
        var bytes = Samples.Png(400, 300);
        new Random(1).NextBytes(bytes.AsSpan(bytes.Length / 2, 2000));
        return bytes;
    }

    internal static FileTarget TargetOf(string carrier, ContentType kind) =>
        FileTarget.Of(CarrierCatalogue.Get(carrier), LongCode, kind, files: 1)!;

    private static async Task<MadeFile?> MakeAsync(byte[] bytes, FileTarget target, CancellationToken cancellation = default)
    {
        using var file = new TemporaryFile(bytes);
        return await new FileConverter(new(ffmpeg: null)).MakeAsync(file.Path, FileSniffer.Look(bytes), target, cancellation);
    }
}

/// <summary>libvips takes the memory of every picture that it works at, so tests work at one after another.</summary>
[CollectionDefinition(nameof(OnePictureAtATime), DisableParallelization = true)]
public sealed class OnePictureAtATime;
