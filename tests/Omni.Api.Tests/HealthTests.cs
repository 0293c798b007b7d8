using Amazon.DynamoDBv2;
using Amazon.SQS;

namespace Omni.Api.Tests;

public sealed class HealthTests
{
    private readonly TestApi _api = new();

    [Fact]
    public async Task Health_needs_no_key_and_asks_nobody()
    {
        var reply = await _api.GetAsync("/api/v1/health", key: null);

        Assert.Equal((200, "ok", "2026-03-14T12:00:00.123Z"), (reply.Status, reply["status"], reply["time"]));
        Assert.Empty(_api.Tables.Calls);
    }

    [Fact]
    public async Task Deep_health_asks_every_dependency()
    {
        var reply = await _api.GetAsync("/api/v1/health?deep=true", key: null);

        Assert.Equal((200, "messages ok, sessions ok, control ok, queues ok"), (reply.Status, Checks(reply)));
    }

    [Fact]
    public async Task A_failing_dependency_is_named_and_its_words_are_not()
    {
        _api.Queue = (_, _) => throw new AmazonSQSException("https://sqs.example/1234/omni-prod-twilio-outbound does not exist");
        _api.Tables.Before = _ => throw new AmazonDynamoDBException("Requested resource not found: omni-prod-messages");

        var reply = await _api.GetAsync("/api/v1/health?deep=true", key: null);

        Assert.Equal(
            (503, "failing", "messages failing, sessions failing, control failing, queues failing"),
            (reply.Status, reply["status"], Checks(reply)));
        Assert.DoesNotContain("omni-prod", reply.Text);
    }

    [Fact]
    public async Task A_dependency_that_hangs_fails_after_two_seconds_and_its_call_is_stopped()
    {
        var asked = new TaskCompletionSource<CancellationToken>();
        _api.Queue = async (_, stop) =>
        {
            asked.TrySetResult(stop);
            await Task.Delay(Timeout.Infinite, stop);
            throw new InvalidOperationException();
        };

        var call = _api.GetAsync("/api/v1/health?deep=true", key: null);
        var stop = await asked.Task;
        while (!call.IsCompleted)
        {
            _api.Clock.Advance(TimeSpan.FromSeconds(1));
            await Task.Yield();
        }

        Assert.Equal("messages ok, sessions ok, control ok, queues failing", Checks(await call));
        Assert.True(stop.IsCancellationRequested);
    }

    private static string Checks(Reply reply) =>
        string.Join(", ", reply.Json.GetProperty("checks").EnumerateArray().Select(
            c => $"{c.GetProperty("name").GetString()} {c.GetProperty("status").GetString()}"));
}
