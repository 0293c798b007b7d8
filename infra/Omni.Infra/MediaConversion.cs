using Amazon.CDK.AWS.Lambda;
using Constructs;
using Omni.Shared;

namespace Omni.Infra;

/// <summary>
/// What makes the files of messages into what carriers take: the queue of messages that wait for theirs, and the function.
/// </summary>
internal sealed class MediaConversion : Construct
{
    // A record whose function ended under it comes again after its visibility; one whose host is away, within a minute.
    private const int MaxReceiveCount = 20;

    // What a client may allow at most, and what comes before and after it.
    private static readonly TimeSpan Timeout = TimeSpan.FromSeconds(MediaOptions.MaxTimeoutSeconds + 20);

    public MediaConversion(Construct scope, StackContext context, Storage storage) : base(scope, "Media")
    {
        var options = context.Options;
        DeadLetters = new DeadLetterQueue(this, "DeadLetters", $"{options.Prefix}-media-dlq.fifo", context);
        // A group is a file and a carrier: nobody makes the same at the same time, and one that takes long holds up nothing else.
        Queue = new WorkQueue(this, "Queue", new WorkQueueShape
        {
            Name = $"{options.Prefix}-media.fifo",
            DeadLetters = DeadLetters,
            MaxReceiveCount = MaxReceiveCount,
            ConsumerTimeout = Timeout,
            UsualAge = TimeSpan.FromMinutes(15),
        }, context);

        var settings = new Dictionary<string, string>
        {
            [SettingNames.Stage] = options.Stage,
            [SettingNames.MessagesTable] = storage.Messages.TableName,
            [SettingNames.ControlTable] = storage.Control.TableName,
            [SettingNames.BlobBucket] = storage.Blobs.BucketName,
            [SettingNames.MediaQueue] = Queue.Queue.QueueUrl,
        };
        if (options.FfmpegLayerArn is not null) settings[SettingNames.FfmpegPath] = "/opt/bin/ffmpeg";
        Converter = new OmniFunction(this, context, new FunctionShape
        {
            Project = "Omni.MediaConverter",
            Description = "Fetches the files of messages and makes them into what carriers take.",
            Timeout = Timeout,
            // A whole processor and a bit, and room for a picture of 120 million pixels that must be decoded whole.
            MemoryMegabytes = 2048,
            // A file of 100 MB, and what is made of it.
            TemporaryMegabytes = 1024,
            // Files lie anywhere.
            CallsAnyHost = true,
            Settings = settings,
        });
        if (options.FfmpegLayerArn is { } layer)
            Converter.Function.AddLayers(LayerVersion.FromLayerVersionArn(this, "Ffmpeg", layer));

        Converter.ConsumeFrom(Queue, batchSize: 10, options.MediaConcurrency);
        Converter.Allow(["sqs:ChangeMessageVisibility"], Queue.Queue.QueueArn);
        Converter.Allow([TableActions.ReadItem, TableActions.Update], storage.Messages.TableArn);
        Converter.Allow([TableActions.ReadItem, TableActions.Update], storage.Control.TableArn);
        Converter.Allow(["s3:GetObject", "s3:PutObject", "s3:DeleteObject"], storage.Blobs.ArnForObjects("media/*"));
    }

    public DeadLetterQueue DeadLetters { get; }

    public WorkQueue Queue { get; }

    public OmniFunction Converter { get; }
}
