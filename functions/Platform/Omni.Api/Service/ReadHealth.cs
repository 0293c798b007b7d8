using System.Text.Json;

namespace Omni.Api;

/// <summary>
/// Whether the API works, and with <c>?deep=true</c> what it needs.
/// It tells which kind of thing fails, never its name or its words: no key is needed to ask.
/// </summary>
internal sealed class ReadHealth(ApiParts parts)
{
    public const string DeepParameter = "deep";

    // No such message, conversation or carrier: only whether the table answers is of interest.
    private const string Nothing = "msg_health";

    private static readonly TimeSpan Limit = TimeSpan.FromSeconds(2);

    private static readonly string Version = typeof(ReadHealth).Assembly.GetName().Version!.ToString(3);

    public async Task<ApiResult> HandleAsync(ApiCall call, CancellationToken cancellation)
    {
        var deep = call.Query.Flag(DeepParameter) ?? false;
        if (call.Query.Errors.Count > 0) return Problems.InvalidParameter.Because(call.Query.Errors);

        var checks = deep
            ? await Task.WhenAll(
                CheckAsync("messages", stop => parts.Messages.FindAsync(Nothing, stop), cancellation),
                CheckAsync("sessions", stop => parts.Sessions.FindAsync(Nothing, stop), cancellation),
                CheckAsync("control", stop => parts.Health.ReadAsync(Nothing, stop), cancellation),
                CheckAsync(
                    "queues",
                    stop => Task.WhenAll(parts.CarrierQueues.Values.Select(queue => parts.Queues.DepthAsync(queue.Outbound, stop))),
                    cancellation))
            : null;
        var works = checks?.All(check => check.Status == "ok") != false;
        var view = new HealthView(works ? "ok" : "failing", Version, parts.Clock.GetUtcNow(), checks);
        return new ApiResult.Answer(works ? 200 : 503, JsonSerializer.Serialize(view, ApiJson.Wire.HealthView));
    }

    private async Task<HealthCheck> CheckAsync(string name, Func<CancellationToken, Task> ask, CancellationToken cancellation)
    {
        using var stop = CancellationTokenSource.CreateLinkedTokenSource(cancellation);
        try
        {
            await ask(stop.Token).WaitAsync(Limit, parts.Clock, cancellation);
            return new(name, "ok");
        }
        catch (Exception) when (!cancellation.IsCancellationRequested)
        {
            await stop.CancelAsync();
            return new(name, "failing");
        }
    }
}

/// <summary>How the API is.</summary>
internal sealed record HealthView(string Status, string Version, DateTimeOffset Time, IReadOnlyList<HealthCheck>? Checks);

/// <summary>How something is that the API needs.</summary>
internal sealed record HealthCheck(string Name, string Status);
