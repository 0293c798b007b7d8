using System.Text.Json;
using Amazon.SQS;
using Omni.Aws;
using Omni.Shared;

namespace Omni.Api.Tests;

/// <summary>What is urgent goes into its queue at once, as the Dispatcher puts it there; the stream stays the guarantee.</summary>
public sealed class ExpressLaneTests
{
    private readonly TestApi _api = new();

    [Fact]
    public async Task An_urgent_message_is_put_into_its_queue_after_it_is_stored_as_the_Dispatcher_will()
    {
        var wasStored = false;
        _api.OnSent = _ => wasStored = _api.Tables.Items("messages").Any(item => item["sk"].S == "m");

        var sent = await _api.SendAsync(new { priority = "high" });

        Assert.Equal(202, sent.Status);
        Assert.True(wasStored);
        var record = (await _api.Messages.FindAsync(sent["id"]!))!;
        var expected = OutboundQueueing.EntryOf(record, new OutboundCommand.Send { Message = record.Message });
        var (queue, entry) = Assert.Single(_api.Sent);
        Assert.Equal(
            ("q-out", expected.Body, expected.GroupId, expected.DeduplicationId),
            (queue, entry.MessageBody, entry.MessageGroupId, entry.MessageDeduplicationId));
        Assert.Equal($"{sent["id"]}:0", entry.MessageDeduplicationId);
        Assert.EndsWith(".high", entry.MessageGroupId);
    }

    [Theory]
    [InlineData("""{}""")]
    [InlineData("""{"priority":"normal"}""")]
    [InlineData("""{"priority":"bulk"}""")]
    [InlineData("""{"priority":"high","scheduledAt":"2026-03-14T13:00:00Z"}""")]
    [InlineData("""{"priority":"high","deliveryWindow":{"from":"00:00","to":"24:00","timeZone":"UTC"}}""")]
    [InlineData("""{"priority":"high","content":{"type":"image","mediaUrl":"https://files.example/a.jpg"}}""")]
    public async Task What_waits_for_something_or_is_not_urgent_comes_by_the_stream_alone(string changes)
    {
        Assert.Equal(202, (await _api.SendAsync(JsonDocument.Parse(changes).RootElement)).Status);

        Assert.Empty(_api.Sent);
    }

    [Fact]
    public async Task A_replay_puts_nothing()
    {
        await _api.SendAsync(new { priority = "high" }, "k1");
        var replay = await _api.SendAsync(new { priority = "high" }, "k1");

        Assert.Equal("true", replay.Header("Idempotency-Replayed"));
        Assert.Single(_api.Sent);
    }

    [Fact]
    public async Task A_queue_that_does_not_answer_is_no_refusal()
    {
        _api.OnSent = _ => throw new AmazonSQSException("down");

        var sent = await _api.SendAsync(new { priority = "high" });

        Assert.Equal(202, sent.Status);
        Assert.NotNull(await _api.Messages.FindAsync(sent["id"]!));
        Assert.Contains("goes the usual way", _api.LogLines.ToString());
    }

    [Fact]
    public async Task What_is_refused_goes_nowhere()
    {
        var content = new { type = "text", body = new string('a', 500) };

        Assert.Equal(422, (await _api.SendAsync(new { priority = "high", maxSegments = 1, content })).Status);

        Assert.Empty(_api.Sent);
    }
}
