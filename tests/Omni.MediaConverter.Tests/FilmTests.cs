using Omni.MediaConverter.Tests.Support;
using Omni.Shared;

namespace Omni.MediaConverter.Tests;

/// <summary>What is made of sound and films, where there is ffmpeg; what is said where there is none.</summary>
public sealed class FilmTests
{
    private static readonly FfmpegProgram? Ffmpeg = FfmpegProgram.At(
        (Environment.GetEnvironmentVariable("PATH") ?? "").Split(':')
            .Select(folder => Path.Combine(folder, "ffmpeg")).FirstOrDefault(File.Exists));

    /// <summary>A second and a half of a tone in two channels.</summary>
    private static byte[] Wav(double seconds = 1.5)
    {
        const int Rate = 16_000;
        var samples = (int)(seconds * Rate);
        using var wav = new MemoryStream();
        using (var writer = new BinaryWriter(wav))
        {
            writer.Write("RIFF"u8);
            writer.Write(36 + (samples * 4));
            writer.Write("WAVEfmt "u8);
            writer.Write(16);
            writer.Write((short)1);
            writer.Write((short)2);
            writer.Write(Rate);
            writer.Write(Rate * 4);
            writer.Write((short)4);
            writer.Write((short)16);
            writer.Write("data"u8);
            writer.Write(samples * 4);
            for (var i = 0; i < samples; i++)
            {
                var tone = (short)(8_000 * Math.Sin(i * 0.17));
                writer.Write(tone);
                writer.Write(tone);
            }
        }

        return wav.ToArray();
    }

    [Theory]
    [InlineData("whatsapp", "audio/ogg", "opus")]
    [InlineData("twilio", "audio/mpeg", "mp3")]
    [InlineData("bandwidth", "audio/mpeg", "mp3")]
    public async Task Sound_becomes_what_the_carrier_plays(string carrier, string type, string codec)
    {
        var target = PictureTests.TargetOf(carrier, ContentType.Audio);
        if (Ffmpeg is null)
        {
            Assert.Equal(MediaRefusal.NoConverter, await RefusalAsync(Wav(), target, ffmpeg: null));
            return;
        }

        var made = await MakeAsync(Wav(), target, Ffmpeg);

        var facts = FileSniffer.Look(made!.Bytes);
        Assert.Equal((type, codec), (facts.Type, facts.AudioCodec));
        Assert.Null(target.Of(facts));
        if (type == FileTypes.Ogg) Assert.Equal(1, facts.Channels);
        Assert.InRange(facts.DurationMs!.Value, 1_300, 1_800);
    }

    [Fact]
    public async Task A_limit_is_reached_by_the_bitrate()
    {
        if (Ffmpeg is null) return;

        var target = PictureTests.TargetOf("bandwidth", ContentType.Audio) with { MostBytes = 60_000 };

        var made = await MakeAsync(Wav(20), target, Ffmpeg);

        Assert.InRange(made!.Bytes.Length, 20_000, 60_000);
        Assert.InRange(made.Encodes, 1, 2);
    }

    [Fact]
    public async Task A_film_becomes_one_that_phones_play()
    {
        if (Ffmpeg is null) return;

        var target = PictureTests.TargetOf("twilio", ContentType.Video);
        var made = await MakeAsync(await FilmAsync(), target, Ffmpeg);

        var facts = FileSniffer.Look(made!.Bytes);
        Assert.Equal(("video/mp4", "h264"), (facts.Type, facts.VideoCodec));
        Assert.True(facts.Width <= 640 && facts.Height <= 640, facts.ToString());
        Assert.Null(target.Of(facts));
    }

    [Fact]
    public async Task What_does_not_go_into_the_limit_is_refused_and_not_made_unintelligible()
    {
        if (Ffmpeg is null) return;

        Assert.Equal(
            MediaRefusal.TooLarge,
            await RefusalAsync(Wav(30), PictureTests.TargetOf("bandwidth", ContentType.Audio) with { MostBytes = 10_000 }, Ffmpeg));
    }

    [Fact]
    public async Task What_fits_needs_no_program()
    {
        byte[] amr = [.. "#!AMR\n"u8, .. Enumerable.Repeat((byte)0x3C, 320)];

        Assert.Null(await MakeAsync(amr, PictureTests.TargetOf("whatsapp", ContentType.Audio), ffmpeg: null));
    }

    [Fact]
    public async Task Without_the_program_that_is_said()
    {
        Assert.Equal(
            MediaRefusal.NoConverter, await RefusalAsync(Wav(), PictureTests.TargetOf("whatsapp", ContentType.Audio), ffmpeg: null));
    }

    [Fact]
    public async Task What_is_damaged_is_refused()
    {
        if (Ffmpeg is null) return;

        byte[] mp3 = [0xFF, 0xFB, 0x90, 0x00, .. new byte[20_000]];

        Assert.Equal(
            MediaRefusal.Broken,
            await RefusalAsync(mp3, PictureTests.TargetOf("whatsapp", ContentType.Audio) with { Format = FileTypes.Ogg }, Ffmpeg));
    }

    private static async Task<byte[]> FilmAsync()
    {
        var path = FetchedFile.NewPath() + ".mkv";
        try
        {
            var (isDone, said) = await Ffmpeg!.RunAsync(
                [
                    "-f", "lavfi", "-i", "testsrc=s=1280x720:d=1:r=12", "-c:v", "libx264", "-preset", "ultrafast", "-f", "mov",
                    "file:" + path,
                ],
                CancellationToken.None);
            Assert.True(isDone, said);
            return await File.ReadAllBytesAsync(path);
        }
        finally
        {
            File.Delete(path);
        }
    }

    private static async Task<MadeFile?> MakeAsync(byte[] bytes, FileTarget target, FfmpegProgram? ffmpeg)
    {
        using var file = new TemporaryFile(bytes);
        return await new FileConverter(new(ffmpeg)).MakeAsync(file.Path, FileSniffer.Look(bytes), target, CancellationToken.None);
    }

    private static async Task<string> RefusalAsync(byte[] bytes, FileTarget target, FfmpegProgram? ffmpeg) =>
        (await Assert.ThrowsAsync<MediaException>(() => MakeAsync(bytes, target, ffmpeg))).Refusal.Code;
}
