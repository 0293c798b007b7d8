using System.Text.Json.Nodes;
using Spectre.Console;

namespace Omni.Local.Demo;

/// <summary>What a scene plays on: it acts through the API and the simulators, and shows what became of each message.</summary>
/// <param name="client">The client.</param>
/// <param name="screen">Where it is shown.</param>
/// <param name="cancellation">Stops the scene.</param>
internal sealed class Stage(OmniClient client, IAnsiConsole screen, CancellationToken cancellation)
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(45);

    /// <summary>The host that everything is played on.</summary>
    public Uri Host => client.Http.BaseAddress!;

    /// <summary>Sends messages at once, waits until all have the status, and prints their timelines.</summary>
    public async Task SendAsync(string expected, params JsonObject[] requests)
    {
        var ids = await Task.WhenAll(requests.Select(request => client.SendAsync(request, cancellation)));
        var ends = await Task.WhenAll(ids.Select(id => client.WaitForAsync(id, expected, Patience, cancellation)));
        foreach (var id in ids) await ShowAsync(id);
        if (ends.Any(end => end != expected)) throw new InvalidOperationException($"expected {expected}, not {string.Join(", ", ends.Where(end => end != expected).Distinct())}");
    }

    /// <summary>Tells a simulator something.</summary>
    public Task<JsonNode?> TellAsync(string path, JsonObject? body = null) => client.PostAsync(path, body, cancellation);

    /// <summary>Waits until an inbound message with a text can be read through the API.</summary>
    public async Task ExpectInboundAsync(string carrier, string text)
    {
        var until = TimeProvider.System.GetUtcNow() + Patience;
        while (TimeProvider.System.GetUtcNow() < until)
        {
            var list = await client.GetAsync($"/api/v1/messages?direction=inbound&carrier={carrier}&limit=20", cancellation);
            if (list["data"]!.AsArray().FirstOrDefault(m => Text(m!) == text) is { } message)
            {
                await ShowAsync((string)message["id"]!);
                return;
            }

            await Task.Delay(100, cancellation);
        }

        throw new InvalidOperationException("the answer did not arrive");
    }

    private static string? Text(JsonNode message) => (string?)(message["content"]!["reply"]?["title"] ?? message["content"]!["body"] ?? message["content"]!["caption"]);

    private async Task ShowAsync(string id)
    {
        var message = await client.GetAsync($"/api/v1/messages/{id}", cancellation);
        var timeline = await client.GetAsync($"/api/v1/messages/{id}/timeline", cancellation);
        var parts = message["parts"]?.AsArray() ?? [];
        var segments = parts.Sum(p => (int?)p!["segments"] ?? 0);
        var size = segments > 1 ? $"  ({parts.Count} part(s), {segments} segments)" : "";
        screen.MarkupLineInterpolated($"  {(string)message["direction"]!} [bold]{(string)message["status"]!}[/]{size}  [grey]{id}[/]");

        DateTimeOffset? first = null;
        foreach (var e in (timeline["data"] ?? timeline["events"])!.AsArray())
        {
            var at = (DateTimeOffset)e!["at"]!;
            first ??= at;
            var why = string.Join(' ', ((string?[])[(string?)e["reason"], (string?)e["carrierCode"]]).OfType<string>());
            var part = parts.Count > 1 && e["part"] is { } index ? $"part {index} " : "";
            screen.MarkupLineInterpolated($"    [grey]{(at - first.Value).TotalMilliseconds,7:0} ms[/]  {part}{(string)e["type"]!} {why}");
        }
    }
}
