using System.Text.Json;
using System.Text.Json.Nodes;
using Amazon.DynamoDBv2;
using Amazon.DynamoDBv2.Model;
using Amazon.SQS;
using Amazon.SQS.Model;
using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Time.Testing;
using Moq;
using Omni.Aws;
using Omni.Emulators;
using Omni.Shared;
using Omni.Testing;
using Message = Omni.Shared.Message;

namespace Omni.EventRecorder.Tests;

/// <summary>From changes in the stream to segments in the log, over the database itself.</summary>
public sealed class RecorderTests(EmulatorFixture emulators) : IClassFixture<EmulatorFixture>, IAsyncLifetime
{
    private const string DeadLetters = "dead-letters";

    private readonly FakeTimeProvider _clock = new(new(2026, 1, 2, 3, 4, 5, TimeSpan.Zero));
    private readonly List<string> _aside = [];
    private readonly List<string> _woken = [];
    private readonly Mock<IEndpointWakes> _wakes = new();
    private readonly Mock<IAmazonSQS> _sqs = new(MockBehavior.Strict);
    private OmniTables _tables = null!;
    private TappedDynamoDb _dynamo = null!;
    private Function _recorder = null!;

    public async Task InitializeAsync()
    {
        _tables = await OmniTables.CreateAsync(emulators, _clock);
        _dynamo = new(emulators, _tables.AccessKey);
        _sqs.Setup(s => s.SendMessageBatchAsync(
                It.Is<SendMessageBatchRequest>(r => r.QueueUrl == DeadLetters), It.IsAny<CancellationToken>()))
            .Callback((SendMessageBatchRequest request, CancellationToken _) =>
                _aside.AddRange(request.Entries.Select(entry => (string)JsonNode.Parse(entry.MessageBody)!["sequenceNumber"]!)))
            .ReturnsAsync(new SendMessageBatchResponse());
        _wakes.Setup(w => w.WakeAsync(
                It.IsAny<string>(), It.IsAny<int>(), It.IsAny<long>(), It.IsAny<IReadOnlySet<string>>(), It.IsAny<CancellationToken>()))
            .Callback((string tenant, int lane, long n, IReadOnlySet<string> types, CancellationToken _) =>
                _woken.Add($"{tenant}#{lane}#{n} {string.Join(',', types.Order())}"))
            .Returns(Task.CompletedTask);
        _recorder = NewRecorder();
    }

    public Task DisposeAsync()
    {
        _dynamo.Dispose();
        _tables.Dispose();
        return Task.CompletedTask;
    }

    [Fact]
    public async Task What_happens_to_messages_stands_in_the_log_and_the_endpoints_are_woken_once_a_segment()
    {
        await _tables.Dynamo.UpdateTableAsync(new UpdateTableRequest(OmniTables.Messages, null)
        {
            StreamSpecification = new() { StreamEnabled = true, StreamViewType = "NEW_AND_OLD_IMAGES" }
        });
        var message = Message("msg_a");
        await _tables.Aws.Messages.CreateAsync(MessageStore.NewRecord(message));
        foreach (var status in (MessageStatus[])[MessageStatus.Sending, MessageStatus.Sent, MessageStatus.Delivered])
        {
            await _tables.Aws.Messages.ApplyAsync(
                new() { MessageId = "msg_a", Attempt = 1, Status = status, At = _clock.GetUtcNow() });
        }

        await _tables.Aws.Consents.RecordAsync(Defaults.Tenant, message.To, message.From, optedOut: true, _clock.GetUtcNow(), "STOP");
        using var stream = new TableStreamReader(emulators.Emulators.DynamoDb, _tables.AccessKey, OmniTables.Messages, TimeProvider.System);

        Assert.Null((await _recorder.HandleAsync(StreamChange.Batch(await stream.ReadAsync(count: 5)), null!)).BatchItemFailures);

        var events = await LogAsync(Defaults.Tenant);
        Assert.Equal(
            ["consent.changed", "message.delivered", "message.sent"], events.Select(e => e.Type).Order(StringComparer.Ordinal));
        Assert.Equal(
            ["message.sent", "message.delivered"], events.Where(e => e.ConversationId == message.ConversationId).Select(e => e.Type));
        Assert.Contains(_woken, woken => woken.EndsWith("message.delivered,message.sent", StringComparison.Ordinal)
            || woken.EndsWith("consent.changed,message.delivered,message.sent", StringComparison.Ordinal));
        Assert.Equal(_woken.Count, _woken.Distinct().Count());
    }

    [Fact]
    public async Task What_cannot_be_read_is_set_aside_and_the_batch_goes_on()
    {
        var answer = await _recorder.HandleAsync(
            StreamChange.Batch(Record("101", "unreadable-event"), Record("102", "sent"), Record("103", "unknown-version")), null!);

        Assert.Null(answer.BatchItemFailures);
        Assert.Equal(["101", "103"], _aside);
        Assert.Equal(["message.sent"], (await LogAsync(Defaults.Tenant)).Select(e => e.Type));
    }

    [Fact]
    public async Task A_lane_that_takes_nothing_hands_the_batch_back_from_its_first_record_and_what_stands_in_others_does_not_repeat()
    {
        // The second of five is in a lane of its own.
        JsonObject[] batch =
        [
            Record("101", "sent"), Record("102", "another-tenant"), Record("103", "undelivered"), Record("104", "unreadable-event"),
            Record("105", "another-tenant"),
        ];
        _dynamo.Before = request =>
        {
            if (request is QueryRequest query && query.ExpressionAttributeValues[":pk"].S.StartsWith("acme#", StringComparison.Ordinal))
                throw new AmazonDynamoDBException("down");
        };

        for (var delivery = 0; delivery < 3; delivery++)
        {
            var answer = await _recorder.HandleAsync(StreamChange.Batch(delivery == 0 ? batch : batch[1..]), null!);
            Assert.Equal("102", Assert.Single(answer.BatchItemFailures).ItemIdentifier);
        }

        Assert.Equal(["message.sent", "message.undelivered"], (await LogAsync(Defaults.Tenant)).Select(e => e.Type));
        Assert.Empty(_aside);

        _dynamo.Before = null;
        Assert.Null((await _recorder.HandleAsync(StreamChange.Batch(batch[1..]), null!)).BatchItemFailures);
        Assert.Equal(["message.sent", "message.undelivered"], (await LogAsync(Defaults.Tenant)).Select(e => e.Type));
        Assert.Equal(["message.received", "message.received"], (await LogAsync("acme")).Select(e => e.Type));
        Assert.Equal(["104"], _aside);
    }

    [Fact]
    public async Task A_recorder_that_dies_after_an_append_repeats_events_under_their_ids()
    {
        var batch = StreamChange.Batch(Record("101", "sent"), Record("102", "undelivered"));
        await _recorder.HandleAsync(batch, null!);
        await NewRecorder().HandleAsync(batch, null!);

        var events = await LogAsync(Defaults.Tenant);

        Assert.Equal(4, events.Count);
        Assert.Equal(events[..2].Select(e => e.Id), events[2..].Select(e => e.Id));
    }

    [Fact]
    public async Task A_wake_that_fails_hands_nothing_back()
    {
        _wakes.Setup(w => w.WakeAsync(
                It.IsAny<string>(), It.IsAny<int>(), It.IsAny<long>(), It.IsAny<IReadOnlySet<string>>(), It.IsAny<CancellationToken>()))
            .ThrowsAsync(new AmazonSQSException("down"));

        Assert.Null((await _recorder.HandleAsync(StreamChange.Batch(Record("101", "sent")), null!)).BatchItemFailures);
        Assert.Single(await LogAsync(Defaults.Tenant));
    }

    [Fact]
    public async Task What_becomes_of_a_batch_is_counted_once_however_often_it_is_seen()
    {
        var batch = Ids.NewBatch();
        var (_, record) = await _tables.Aws.Batches.CreateAsync(new()
        {
            Id = batch, Tenant = Defaults.Tenant, Carrier = "twilio", From = Address.Phone("+12065550100"),
            CreatedAt = _clock.GetUtcNow(), Total = 2, Segments = 2, File = "file", FileIndex = 0, RequestHash = "hash",
        });
        await _tables.Aws.Batches.ClaimAsync(record, 2, rate: 0);
        JsonObject[] changes =
            [OfBatch("101", "sent", batch, 0), OfBatch("102", "undelivered", batch, 0), OfBatch("103", "sent", batch, 1)];

        // Without a log too; the database fails once, and the stream delivers again.
        var counting = new Function(
            _tables.Over(_dynamo).BatchStatuses, null, null, new SqsQueues(_sqs.Object), DeadLetters, NullLogger.Instance);
        _dynamo.Before = request =>
        {
            if (request is UpdateItemRequest) throw new AmazonDynamoDBException("down");
        };
        var answer = await counting.HandleAsync(StreamChange.Batch(changes), null!);
        Assert.Equal("101", Assert.Single(answer.BatchItemFailures).ItemIdentifier);
        _dynamo.Before = null;
        foreach (var delivery in (JsonObject[][])[changes, changes, [changes[0]], [changes[2], changes[1]]])
            Assert.Null((await counting.HandleAsync(StreamChange.Batch(delivery), null!)).BatchItemFailures);

        var (counted, counts) = (await _tables.Aws.BatchStatuses.CountAsync(batch, _tables.Aws.Batches))!.Value;
        Assert.Equal((1, 1, 0, 0), (counts.Sent, counts.Undelivered, counts.Pending, counts.Waiting));
        Assert.Equal(0, counted.Progress.Open);
    }

    [Fact]
    public async Task A_batch_that_tells_nothing_asks_nobody()
    {
        var answer = await _recorder.HandleAsync(
            StreamChange.Batch(Record("101", "accepted"), Record("102", "sending"), Record("103", "told-again")), null!);

        Assert.Null(answer.BatchItemFailures);
        Assert.Empty(_dynamo.Calls);
        Assert.Empty(_woken);
    }

    [Fact]
    public void Missing_settings_are_named_at_the_start()
    {
        var settings = new Settings(new Dictionary<string, string>());

        Assert.Equal(
            [
                SettingNames.RecorderDeadLetters, SettingNames.MessagesTable, SettingNames.EventsTable, SettingNames.ControlTable,
                SettingNames.NotifyQueue,
            ],
            Assert.Throws<SettingsException>(() => new Function(settings)).Missing);
    }

    private Function NewRecorder() =>
        NewRecorder(_tables.Over(_dynamo));

    private Function NewRecorder(AwsClients aws) =>
        new(aws.BatchStatuses, aws.Events, _wakes.Object, new SqsQueues(_sqs.Object), DeadLetters, NullLogger.Instance);

    private static JsonObject OfBatch(string sequenceNumber, string fixture, string batch, int index)
    {
        var json = StreamChange.Fixture(fixture);
        foreach (var image in (JsonNode[])[json["before"]!, json["after"]!])
            image["ba"] = new JsonObject { ["S"] = $"{batch}#{index}#2" };
        return StreamChange.Record(sequenceNumber, json["before"], json["after"]!);
    }

    private static JsonObject Record(string sequenceNumber, string fixture)
    {
        var json = StreamChange.Fixture(fixture);
        return StreamChange.Record(sequenceNumber, json["before"], json["after"]!);
    }

    private async Task<List<ClientEvent>> LogAsync(string tenant)
    {
        var events = new List<ClientEvent>();
        for (var lane = 0; lane < EventLanes.Count; lane++)
        {
            var read = await _tables.Aws.Events.ReadAsync(tenant, lane, new(0, _clock.GetUtcNow()), 100, isConsistent: true);
            events.AddRange(read.Segments.SelectMany(segment => segment.Events));
        }

        return events;
    }

    private Message Message(string id) => MessagePlanner.Plan(new Message
    {
        Id = id,
        Carrier = "twilio",
        To = Address.Phone("+14155550123"),
        From = Address.Phone("+12065550100"),
        Content = new TextContent { Body = "Hello" },
        CreatedAt = _clock.GetUtcNow(),
    }).Message!;
}
