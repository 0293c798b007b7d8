using System.Globalization;

namespace Omni.Shared.Tests.Media;

/// <summary>docs/media.md says what the catalogue says of files.</summary>
public sealed class MediaPageTests
{
    private const string Head = "| carrier | kind | goes as it is | made, where it does not fit | at most |\n|---|---|---|---|---|\n";

    [Fact]
    public void The_table_of_the_page_is_the_catalogues()
    {
        var page = File.ReadAllText(Path.Combine(Root(), "docs", "media.md"));

        Assert.True(page.Contains(Head + Rows(), StringComparison.Ordinal), $"docs/media.md is stale. It must have:\n{Head}{Rows()}");
    }

    private static string Rows() => string.Concat(
        from carrier in CarrierCatalogue.All
        from file in (carrier.Limits.Files ?? new Dictionary<ContentType, FileLimits>()).OrderBy(file => file.Key)
        let limits = file.Value
        select $"| {carrier.Name} | {file.Key.Word()} | {Taken(limits)} | {Made(file.Key, limits)} | {Most(carrier, limits)} |\n");

    private static string Taken(FileLimits limits) =>
        string.Join(", ", (limits.Types ?? ["all"]).Select(type => $"`{type}`"))
        + (limits.VideoCodecs is { } codecs ? $" ({string.Join(", ", codecs.Concat(limits.AudioCodecs ?? []))})" : "")
        + (limits.Side is { } side ? $", {side} × {side} pixels" : "");

    // What sound is made into, the best first.
    private static readonly string[] Sounds = [FileTypes.Ogg, FileTypes.Mp3, FileTypes.M4a];

    private static int Place(FileLimits limits, string type) =>
        (limits.Types ?? []).Index().FirstOrDefault(known => known.Item == type, (Index: int.MaxValue, Item: "")).Index;

    // What a picture becomes: transparent ones PNG where that is taken, all others the first.
    private static string Made(ContentType kind, FileLimits limits) => kind switch
    {
        ContentType.Sticker => $"`{FileTypes.WebP}`, {limits.Side} × {limits.Side} pixels",
        ContentType.Audio => $"`{Sounds.OrderBy(type => Place(limits, type)).First()}`",
        ContentType.Video => $"`{FileTypes.Mp4}` (h264, aac)",
        ContentType.Image => $"`{FileTypes.Jpeg}`, `{FileTypes.Png}`, at most {limits.LongestSide} pixels a side",
        _ => "–",
    };

    private static string Most(Carrier carrier, FileLimits limits)
    {
        var most = Size(limits.Bytes) + (limits.StillBytes is { } still ? $", {Size(still)} of one that does not move" : "");
        return carrier.Limits.MessageBytesFrom is { } messages
            ? $"{most}; all files of a message "
                + string.Join(", ", messages.Select(message => $"{Size(message.Value)} from a {Name(message.Key)}"))
            : most;
    }

    private static string Name(NumberKind kind) => kind switch
    {
        NumberKind.LongCode => "long code",
        NumberKind.TollFree => "toll-free number",
        NumberKind.ShortCode => "short code",
        _ => throw new System.Diagnostics.UnreachableException(),
    };

    private static string Size(long bytes) => bytes.ToString("N0", CultureInfo.InvariantCulture);

    private static string Root()
    {
        var folder = new DirectoryInfo(AppContext.BaseDirectory);
        while (!File.Exists(Path.Combine(folder.FullName, "Omni.sln"))) folder = folder.Parent!;
        return folder.FullName;
    }
}
