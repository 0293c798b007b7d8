using System.Text;
using System.Text.Json.Nodes;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Time.Testing;
using Omni.Local.Deployment;
using Omni.Local.Functions;
using Omni.Local.Hosting;

namespace Omni.EndToEnd.Tests;

/// <summary>The local gateway's bounds, which are those of API Gateway and Lambda.</summary>
public sealed class GatewayTests
{
    private const string Name = "omni-api";

    private readonly FakeTimeProvider _clock = new();
    private readonly StringWriter _log = new();
    private readonly StubFunction _function = new();

    [Theory]
    [InlineData("text/plain", 5 * 1024 * 1024)]
    [InlineData("image/png", 4 * 1024 * 1024)]
    public async Task A_request_that_fits_into_an_event_reaches_the_function(string contentType, int bytes)
    {
        var (status, body) = await AskAsync(contentType, bytes);

        Assert.Equal((200, "Hello"), (status, body));
        Assert.InRange(_function.EventBytes, bytes, Gateway.MaxEventBytes);
    }

    [Theory]
    [InlineData("text/plain", Gateway.MaxEventBytes)] // the JSON around it counts
    [InlineData("image/png", 5 * 1024 * 1024)] // base64 makes it a third longer
    [InlineData("text/plain", Gateway.MaxRequestBytes)]
    public async Task A_request_above_an_event_is_refused_and_no_function_asked(string contentType, int bytes)
    {
        Assert.Equal((413, Problem("Request Too Long")), await AskAsync(contentType, bytes));
        Assert.Equal(0, _function.EventBytes);
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)] // in chunks
    public async Task A_request_above_ten_megabytes_is_refused_by_the_gateway(bool saysItsLength)
    {
        Assert.Equal(
            (413, Problem("Request Entity Too Large")), await AskAsync("text/plain", Gateway.MaxRequestBytes + 1, saysItsLength));
        Assert.Equal(0, _function.EventBytes);
    }

    [Fact]
    public async Task An_answer_of_six_megabytes_is_passed_on()
    {
        _function.Answer = AnswerOf(Gateway.MaxAnswerBytes);

        var (status, body) = await AskAsync();

        Assert.Equal(200, status);
        Assert.InRange(body.Length, Gateway.MaxAnswerBytes - 100, Gateway.MaxAnswerBytes);
        Assert.Empty(_log.ToString());
    }

    [Fact]
    public async Task A_larger_answer_is_an_error_of_the_function_that_the_log_names()
    {
        _function.Answer = AnswerOf(Gateway.MaxAnswerBytes + 1);

        Assert.Equal((500, Problem("Internal Server Error")), await AskAsync());

        Assert.Contains($"{Name} failed: its answer has {Gateway.MaxAnswerBytes + 1} bytes", _log.ToString(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_function_that_does_not_answer_is_waited_for_thirty_seconds_and_named_in_the_log()
    {
        _function.Answer = null;
        var asked = AskAsync();

        _clock.Advance(Gateway.IntegrationTimeout - TimeSpan.FromTicks(1));
        Assert.False(asked.IsCompleted);
        _clock.Advance(TimeSpan.FromTicks(1));

        Assert.Equal((503, Problem("Service Unavailable")), await asked);
        Assert.Contains($"{Name} failed: no answer within 30 s", _log.ToString(), StringComparison.Ordinal);
    }

    private static string Problem(string message) => new JsonObject { ["message"] = message }.ToJsonString();

    /// <summary>What a function returns, of so many bytes.</summary>
    private static byte[] AnswerOf(int bytes)
    {
        const string Start = """{"statusCode":200,"body":"Hello""", End = "\"}";
        return Encoding.UTF8.GetBytes(Start + new string('!', bytes - Start.Length - End.Length) + End);
    }

    private async Task<(int Status, string Body)> AskAsync(string contentType = "text/plain", int bytes = 1, bool saysItsLength = true)
    {
        var functions = new Dictionary<string, IFunctionHost> { [Name] = _function };
        var gateway = new Gateway([new("POST /webhooks/twilio", Name)], functions, _log, _clock);
        using var answer = new MemoryStream();
        var http = new DefaultHttpContext
        {
            Request =
            {
                Method = "POST",
                Path = "/webhooks/twilio",
                ContentType = contentType,
                ContentLength = saysItsLength ? bytes : null,
                Body = new MemoryStream(Encoding.UTF8.GetBytes(new string('x', bytes))),
            },
            Response = { Body = answer },
        };

        Assert.True(await gateway.TryHandleAsync(http));
        return (http.Response.StatusCode, Encoding.UTF8.GetString(answer.ToArray()));
    }

    /// <summary>A function that answers what it is told, or never.</summary>
    private sealed class StubFunction : IFunctionHost
    {
        public byte[]? Answer { get; set; } = """{"statusCode":200,"body":"Hello"}"""u8.ToArray();

        /// <summary>The length of the event that it was invoked with; 0 when it was not.</summary>
        public int EventBytes { get; private set; }

        public StackFunction Function => throw new NotSupportedException();

        public IReadOnlyList<int> Processes => [];

        public int MostAtOnce => 1;

        public Task<InvocationResult> InvokeAsync(byte[] eventJson, CancellationToken cancellation)
        {
            EventBytes = eventJson.Length;
            return Answer is { } answer
                ? Task.FromResult(new InvocationResult(answer, null))
                : new TaskCompletionSource<InvocationResult>().Task;
        }

        public ValueTask DisposeAsync() => ValueTask.CompletedTask;
    }
}
