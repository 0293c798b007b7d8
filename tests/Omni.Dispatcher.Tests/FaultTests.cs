using System.Text.Json.Nodes;
using Amazon.Lambda.DynamoDBEvents;
using Microsoft.Extensions.Logging.Abstractions;
using Moq;
using Omni.Aws;
using Omni.Shared;

namespace Omni.Dispatcher.Tests;

/// <summary>What the Dispatcher does when a queue does not take what it is given.</summary>
public sealed class FaultTests
{
    private readonly FakeQueues _queues = new();

    [Fact]
    public async Task A_batch_is_enqueued_ten_at_a_time_in_order()
    {
        var ids = Enumerable.Range(10, 23).Select(i => $"msg_{i}").ToArray();

        var answer = await HandleAsync(ids.Select(id => Change.Insert(id, Change.Message(id))));

        Assert.Null(answer.BatchItemFailures);
        Assert.Equal([10, 10, 3], _queues.Calls.Select(call => call.Entries.Count));
        Assert.Equal(
            ids.Select(id => id + ":0"), _queues.Calls.SelectMany(call => call.Entries).Select(entry => entry.MessageDeduplicationId));
    }

    [Fact]
    public async Task A_broken_queue_hands_the_batch_back_from_its_first_record_and_nothing_doubles_when_it_comes_again()
    {
        DynamoDBEvent.DynamodbStreamRecord[] batch =
        [
            Change.Insert("101", Change.Message("msg_a")),
            Change.Insert("102", Change.Message("msg_b", Priority.Bulk)),
            Change.Insert("103", Change.Message("msg_c")),
            Change.Insert("104", Change.Message("msg_d", Priority.Bulk)),
        ];
        _queues.Broken.Add("outbound-bulk");

        Assert.Equal("102", HandedBack(await HandleAsync(batch)));
        Assert.Equal(["msg_a:0", "msg_c:0"], Deduplications("outbound"));

        _queues.Broken.Clear();
        Assert.Null((await HandleAsync(batch[1..])).BatchItemFailures);
        Assert.Equal(["msg_a:0", "msg_c:0"], Deduplications("outbound"));
        Assert.Equal(["msg_b:0", "msg_d:0"], Deduplications("outbound-bulk"));
    }

    [Fact]
    public async Task With_every_queue_broken_the_first_record_is_handed_back()
    {
        _queues.Broken.UnionWith(["outbound", "outbound-bulk"]);

        var answer = await HandleAsync(
            [Change.Insert("101", Change.Message("msg_a")), Change.Insert("102", Change.Message("msg_b", Priority.Bulk))]);

        Assert.Equal("101", HandedBack(answer));
    }

    [Fact]
    public async Task What_cannot_be_read_is_set_aside_once_however_often_the_batch_comes_again()
    {
        DynamoDBEvent.DynamodbStreamRecord[] batch =
            [Change.Unreadable("101"), Change.Insert("102", Change.Message("msg_a")), Change.Unreadable("103")];
        _queues.Broken.Add("outbound");

        Assert.Equal("102", HandedBack(await HandleAsync(batch)));
        Assert.Equal("102", HandedBack(await HandleAsync(batch[1..])));
        _queues.Broken.Clear();
        Assert.Null((await HandleAsync(batch[1..])).BatchItemFailures);

        Assert.Equal(
            ["101", "103"],
            _queues.Calls.Where(call => call.QueueUrl == "dead-letters").SelectMany(call => call.Entries).Select(SequenceNumber));
    }

    [Fact]
    public async Task Without_its_dead_letter_queue_nothing_is_passed_over()
    {
        _queues.Broken.Add("dead-letters");

        var answer = await HandleAsync(
            [Change.Insert("101", Change.Message("msg_a")), Change.Unreadable("102"), Change.Insert("103", Change.Message("msg_b"))]);

        Assert.Equal("102", HandedBack(answer));
        Assert.Equal(["msg_a:0", "msg_b:0"], Deduplications("outbound"));
    }

    [Fact]
    public async Task A_record_that_its_queue_refuses_for_good_is_set_aside_and_the_others_go_on()
    {
        var ids = Enumerable.Range(10, 12).Select(i => $"msg_{i}").ToArray();
        _queues.Refused.UnionWith(["msg_11:0", "msg_20:0"]);

        var answer = await HandleAsync(ids.Select(id => Change.Insert(id, Change.Message(id))));

        Assert.Null(answer.BatchItemFailures);
        Assert.Equal(ids.Except(["msg_11", "msg_20"]).Select(id => id + ":0"), Deduplications("outbound"));
        Assert.Equal(["msg_11", "msg_20"], _queues.In("dead-letters").Select(SequenceNumber));
    }

    [Fact]
    public void Missing_settings_are_named_all_at_once()
    {
        var missing = Assert.Throws<SettingsException>(() => new Function(
            new Settings(new Dictionary<string, string>()),
            new AwsClients(new(new Dictionary<string, string>())),
            NullLogger.Instance)).Missing;

        Assert.Contains(SettingNames.DispatcherDeadLetters, missing);
        Assert.Contains(SettingNames.MediaQueue, missing);
        Assert.Contains("SQS_QUEUE_TWILIO_OUTBOUND", missing);
        Assert.Contains("SQS_QUEUE_TWILIO_OUTBOUND_BULK", missing);
    }

    private Task<StreamsEventResponse> HandleAsync(IEnumerable<DynamoDBEvent.DynamodbStreamRecord> records) =>
        _queues.Function().HandleAsync(Change.Batch(records), null!);

    private static string HandedBack(StreamsEventResponse answer) => Assert.Single(answer.BatchItemFailures).ItemIdentifier;

    private IEnumerable<string> Deduplications(string queue) => _queues.In(queue).Select(entry => entry.MessageDeduplicationId);

    private static string? SequenceNumber(Amazon.SQS.Model.SendMessageBatchRequestEntry entry) =>
        (string?)JsonNode.Parse(entry.MessageBody)!["sequenceNumber"];
}
