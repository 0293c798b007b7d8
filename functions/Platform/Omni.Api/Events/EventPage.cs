using Omni.Aws;
using Omni.Shared;

namespace Omni.Api;

/// <summary>The events of one answer, and how far it read in each lane. What a filter leaves out moves the places all the same.</summary>
/// <param name="limit">The most events.</param>
/// <param name="filter">Which are shown.</param>
/// <param name="lanes">Where it begins.</param>
internal sealed class EventPage(int limit, EventFilter filter, LaneCursor[] lanes)
{
    private readonly List<ClientEvent> _data = [];
    private readonly LaneCursor[] _lanes = [.. lanes];

    public IReadOnlyList<ClientEvent> Data => _data;

    public LaneCursor[] Lanes => [.. _lanes];

    public bool IsFull => _data.Count == limit;

    /// <summary>Whether nothing is left to be read now.</summary>
    public bool IsEnd { get; private set; }

    /// <summary>
    /// Adds what was read behind the places, the oldest first, until the page is full or a lane is used up of which there is more: what
    /// follows there may be older than what the others have.
    /// </summary>
    /// <param name="reads">What was read of each lane.</param>
    public void Add(LaneRead[] reads)
    {
        var waiting = reads.Select(read => new Queue<EventSegment>(read.Segments)).ToArray();
        while (!IsFull)
        {
            if (Enumerable.Range(0, reads.Length).Any(lane => waiting[lane].Count == 0 && !reads[lane].IsEnd)) return;

            var oldest = Enumerable.Range(0, reads.Length).Where(lane => waiting[lane].Count > 0)
                .OrderBy(lane => waiting[lane].Peek().AppendedAt).Cast<int?>().FirstOrDefault();
            if (oldest is not { } next) break;

            if (Take(next, waiting[next].Peek())) waiting[next].Dequeue();
        }

        IsEnd = waiting.All(lane => lane.Count == 0) && reads.All(read => read.IsEnd);
        foreach (var (lane, read) in reads.Index())
        {
            // At its end a place is as young as the look.
            if (waiting[lane].Count == 0 && read.IsEnd) _lanes[lane] = new(read.Next);
        }
    }

    /// <returns>Whether all of the segment is taken.</returns>
    private bool Take(int lane, EventSegment segment)
    {
        var taken = _lanes[lane].Taken;
        while (taken < segment.Events.Count && !IsFull)
        {
            var e = segment.Events[taken++];
            if (filter.Matches(e)) _data.Add(e);
        }

        var isDone = taken >= segment.Events.Count;
        _lanes[lane] = isDone ? new(new(segment.N, segment.AppendedAt)) : _lanes[lane] with { Taken = taken };
        return isDone;
    }
}
