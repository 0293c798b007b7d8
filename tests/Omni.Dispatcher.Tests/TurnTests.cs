using System.Text.Json;
using Amazon.DynamoDBv2.Model;
using Amazon.Lambda.DynamoDBEvents;
using Omni.Aws;
using Omni.Shared;

namespace Omni.Dispatcher.Tests;

/// <summary>Turns of processors, and the replies that they make.</summary>
public sealed class TurnTests
{
    private const string Turns = "turns";

    private readonly FakeQueues _queues = new();

    [Fact]
    public async Task An_inbound_message_gives_its_processor_a_turn_with_the_whole_of_it()
    {
        var message = Heard(new TextContent { Body = "Hi" });
        await HandleAsync(Change.Insert("1", message), Change.Insert("2", message with { Id = "msg_2", Processor = null }));

        var entry = Assert.Single(_queues.In(Turns));
        Assert.Equal((message.ConversationId, message.Id), (entry.MessageGroupId, entry.MessageDeduplicationId));
        var heard = Assert.IsType<TurnCommand.Hear>(JsonSerializer.Deserialize(entry.MessageBody, OmniJson.Wire.TurnCommand));
        Assert.Equal(("Hi", message.Id), (((TextContent)heard.Message.Content).Body, heard.TurnId));
        Assert.Empty(_queues.In("outbound"));
    }

    [Theory]
    [InlineData(FileStatus.Stored)]
    [InlineData(FileStatus.Failed)]
    public async Task A_message_with_files_gives_its_turn_when_each_is_kept_or_given_up(FileStatus last)
    {
        var message = Heard(new ImageContent { MediaId = "a", More = [new() { MediaId = "b" }] });
        var none = Item(message);
        var one = With(none, 0, FileStatus.Stored);
        var both = With(one, 1, last);

        await HandleAsync(Change.Insert("1", message), Change.Modify("2", none, one));
        Assert.Empty(_queues.In(Turns));

        await HandleAsync(Change.Modify("3", one, both));
        var heard = Assert.IsType<TurnCommand.Hear>(
            JsonSerializer.Deserialize(Assert.Single(_queues.In(Turns)).MessageBody, OmniJson.Wire.TurnCommand));
        Assert.Equal([FileStatus.Stored, last], heard.Files!.Select(file => file.Status));

        // What changes later gives none: that it had its turn, that it was read.
        _queues.Calls.Clear();
        var had = new Dictionary<string, AttributeValue>(both) { ["tu"] = new("taken") };
        var read = new Dictionary<string, AttributeValue>(had) { ["ra"] = new() { N = "1" }, ["dn"] = new() { N = "1" } };
        await HandleAsync(Change.Modify("4", both, had), Change.Modify("5", had, read));
        Assert.Empty(_queues.In(Turns));
    }

    [Fact]
    public async Task A_processor_that_is_gone_is_a_dead_letter_and_the_batch_goes_on()
    {
        var message = Heard(new TextContent { Body = "Hi" });
        await HandleAsync(
            Change.Insert("1", message with { Id = "msg_gone", Processor = "Omni.Gone" }), Change.Insert("2", message));

        Assert.Contains("processor is not available", Assert.Single(_queues.In("dead-letters")).MessageBody, StringComparison.Ordinal);
        Assert.Single(_queues.In(Turns));
    }

    [Fact]
    public async Task The_first_reply_brings_the_others_along_in_one_call_and_in_their_order()
    {
        var replies = Replies(3);
        await HandleAsync(
            Change.Insert("1", ItemOf(replies[2], isFirst: false)), Change.Insert("2", ItemOf(replies[1], isFirst: false)));
        Assert.Empty(_queues.Calls);

        await HandleAsync(Change.Insert("3", ItemOf(replies[0], isFirst: true)));
        var call = Assert.Single(_queues.Calls);
        Assert.Equal(
            ["msg_r0:0", "msg_r1:1", "msg_r2:1"], call.Entries.Select(entry => entry.MessageDeduplicationId));
        Assert.Single(call.Entries.Select(entry => entry.MessageGroupId).Distinct());
        Assert.Equal(1, _queues.Reads);
    }

    [Fact]
    public async Task Nothing_is_read_for_messages_that_nothing_follows()
    {
        await HandleAsync(Change.Insert("1", Change.Message("msg_1")));
        Assert.Equal(0, _queues.Reads);
    }

    [Fact]
    public async Task What_follows_a_file_waits_for_it_and_goes_when_it_is_made_or_refused()
    {
        var replies = Replies(3);
        replies[1] = replies[1] with { Content = new ImageContent { MediaUrl = new("https://a.example/b.jpg") }, Media = new() };
        Replace(replies);
        await HandleAsync(Change.Insert("1", ItemOf(replies[0], isFirst: true)));
        Assert.Equal(["msg_r0:0"], _queues.In("outbound").Select(entry => entry.MessageDeduplicationId));
        Assert.Equal(["msg_r1:1"], _queues.In("media").Select(entry => entry.MessageDeduplicationId));

        var waiting = ItemOf(replies[1], isFirst: false);
        var made = new Dictionary<string, AttributeValue>(waiting)
        {
            ["mf"] = new("[{\"mediaId\":\"med_1\"}]"), ["dn"] = new() { N = "2" },
        };
        var refused = new Dictionary<string, AttributeValue>(waiting) { ["rk"] = new(RankKey.Of(MessageStatus.Rejected).Value) };
        _queues.Calls.Clear();
        await HandleAsync(Change.Modify("2", waiting, made));
        Assert.Equal(["msg_r1:2", "msg_r2:1"], _queues.In("outbound").Select(entry => entry.MessageDeduplicationId));

        _queues.Calls.Clear();
        await HandleAsync(Change.Modify("3", waiting, refused));
        Assert.Equal(["msg_r2:1"], _queues.In("outbound").Select(entry => entry.MessageDeduplicationId));

        // A later change of it sends nothing after it again.
        _queues.Calls.Clear();
        await HandleAsync(Change.Modify("4", made, new(made) { ["u"] = new() { N = "7" } }));
        Assert.Empty(_queues.Calls);
    }

    [Fact]
    public async Task Followers_that_cannot_be_read_come_again_with_their_first()
    {
        var replies = Replies(2);
        _queues.CannotRead = true;
        var response = await _queues.Function().HandleAsync(
            Change.Batch(Change.Insert("1", Change.Message("msg_1")), Change.Insert("2", ItemOf(replies[0], isFirst: true))), null!);
        Assert.Equal("2", Assert.Single(response.BatchItemFailures).ItemIdentifier);
    }

    private async Task HandleAsync(params DynamoDBEvent.DynamodbStreamRecord[] records) =>
        Assert.Null((await _queues.Function().HandleAsync(Change.Batch(records), null!)).BatchItemFailures);

    private Message[] Replies(int count)
    {
        Message[] replies =
        [
            .. Enumerable.Range(0, count).Select(n => Change.Message($"msg_r{n}") with
            {
                CreatedAt = Change.Start.AddMilliseconds(n),
                Followers = n < count - 1 ? [.. Enumerable.Range(n + 1, count - n - 1).Select(later => $"msg_r{later}")] : null,
            }),
        ];
        Replace(replies);
        return replies;
    }

    private void Replace(Message[] replies)
    {
        foreach (var (n, reply) in replies.Index()) _queues.Items[reply.Id] = ItemOf(reply, isFirst: n == 0);
    }

    private static Dictionary<string, AttributeValue> ItemOf(Message reply, bool isFirst) =>
        MessageCodec.ToItem(isFirst ? MessageStore.NewRecord(reply) : MessageStore.AdoptedRecord(reply));

    private static Message Heard(Content content) => new()
    {
        Id = "msg_heard", Direction = Direction.Inbound, Carrier = "twilio", From = Address.Phone("+14155550123"),
        To = Address.Phone("+12065550100"), Content = content, Processor = "Omni.Concierge", CreatedAt = Change.Start,
    };

    private static Dictionary<string, AttributeValue> Item(Message message) => MessageCodec.ToItem(MessageStore.NewRecord(message));

    private static Dictionary<string, AttributeValue> With(Dictionary<string, AttributeValue> item, int file, FileStatus status) =>
        new(item) { [$"f{file}"] = new($$"""{"status":"{{status.Word()}}","mediaId":"med_{{file}}"}""") };
}
