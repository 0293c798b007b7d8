using System.Text.Json;
using System.Text.Json.Nodes;
using Omni.Local.Functions;

namespace Omni.Local.Hosting;

/// <summary>The clock: invokes the scheduled functions as EventBridge does.</summary>
internal sealed class ScheduleRunner(IReadOnlyList<IFunctionHost> functions, TimeSpan every, TextWriter log)
{
    public async Task RunAsync(CancellationToken cancellation)
    {
        using var timer = new PeriodicTimer(every);
        try
        {
            while (await timer.WaitForNextTickAsync(cancellation)) await TickAsync(cancellation);
        }
        catch (OperationCanceledException) when (cancellation.IsCancellationRequested)
        {
            // The host stops.
        }
    }

    /// <summary>Invokes all of them now.</summary>
    public async Task TickAsync(CancellationToken cancellation)
    {
        var e = new JsonObject
        {
            ["version"] = "0",
            ["id"] = Guid.NewGuid().ToString(),
            ["detail-type"] = "Scheduled Event",
            ["source"] = "aws.events",
            ["time"] = TimeProvider.System.GetUtcNow().ToString(
                "yyyy-MM-dd'T'HH:mm:ss'Z'", System.Globalization.CultureInfo.InvariantCulture),
            ["region"] = Emulators.LocalEmulators.Region,
            ["detail"] = new JsonObject(),
        };
        foreach (var function in functions)
        {
            var result = await function.InvokeAsync(JsonSerializer.SerializeToUtf8Bytes(e), cancellation);
            if (result.IsError) await log.WriteLineAsync($"{function.Function.Name} failed: {result.Error}");
        }
    }
}
