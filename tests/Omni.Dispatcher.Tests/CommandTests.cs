using System.Text.Json;
using Omni.Aws;
using Omni.Shared;

namespace Omni.Dispatcher.Tests;

public sealed class CommandTests
{
    [Fact]
    public async Task The_sender_reads_the_message_that_was_accepted()
    {
        var message = Change.Message("msg_all", Priority.High) with
        {
            Content = new TextContent { Body = "Grüße <b>&\"quoted\"</b> \u2028 👩‍👩‍👧 \u0001\n" },
            AdaptedFrom = ContentType.Interactive,
            TtlSeconds = 90,
            ClientReference = "order 7",
            Metadata = new Dictionary<string, string> { ["campaignId"] = "camp_001", ["empty"] = "" },
            OnUnknownOutcome = UnknownOutcomePolicy.Resend,
            Trace = "00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01",
            Actor = "key_1",
            RequestHash = "abc",
        };
        var queues = new FakeQueues();

        await queues.Function().HandleAsync(Change.Batch(Change.Insert("1", message)), null!);

        var command = JsonSerializer.Deserialize(Assert.Single(queues.In("outbound")).MessageBody, OmniJson.Wire.OutboundCommand);
        Assert.Equal(Json(message), Json(Assert.IsType<OutboundCommand.Send>(command).Message));
    }

    [Fact]
    public async Task A_long_text_keeps_its_plan()
    {
        var message = Change.Message("msg_long") with
        {
            Content = new TextContent { Body = string.Concat(Enumerable.Repeat("ünïcödé ✓ ", 150)) }
        };
        message = MessagePlanner.Plan(message).Message ?? throw new InvalidOperationException("The text does not fit.");
        var queues = new FakeQueues();

        await queues.Function().HandleAsync(Change.Batch(Change.Insert("1", message)), null!);

        var command = JsonSerializer.Deserialize(Assert.Single(queues.In("outbound")).MessageBody, OmniJson.Wire.OutboundCommand);
        Assert.Equal(message.Parts, Assert.IsType<OutboundCommand.Send>(command).Message.Parts);
    }

    [Theory]
    [InlineData(null, 0, "bat_1 bat_1:0")]
    [InlineData(0, 1, "bat_1 bat_1:1")]
    [InlineData(1, 1, "")]
    public async Task Each_raise_of_a_batchs_counter_asks_for_one_step(int? from, int to, string expected)
    {
        var queues = new FakeQueues();

        await queues.Function().HandleAsync(Change.Batch(Change.OfBatch("1", "bat_1", from, to)), null!);

        var sent = queues.In("batches");
        Assert.Equal(expected, string.Join(',', sent.Select(entry => $"{entry.MessageGroupId} {entry.MessageDeduplicationId}")));
        Assert.All(sent, entry => Assert.Equal(
            new BatchTick("bat_1", to), JsonSerializer.Deserialize(entry.MessageBody, OmniJson.Wire.BatchTick)));
    }

    [Fact]
    public async Task A_message_whose_files_are_not_made_yet_waits_for_them_and_is_sent_with_them()
    {
        var waiting = Change.Message("msg_media") with
        {
            Content = new ImageContent { MediaUrl = new("https://media.example.com/a.jpg") }, Media = new() { Quality = 60 },
        };
        var asNamed = waiting with { Id = "msg_named", Media = null };
        var ready = waiting with { Id = "msg_ready", Prepared = [new() { MediaId = Ids.Media("msg_media", 0), MimeType = "image/jpeg" }] };
        var queues = new FakeQueues();

        await queues.Function().HandleAsync(
            Change.Batch(Change.Insert("1", waiting), Change.Insert("2", ready), Change.Insert("3", asNamed)), null!);

        var asked = Assert.Single(queues.In("media"));
        Assert.Equal("""{"messageId":"msg_media"}""", asked.MessageBody);
        Assert.Equal("msg_media:0", asked.MessageDeduplicationId);
        Assert.Equal(OutboundQueueing.MediaGroupOf(waiting), asked.MessageGroupId);
        Assert.Equal(
            [Json(ready), Json(asNamed)],
            queues.In("outbound").Select(record => JsonSerializer.Deserialize(record.MessageBody, OmniJson.Wire.OutboundCommand))
                .Select(command => Json(Assert.IsType<OutboundCommand.Send>(command).Message)));
    }

    private static string Json(Message message) => JsonSerializer.Serialize(message, OmniJson.Wire.Message);
}
