using Omni.Aws;

namespace Omni.Notifier;

/// <summary>
/// The worker of what an endpoint waits for: the events that it did not take, the probe while it is failing, the end of a rest it asked
/// for. Its record stays while the next moment is near; what is further off the Scheduler raises.
/// </summary>
internal sealed class WaitWorker(NotifierParts parts, Delivery delivery)
{
    /// <summary>
    /// The longest that a record stays hidden: it holds back what is put off later, and may be due sooner. Longer waits are due items.
    /// </summary>
    public static readonly TimeSpan LongestWait = TimeSpan.FromMinutes(1);

    // Seldom more than one: a probe looks for an event that the endpoint wants.
    private const int Segments = 4;

    /// <summary>Works.</summary>
    /// <param name="wake">The endpoint.</param>
    /// <param name="invocation">The invocation.</param>
    /// <returns>How long the record is to wait; null when it has done its work.</returns>
    public async Task<TimeSpan?> RunAsync(EndpointWake wake, Invocation invocation)
    {
        var endpoint = await parts.Endpoints.FindAsync(wake.Tenant, wake.Endpoint).ConfigureAwait(false);
        if (endpoint is null) return await ForgetAsync(wake).ConfigureAwait(false);

        var now = parts.Clock.GetUtcNow();
        if (endpoint.State == EndpointState.Failing)
        {
            if (endpoint.NextProbeAt > now) return Until(endpoint.NextProbeAt);
            if (!invocation.HasTime) return TimeSpan.Zero;

            endpoint = await ProbeAsync(endpoint).ConfigureAwait(false);
            if (endpoint is { State: EndpointState.Enabled }) await WakeLanesAsync(endpoint).ConfigureAwait(false);
        }

        if (endpoint is { State: EndpointState.Failing }) return Until(endpoint.NextProbeAt);
        if (endpoint is not { State: EndpointState.Enabled }) return null;
        if (endpoint.RestsUntil > parts.Clock.GetUtcNow()) return Until(endpoint.RestsUntil);
        if (endpoint.RestsUntil > parts.Clock.GetUtcNow() - LongestWait) await WakeLanesAsync(endpoint).ConfigureAwait(false);
        return await RetryAsync(endpoint, invocation).ConfigureAwait(false);
    }

    /// <summary>Tries what is due again.</summary>
    private async Task<TimeSpan?> RetryAsync(WebhookEndpoint endpoint, Invocation invocation)
    {
        var parked = await parts.Parks.ListAsync(endpoint.Tenant, endpoint.Id).ConfigureAwait(false);
        var now = parts.Clock.GetUtcNow();
        var due = parked.Where(p => p.Next <= now).ToArray();
        var work = new EndpointInWork(endpoint);
        var isAll = true;
        if (due.Length > 0)
        {
            isAll = await SideBySide.SendAsync(
                await ReadAsync(endpoint, due).ConfigureAwait(false),
                d => delivery.SendAsync(work, d),
                () => !work.IsStopped && invocation.HasTime,
                _ => { }).ConfigureAwait(false);
            parked = await parts.Parks.ListAsync(endpoint.Tenant, endpoint.Id).ConfigureAwait(false);
        }

        if (work.IsStopped) return null; // whoever stopped it has woken what goes on
        if (!isAll) return TimeSpan.Zero;
        if (parked.Count >= ParkStore.Most)
            return Until((await delivery.FailAsync(endpoint, EndpointCause.TooManyWaiting).ConfigureAwait(false))?.NextProbeAt);

        return parked is [var first, ..] ? Until(first.Next) : null;
    }

    /// <summary>
    /// Tries one event: the next one that it was never told of, so that one which it can never take does not stand for all; else one that
    /// it did not take; else one that means nothing.
    /// </summary>
    private async Task<WebhookEndpoint?> ProbeAsync(WebhookEndpoint endpoint)
    {
        foreach (var position in await parts.Positions.ListAsync(endpoint.Tenant, endpoint.Id).ConfigureAwait(false))
        {
            if (await NextAsync(endpoint, position).ConfigureAwait(false) is not var (due, reached)) continue;

            return await delivery.ProbeAsync(
                endpoint, due, () => parts.Positions.AdvanceAsync(endpoint.Tenant, endpoint.Id, reached)).ConfigureAwait(false);
        }

        var parked = await parts.Parks.ListAsync(endpoint.Tenant, endpoint.Id).ConfigureAwait(false);
        var again = await ReadAsync(endpoint, [.. parked.Take(1)]).ConfigureAwait(false);
        var probe = again is [var first, ..] ? first : new Due(EndpointView.TestEvent(endpoint, parts.Clock.GetUtcNow()), 0, 0, 0);
        return await delivery.ProbeAsync(endpoint, probe, () => Task.CompletedTask).ConfigureAwait(false);
    }

    /// <summary>The next event of a lane that the endpoint wants, and the position with it done; null when there is none.</summary>
    private async Task<(Due Due, EndpointPosition Reached)?> NextAsync(WebhookEndpoint endpoint, EndpointPosition position)
    {
        while (true)
        {
            var read = await parts.Events.ReadAsync(endpoint.Tenant, position.Lane, position.At, Segments).ConfigureAwait(false);
            foreach (var segment in read.Segments)
            {
                foreach (var (index, e) in segment.Events.Index())
                {
                    if (!position.IsDone(segment.N, index) && endpoint.Wants(e))
                        return (new(e, position.Lane, segment.N, index), position.With(segment.N, index));
                }

                position = position.After(segment);
            }

            if (read.IsEnd) return null;
        }
    }

    /// <summary>Reads parked events from the log, in its order. What has expired there, or is not wanted any more, is forgotten.</summary>
    private async Task<IReadOnlyList<Due>> ReadAsync(WebhookEndpoint endpoint, IReadOnlyList<ParkedEvent> parked)
    {
        var found = new List<Due>();
        foreach (var group in parked.GroupBy(p => (p.Lane, p.Segment)).OrderBy(g => g.Key.Lane).ThenBy(g => g.Key.Segment))
        {
            var (lane, number) = group.Key;
            var read = await parts.Events.ReadAsync(endpoint.Tenant, lane, new(number - 1, default), maxSegments: 1).ConfigureAwait(false);
            var segment = read.Segments is [var one] && one.N == number ? one : null;
            foreach (var p in group.OrderBy(p => p.Index))
            {
                if (segment?.Events.ElementAtOrDefault(p.Index) is { } e && e.Id == p.EventId && endpoint.Wants(e))
                    found.Add(new(e, lane, number, p.Index, p));
                else await parts.Parks.RemoveAsync(endpoint.Tenant, endpoint.Id, p.EventId).ConfigureAwait(false);
            }
        }

        return found;
    }

    /// <summary>What a deleted endpoint waited for is nobody's.</summary>
    private async Task<TimeSpan?> ForgetAsync(EndpointWake wake)
    {
        foreach (var parked in await parts.Parks.ListAsync(wake.Tenant, wake.Endpoint).ConfigureAwait(false))
            await parts.Parks.RemoveAsync(wake.Tenant, wake.Endpoint, parked.EventId).ConfigureAwait(false);
        return null;
    }

    private Task WakeLanesAsync(WebhookEndpoint endpoint)
    {
        // Once for each time that it takes events again, however often this worker sees it.
        var since = (endpoint.RestsUntil ?? endpoint.Since).ToUnixTimeMilliseconds();
        return parts.WakeAsync(EndpointWake.OfLanes(endpoint.Tenant, endpoint.Id, $"awake#{since}"));
    }

    private TimeSpan? Until(DateTimeOffset? moment)
    {
        var wait = moment - parts.Clock.GetUtcNow();
        return wait > LongestWait ? null : wait < TimeSpan.Zero ? TimeSpan.Zero : wait;
    }
}
