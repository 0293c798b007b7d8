using Omni.Aws;

namespace Omni.Notifier;

/// <summary>
/// The worker of one lane of an endpoint: goes on from the endpoint's position to the lane's end. Catching up after days is the same as a
/// normal minute. A queue's group gives the lane one worker at a time; should there be two, what either did is done.
/// </summary>
internal sealed class LaneWorker(NotifierParts parts, Delivery delivery)
{
    /// <summary>So many segments are read at once, of up to 64 KB each.</summary>
    private const int Segments = 4;

    // A lane where the endpoint wants nothing is only read, and that its position moves is worth a write a minute at most.
    private static readonly TimeSpan SkipResolution = TimeSpan.FromMinutes(1);

    /// <summary>Works.</summary>
    /// <param name="wake">The endpoint.</param>
    /// <param name="lane">The lane.</param>
    /// <param name="invocation">The invocation.</param>
    public async Task RunAsync(EndpointWake wake, int lane, Invocation invocation)
    {
        if (await parts.Positions.FindAsync(wake.Tenant, wake.Endpoint, lane).ConfigureAwait(false) is not { } position) return;

        var (written, isBehind) = (position, true);
        while (isBehind && invocation.HasTime)
        {
            if (await AwakeAsync(wake).ConfigureAwait(false) is not { } work) return;

            var read = await parts.Events.ReadAsync(wake.Tenant, lane, position.At, Segments, isConsistent: true).ConfigureAwait(false);
            var (next, isSent) = read.IsExpired
                ? (await EarliestAsync(wake, position).ConfigureAwait(false), true)
                : await SendAsync(work, position, read, invocation).ConfigureAwait(false);
            isBehind = !work.IsStopped && (!read.IsEnd || read.IsExpired || next.At.N < read.Next.N);
            position = next;

            // What was only skipped is written with what follows.
            if (!isSent && isBehind && invocation.HasTime) continue;
            if (!isSent && next.At.AsOf - written.At.AsOf < SkipResolution) return;
            if (await parts.Positions.AdvanceAsync(wake.Tenant, wake.Endpoint, next).ConfigureAwait(false) is not { } stands) return;

            position = written = stands;
        }

        if (isBehind) await parts.WakeAsync(wake.Entry($"self#{position.At.N}#{invocation.Id}")).ConfigureAwait(false);
    }

    /// <summary>The endpoint, if it is to be told now: looked at every few segments, for the client may delete it meanwhile.</summary>
    private async Task<EndpointInWork?> AwakeAsync(EndpointWake wake)
    {
        var endpoint = await parts.Endpoints.FindAsync(wake.Tenant, wake.Endpoint).ConfigureAwait(false);
        return endpoint is { State: EndpointState.Enabled } && !(endpoint.RestsUntil > parts.Clock.GetUtcNow()) ? new(endpoint) : null;
    }

    private async Task<EndpointPosition> EarliestAsync(EndpointWake wake, EndpointPosition position)
    {
        Log.Expired(parts.Log, wake.Endpoint, position.Lane);
        var earliest = await parts.Events.EarliestAsync(wake.Tenant, position.Lane).ConfigureAwait(false);
        return position with { At = earliest, PartOf = 0, Done = 0 };
    }

    /// <returns>How far it came, and whether anything was sent.</returns>
    private async Task<(EndpointPosition Position, bool IsSent)> SendAsync(
        EndpointInWork work, EndpointPosition position, LaneRead read, Invocation invocation)
    {
        var isSent = false;
        foreach (var segment in read.Segments)
        {
            if (position.Replay is { } replay && (segment.AppendedAt > replay.To || segment.N > replay.Back.N))
            {
                // Told again of all that was asked for: on it goes where it was.
                return (position with { At = replay.Back, PartOf = replay.PartOf, Done = replay.Done, Replay = null }, true);
            }

            Due[] open =
            [
                .. segment.Events.Index()
                    .Where(e => !position.IsDone(segment.N, e.Index) && work.Endpoint.Wants(e.Item))
                    .Select(e => new Due(e.Item, position.Lane, segment.N, e.Index)),
            ];
            isSent |= open.Length > 0;
            var reached = new Reached(position);
            var isAll = await SideBySide.SendAsync(
                open,
                due => delivery.SendAsync(work, due),
                () => !work.IsStopped && invocation.HasTime,
                reached.Settle).ConfigureAwait(false);
            if (!isAll) return (reached.Position, true);

            position = position.After(segment);
        }

        // The end tells that nothing was missed so far.
        return (read.IsEnd ? position with { At = read.Next } : position, isSent);
    }

    /// <summary>A position that calls side by side move on.</summary>
    private sealed class Reached(EndpointPosition position)
    {
        private readonly Lock _lock = new();

        public EndpointPosition Position { get; private set; } = position;

        public void Settle(Due due)
        {
            lock (_lock) Position = Position.With(due.Segment, due.Index);
        }
    }
}
