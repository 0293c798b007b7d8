using Amazon.DynamoDBv2;
using Amazon.DynamoDBv2.Model;
using Amazon.SQS;
using Amazon.SQS.Model;
using Moq;
using Omni.Aws;
using Omni.Shared;

namespace Omni.Dispatcher.Tests;

/// <summary>What the Dispatcher sends, over a client whose calls can be made to fail.</summary>
internal sealed class FakeQueues
{
    private readonly Mock<IAmazonSQS> _sqs = new(MockBehavior.Strict);

    public FakeQueues() =>
        _sqs.Setup(s => s.SendMessageBatchAsync(It.IsAny<SendMessageBatchRequest>(), It.IsAny<CancellationToken>()))
            .ReturnsAsync((SendMessageBatchRequest request, CancellationToken _) => Take(request));

    public static Settings Settings { get; } = new(new Dictionary<string, string>
    {
        [SettingNames.Carriers] = "twilio",
        [SettingNames.DispatcherDeadLetters] = "dead-letters",
        [SettingNames.BatchQueue] = "batches",
        [SettingNames.MediaQueue] = "media",
        [SettingNames.RouterQueue] = "router",
        [SettingNames.MessagesTable] = "messages",
        [SettingNames.TurnQueue(ProcessorCatalogue.Find("Omni.Concierge")!)] = "turns",
        [SettingNames.OutboundQueue(CarrierCatalogue.Get("twilio"))] = "outbound",
        [SettingNames.BulkQueue(CarrierCatalogue.Get("twilio"))] = "outbound-bulk",
    });

    /// <summary>The queues that are out of order.</summary>
    public HashSet<string> Broken { get; } = [];

    /// <summary>The deduplication ids that are refused for what they are.</summary>
    public HashSet<string> Refused { get; } = [];

    public List<SendMessageBatchRequest> Calls { get; } = [];

    /// <summary>The items of the table, by message.</summary>
    public Dictionary<string, Dictionary<string, AttributeValue>> Items { get; } = [];

    /// <summary>How often the table was read.</summary>
    public int Reads { get; private set; }

    public bool CannotRead { get; set; }

    public Function Function()
    {
        var dynamo = new Mock<IAmazonDynamoDB>(MockBehavior.Strict);
        dynamo.Setup(d => d.BatchGetItemAsync(It.IsAny<BatchGetItemRequest>(), It.IsAny<CancellationToken>()))
            .ReturnsAsync((BatchGetItemRequest request, CancellationToken _) => Read(request));
        return new(
            Settings,
            new AwsClients(Settings) { Sqs = _sqs.Object, Dynamo = dynamo.Object },
            Microsoft.Extensions.Logging.Abstractions.NullLogger.Instance);
    }

    /// <summary>What a queue holds, each deduplication id once, as a FIFO queue does it.</summary>
    public IReadOnlyList<SendMessageBatchRequestEntry> In(string queue) =>
    [
        .. Calls.Where(c => c.QueueUrl == queue).SelectMany(c => c.Entries)
            .Where(e => e.MessageDeduplicationId is null || !Refused.Contains(e.MessageDeduplicationId))
            .DistinctBy(e => e.MessageDeduplicationId ?? e.MessageBody),
    ];

    private BatchGetItemResponse Read(BatchGetItemRequest request)
    {
        if (CannotRead) throw new AmazonDynamoDBException("Out of order.");

        Reads++;
        var (table, keys) = request.RequestItems.Single();
        Assert.True(keys.ConsistentRead);
        return new() { Responses = new() { [table] = [.. keys.Keys.Select(key => Items[key["pk"].S])] } };
    }

    private SendMessageBatchResponse Take(SendMessageBatchRequest request)
    {
        if (Broken.Contains(request.QueueUrl)) throw new AmazonSQSException("Out of order.");

        Calls.Add(request);
        return new()
        {
            Failed = [.. request.Entries.Where(e => Refused.Contains(e.MessageDeduplicationId))
                .Select(e => new BatchResultErrorEntry { Id = e.Id, Code = "InvalidMessageContents", SenderFault = true })],
        };
    }
}
