using System.Globalization;
using NetVips;
using Omni.Shared;

namespace Omni.MediaConverter;

/// <summary>
/// Makes pictures into what a carrier takes, with libvips: upright, in plain colours, without anything that is not seen, in at most
/// <see cref="MaxEncodes"/> encodes. Not for two pictures at once: libvips then takes twice the memory.
/// </summary>
internal static class PictureConverter
{
    /// <summary>How often a picture is encoded at the most until it has few enough bytes.</summary>
    public const int MaxEncodes = 3;

    /// <summary>A picture with more pixels is refused before it is decoded: a phone's have 12 to 50 million.</summary>
    public const long MaxPixels = 120_000_000;

    // How full a limit is aimed at: so that a guess that is a little wrong does not miss it.
    private const double Aim = 0.92;

    // After a miss the last guess is not to miss again.
    private const double LastAim = 0.8;

    // What is this full is not tried again to be fuller.
    private const double Enough = 0.75;

    private const int MinSide = 16;

    private static readonly string[] Readable =
        [FileTypes.Jpeg, FileTypes.Png, FileTypes.Gif, FileTypes.WebP, FileTypes.Tiff, FileTypes.Avif];

    private static readonly Lazy<bool> Library = new(() =>
    {
        // Loaders that read what anybody may have written, and were written for that.
        Operation.Block("VipsForeignLoad", true);
        foreach (var loader in (string[])["Jpeg", "Png", "Nsgif", "Webp", "Tiff", "Heif"])
            Operation.Block("VipsForeignLoad" + loader, false);
        Cache.Max = 0; // no picture comes twice
        // What a file makes it say, the refusal says.
        global::NetVips.Log.SetLogHandler("VIPS", Enums.LogLevelFlags.Warning, (_, _, _) => { });
        NetVips.NetVips.Concurrency = Math.Min(2, Environment.ProcessorCount);
        return true;
    });

    /// <summary>Whether pictures of a type can be read.</summary>
    /// <param name="type">The content type.</param>
    public static bool Reads(string type) => Readable.Contains(type);

    /// <summary>Makes a picture into what is wanted.</summary>
    /// <param name="path">Where it lies.</param>
    /// <param name="facts">What it is.</param>
    /// <param name="target">What it has to be.</param>
    /// <param name="cancellation">Ends it.</param>
    /// <exception cref="MediaException">It cannot be made.</exception>
    /// <exception cref="OperationCanceledException">The time was up.</exception>
    public static MadeFile Convert(string path, FileFacts facts, FileTarget target, CancellationToken cancellation)
    {
        _ = Library.Value;
        try
        {
            using var picture = Load(path, target, cancellation);
            return target.Kind == ContentType.Sticker ? Sticker(picture, target, cancellation) : Encode(picture, target, cancellation);
        }
        catch (VipsException) when (cancellation.IsCancellationRequested)
        {
            throw new OperationCanceledException(cancellation);
        }
        catch (VipsException broken)
        {
            throw new MediaException(
                MediaRefusal.Broken, $"The file is {facts.Type} and damaged: it cannot be decoded ({FirstLine(broken)}).");
        }
    }

    /// <summary>The picture as large as it may be, upright, in sRGB, in memory: what is done with it next, may be done again.</summary>
    private static Image Load(string path, FileTarget target, CancellationToken cancellation)
    {
        var (side, size) = target.Limits.Side is { } exact
            ? (exact, Enums.Size.Both)
            : (target.Limits.LongestSide, Enums.Size.Down);
        using var loaded = Image.Thumbnail(
            path, side, height: side, size: size, inputProfile: "srgb", outputProfile: "srgb", failOn: Enums.FailOn.Truncated);
        var isPlain = loaded.Interpretation is Enums.Interpretation.Srgb or Enums.Interpretation.Bw
            && loaded.Format == Enums.BandFormat.Uchar;
        using var plain = isPlain
            ? loaded.Copy()
            : loaded.Colourspace(Enums.Interpretation.Srgb).Cast(Enums.BandFormat.Uchar);
        Watch(plain, cancellation);
        return plain.CopyMemory();
    }

    private static MadeFile Encode(Image picture, FileTarget target, CancellationToken cancellation)
    {
        var (type, scale) = (TypeFor(picture, target), 1.0);
        List<(double Scale, byte[] Bytes)> tries = [];
        for (var encodes = 1; ; encodes++)
        {
            cancellation.ThrowIfCancellationRequested();
            var bytes = Write(picture, scale, type, target.Quality, cancellation);
            var limit = target.LargestOf(type);
            if (bytes.Length > limit && type == FileTypes.Png && target.Format is null && CanBe(FileTypes.Jpeg, target))
            {
                type = FileTypes.Jpeg; // what is not a drawing is large as PNG, and small so
                continue;
            }

            tries.Add((scale, bytes));
            var isEnough = bytes.Length <= limit && (scale >= 1 || bytes.Length > Enough * limit);
            if (!isEnough && encodes < MaxEncodes)
            {
                scale = Math.Max(NextScale(tries, limit), MinSide / (double)Math.Max(picture.Width, picture.Height));
                continue;
            }

            return tries.Where(made => made.Bytes.Length <= limit).MaxBy(made => made.Bytes.Length).Bytes is { } best
                ? new(best, type, encodes)
                : throw new MediaException(
                    MediaRefusal.TooLarge,
                    string.Create(
                        CultureInfo.InvariantCulture,
                        $"Made small, the picture still has {bytes.Length} bytes; {limit} are allowed. A larger maxBytes would help."));
        }
    }

    /// <summary>
    /// How much smaller a picture is made next. Bytes grow with the area at first guess; two tries show how this one's grow.
    /// </summary>
    private static double NextScale(List<(double Scale, byte[] Bytes)> tries, long limit)
    {
        var (scale, bytes) = tries[^1];
        if (tries.Count == 1) return scale * Math.Sqrt(Aim * limit / bytes.Length);

        var (scaleBefore, bytesBefore) = tries[^2];
        var growth = Math.Log((double)bytesBefore.Length / bytes.Length) / Math.Log(scaleBefore / scale);
        var aim = bytes.Length > limit ? LastAim : Aim;
        return scale * Math.Pow(aim * limit / bytes.Length, 1 / (double.IsFinite(growth) ? Math.Clamp(growth, 0.7, 4) : 2));
    }

    private static MadeFile Sticker(Image picture, FileTarget target, CancellationToken cancellation)
    {
        var side = target.Limits.Side!.Value;
        using var coloured = Coloured(picture);
        using var transparent = coloured.HasAlpha() ? coloured.Copy() : coloured.Bandjoin(255);
        using var square = transparent.Gravity(Enums.CompassDirection.Centre, side, side, background: [0, 0, 0, 0]);
        var limit = target.LargestOf(FileTypes.WebP);
        int[] qualities = [target.Quality, Math.Min(target.Quality, 55), Math.Min(target.Quality, 25)];
        foreach (var (index, quality) in qualities.Index())
        {
            cancellation.ThrowIfCancellationRequested();
            var bytes = square.WebpsaveBuffer(q: quality, keep: Enums.ForeignKeep.None);
            if (bytes.Length <= limit) return new(bytes, FileTypes.WebP, index + 1);
        }

        throw new MediaException(MediaRefusal.TooLarge, $"The sticker has more than {limit} bytes at any quality.");
    }

    private static byte[] Write(Image picture, double scale, string type, int quality, CancellationToken cancellation)
    {
        using var scaled = scale < 1 ? picture.Resize(scale) : picture.Copy();
        using var written = type == FileTypes.Jpeg && scaled.HasAlpha() ? scaled.Flatten([255]) : scaled.Copy();
        Watch(written, cancellation);
        return type switch
        {
            FileTypes.Jpeg => written.JpegsaveBuffer(q: quality, optimizeCoding: true, keep: Enums.ForeignKeep.None),
            FileTypes.Png => Png(written),
            FileTypes.WebP => written.WebpsaveBuffer(q: quality, keep: Enums.ForeignKeep.None),
            _ => throw new MediaException(MediaRefusal.Type, $"Pictures are not written as {type}: image/jpeg would help."),
        };
    }

    private static Image Coloured(Image picture) =>
        picture.Interpretation == Enums.Interpretation.Bw ? picture.Colourspace(Enums.Interpretation.Srgb) : picture.Copy();

    private static byte[] Png(Image picture)
    {
        using var coloured = Coloured(picture);
        return coloured.PngsaveBuffer(compression: 6, keep: Enums.ForeignKeep.None);
    }

    // With transparency it stays what can have it, where that is taken; all else is a photograph, until it is known better.
    private static string TypeFor(Image picture, FileTarget target) => target switch
    {
        { Format: { } wished } => wished,
        _ when picture.HasAlpha() && CanBe(FileTypes.Png, target) && picture.Width * picture.Height <= 1_000_000 => FileTypes.Png,
        _ when CanBe(FileTypes.Jpeg, target) => FileTypes.Jpeg,
        _ => target.Limits.Types![0],
    };

    private static bool CanBe(string type, FileTarget target) => target.Limits.Types?.Contains(type) != false;

    private static void Watch(Image picture, CancellationToken cancellation) => picture.SetProgress(Silent, cancellation);

    private static readonly IProgress<int> Silent = new Progress<int>();

    private static string FirstLine(VipsException fault) =>
        fault.Message.Split('\n').Select(line => line.Trim()).LastOrDefault(line => line.Length > 0) is { } line
            ? line[..Math.Min(line.Length, 80)]
            : "no more is known";
}
