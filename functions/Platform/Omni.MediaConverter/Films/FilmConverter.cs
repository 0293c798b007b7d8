using System.Globalization;
using System.Text.RegularExpressions;
using Omni.Shared;

namespace Omni.MediaConverter;

/// <summary>
/// Makes sound and films into what a carrier takes, with ffmpeg: H.264 and AAC, Opus in one channel, or MP3, without anything that is not
/// seen or heard. The bytes are known beforehand by the bitrate: one encode, and a second only where that missed.
/// </summary>
/// <param name="ffmpeg">The program; null where there is none.</param>
internal sealed partial class FilmConverter(FfmpegProgram? ffmpeg)
{
    // What a container takes, and what an encoder strays by.
    private const double Aim = 0.92;

    private const int MaxEncodes = 2;
    private const int VideoSide = 1280;
    private const int SmallVideoSide = 640;
    private const long SmallVideoBytes = 2_000_000;

    // Below these nobody understands or recognises anything.
    private const int MinSound = 8_000;
    private const int MinPicture = 40_000;

    private const int SoundOfFilm = 64_000;
    private const int MostPicture = 2_500_000;

    // A type names its demuxer: ffmpeg shall not guess, for some of them open other files.
    private static readonly Dictionary<string, string> Demuxers = new()
    {
        [FileTypes.Mp4] = "mov", [FileTypes.ThreeGpp] = "mov", [FileTypes.QuickTime] = "mov", [FileTypes.M4a] = "mov",
        [FileTypes.WebM] = "matroska", [FileTypes.Avi] = "avi", [FileTypes.Mpeg] = "mpeg", [FileTypes.Mp3] = "mp3",
        [FileTypes.Aac] = "aac", [FileTypes.Ogg] = "ogg", [FileTypes.Amr] = "amr", [FileTypes.Wav] = "wav", [FileTypes.Flac] = "flac",
    };

    /// <summary>What is written of sound, the best first: its type, how it is encoded, and its bitrate where there is room.</summary>
    private static readonly (string Type, string Format, string[] Encoder, int Bits)[] Sounds =
    [
        (FileTypes.Ogg, "ogg", ["-ac", "1", "-ar", "48000", "-c:a", "libopus", "-application", "voip"], 32_000),
        (FileTypes.Mp3, "mp3", ["-ac", "2", "-ar", "44100", "-c:a", "libmp3lame"], 96_000),
        (FileTypes.M4a, "ipod", ["-ac", "2", "-c:a", "aac"], 96_000),
    ];

    /// <summary>Whether files of a type can be read.</summary>
    /// <param name="type">The content type.</param>
    public static bool Reads(string type) => Demuxers.ContainsKey(type);

    /// <summary>Makes a file into what is wanted.</summary>
    /// <param name="path">Where it lies.</param>
    /// <param name="facts">What it is.</param>
    /// <param name="target">What it has to be.</param>
    /// <param name="cancellation">Ends it.</param>
    /// <exception cref="MediaException">It cannot be made.</exception>
    /// <exception cref="OperationCanceledException">The time was up.</exception>
    public async Task<MadeFile> ConvertAsync(string path, FileFacts facts, FileTarget target, CancellationToken cancellation)
    {
        if (ffmpeg is null)
        {
            throw new MediaException(
                MediaRefusal.NoConverter,
                $"The file is {facts.Type} and would have to be converted; here is no ffmpeg, which does that. "
                    + $"Taken as they are: {string.Join(", ", target.Limits.Types ?? [])}.");
        }

        string[] source = ["-f", Demuxers[facts.Type], "-i", "file:" + path];
        var seconds = (facts.DurationMs ?? await DurationAsync(source, cancellation).ConfigureAwait(false)) / 1000.0;
        if (seconds <= 0) throw new MediaException(MediaRefusal.Broken, $"The file is {facts.Type}, and how long it plays cannot be told.");

        var isFilm = target.Kind == ContentType.Video;
        var type = isFilm ? FileTypes.Mp4 : TypeOf(target);
        var limit = target.LargestOf(type);
        var bits = Aim * limit * 8 / seconds;
        for (var encodes = 1; ; encodes++)
        {
            var arguments = isFilm ? Film(source, bits, limit) : Sound(source, type, bits);
            var made = await EncodeAsync(arguments, cancellation).ConfigureAwait(false);
            if (made is null || FileSniffer.Look(made).DurationMs is null or 0)
                throw new MediaException(MediaRefusal.Broken, $"The file is {facts.Type} and damaged: it cannot be decoded.");
            if (made.LongLength <= limit) return new(made, type, encodes);
            if (encodes == MaxEncodes) throw TooLong(seconds, limit);

            bits *= Aim * limit / made.LongLength;
        }

        string[] Film(string[] from, double all, long most)
        {
            var sound = Math.Min(SoundOfFilm, Math.Max(MinSound * 2, (int)(all / 6)));
            var picture = Math.Min(MostPicture, all - sound);
            if (picture < MinPicture) throw TooLong(seconds, most);

            var side = most < SmallVideoBytes ? SmallVideoSide : VideoSide;
            return
            [
                .. from, "-map", "0:v:0", "-map", "0:a:0?",
                "-vf", $"scale=w='min({side},iw)':h='min({side},ih)':force_original_aspect_ratio=decrease:force_divisible_by=2",
                "-c:v", "libx264", "-profile:v", "baseline", "-preset", "veryfast", "-pix_fmt", "yuv420p", "-b:v", Number(picture),
                "-maxrate", Number(picture), "-bufsize", Number(2 * picture), "-c:a", "aac", "-ac", "2", "-b:a", Number(sound),
                "-movflags", "+faststart", "-f", "mp4",
            ];
        }

        string[] Sound(string[] from, string to, double all)
        {
            if (all < MinSound) throw TooLong(seconds, limit);

            var (_, format, encoder, usual) = Sounds.First(sound => sound.Type == to);
            return [.. from, "-map", "0:a:0", "-vn", .. encoder, "-b:a", Number(Math.Min(usual, all)), "-f", format];
        }
    }

    private static string TypeOf(FileTarget target) =>
        target.Format is { } wished && Sounds.Any(sound => sound.Type == wished) ? wished
        : Sounds.Select(sound => sound.Type).OrderBy(type => target.Limits.Types?.ToList().IndexOf(type) is >= 0 and var place ? place : 99)
            .First();

    private static MediaException TooLong(double seconds, long limit) => new(
        MediaRefusal.TooLarge,
        string.Create(CultureInfo.InvariantCulture, $"It plays for {seconds:0} s, which do not go into {limit} bytes."));

    /// <returns>What was made; null where the file cannot be decoded.</returns>
    private async Task<byte[]?> EncodeAsync(string[] arguments, CancellationToken cancellation)
    {
        var made = FetchedFile.NewPath();
        try
        {
            var (isDone, _) = await ffmpeg!.RunAsync(
                [
                    .. arguments, "-map_metadata", "-1", "-map_chapters", "-1", "-fs", Number(FileFetcher.MaxBytes), "file:" + made,
                ],
                cancellation)
                .ConfigureAwait(false);
            return isDone && File.Exists(made) && new FileInfo(made).Length > 0
                ? await File.ReadAllBytesAsync(made, cancellation).ConfigureAwait(false)
                : null;
        }
        finally
        {
            File.Delete(made);
        }
    }

    /// <summary>How long a file plays, in milliseconds, as ffmpeg tells where the sniffer does not; zero where it tells nothing.</summary>
    private async Task<long> DurationAsync(string[] source, CancellationToken cancellation)
    {
        var (_, said) = await ffmpeg!.RunAsync(source, cancellation).ConfigureAwait(false);
        return Duration.Match(said) is { Success: true } match
            ? (long)TimeSpan.Parse(match.Groups[1].ValueSpan, CultureInfo.InvariantCulture).TotalMilliseconds
            : 0;
    }

    private static string Number(double number) => ((long)number).ToString(CultureInfo.InvariantCulture);

    [GeneratedRegex(@"Duration: (\d\d:\d\d:\d\d\.\d\d)")]
    private static partial Regex Duration { get; }
}
