using System.CommandLine;
using System.Net;
using Omni.Client;

namespace Omni.Cli.Commands;

/// <summary>Looks whether all is as it should be, from here to the carriers.</summary>
internal static class DoctorCommand
{
    public static Command Doctor()
    {
        OmniCommand command = new(
            "doctor", "Checks address, key, service, and each carrier's health and webhook address.", "omni doctor");
        return command.Does(async (run, cancellation) =>
        {
            var isWell = true;
            await foreach (var finding in ExamineAsync(run, cancellation))
            {
                isWell &= finding.IsWell;
                run.Screen.Show(finding, () => run.Screen.Line($"{(finding.IsWell ? "ok  " : "BAD ")}  {finding.What}: {finding.Detail}"));
            }

            return isWell ? ExitCode.Done : ExitCode.NotSo;
        });
    }

    private static async IAsyncEnumerable<Finding> ExamineAsync(
        Run run, [System.Runtime.CompilerServices.EnumeratorCancellation] CancellationToken cancellation)
    {
        var health = await FindAsync($"service at {run.Url}", async () =>
        {
            var health = await run.Omni.GetHealthAsync(deep: true, cancellation);
            var failing = (health.Checks ?? []).Where(check => check.Status != "ok").Select(check => $"{check.Name} {check.Status}");
            return (health.Status == "ok", $"{health.Status}, version {health.Version} {string.Join(", ", failing)}".TrimEnd());
        });
        yield return health;
        if (!health.IsWell) yield break;

        IReadOnlyList<Carrier> carriers = [];
        yield return await FindAsync("API key", async () =>
        {
            carriers = await run.Omni.Carriers.ListAsync(cancellation);
            return (true, "it opens the API");
        });
        foreach (var carrier in carriers.Where(carrier => carrier.Available))
        {
            yield return await FindAsync(carrier.Name, async () =>
            {
                var status = await run.Omni.Carriers.GetStatusAsync(carrier.Id, cancellation);
                var why = status.Paused?.Reason ?? (status.State == "ok" ? null : status.LastFaultCode);
                return (status.State == "ok", why is null ? status.State : $"{status.State}, {why}");
            });
            yield return await FindAsync($"{carrier.Name}'s webhook", () => KnockAsync(run, carrier.Id, cancellation));
        }
    }

    // Unsigned, so it is refused, and nothing comes of it.
    private static async Task<(bool IsWell, string Detail)> KnockAsync(Run run, string carrier, CancellationToken cancellation)
    {
        var address = new Uri(run.Url, $"/webhooks/{carrier}");
        using var body = new StringContent("{}", System.Text.Encoding.UTF8, "application/json");
        using var answer = await run.World.Http.PostAsync(address, body, cancellation);
        return answer.StatusCode switch
        {
            HttpStatusCode.Unauthorized or HttpStatusCode.Forbidden => (true, $"{address} is there, and refuses what is not signed"),
            HttpStatusCode.NotFound => (false, $"{address} is not there"),
            var status => (false, $"{address} answers {(int)status} to what is not signed"),
        };
    }

    private static async Task<Finding> FindAsync(string what, Func<Task<(bool IsWell, string Detail)>> look)
    {
        try
        {
            var (isWell, detail) = await look();
            return new(what, isWell, detail);
        }
        catch (Exception failed) when (failed is OmniException or HttpRequestException)
        {
            return new(what, false, failed.Message);
        }
    }
}

/// <summary>What was looked at, and how it is.</summary>
internal sealed record Finding(string What, bool IsWell, string Detail);
