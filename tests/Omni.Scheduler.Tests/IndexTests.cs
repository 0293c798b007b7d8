using Amazon.DynamoDBv2;
using Amazon.DynamoDBv2.Model;
using Amazon.Lambda.Core;
using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Time.Testing;
using Moq;
using Omni.Aws;
using Omni.Shared;

namespace Omni.Scheduler.Tests;

/// <summary>The index may lag behind its table: it only says where to look.</summary>
public sealed class IndexTests
{
    private static readonly DateTimeOffset Start = new(2026, 1, 2, 3, 4, 5, TimeSpan.Zero);

    private readonly Mock<IAmazonDynamoDB> _dynamo = new(MockBehavior.Strict);

    [Theory]
    [InlineData("released since")]
    [InlineData("put off since")]
    [InlineData("gone")]
    public async Task What_is_not_due_any_more_is_left_alone(string since)
    {
        ListAsDue("msg_a");
        var record = MessageStore.NewRecord(new Message
        {
            Id = "msg_a",
            Carrier = "twilio",
            To = Address.Phone("+14155550123"),
            From = Address.Phone("+12065550100"),
            Content = new TextContent { Body = "Hello" },
            CreatedAt = Start - TimeSpan.FromHours(1),
            ScheduledAt = Start,
        });
        Dictionary<string, AttributeValue>? item = since switch
        {
            "released since" => MessageCodec.ToItem(
                record with { State = record.State with { Rank = RankKey.Of(MessageStatus.Queued), Dispatch = 1, DueAt = null } }),
            "put off since" => MessageCodec.ToItem(record with { State = record.State with { DueAt = Start.AddMilliseconds(1) } }),
            _ => null,
        };
        _dynamo.Setup(d => d.GetItemAsync(It.Is<GetItemRequest>(r => r.ConsistentRead == true), It.IsAny<CancellationToken>()))
            .ReturnsAsync(new GetItemResponse { Item = item });

        // The client is strict: a write would fail.
        Assert.Equal(new SchedulerReport(), await RunAsync());
    }

    [Fact]
    public async Task An_index_that_does_not_answer_fails_the_run()
    {
        _dynamo.Setup(d => d.QueryAsync(It.IsAny<QueryRequest>(), It.IsAny<CancellationToken>()))
            .ThrowsAsync(new ProvisionedThroughputExceededException("Slow down."));

        await Assert.ThrowsAsync<ProvisionedThroughputExceededException>(RunAsync);
    }

    private void ListAsDue(string id) =>
        _dynamo.Setup(d => d.QueryAsync(It.IsAny<QueryRequest>(), It.IsAny<CancellationToken>()))
            .ReturnsAsync((QueryRequest request, CancellationToken _) => new QueryResponse
            {
                Items = request.ExpressionAttributeValues[":shard"].S == "d00" ? [new() { ["pk"] = new(id), ["sk"] = new("m") }] : [],
            });

    private Task<SchedulerReport> RunAsync()
    {
        var clock = new FakeTimeProvider(Start);
        var messages = new MessageStore(_dynamo.Object, "messages", clock);
        var batches = new BatchStore(_dynamo.Object, "messages", clock);
        return new Function(messages, batches, rounds: null, wakes: null, usage: null, templates: null, people: null, clock,
            NullLogger.Instance)
            .HandleAsync(default, Mock.Of<ILambdaContext>(c => c.RemainingTime == TimeSpan.FromSeconds(50)));
    }
}
