using System.Collections.Concurrent;
using System.Net;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Logging;
using Omni.Local.Demo;

namespace Omni.EndToEnd.Tests;

/// <summary>The client of the demo and of these tests, before an API that has too much to do.</summary>
public sealed class OmniClientTests : IAsyncLifetime
{
    private const string TooMuch = "too much";

    private readonly ConcurrentQueue<string> _keys = new();
    private readonly WebApplication _api;
    private int _refusals = 2;

    public OmniClientTests()
    {
        var builder = WebApplication.CreateSlimBuilder(Omni.Local.LocalHost.WatchesNoFiles);
        builder.Logging.ClearProviders();
        builder.WebHost.UseUrls("http://127.0.0.1:0");
        _api = builder.Build();
        _api.Run(context =>
        {
            _keys.Enqueue(context.Request.Headers["Idempotency-Key"].ToString());
            if (Interlocked.Decrement(ref _refusals) < 0) return context.Response.WriteAsync("""{"id":"msg_1"}""");

            context.Response.StatusCode = 503;
            if (!context.Request.Path.StartsWithSegments("/health")) context.Response.Headers.RetryAfter = "0";
            return context.Response.WriteAsync(TooMuch);
        });
    }

    public Task InitializeAsync() => _api.StartAsync();

    public async Task DisposeAsync() => await _api.DisposeAsync();

    [Fact]
    public async Task A_message_that_the_API_has_no_time_for_is_sent_again_under_its_key()
    {
        using var client = new OmniClient(new Uri(_api.Urls.First()), "key");

        Assert.Equal("msg_1", await client.SendAsync([]));

        Assert.Equal(3, _keys.Count);
        Assert.NotEmpty(Assert.Single(_keys.Distinct()));
    }

    [Fact]
    public async Task So_is_a_read()
    {
        using var client = new OmniClient(new Uri(_api.Urls.First()), "key");

        Assert.Equal("msg_1", (string?)(await client.GetAsync("/api/v1/messages/msg_1"))["id"]);
    }

    [Theory]
    [InlineData("GET", "/health")] // it says how things are, and not when to come again
    [InlineData("POST", "/api/v1/messages/send")] // without a key it may have been taken
    public async Task Nothing_else_is_repeated(string method, string path)
    {
        using var client = new OmniClient(new Uri(_api.Urls.First()), "key");
        using var request = new HttpRequestMessage(new HttpMethod(method), path);

        using var answer = await client.Http.SendAsync(request);

        Assert.Equal((HttpStatusCode.ServiceUnavailable, TooMuch), (answer.StatusCode, await answer.Content.ReadAsStringAsync()));
        Assert.Single(_keys);
    }
}
