using System.Collections.Concurrent;
using System.Text;
using System.Text.Json.Nodes;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Logging;

namespace Omni.EndToEnd.Tests;

/// <summary>A request that a carrier's API was asked.</summary>
/// <param name="Method">The method.</param>
/// <param name="Path">The path below the carrier's base URL, with its query.</param>
/// <param name="Headers">The headers.</param>
/// <param name="Body">The body.</param>
public sealed record RecordedRequest(string Method, string Path, IReadOnlyDictionary<string, string> Headers, string Body)
{
    public JsonObject Json => JsonNode.Parse(Body)!.AsObject();
}

/// <summary>Stands in for every carrier's API: keeps the requests, and answers as the scene says.</summary>
public sealed class Recorder : IAsyncDisposable
{
    private readonly ConcurrentQueue<(string Carrier, RecordedRequest Request)> _requests = new();
    private readonly WebApplication _app;

    public Recorder()
    {
        var builder = WebApplication.CreateSlimBuilder(Omni.Local.LocalHost.WatchesNoFiles);
        builder.Logging.ClearProviders();
        builder.WebHost.UseUrls("http://127.0.0.1:0");
        _app = builder.Build();
        _app.Map("/{carrier}/{**path}", AnswerAsync);
    }

    public Uri Url => new(_app.Urls.First());

    public Task StartAsync() => _app.StartAsync();

    /// <summary>What a carrier was asked.</summary>
    public IReadOnlyList<RecordedRequest> Of(string carrier) => [.. _requests.Where(r => r.Carrier == carrier).Select(r => r.Request)];

    public ValueTask DisposeAsync() => _app.DisposeAsync();

    private async Task<IResult> AnswerAsync(string carrier, HttpRequest http)
    {
        using var body = new MemoryStream();
        await http.Body.CopyToAsync(body);
        var request = new RecordedRequest(
            http.Method, $"{http.Path}{http.QueryString}"[(carrier.Length + 1)..],
            http.Headers.ToDictionary(h => h.Key, h => h.Value.ToString(), StringComparer.OrdinalIgnoreCase),
            Encoding.UTF8.GetString(body.ToArray()));
        _requests.Enqueue((carrier, request));
        var (status, answer) = Scene.Of(carrier).Answer(request);
        return Results.Text(answer, "application/json", statusCode: status);
    }
}
