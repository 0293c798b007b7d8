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

    /// <summary>A photograph of 12 million pixels as a phone takes it: on its side, and with the place where it was taken.</summary>
    public Uri Photo => new(Host, LocalHost.Photo);

    /// <summary>Sends messages at once, waits until all have the status, and prints their timelines.</summary>
    public async Task SendAsync(string expected, params JsonObject[] requests)
    {
        var ids = await Task.WhenAll(requests.Select(request => client.SendAsync(request, cancellation)));
        var ends = await Task.WhenAll(ids.Select(id => client.WaitForAsync(id, expected, Patience, cancellation)));
        foreach (var id in ids) await ShowAsync(id);
        if (ends.Any(end => end != expected))
            throw new InvalidOperationException(
                $"expected {expected}, not {string.Join(", ", ends.Where(end => end != expected).Distinct())}");
    }

    /// <summary>Sends a batch, waits until all of it is delivered, and shows how it went.</summary>
    public async Task SendBulkAsync(JsonObject request)
    {
        var taken = (await client.PostAsync("/api/v1/messages/bulk", request, cancellation))!;
        var until = TimeProvider.System.GetUtcNow() + Patience;
        while (true)
        {
            var batch = await client.GetAsync($"/api/v1/batches/{taken["batchId"]}?wait=2", cancellation);
            var counts = batch["counts"]!.AsObject();
            var isOver = (int)counts["delivered"]! == (int)batch["total"]!;
            if (!isOver && TimeProvider.System.GetUtcNow() < until)
            {
                await Task.Delay(100, cancellation);
                continue;
            }

            var shown = string.Join(", ", counts.Where(count => (int)count.Value! > 0).Select(count => $"{count.Value} {count.Key}"));
            screen.MarkupLineInterpolated($"  batch [bold]{(string)batch["state"]!}[/]  {shown}  [grey]{(string)batch["id"]!}[/]");
            if (!isOver) throw new InvalidOperationException("the batch was not delivered");
            return;
        }
    }

    /// <summary>Tells a simulator something.</summary>
    public Task<JsonNode?> TellAsync(string path, JsonObject? body = null) => client.PostAsync(path, body, cancellation);

    /// <summary>Sends a message that the API must refuse.</summary>
    public async Task ExpectRefusalAsync(string code, JsonObject request)
    {
        try
        {
            await client.SendAsync(request, cancellation);
        }
        catch (HttpRequestException refused) when (refused.Message.Contains($"\"{code}\"", StringComparison.Ordinal))
        {
            screen.MarkupLineInterpolated($"  [bold]{code}[/]  [grey]{refused.Message}[/]");
            return;
        }

        throw new InvalidOperationException($"the API took what it should refuse with {code}");
    }

    /// <summary>Waits until an inbound message with a text can be read through the API.</summary>
    /// <returns>Its id.</returns>
    public async Task<string> ExpectInboundAsync(string carrier, string text)
    {
        var until = TimeProvider.System.GetUtcNow() + Patience;
        while (TimeProvider.System.GetUtcNow() < until)
        {
            var list = await client.GetAsync($"/api/v1/messages?direction=inbound&carrier={carrier}&limit=20", cancellation);
            if (list["data"]!.AsArray().FirstOrDefault(m => Text(m!) == text) is { } message)
            {
                var id = (string)message["id"]!;
                await ShowAsync(id);
                await ShowFilesAsync(id, until);
                return id;
            }

            await Task.Delay(100, cancellation);
        }

        throw new InvalidOperationException("the answer did not arrive");
    }

    // A choice says what was chosen, a place its name.
    private static string? Text(JsonNode message)
    {
        var content = message["content"]!;
        return (string?)(content["reply"]?["title"] ?? content["body"] ?? content["caption"] ?? content["name"]);
    }

    /// <summary>Waits until every file of an inbound message is kept, and shows what was.</summary>
    private async Task ShowFilesAsync(string id, DateTimeOffset until)
    {
        while (true)
        {
            var files = (await client.GetAsync($"/api/v1/messages/{id}", cancellation))["files"]?.AsArray() ?? [];
            if (files.Any(file => (string?)file!["status"] == "pending") && TimeProvider.System.GetUtcNow() < until)
            {
                await Task.Delay(100, cancellation);
                continue;
            }

            foreach (var file in files)
            {
                if ((string?)file!["status"] != "stored")
                    throw new InvalidOperationException($"a file was not kept: {file["status"]} {file["code"]}");
                var bytes = await client.Http.GetByteArrayAsync((string)file["links"]!["content"]!, cancellation);
                screen.MarkupLineInterpolated($"    [grey]file kept[/] {(string?)file["mimeType"]} {bytes.Length} bytes");
            }

            return;
        }
    }

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
