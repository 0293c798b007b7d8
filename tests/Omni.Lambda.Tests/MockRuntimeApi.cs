using System.Collections.Concurrent;
using System.Net;
using System.Net.Sockets;
using System.Threading.Channels;
using Amazon.Lambda.RuntimeSupport;

namespace Omni.Lambda.Tests;

/// <summary>A Lambda Runtime API on a free port of this machine, and the loop of the function under test.</summary>
internal sealed class MockRuntimeApi : IAsyncDisposable
{
    /// <summary>Far above what anything here takes: it ends a test that would hang, and decides nothing else.</summary>
    public static readonly TimeSpan Patience = TimeSpan.FromSeconds(30);

    private readonly TcpListener _listener = new(IPAddress.Loopback, 0);
    private readonly CancellationTokenSource _stop = new();
    private readonly Channel<MockReply> _events = Channel.CreateUnbounded<MockReply>();
    private readonly Channel<MockRequest> _posts = Channel.CreateUnbounded<MockRequest>();
    private readonly ConcurrentQueue<MockReply> _postReplies = new();
    private readonly TaskCompletionSource _dropped = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly Task _accepting;
    private int _connections;

    public MockRuntimeApi()
    {
        _listener.Start();
        _accepting = AcceptAsync();
    }

    public string Endpoint => _listener.LocalEndpoint.ToString()!;

    public int Connections => _connections;

    public ConcurrentQueue<MockRequest> Requests { get; } = [];

    /// <summary>Ends when a connection was dropped.</summary>
    public Task Dropped => _dropped.Task;

    /// <summary>The loop that <see cref="Start"/> began.</summary>
    public Task Loop { get; private set; } = Task.CompletedTask;

    public MockRuntimeApi Start(LambdaBootstrapBuilder builder)
    {
        Loop = builder.ConfigureOptions(options => options.RuntimeApiEndpoint = Endpoint).Build().RunAsync(_stop.Token);
        return this;
    }

    /// <summary>What the function posts for this event.</summary>
    public async Task<MockRequest> InvokeAsync(MockReply next, MockReply? postReply = null)
    {
        if (postReply is not null) _postReplies.Enqueue(postReply);
        Offer(next);
        return await PostedAsync();
    }

    public Task<MockRequest> InvokeAsync(string body) => InvokeAsync(MockReply.Event(body));

    public void Offer(MockReply next) => _events.Writer.TryWrite(next);

    public void AnswerPost(MockReply reply) => _postReplies.Enqueue(reply);

    public Task<MockRequest> PostedAsync() => _posts.Reader.ReadAsync().AsTask().WaitAsync(Patience);

    public async ValueTask DisposeAsync()
    {
        await _stop.CancelAsync();
        _listener.Stop();
        await _accepting;
        await Loop.ContinueWith(static _ => { }, TaskScheduler.Default); // a test that expects its failure awaits it
        _stop.Dispose();
    }

    private async Task AcceptAsync()
    {
        var serving = new List<Task>();
        try
        {
            while (true)
            {
                var client = await _listener.AcceptTcpClientAsync(_stop.Token);
                Interlocked.Increment(ref _connections);
                serving.Add(ServeAsync(client));
            }
        }
        catch (OperationCanceledException)
        {
            await Task.WhenAll(serving);
        }
    }

    private async Task ServeAsync(TcpClient client)
    {
        try
        {
            using (client)
            {
                client.NoDelay = true;
                var stream = client.GetStream();
                while (await MockRequest.ReadAsync(stream, _stop.Token) is { } request)
                {
                    Requests.Enqueue(request);
                    var reply = await ReplyToAsync(request);
                    await reply.WriteAsync(stream, _stop.Token);
                    if (request.Method == "POST") _posts.Writer.TryWrite(request);
                    if (reply.Closes) break;
                }
            }

            _dropped.TrySetResult();
        }
        catch (Exception e) when (e is OperationCanceledException or IOException)
        {
            // The test is over, or the function is.
        }
    }

    private async Task<MockReply> ReplyToAsync(MockRequest request) =>
        request.Method == "GET" ? await _events.Reader.ReadAsync(_stop.Token)
        : _postReplies.TryDequeue(out var prepared) ? prepared
        : MockReply.Accepted;
}
