using System.Globalization;
using Omni.Shared;

namespace Omni.MediaConverter;

/// <summary>Decides what is done with a file, and does it: it goes as it is, is cleaned, is converted, or is refused.</summary>
/// <param name="films">Converts sound and films.</param>
internal sealed class FileConverter(FilmConverter films)
{
    // More pictures than a film of a minute has, and more pixels to be drawn than a phone draws in one.
    private const int MaxFrames = 2_000;
    private const long MaxPixelsOfAll = 4_000_000_000;

    /// <summary>Makes a file into what its carrier takes.</summary>
    /// <param name="path">Where it lies.</param>
    /// <param name="facts">What it is.</param>
    /// <param name="target">What it has to be.</param>
    /// <param name="cancellation">Ends it.</param>
    /// <returns>What was made; null where the file goes as it is.</returns>
    /// <exception cref="MediaException">It cannot go.</exception>
    /// <exception cref="OperationCanceledException">The time was up.</exception>
    public async Task<MadeFile?> MakeAsync(string path, FileFacts facts, FileTarget target, CancellationToken cancellation)
    {
        RefuseHopeless(facts, target);
        var misfit = target.Of(facts);
        if (misfit is null) return null;

        if (target.Kind is ContentType.Image or ContentType.Sticker)
        {
            if (!PictureConverter.Reads(facts.Type)) throw NotConverted(facts, target);

            if (misfit == Misfit.Metadata && !facts.IsTurned
                && PictureCleaner.Clean(await File.ReadAllBytesAsync(path, cancellation).ConfigureAwait(false), facts.Type) is { } clean)
                return new(clean, facts.Type, 0);

            return PictureConverter.Convert(path, facts, target, cancellation);
        }

        if (target.Kind is ContentType.Audio or ContentType.Video && FilmConverter.Reads(facts.Type))
            return await films.ConvertAsync(path, facts, target, cancellation).ConfigureAwait(false);

        throw misfit == Misfit.Bytes
            ? new MediaException(
                MediaRefusal.TooLarge,
                Text($"The file has {facts.Bytes} bytes; {target.LargestOf(facts.Type)} are taken, and it is not made smaller."))
            : NotConverted(facts, target);
    }

    private static void RefuseHopeless(FileFacts facts, FileTarget target)
    {
        if (facts.Bytes == 0) throw new MediaException(MediaRefusal.Empty, "The file has no bytes.");

        // A document may be a picture, and a sticker is one.
        var kind = target.Kind == ContentType.Sticker ? ContentType.Image : target.Kind;
        var isOfItsKind = kind == ContentType.Document || facts.Kind == kind;
        if (!isOfItsKind) throw NotConverted(facts, target);
        if (!facts.IsWhole)
            throw new MediaException(MediaRefusal.Broken, $"The file is {facts.Type} and cut off or damaged: its end is missing.");
        if (facts.Pixels > PictureConverter.MaxPixels)
        {
            throw new MediaException(
                MediaRefusal.Bomb,
                Text($"The picture has {facts.Width} × {facts.Height} pixels; {PictureConverter.MaxPixels} are decoded at the most."));
        }

        if (facts.Frames > MaxFrames || facts.Frames * facts.Pixels > MaxPixelsOfAll)
        {
            throw new MediaException(
                MediaRefusal.Bomb, Text($"The picture moves through {facts.Frames} pictures of {facts.Width} × {facts.Height} pixels."));
        }
    }

    private static MediaException NotConverted(FileFacts facts, FileTarget target) => new(
        MediaRefusal.Type,
        $"The file is {facts.Type}{Why(facts.Type)}, sent as {target.Kind.Word()}; "
            + $"taken are {string.Join(", ", target.Limits.Types ?? [])}.");

    private static string Why(string type) => type switch
    {
        FileTypes.Heic => " (HEVC, as phones write it, which is not decoded here)",
        FileTypes.Html => " (a page: perhaps the host's error, or a page about the file)",
        _ => "",
    };

    private static string Text(FormattableString text) => text.ToString(CultureInfo.InvariantCulture);
}
