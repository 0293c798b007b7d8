using System.Text.Json;
using System.Text.Json.Nodes;
using Amazon.DynamoDBv2.Model;
using Amazon.Lambda.DynamoDBEvents;
using Amazon.Lambda.Serialization.SystemTextJson;
using Amazon.SQS;
using Amazon.SQS.Model;
using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Time.Testing;
using Omni.Aws;
using Omni.Emulators;
using Omni.Shared;
using Omni.Testing;

namespace Omni.Dispatcher.Tests;

/// <summary>From a write in the table to a record in the queue, over DynamoDB and SQS.</summary>
public sealed class StreamTests(EmulatorFixture emulators) : IClassFixture<EmulatorFixture>
{
    private readonly FakeTimeProvider _clock = new(Change.Start);

    [Fact]
    public async Task A_message_and_its_release_are_enqueued_once_each_although_the_stream_repeats()
    {
        using var tables = await OmniTables.CreateAsync(emulators, _clock);
        await tables.Dynamo.UpdateTableAsync(new UpdateTableRequest(OmniTables.Messages, null)
        {
            StreamSpecification = new() { StreamEnabled = true, StreamViewType = "NEW_AND_OLD_IMAGES" }
        });
        using var sqs = emulators.NewSqs();
        var queues = await QueuesAsync(sqs);
        var function = new Function(
            queues.Settings, new AwsClients(queues.Settings) { Dynamo = tables.Dynamo, Sqs = sqs }, NullLogger.Instance);

        await tables.Aws.Messages.CreateAsync(MessageStore.NewRecord(Change.Message("msg_now")));
        await tables.Aws.Messages.CreateAsync(MessageStore.NewRecord(
            Change.Message("msg_later") with { ScheduledAt = Change.Start.AddHours(1), To = Address.Phone("+14155550199") }));
        await tables.Aws.Messages.ReleaseAsync((await tables.Aws.Messages.FindAsync("msg_later"))!);

        using var stream = new TableStreamReader(emulators.Emulators.DynamoDb, tables.AccessKey, OmniTables.Messages, TimeProvider.System);
        var changes = await ReadAsync(stream, count: 3);
        for (var delivery = 0; delivery < 2; delivery++) Assert.Null((await function.HandleAsync(changes, null!)).BatchItemFailures);

        // DynamoDB's own records, and SQS's own deduplication.
        Assert.Equal("2", (await sqs.GetQueueAttributesAsync(
            queues.Outbound, ["ApproximateNumberOfMessages"])).Attributes["ApproximateNumberOfMessages"]);
        Assert.Equal(["msg_later:1", "msg_now:0"], (await ReceiveAsync(sqs, queues.Outbound, 2)).Order());
    }

    private static async Task<DynamoDBEvent> ReadAsync(TableStreamReader stream, int count)
    {
        var records = new JsonObject { ["Records"] = new JsonArray([.. await stream.ReadAsync(count)]) };
        using var json = new MemoryStream(JsonSerializer.SerializeToUtf8Bytes<JsonNode>(records));
        return new SourceGeneratorLambdaJsonSerializer<LambdaJson>().Deserialize<DynamoDBEvent>(json);
    }

    private static async Task<(Settings Settings, string Outbound)> QueuesAsync(AmazonSQSClient sqs)
    {
        var prefix = EmulatorFixture.NewQueuePrefix();
        async Task<string> MakeAsync(string name) => (await sqs.CreateQueueAsync(new CreateQueueRequest
        {
            QueueName = prefix + name,
            Attributes = name.EndsWith(".fifo", StringComparison.Ordinal) ? new() { ["FifoQueue"] = "true" } : null,
        })).QueueUrl;

        var carrier = CarrierCatalogue.Get("twilio");
        var outbound = await MakeAsync("-out.fifo");
        return (new(new Dictionary<string, string>
        {
            [SettingNames.OutboundQueue(carrier)] = outbound,
            [SettingNames.BulkQueue(carrier)] = await MakeAsync("-bulk.fifo"),
            [SettingNames.Carriers] = "twilio",
            [SettingNames.DispatcherDeadLetters] = await MakeAsync("-dlq"),
            [SettingNames.BatchQueue] = await MakeAsync("-batches.fifo"),
            [SettingNames.MediaQueue] = await MakeAsync("-media.fifo"),
            [SettingNames.RouterQueue] = await MakeAsync("-router.fifo"),
            [SettingNames.MessagesTable] = OmniTables.Messages,
            [SettingNames.TurnQueue(ProcessorCatalogue.Find("Omni.Concierge")!)] = await MakeAsync("-turns.fifo"),
        }), outbound);
    }

    private static async Task<List<string>> ReceiveAsync(AmazonSQSClient sqs, string queue, int count)
    {
        var ids = new List<string>();
        while (ids.Count < count)
        {
            var answer = await sqs.ReceiveMessageAsync(new ReceiveMessageRequest(queue)
            {
                MessageSystemAttributeNames = ["MessageDeduplicationId"], MaxNumberOfMessages = 10, WaitTimeSeconds = 1
            });
            ids.AddRange((answer.Messages ?? []).Select(message => message.Attributes["MessageDeduplicationId"]));
        }

        return ids;
    }
}
