using System.Globalization;
using Omni.Shared;

namespace Omni.Aws;

/// <summary>
/// What the Scheduler does for endpoints every minute: it wakes those that lag, those whose next probe is due, and those with an event to
/// be tried again. So a wake that was lost is a delay, never a loss.
/// </summary>
/// <param name="endpoints">The endpoints.</param>
/// <param name="positions">Their positions.</param>
/// <param name="events">The log.</param>
/// <param name="queues">The queues.</param>
/// <param name="queueUrl">The queue of the workers.</param>
/// <param name="clock">The time.</param>
public sealed class EndpointRounds(
    EndpointStore endpoints, PositionStore positions, EventLog events, SqsQueues queues, string queueUrl, TimeProvider clock)
{
    /// <summary>
    /// How old the word may be that nothing is missed: after days without it, nobody could tell a lane that slept from one whose events
    /// have expired.
    /// </summary>
    private static readonly TimeSpan StaleAfter = TimeSpan.FromDays(1);

    /// <summary>The endpoints that a round looks at.</summary>
    /// <param name="shard">The shard, 0 to <see cref="EndpointStore.DueShards"/> − 1.</param>
    /// <param name="cancellation">Stops the call.</param>
    public Task<IReadOnlyList<DueEndpoint>> DueAsync(int shard, CancellationToken cancellation = default) =>
        endpoints.DueAsync(shard, cancellation);

    /// <summary>Wakes the workers of an endpoint that have something to do.</summary>
    /// <param name="due">The endpoint, as <see cref="DueAsync"/> found it.</param>
    /// <param name="cancellation">Stops the call.</param>
    /// <returns>How many workers were woken.</returns>
    public async Task<int> WakeAsync(DueEndpoint due, CancellationToken cancellation = default)
    {
        var lanes = await LanesOfAsync(due, cancellation).ConfigureAwait(false);
        var minute = clock.GetUtcNow().ToUnixTimeSeconds() / 60;
        await queues.SendAsync(
            queueUrl,
            [
                .. lanes.Select(lane => new EndpointWake(due.Tenant, due.Id, lane)
                    .Entry(string.Create(CultureInfo.InvariantCulture, $"tick#{minute}"))),
            ],
            cancellation).ConfigureAwait(false);
        return lanes.Count;
    }

    /// <returns>The lanes whose workers have something to do; null among them for what the endpoint waits for.</returns>
    private async Task<IReadOnlyList<int?>> LanesOfAsync(DueEndpoint due, CancellationToken cancellation)
    {
        var now = clock.GetUtcNow();
        var endpoint = await endpoints.FindAsync(due.Tenant, due.Id, cancellation).ConfigureAwait(false);
        if (endpoint is null) return due.HasParked ? [null] : []; // deleted: what it left is cleared away
        if (endpoint.State == EndpointState.Failing) return endpoint.NextProbeAt <= now ? [null] : [];
        if (endpoint.State == EndpointState.Disabled || endpoint.RestsUntil > now) return [];

        var lags = await Task.WhenAll(
            (await positions.ListAsync(due.Tenant, due.Id, cancellation).ConfigureAwait(false)).Select(async position =>
            {
                var read = await events.ReadAsync(
                    due.Tenant, position.Lane, position.At, maxSegments: 1, cancellation: cancellation).ConfigureAwait(false);
                return read.Segments.Count > 0 || read.IsExpired || position.At.AsOf < now - StaleAfter ? position.Lane : default(int?);
            })).ConfigureAwait(false);
        return [.. lags.Where(lane => lane is not null), .. due.HasParked ? [null] : Array.Empty<int?>()];
    }
}
