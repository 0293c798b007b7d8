using Microsoft.Extensions.Logging;
using Omni.Aws;
using Omni.Shared;

namespace Omni.MediaConverter;

/// <summary>What the function is made of.</summary>
internal sealed record MediaParts
{
    public required MessageStore Messages { get; init; }

    public required MediaStore Media { get; init; }

    public required BlobStore Blobs { get; init; }

    public required FileFetcher Fetcher { get; init; }

    public required FileConverter Converter { get; init; }

    public required SqsQueues Queues { get; init; }

    /// <summary>The URL of the function's queue.</summary>
    public required string Queue { get; init; }

    public required TimeProvider Clock { get; init; }

    public required ILogger Log { get; init; }

    public static MediaParts Create(Settings settings)
    {
        var queue = settings.Require(
            SettingNames.MediaQueue, SettingNames.MessagesTable, SettingNames.ControlTable, SettingNames.BlobBucket)[0];
        var aws = new AwsClients(settings);
        return new()
        {
            Messages = aws.Messages,
            Media = aws.Media,
            Blobs = aws.Blobs,
            Fetcher = new(FileFetcher.NewHttp(settings.IsLocal)),
            Converter = new(new FilmConverter(FfmpegProgram.At(settings.Find(SettingNames.FfmpegPath)))),
            Queues = aws.Queues,
            Queue = queue,
            Clock = TimeProvider.System,
            Log = JsonLogger.Console,
        };
    }
}
