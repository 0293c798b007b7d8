using System.Globalization;
using NetVips;
using Omni.MediaConverter.Tests.Support;
using Omni.Shared;
using Omni.Simulators.Bandwidth;
using Omni.Simulators.MessageBird;
using Omni.Simulators.Twilio;
using Omni.Simulators.WhatsApp;
using FileLook = Omni.Simulators.Files.FileLook;
using SeenFile = Omni.Simulators.Files.FetchedFile;

namespace Omni.MediaConverter.Tests;

/// <summary>
/// Pictures of every kind, good and bad, to every carrier: each arrives as the carrier's own page says that it takes it, or is refused. The
/// judge is written anew from those pages, and reads what was made with a decoder: neither the catalogue nor the sniffer is asked. The
/// carrier's simulator is the second judge, with code of its own.
/// </summary>
[Collection(nameof(OnePictureAtATime))]
public sealed class CorpusTests
{
    private const long Megabyte = 1024 * 1024;

    /// <summary>What is known of a picture beforehand: whether it can arrive, or must be refused.</summary>
    private enum Fate
    {
        Arrives,
        Refused,
    }

    public static TheoryData<string> Carriers =>
        ["whatsapp", "whatsapp sticker", "bandwidth", "bandwidth toll-free", "twilio", "livechat", "messagebird"];

    [Theory, MemberData(nameof(Carriers))]
    public async Task Every_picture_arrives_as_the_carrier_takes_it_or_is_refused(string to)
    {
        var kind = to.EndsWith("sticker", StringComparison.Ordinal) ? ContentType.Sticker : ContentType.Image;
        var from = SenderOf(to);
        var target = FileTarget.Of(CarrierCatalogue.Get(to.Split(' ')[0]), from, kind, files: 1)!;
        var converter = new FileConverter(new(ffmpeg: null));
        var wrong = new List<string>();
        var count = 0;
        foreach (var (name, fate, bytes) in Corpus.Value)
        {
            count++;
            using var file = new TemporaryFile(bytes);
            try
            {
                var made = await converter.MakeAsync(file.Path, FileSniffer.Look(bytes), target, CancellationToken.None);
                if (fate == Fate.Refused) wrong.Add($"{name} was taken.");
                if (made?.Encodes > PictureConverter.MaxEncodes) wrong.Add($"{name} took {made.Encodes} encodes.");
                if (Judge(to, made?.Bytes ?? bytes) is { } problem) wrong.Add($"{name}: {problem}");
                if (Simulated(to, made?.Type, made?.Bytes ?? bytes) is { } code) wrong.Add($"{name}: the simulator says {code}");
            }
            catch (MediaException refused)
            {
                if (fate == Fate.Arrives) wrong.Add($"{name} was refused: {refused.Refusal.Code} {refused.Message}");
            }
        }

        Assert.True(count >= 80, $"{count} pictures");
        Assert.True(wrong.Count == 0, string.Join('\n', wrong));
    }

    private static Address SenderOf(string to) =>
        Address.Phone(to.EndsWith("toll-free", StringComparison.Ordinal) ? "+18445550100" : "+12065550100");

    /// <summary>What a carrier's simulator says to a file; null when it takes it.</summary>
    private static string? Simulated(string to, string? type, byte[] bytes)
    {
        var look = FileLook.Of(bytes);
        SeenFile[] files = [new(type ?? look.Type, look)];
        return to.Split(' ')[0] switch
        {
            "whatsapp" => WhatsAppFiles.Refuse(type ?? look.Type, look),
            "bandwidth" => BandwidthFiles.Refuse(files, SenderOf(to).Value)?.ToString(CultureInfo.InvariantCulture),
            "twilio" => TwilioFiles.Refuse(files)?.ToString(CultureInfo.InvariantCulture),
            "messagebird" => MessageBirdFiles.CanGo(files) ? null : "delivery_failed",
            _ => null, // LiveChat takes any file but programs
        };
    }

    /// <summary>What a carrier says to a picture; null when it takes it.</summary>
    private static string? Judge(string to, byte[] bytes)
    {
        using var picture = Image.NewFromBuffer(bytes, failOn: Enums.FailOn.Warning);
        var loader = (string)picture.Get("vips-loader");
        var type = new[] { "jpeg", "png", "gif", "webp" }
            .FirstOrDefault(known => loader.StartsWith(known, StringComparison.Ordinal)) ?? loader;
        var pages = picture.Contains("n-pages") ? (int)picture.Get("n-pages") : 1;
        var (types, most) = to switch
        {
            // developers.facebook.com/documentation/business-messaging/whatsapp/business-phone-numbers/media
            "whatsapp" => ("jpeg png", 5 * Megabyte),
            "whatsapp sticker" => ("webp", pages > 1 ? 500 * 1024 : 100 * 1024),
            // dev.bandwidth.com/docs/messaging, support.telnyx.com/en/articles/3102815-mms-transcoding
            "bandwidth" => ("jpeg png gif", 1_000_000L),
            "bandwidth toll-free" => ("jpeg png gif", 525_000L),
            // www.twilio.com/docs/messaging/guides/accepted-mime-types
            "twilio" => ("jpeg png gif", 5 * Megabyte),
            // platform.text.com/docs/messaging/agent-chat-api
            "livechat" => ("jpeg png gif webp", 10 * Megabyte),
            // developers.messagebird.com/api/mms-messaging
            "messagebird" => ("jpeg png gif", Megabyte),
            _ => throw new ArgumentException($"There is no page of {to}."),
        };
        return picture switch
        {
            _ when !types.Split(' ').Contains(type) => $"it is {type}",
            _ when bytes.Length > most => $"it has {bytes.Length} bytes",
            _ when to == "whatsapp sticker" && (picture.Width, picture.PageHeight) != (512, 512) =>
                $"it has {picture.Width} × {picture.Height}",
            _ when to == "whatsapp" && (picture.Format != Enums.BandFormat.Uchar || picture.Interpretation == Enums.Interpretation.Cmyk) =>
                $"its colours are {picture.Interpretation} {picture.Format}",
            _ when picture.GetFields().FirstOrDefault(field => field.StartsWith("exif", StringComparison.Ordinal)) is { } field =>
                $"it tells {field}",
            _ => null,
        };
    }

    private static readonly Lazy<IReadOnlyList<(string Name, Fate Fate, byte[] Bytes)>> Corpus = new(() =>
    {
        (int Width, int Height)[] sizes = [(64, 48), (700, 500), (2400, 1800)];
        var all = new List<(string Name, Fate Fate, byte[] Bytes)>();
        void Add(string name, byte[] bytes, Fate fate = Fate.Arrives) => all.Add((name, fate, bytes));

        foreach (var (width, height) in sizes)
        {
            var size = $"{width} × {height}";
            for (var orientation = 1; orientation <= 8; orientation++)
                Add($"camera JPEG {size} turned {orientation}", Samples.CameraJpeg(width, height, orientation));
            Add($"JPEG {size}", Samples.Jpeg(width, height));
            Add($"progressive JPEG {size}", Samples.ProgressiveJpeg(width, height));
            Add($"CMYK JPEG {size}", Samples.CmykJpeg(width, height));
            Add($"grey JPEG {size}", Samples.GreyJpeg(width, height));
            Add($"PNG {size}", Samples.Png(width, height));
            Add($"PNG with transparency {size}", Samples.Png(width, height, isDrawing: true));
            Add($"PNG of 16 bits {size}", Samples.DeepPng(width, height));
            Add($"PNG with comments {size}", Samples.CommentedPng(width, height));
            Add($"WebP {size}", Samples.WebP(width, height));
            Add($"WebP with transparency {size}", Samples.WebP(width, height, isDrawing: true));
            Add($"WebP of a camera {size}", Samples.WebP(width, height, hasExif: true));
            Add($"TIFF {size}", Samples.Tiff(width, height));
        }

        Add("a thin one", Samples.Jpeg(3000, 40));
        Add("a tall one", Samples.Png(30, 2000));
        Add("AVIF", Samples.Avif(200, 120));
        Add("a GIF", Samples.Gif(80, 60, 1));
        Add("a GIF that moves", Samples.Gif(120, 90, 8));
        Add("a WebP that moves", Samples.MovingWebP(120, 90, 8));
        Add("a sticker", Samples.WebP(512, 512, isDrawing: true));
        Add("a sticker that moves", Samples.MovingWebP(512, 512, 4));

        byte[][] whole =
            [Samples.Jpeg(700, 500), Samples.Png(300, 200), Samples.Gif(80, 60, 4), Samples.WebP(300, 200), Samples.Tiff(300, 200)];
        foreach (var bytes in whole)
        {
            for (var tenths = 2; tenths <= 8; tenths += 3)
                Add($"{tenths} tenths of one", bytes[..(bytes.Length * tenths / 10)], Fate.Refused);
        }

        Add("nothing", [], Fate.Refused);
        Add("one byte", [0xFF], Fate.Refused);
        Add("a page", Samples.Html(), Fate.Refused);
        Add("SVG", Samples.Svg(), Fate.Refused);
        Add("BMP", Samples.Bmp(), Fate.Refused);
        Add("HEIC", Samples.Heic(), Fate.Refused);
        Add("a program", Samples.Program(), Fate.Refused);
        Add("PDF", Samples.Pdf(), Fate.Refused);
        Add("a contact", Samples.VCard(), Fate.Refused);
        Add("a bomb of pixels", Samples.BombPng(50_000, 50_000), Fate.Refused);
        Add("a bomb of pictures", Samples.BombGif(4_000), Fate.Refused);
        Add("a JPEG with another behind it", [.. Samples.CameraJpeg(80, 60, 1), .. Samples.CameraJpeg(80, 60, 6)]);
        return all;
    });
}
