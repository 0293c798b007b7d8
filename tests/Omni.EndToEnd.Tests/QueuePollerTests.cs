using System.Threading.Channels;
using Amazon.SQS;
using Amazon.SQS.Model;
using Moq;
using Omni.Local.Deployment;
using Omni.Local.Functions;
using Omni.Local.Hosting;

namespace Omni.EndToEnd.Tests;

/// <summary>How the local host feeds a function from a queue.</summary>
public sealed class QueuePollerTests
{
    private readonly FakeQueue _queue = new();
    private readonly HeldFunction _function = new();
    private readonly CancellationTokenSource _stop = new();

    [Theory]
    [InlineData(2)]
    [InlineData(12)]
    [InlineData(40)]
    public async Task As_many_invocations_run_at_once_as_the_mapping_says_and_no_more(int concurrency)
    {
        var running = Poller(concurrency).RunAsync(_stop.Token);
        for (var batch = 0; batch < concurrency + 3; batch++) _queue.Add();

        for (var i = 0; i < concurrency; i++) await _function.StartedAsync();
        Assert.Equal((concurrency, 3), (_function.Running, _queue.Waiting)); // what nobody has time for stays in the queue

        _function.Finish();
        await _function.StartedAsync();
        Assert.Equal((concurrency, 2), (_function.Running, _queue.Waiting));
        await StopAsync(running);
    }

    [Fact]
    public async Task A_function_that_takes_fewer_gets_fewer()
    {
        _function.MostAtOnce = 3;
        var running = Poller(concurrency: 12).RunAsync(_stop.Token);
        for (var batch = 0; batch < 5; batch++) _queue.Add();

        for (var i = 0; i < 3; i++) await _function.StartedAsync();
        Assert.Equal((3, 2), (_function.Running, _queue.Waiting));
        await StopAsync(running);
    }

    [Theory]
    [InlineData(2, 2)]
    [InlineData(130, 5)]
    public async Task An_empty_queue_is_asked_by_a_few_before_and_after_a_flood(int concurrency, int receivers)
    {
        var running = Poller(concurrency).RunAsync(_stop.Token);
        await _queue.AskedByAsync(receivers);

        for (var batch = 0; batch < concurrency; batch++) _queue.Add();
        for (var i = 0; i < concurrency; i++) await _function.StartedAsync();
        for (var i = 0; i < concurrency; i++) _function.Finish();

        await _queue.AskedByAsync(receivers);
        Assert.Equal(receivers, _queue.MostAsking);
        await StopAsync(running);
        Assert.Equal(concurrency, _queue.Deleted);
    }

    [Fact]
    public async Task A_stopped_poller_ends_when_nothing_is_handled_any_more()
    {
        _function.IgnoresStops = true;
        var running = Poller(concurrency: 12).RunAsync(_stop.Token);
        _queue.Add();
        await _function.StartedAsync();

        await _stop.CancelAsync();
        await _queue.AskedByAsync(0);
        Assert.False(running.IsCompleted);

        _function.Finish();
        await running;
        Assert.Equal(1, _queue.Deleted);
    }

    private QueuePoller Poller(int concurrency)
    {
        var mapping = new QueueMapping("function", "queue", "arn:aws:sqs:us-east-1:000000000000:queue", BatchSize: 10, concurrency);
        return new(mapping, _queue.Client, _function, TextWriter.Null);
    }

    private async Task StopAsync(Task running)
    {
        await _stop.CancelAsync();
        await running;
    }

    /// <summary>A function whose invocations end when the test says.</summary>
    private sealed class HeldFunction : IFunctionHost
    {
        private readonly Channel<bool> _started = Channel.CreateUnbounded<bool>();
        private readonly Channel<bool> _finished = Channel.CreateUnbounded<bool>();
        private int _running;

        public StackFunction Function => throw new NotSupportedException();

        public IReadOnlyList<int> Processes => [];

        public int MostAtOnce { get; set; } = int.MaxValue;

        public bool IgnoresStops { get; set; }

        public int Running => _running;

        public async Task<InvocationResult> InvokeAsync(byte[] eventJson, CancellationToken cancellation)
        {
            Interlocked.Increment(ref _running);
            _started.Writer.TryWrite(true);
            try
            {
                await _finished.Reader.ReadAsync(IgnoresStops ? CancellationToken.None : cancellation);
                return new([], null);
            }
            finally
            {
                Interlocked.Decrement(ref _running);
            }
        }

        public async Task StartedAsync() => await _started.Reader.ReadAsync().AsTask().WaitAsync(Host.Patience);

        public void Finish() => _finished.Writer.TryWrite(true);

        public ValueTask DisposeAsync() => ValueTask.CompletedTask;
    }

    /// <summary>A queue that keeps who asks waiting until there is something.</summary>
    private sealed class FakeQueue
    {
        private readonly Mock<IAmazonSQS> _client = new(MockBehavior.Strict);
        private readonly Channel<Message> _messages = Channel.CreateUnbounded<Message>();
        private readonly Lock _lock = new();
        private int _asking;
        private int _deleted;
        private (int Count, TaskCompletionSource Reached)? _awaited;

        public FakeQueue()
        {
            _client.Setup(c => c.ReceiveMessageAsync(It.IsAny<ReceiveMessageRequest>(), It.IsAny<CancellationToken>()))
                .Returns((ReceiveMessageRequest _, CancellationToken stop) => ReceiveAsync(stop));
            _client.Setup(c => c.DeleteMessageBatchAsync(It.IsAny<DeleteMessageBatchRequest>(), It.IsAny<CancellationToken>()))
                .Returns((DeleteMessageBatchRequest request, CancellationToken _) => DeleteAsync(request));
        }

        public IAmazonSQS Client => _client.Object;

        public int Waiting => _messages.Reader.Count;

        public int MostAsking { get; private set; }

        public int Deleted => _deleted;

        public void Add() => _messages.Writer.TryWrite(new Message { MessageId = Guid.NewGuid().ToString(), Body = "{}" });

        /// <summary>Until so many wait for an answer.</summary>
        public Task AskedByAsync(int count)
        {
            lock (_lock)
            {
                if (_asking == count) return Task.CompletedTask;
                var reached = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
                _awaited = (count, reached);
                return reached.Task.WaitAsync(Host.Patience);
            }
        }

        private async Task<ReceiveMessageResponse> ReceiveAsync(CancellationToken cancellation)
        {
            Count(+1);
            try
            {
                return new() { Messages = [await _messages.Reader.ReadAsync(cancellation)] };
            }
            finally
            {
                Count(-1);
            }
        }

        private Task<DeleteMessageBatchResponse> DeleteAsync(DeleteMessageBatchRequest request)
        {
            Interlocked.Add(ref _deleted, request.Entries.Count);
            return Task.FromResult(new DeleteMessageBatchResponse());
        }

        private void Count(int change)
        {
            lock (_lock)
            {
                _asking += change;
                MostAsking = Math.Max(MostAsking, _asking);
                if (_awaited is { } awaited && awaited.Count == _asking) awaited.Reached.TrySetResult();
            }
        }
    }
}
