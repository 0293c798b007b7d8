using System.Net;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Logging;
using Omni.Aws;
using Omni.Local;
using Omni.Shared;
using static Omni.Bench.Report;

namespace Omni.Bench;

/// <summary>
/// What it costs to tell clients' endpoints: from the append that wakes their workers until their positions are written. The append itself
/// is the event's (<see cref="EventCosts"/>), and is not counted here.
/// </summary>
/// <param name="stage">The stage whose log it is.</param>
/// <param name="prices">What AWS asks for.</param>
internal sealed class EndpointCosts(Stage stage, Prices prices)
{
    private const string Notifier = "Omni.Notifier";
    private const int Rounds = 20;

    /// <summary>Counts.</summary>
    public async Task<Sheet> CountAsync(CancellationToken cancellation)
    {
        var rows = new List<string[]>();
        await using var receiver = await StartReceiverAsync(cancellation);
        var url = new Uri(receiver.Urls.First() + "/hook");
        foreach (var endpoints in (int[])[0, 1, 10])
        {
            foreach (var events in (int[])[1, 100]) rows.Add(await RowAsync(url, endpoints, events, cancellation));
        }

        return new(
            "An event told to endpoints: AWS requests for each event and endpoint, beyond the log's own "
                + $"(USD for a million at list prices of {prices.AsOf}, run time apart)",
            ["endpoints", "events at once", "DynamoDB", "write units", "read units", "SQS", "invocations", "USD/million"],
            rows);
    }

    private async Task<string[]> RowAsync(Uri url, int endpoints, int events, CancellationToken cancellation)
    {
        // A tenant of its own: nobody else is told of these, and these of nothing else.
        var tenant = $"bench-{endpoints}-{events}";
        var (aws, api) = (stage.Aws(Stage.EventRecorder), stage.Aws("Omni.Api"));
        for (var i = 0; i < endpoints; i++) await api.Endpoints.CreateAsync(EndpointOf(tenant, url), [AtStart()], cancellation);
        await TellAsync(aws, tenant, endpoints, events, cancellation); // the first success is kept, and the list of endpoints read
        var (before, invocations) = (stage.Meter.Read(), stage.Invocations());
        var appends = Reading.Nothing;
        for (var round = 0; round < Rounds; round++)
            appends = appends.With(await TellAsync(aws, tenant, endpoints, events, cancellation));

        var used = stage.Meter.Read().Since(before).Since(appends);
        var told = Rounds * events * Math.Max(1, endpoints);
        double Each(double figure) => figure / told;
        var step = new Step("", used, stage.Invocations() - invocations, 0);
        return
        [
            $"{endpoints}", $"{events}",
            Number(Each(used.Count("DynamoDB.")), 2), Number(Each(used.Writes), 2), Number(Each(used.Reads), 2),
            Number(Each(used.Count("SQS.")), 2), Number(Each(step.Invocations), 2), Number(prices.PerMillion(step, told), 2),
        ];
    }

    /// <summary>One append, and all that it wakes.</summary>
    /// <returns>What the append used.</returns>
    private async Task<Reading> TellAsync(AwsClients aws, string tenant, int endpoints, int events, CancellationToken cancellation)
    {
        var before = stage.Meter.Read();
        var segments = await aws.Events.AppendAsync(
            tenant, 0, [.. Enumerable.Range(0, events).Select(_ => EventCosts.Make(tenant))], cancellation);
        var append = stage.Meter.Read().Since(before);
        foreach (var segment in segments)
            await aws.Wakes.WakeAsync(tenant, 0, segment.N, segment.Events.Select(e => e.Type).ToHashSet(), cancellation);
        if (endpoints > 0) await stage.QueueAsync(Notifier, endpoints * segments.Count, cancellation);
        return append;
    }

    private static WebhookEndpoint EndpointOf(string tenant, Uri url)
    {
        var now = TimeProvider.System.GetUtcNow();
        return new()
        {
            Id = Ids.NewEndpoint(), Tenant = tenant, Url = url, Secret = StandardWebhooks.NewSecret(), Since = now, CreatedAt = now,
            UpdatedAt = now,
        };
    }

    private static EndpointPosition AtStart() => new() { Lane = 0, At = new(0, TimeProvider.System.GetUtcNow()) };

    /// <summary>A client that takes all that it is told.</summary>
    private static async Task<WebApplication> StartReceiverAsync(CancellationToken cancellation)
    {
        var builder = WebApplication.CreateSlimBuilder(LocalHost.WatchesNoFiles);
        builder.Logging.ClearProviders();
        builder.WebHost.ConfigureKestrel(kestrel => kestrel.Listen(IPAddress.Loopback, 0));
        var receiver = builder.Build();
        receiver.MapPost("/hook", () => Results.NoContent());
        await receiver.StartAsync(cancellation);
        return receiver;
    }
}
