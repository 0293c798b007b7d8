using System.Collections.Concurrent;
using System.Net;
using System.Text.Json.Nodes;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Logging;
using Spectre.Console;

namespace Omni.Local.Demo;

/// <summary>A client's own server: made known to the API as a webhook endpoint, it shows what it is told.</summary>
internal sealed class DemoEndpoint : IAsyncDisposable
{
    private const string Path = "/api/v1/webhook-endpoints";

    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(45);

    private readonly WebApplication _app;
    private readonly OmniClient _client;
    private readonly ConcurrentQueue<JsonNode> _told = [];
    private string? _id;

    private DemoEndpoint(WebApplication app, OmniClient client) => (_app, _client) = (app, client);

    /// <summary>Brings the server up, and makes it known.</summary>
    public static async Task<DemoEndpoint> StartAsync(OmniClient client, CancellationToken cancellation)
    {
        var builder = WebApplication.CreateSlimBuilder(LocalHost.WatchesNoFiles);
        builder.Logging.ClearProviders();
        builder.WebHost.ConfigureKestrel(kestrel => kestrel.Listen(IPAddress.Loopback, 0));
        var endpoint = new DemoEndpoint(builder.Build(), client);
        endpoint._app.MapPost("/hook", async (HttpRequest request) =>
        {
            endpoint._told.Enqueue((await JsonNode.ParseAsync(request.Body, cancellationToken: request.HttpContext.RequestAborted))!);
            return Results.NoContent();
        });
        await endpoint._app.StartAsync(cancellation);
        var made = await client.PostAsync(
            Path, new() { ["url"] = $"{endpoint._app.Urls.First()}/hook", ["description"] = "The demo's own" }, cancellation);
        endpoint._id = (string)made!["id"]!;
        return endpoint;
    }

    /// <summary>Shows what it was told since the last time, once it was told something.</summary>
    public async Task ShowAsync(IAnsiConsole screen, CancellationToken cancellation)
    {
        for (var until = TimeProvider.System.GetUtcNow() + Patience; _told.IsEmpty; await Task.Delay(50, cancellation))
        {
            if (TimeProvider.System.GetUtcNow() > until) throw new InvalidOperationException("the client was told of nothing");
        }

        while (_told.TryDequeue(out var e))
            screen.MarkupLineInterpolated($"  told [bold]{(string)e["type"]!}[/]  [grey]{(string?)e["data"]!["id"]}[/]");
    }

    public async ValueTask DisposeAsync()
    {
        if (_id is not null) (await _client.Http.DeleteAsync($"{Path}/{_id}", CancellationToken.None)).Dispose();
        await _app.DisposeAsync();
    }
}
