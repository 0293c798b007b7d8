using System.Net;
using System.Net.Sockets;
using System.Text;
using System.Text.Json;
using Omni.Shared;

namespace Omni.Aws.Tests.Endpoints;

/// <summary>Calls of clients' endpoints, over sockets.</summary>
public sealed class EndpointClientTests
{
    [Fact]
    public async Task A_name_that_was_public_when_it_was_given_and_is_private_when_it_is_called_is_not_connected_to()
    {
        using var inside = new OneAnswer("HTTP/1.1 200 OK\r\nContent-Length: 6\r\nConnection: close\r\n\r\nsecret");
        IPAddress[] answers = [IPAddress.Parse("192.0.2.7")];
        using var http = new HttpClient(PublicHttp.NewHandler(
            (_, address) => EndpointClient.MayConnect(address, isLocal: false), (_, _) => Task.FromResult(answers)));

        foreach (var address in (string[])["127.0.0.1", "::1", "::ffff:127.0.0.1", "10.0.0.1", "169.254.169.254"])
        {
            answers = [IPAddress.Parse(address)]; // the name server has changed its mind
            var answer = await new EndpointClient(http, TimeProvider.System)
                .PostAsync(Endpoint($"http://shop.example:{inside.Port}/"), Event());

            Assert.Equal((null, "connect", false), (answer.Status, answer.Error, answer.Succeeded));
        }

        Assert.False(inside.WasAsked);
    }

    [Fact]
    public async Task A_redirect_is_not_followed()
    {
        using var inside = new OneAnswer("HTTP/1.1 200 OK\r\nContent-Length: 0\r\n\r\n");
        using var outside = new OneAnswer(
            $"HTTP/1.1 307 Temporary Redirect\r\nLocation: http://127.0.0.1:{inside.Port}/\r\nContent-Length: 0\r\n\r\n");

        var answer = await PostAsync(outside);

        Assert.Equal((307, false), (answer.Status, answer.Succeeded));
        Assert.False(inside.WasAsked);
    }

    [Theory]
    [InlineData("HTTP/1.1 204 No Content\r\n\r\n", 204, null, null)]
    [InlineData("HTTP/1.1 200 OK\r\nContent-Length: 5\r\n\r\nnoted", 200, null, "noted")]
    [InlineData("HTTP/1.1 200 OK\r\nContent-Length: 50\r\n\r\nbreaks off", 200, null, null)] // the status counts
    [InlineData("HTTP/1.1 500 Oh\r\nContent-Length: 2\r\n\r\nno", 500, null, "no")]
    [InlineData("HTTP/1.1 429 Slow\r\nRetry-After: 90000\r\nContent-Length: 0\r\n\r\n", 429, 86_400, null)]
    [InlineData("HTTP/1.1 503 Later\r\nRetry-After: 30\r\nContent-Length: 0\r\n\r\n", 503, 30, null)]
    [InlineData("HTTP/1.1 500 Oh\r\nRetry-After: 30\r\nContent-Length: 0\r\n\r\n", 500, null, null)]
    public async Task An_answer_is_its_status_its_wait_and_how_its_body_begins(string text, int status, int? rest, string? body)
    {
        using var server = new OneAnswer(text);

        var answer = await PostAsync(server);

        Assert.Equal((status, rest, body), (answer.Status, (int?)answer.Rest?.TotalSeconds, answer.Body));
    }

    [Fact]
    public async Task Nobody_there_and_no_HTTP_are_no_answers()
    {
        using var server = new OneAnswer("220 mail.example ESMTP\r\n");
        var noise = await PostAsync(server);
        Assert.Equal((null, "reset"), (noise.Status, noise.Error));

        using var http = EndpointClient.NewHttp(isLocal: true);
        var client = new EndpointClient(http, TimeProvider.System);
        Assert.Equal("connect", (await client.PostAsync(Endpoint("http://127.0.0.1:1/"), Event())).Error);
    }

    [Fact]
    public async Task A_call_has_the_clients_headers_and_ours()
    {
        using var server = new OneAnswer("HTTP/1.1 204 No Content\r\n\r\n");
        using var http = EndpointClient.NewHttp(isLocal: true);
        var endpoint = Endpoint($"http://127.0.0.1:{server.Port}/hook?a=b") with
        {
            Headers = new Dictionary<string, string> { ["Authorization"] = "Bearer their-own" },
        };

        await new EndpointClient(http, TimeProvider.System).PostAsync(endpoint, Event());

        Assert.StartsWith("POST /hook?a=b HTTP/1.1\r\n", server.Request, StringComparison.Ordinal);
        foreach (var line in (string[])
            ["Authorization: Bearer their-own", "webhook-id: evt_1", "Content-Type: application/json", "User-Agent: Omni/1.0"])
            Assert.Contains(line + "\r\n", server.Request);
        Assert.EndsWith(
            """{"id":"evt_1","type":"message.sent","timestamp":"2026-01-02T03:04:05.000Z","sequence":5"""
            + ""","tenant":"default","data":{"id":"msg_1"}}""",
            server.Request);
    }

    [Fact]
    public void What_is_too_large_is_sent_thin()
    {
        var data = new { id = "msg_1", conversationId = "ses_1", text = new string('x', EventBody.MaxBytes) };
        var body = JsonDocument.Parse(EventBody.Of(Event() with { Data = JsonSerializer.SerializeToElement(data) })).RootElement;

        Assert.Equal("""{"id":"msg_1","conversationId":"ses_1","truncated":true}""", body.GetProperty("data").GetRawText());
    }

    private static async Task<EndpointAnswer> PostAsync(OneAnswer server)
    {
        using var http = EndpointClient.NewHttp(isLocal: true);
        return await new EndpointClient(http, TimeProvider.System).PostAsync(Endpoint($"http://127.0.0.1:{server.Port}/"), Event());
    }

    private static WebhookEndpoint Endpoint(string url) => new()
    {
        Id = Ids.NewEndpoint(), Tenant = "default", Url = new(url), Secret = StandardWebhooks.NewSecret(),
        Since = default, CreatedAt = default, UpdatedAt = default,
    };

    private static ClientEvent Event() => new()
    {
        Id = "evt_1", Type = "message.sent", Timestamp = new(2026, 1, 2, 3, 4, 5, TimeSpan.Zero), Sequence = 5, Tenant = "default",
        Data = JsonSerializer.SerializeToElement(new { id = "msg_1" }),
    };

    /// <summary>A server that answers once, to the letter, and keeps what it was asked.</summary>
    private sealed class OneAnswer : IDisposable
    {
        private readonly TcpListener _listener = new(IPAddress.Loopback, 0);

        public OneAnswer(string answer)
        {
            _listener.Start();
            _ = Task.Run(async () =>
            {
                using var client = await _listener.AcceptTcpClientAsync();
                WasAsked = true;
                var stream = client.GetStream();
                var bytes = new byte[8192];
                do Request += Encoding.UTF8.GetString(bytes, 0, await stream.ReadAsync(bytes));
                while (!Request.EndsWith('}'));
                await stream.WriteAsync(Encoding.ASCII.GetBytes(answer));
            });
        }

        public int Port => ((IPEndPoint)_listener.LocalEndpoint).Port;

        public bool WasAsked { get; private set; }

        public string Request { get; private set; } = "";

        public void Dispose() => _listener.Dispose();
    }
}
