using System.Text.Json;
using System.Text.Json.Nodes;
using Amazon.DynamoDBv2;
using Amazon.S3;
using Amazon.SQS;
using Amazon.SQS.Model;
using Microsoft.AspNetCore.Http;
using Moq;
using Omni.Local.Deployment;
using Omni.Local.Functions;
using Omni.Local.Hosting;

namespace Omni.EndToEnd.Tests;

/// <summary>How much Lambda lets a function have at once, held on one machine as there.</summary>
public sealed class BoundsTests
{
    private const int Mebibyte = 1024 * 1024;

    [Fact]
    public async Task What_is_reserved_runs_and_who_comes_beyond_it_is_turned_away()
    {
        await using var inner = new HeldFunction { Reserved = 2 };
        await using var function = ReservedFunction.Around(inner);
        Task<InvocationResult>[] running = [InvokeAsync(), InvokeAsync()];

        var beyond = await InvokeAsync();

        Assert.True(beyond.IsThrottled);
        Assert.Equal(2, inner.Running);
        inner.Finish();
        Assert.All(await Task.WhenAll(running), result => Assert.False(result.IsError));
        Assert.False((await InvokeAsync()).IsThrottled);

        Task<InvocationResult> InvokeAsync() => function.InvokeAsync([], CancellationToken.None);
    }

    [Fact]
    public async Task Where_nothing_is_reserved_nobody_is_turned_away()
    {
        await using var inner = new HeldFunction();

        Assert.Same(inner, ReservedFunction.Around(inner));
    }

    [Fact]
    public async Task A_client_that_is_turned_away_hears_that_the_service_is_not_available()
    {
        await using var inner = new HeldFunction { Reserved = 0 };
        var functions = new Dictionary<string, IFunctionHost> { ["omni-api"] = ReservedFunction.Around(inner) };
        using var log = new StringWriter();
        var gateway = new Gateway([new("GET /api", "omni-api")], functions, log, TimeProvider.System);
        var http = new DefaultHttpContext { Request = { Method = "GET", Path = "/api" }, Response = { Body = new MemoryStream() } };

        Assert.True(await gateway.TryHandleAsync(http));

        Assert.Equal(503, http.Response.StatusCode);
        Assert.Contains("omni-api was not asked", log.ToString(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task What_the_template_bounds_is_what_is_held()
    {
        var sqs = new Mock<IAmazonSQS>(MockBehavior.Strict);
        sqs.Setup(c => c.CreateQueueAsync(It.IsAny<CreateQueueRequest>(), It.IsAny<CancellationToken>()))
            .ReturnsAsync(new CreateQueueResponse { QueueUrl = "http://127.0.0.1/work" });
        sqs.Setup(c => c.GetQueueAttributesAsync(It.IsAny<string>(), It.IsAny<List<string>>(), It.IsAny<CancellationToken>()))
            .ReturnsAsync(new GetQueueAttributesResponse
            {
                Attributes = new() { ["QueueArn"] = "arn:aws:sqs:us-east-1:000000000000:work" },
            });
        var template = JsonNode.Parse(
            """
            {"Resources": {
              "Work": {"Type": "AWS::SQS::Queue", "Properties": {"QueueName": "work"}},
              "Role": {"Type": "AWS::IAM::Role", "Properties": {}},
              "Policy": {"Type": "AWS::IAM::Policy", "Properties": {"Roles": [{"Ref": "Role"}], "PolicyDocument": {"Statement": []}}},
              "Function": {"Type": "AWS::Lambda::Function", "Properties": {
                "FunctionName": "worker", "Handler": "Omni.Worker", "Role": {"Fn::GetAtt": ["Role", "Arn"]},
                "ReservedConcurrentExecutions": 7}},
              "Mapping": {"Type": "AWS::Lambda::EventSourceMapping", "Properties": {
                "FunctionName": {"Ref": "Function"}, "EventSourceArn": {"Fn::GetAtt": ["Work", "Arn"]},
                "BatchSize": 3, "ScalingConfig": {"MaximumConcurrency": 12}}}
            }}
            """)!.AsObject();

        var stack = await new Deployer(
            new Resources(template), Mock.Of<IAmazonDynamoDB>(), sqs.Object, Mock.Of<IAmazonS3>(), new Uri("http://127.0.0.1"))
            .DeployAsync(CancellationToken.None);

        Assert.Equal(7, Assert.Single(stack.Functions).ReservedConcurrency);
        var mapping = Assert.Single(stack.Queues);
        Assert.Equal((3, 12), (mapping.BatchSize, mapping.Concurrency));
    }

    [Fact]
    public async Task A_batch_above_an_event_is_handed_over_in_two_and_in_its_order()
    {
        var queue = new FullQueue([.. Enumerable.Range(0, 10).Select(i => FullQueue.Message($"{i}", group: "a", bytes: Mebibyte))]);
        var function = new CountingFunction();

        Assert.Equal(10, await queue.Poller(function).TakeAsync(TimeSpan.Zero, CancellationToken.None));

        Assert.Equal([5, 5], function.Events.Select(e => e.Ids.Length));
        Assert.Equal(queue.Ids, function.Events.SelectMany(e => e.Ids));
        Assert.All(function.Events, e => Assert.InRange(e.Bytes, 5 * Mebibyte, Gateway.MaxEventBytes));
        Assert.Equal(queue.Ids, queue.Deleted);
    }

    [Theory]
    [InlineData("work.fifo", new[] { "0", "1", "3" })]
    [InlineData("work", new[] { "0", "1", "2", "3" })]
    public async Task What_follows_on_a_record_that_is_not_done_is_not_handed_over_before_it(string name, string[] asked)
    {
        // Each as large as half an event: three events.
        const int Half = 3 * Mebibyte;
        var queue = new FullQueue(
            FullQueue.Message("0", "a", Half), FullQueue.Message("1", "b", 10), FullQueue.Message("2", "a", Half),
            FullQueue.Message("3", "c", 10));
        var function = new CountingFunction { Fails = "0" };

        await queue.Poller(function, name).TakeAsync(TimeSpan.Zero, CancellationToken.None);

        Assert.Equal(asked, function.Events.SelectMany(e => e.Ids));
        Assert.DoesNotContain("0", queue.Deleted);
    }

    [Fact]
    public void A_record_alone_is_handed_over_whatever_its_size()
    {
        var (e, count) = EventBatch.Of([JsonValue.Create(new string('x', Gateway.MaxEventBytes)), JsonValue.Create("next")]);

        Assert.Equal(1, count);
        Assert.Equal(1, JsonDocument.Parse(e).RootElement.GetProperty("Records").GetArrayLength());
    }

    private static StackFunction Worker(int? reserved = null) =>
        new("worker", "Omni.Worker", new Dictionary<string, string>(), TimeSpan.FromSeconds(3), 128, reserved);

    /// <summary>A function whose invocations end when the test says.</summary>
    private sealed class HeldFunction : IFunctionHost
    {
        private readonly TaskCompletionSource _finished = new(TaskCreationOptions.RunContinuationsAsynchronously);
        private int _running;

        public int? Reserved { get; init; }

        public int Running => _running;

        public StackFunction Function => Worker(Reserved);

        public IReadOnlyList<int> Processes => [];

        public int MostAtOnce => int.MaxValue;

        public async Task<InvocationResult> InvokeAsync(byte[] eventJson, CancellationToken cancellation)
        {
            Interlocked.Increment(ref _running);
            await _finished.Task.WaitAsync(Host.Patience, cancellation);
            return new([], null);
        }

        public void Finish() => _finished.SetResult();

        public ValueTask DisposeAsync() => ValueTask.CompletedTask;
    }

    /// <summary>A function that keeps what it was handed, and reports one record as not done.</summary>
    private sealed class CountingFunction : IFunctionHost
    {
        public List<(int Bytes, string[] Ids)> Events { get; } = [];

        public string? Fails { get; init; }

        public StackFunction Function => Worker();

        public IReadOnlyList<int> Processes => [];

        public int MostAtOnce => 1;

        public Task<InvocationResult> InvokeAsync(byte[] eventJson, CancellationToken cancellation)
        {
            var ids = JsonNode.Parse(eventJson)!["Records"]!.AsArray().Select(record => (string)record!["messageId"]!).ToArray();
            Events.Add((eventJson.Length, ids));
            var failures = new JsonArray([.. ids.Where(id => id == Fails).Select(id => new JsonObject { ["itemIdentifier"] = id })]);
            return Task.FromResult<InvocationResult>(
                new(JsonSerializer.SerializeToUtf8Bytes(new JsonObject { ["batchItemFailures"] = failures }), null));
        }

        public ValueTask DisposeAsync() => ValueTask.CompletedTask;
    }

    /// <summary>A queue that gives all it has with the first answer.</summary>
    private sealed class FullQueue
    {
        private readonly Mock<IAmazonSQS> _client = new(MockBehavior.Strict);

        public FullQueue(params Message[] messages)
        {
            Ids = [.. messages.Select(message => message.MessageId)];
            _client.Setup(c => c.ReceiveMessageAsync(It.IsAny<ReceiveMessageRequest>(), It.IsAny<CancellationToken>()))
                .ReturnsAsync(new ReceiveMessageResponse { Messages = [.. messages] });
            _client.Setup(c => c.DeleteMessageBatchAsync(It.IsAny<DeleteMessageBatchRequest>(), It.IsAny<CancellationToken>()))
                .ReturnsAsync((DeleteMessageBatchRequest request, CancellationToken _) =>
                {
                    Deleted.AddRange(request.Entries.Select(entry => entry.ReceiptHandle));
                    return new DeleteMessageBatchResponse();
                });
        }

        public string[] Ids { get; }

        public List<string> Deleted { get; } = [];

        public static Message Message(string id, string group, int bytes) => new()
        {
            MessageId = id, ReceiptHandle = id, Body = new string('x', bytes), Attributes = new() { ["MessageGroupId"] = group },
        };

        public QueuePoller Poller(IFunctionHost function, string name = "work.fifo") =>
            new(
                new("worker", name, "arn:aws:sqs:us-east-1:000000000000:" + name, BatchSize: 10, 5),
                _client.Object, function, TextWriter.Null);
    }
}
