using Amazon.Lambda.Core;
using Amazon.Lambda.SQSEvents;
using Amazon.S3;
using Amazon.S3.Model;
using Amazon.SQS;
using Amazon.SQS.Model;
using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Time.Testing;
using Moq;
using Omni.Aws;
using Omni.Shared;
using Omni.Testing.Simulation;
using Message = Omni.Shared.Message;

namespace Omni.MediaConverter.Tests.Support;

/// <summary>The function with its tables and bucket in memory, and a host of files beside it.</summary>
internal sealed class Workshop : IAsyncDisposable
{
    private const string Tables = "messages";
    private const string Control = "control";

    private readonly MemoryTables _tables = new();
    private readonly MemoryDynamoDb _dynamo;
    private readonly Dictionary<string, (byte[] Bytes, string Type)> _bucket = [];
    private readonly List<int> _waits = [];
    private readonly Function _function;
    private readonly Mock<IAmazonS3> _s3 = new(MockBehavior.Strict);
    private readonly Mock<IAmazonSQS> _sqs = new(MockBehavior.Strict);

    public Workshop(bool isLocal = true)
    {
        _dynamo = new(_tables, () => Task.CompletedTask);
        _s3.Setup(s3 => s3.PutObjectAsync(It.IsAny<PutObjectRequest>(), It.IsAny<CancellationToken>()))
            .Returns(async (PutObjectRequest put, CancellationToken cancellation) =>
            {
                using var bytes = new MemoryStream();
                await put.InputStream.CopyToAsync(bytes, cancellation);
                await BeforePut();
                _bucket[put.Key] = (bytes.ToArray(), put.ContentType);
                return new PutObjectResponse();
            });
        _s3.Setup(s3 => s3.GetObjectAsync(It.IsAny<GetObjectRequest>(), It.IsAny<CancellationToken>()))
            .ReturnsAsync((GetObjectRequest get, CancellationToken _) => _bucket.TryGetValue(get.Key, out var kept)
                ? new GetObjectResponse { ResponseStream = new MemoryStream(kept.Bytes) }
                : throw new AmazonS3Exception("none") { StatusCode = System.Net.HttpStatusCode.NotFound });
        _s3.Setup(s3 => s3.GetObjectMetadataAsync(It.IsAny<GetObjectMetadataRequest>(), It.IsAny<CancellationToken>()))
            .ReturnsAsync((GetObjectMetadataRequest get, CancellationToken _) => _bucket.ContainsKey(get.Key)
                ? new GetObjectMetadataResponse()
                : throw new AmazonS3Exception("none") { StatusCode = System.Net.HttpStatusCode.NotFound });
        _s3.Setup(s3 => s3.DeleteObjectAsync(It.IsAny<DeleteObjectRequest>(), It.IsAny<CancellationToken>()))
            .Callback((DeleteObjectRequest delete, CancellationToken _) => _bucket.Remove(delete.Key))
            .ReturnsAsync(new DeleteObjectResponse());
        _sqs.Setup(sqs => sqs.ChangeMessageVisibilityBatchAsync(
                It.IsAny<ChangeMessageVisibilityBatchRequest>(), It.IsAny<CancellationToken>()))
            .ReturnsAsync((ChangeMessageVisibilityBatchRequest change, CancellationToken _) =>
            {
                _waits.AddRange(change.Entries.Select(entry => entry.VisibilityTimeout ?? 0));
                return new ChangeMessageVisibilityBatchResponse();
            });
        Messages = new(_dynamo, Tables, Clock);
        _function = new(new MediaParts
        {
            Messages = Messages,
            Media = new(_dynamo, Control, Clock),
            Blobs = new(_s3.Object, "bucket", Clock),
            Fetcher = new(FileFetcher.NewHttp(isLocal)),
            Converter = new(new FilmConverter(ffmpeg: null)),
            Queues = new(_sqs.Object),
            Queue = "https://sqs/1/media.fifo",
            Clock = Clock,
            Log = NullLogger.Instance,
        });
    }

    public FakeTimeProvider Clock { get; } = new(new DateTimeOffset(2026, 3, 14, 12, 0, 0, TimeSpan.Zero));

    public FileHost Host { get; } = new();

    public MessageStore Messages { get; }

    /// <summary>The waits that records were put off for, in seconds.</summary>
    public IReadOnlyList<int> Waits => _waits;

    /// <summary>Comes before a file is in the bucket.</summary>
    public Func<Task> BeforePut { get; set; } = () => Task.CompletedTask;

    public TimeSpan TimeLeft { get; set; } = TimeSpan.FromSeconds(320);

    /// <summary>How many files the bucket has.</summary>
    public int Kept => _bucket.Count;

    /// <summary>Keeps a file as one of Omni's.</summary>
    public string Keep(byte[] bytes, string type = "application/octet-stream")
    {
        var id = Ids.Media(Convert.ToHexStringLower(System.Security.Cryptography.SHA256.HashData(bytes)));
        _bucket[BlobStore.MediaKey(Defaults.Tenant, id)] = (bytes, type);
        return id;
    }

    /// <summary>A message of a person, with a picture that is kept; what it says is deleted by what is returned with it.</summary>
    public async Task<(string MediaId, Func<Task> DeleteAsync)> ReceiveAsync(byte[] picture)
    {
        var message = new Message
        {
            Id = Ids.NewMessage(), Direction = Direction.Inbound, Carrier = "whatsapp", To = From("whatsapp", null), From = To("whatsapp"),
            Content = new ImageContent { MediaUrl = new("https://carrier.example/1") }, CreatedAt = Clock.GetUtcNow(),
        };
        await Messages.CreateAsync(MessageStore.NewRecord(message));
        var id = Ids.Media(message.Id, 0);
        _bucket[BlobStore.MediaKey(Defaults.Tenant, id)] = (picture, "image/jpeg");
        var deletion = new ContentDeletion(Messages, new(_s3.Object, "bucket", Clock), new(_dynamo, Control, Clock));
        return (id, async () => await deletion.RunAsync(await FindAsync(message)));
    }

    /// <summary>Takes a message, as the API does.</summary>
    public async Task<Message> TakeAsync(Content content, string carrier = "whatsapp", MediaOptions? options = null, string? from = null)
    {
        var plan = MessagePlanner.Plan(new Message
        {
            Id = Ids.NewMessage(), Carrier = carrier, To = To(carrier), From = From(carrier, from), Content = content,
            Media = options ?? new(), CreatedAt = Clock.GetUtcNow(),
        });
        Assert.Empty(plan.Problems);
        await Messages.CreateAsync(MessageStore.NewRecord(plan.Message!));
        return plan.Message!;
    }

    /// <summary>Gives the function the records of messages.</summary>
    /// <returns>The ids of those that come again.</returns>
    public async Task<IReadOnlyList<string>> RunAsync(IReadOnlyList<Message> messages, int receives = 1)
    {
        var context = new Mock<ILambdaContext>();
        context.SetupGet(c => c.RemainingTime).Returns(() => TimeLeft);
        var answer = await _function.HandleAsync(
            new()
            {
                Records = [.. messages.Select(message => new SQSEvent.SQSMessage
                {
                    MessageId = message.Id,
                    ReceiptHandle = message.Id,
                    Body = $$"""{"messageId":"{{message.Id}}"}""",
                    Attributes = new()
                    {
                        ["MessageGroupId"] = OutboundQueueing.MediaGroupOf(message),
                        ["ApproximateReceiveCount"] = receives.ToString(System.Globalization.CultureInfo.InvariantCulture),
                    },
                })],
            },
            context.Object);
        return [.. (answer.BatchItemFailures ?? []).Select(failure => failure.ItemIdentifier)];
    }

    public async Task<MessageRecord> FindAsync(Message message) => (await Messages.FindAsync(message.Id))!;

    /// <summary>Leaves what a function leaves that ends while it converts a message's file.</summary>
    public Task DieWithAsync(Message message, byte[] file)
    {
        var target = FileTarget.Of(CarrierCatalogue.Get(message.Carrier), message.From, message.Content.Type, 1, message.Media)!;
        return new MediaStore(_dynamo, Control, Clock).PutMadeAsync(
            message.Tenant, Ids.Media(Convert.ToHexStringLower(System.Security.Cryptography.SHA256.HashData(file))), target.Recipe,
            new() { Code = MediaRefusal.Fault, Detail = "It ended." }, MediaStore.Tried);
    }

    /// <summary>A file of the bucket.</summary>
    public (byte[] Bytes, string Type) File(string mediaId) => _bucket[BlobStore.MediaKey(Defaults.Tenant, mediaId)];

    public async ValueTask DisposeAsync()
    {
        _dynamo.Dispose();
        await Host.DisposeAsync();
    }

    private static Address To(string carrier) =>
        carrier == "livechat" ? new(AddressType.LivechatChat, "PJ0MRSHTDG") : Address.Phone("+14155550123");

    private static Address From(string carrier, string? from) =>
        carrier == "livechat" ? new(AddressType.LivechatLicense, "104130623") : Address.Phone(from ?? "+12065550100");
}
