using Omni.Aws;
using Omni.Shared;

namespace Omni.Api;

/// <summary>
/// What happened, as a feed that a client reads on where it was. The lanes of the log are merged by the time at which things were appended,
/// so each keeps its order; the cursor tells how far the client is in each.
/// </summary>
internal sealed class ReadEvents(ApiParts parts)
{
    public static readonly string[] Parameters = ["after", .. EventFilter.Parameters, "limit", LongPoll.Parameter];

    private const string Earliest = "earliest";
    private const string Latest = "latest";
    private const int DefaultLimit = 50;
    private const int MaxLimit = 100;

    /// <summary>How many segments of a lane are read at once: a page needs few, and what it does not need is read again.</summary>
    private const int SegmentsAtOnce = 10;

    /// <summary>Where a filter finds nothing, a call reads on no longer than so much of its time is left.</summary>
    private static readonly TimeSpan Reserve = TimeSpan.FromSeconds(5);

    private readonly LongPoll _poll = new(parts.LongPolls, parts.Clock);

    public async Task<ApiResult> HandleAsync(ApiCall call, CancellationToken cancellation)
    {
        if (parts.Events is not { } log) return Problems.EventsOff.Because("The stage was deployed with events off.");

        var after = call.Query.Text("after");
        if (after is null) call.Query.Refuse("after", "required", $"It is {Earliest}, {Latest} or the nextCursor of an answer.");
        var filter = EventFilter.Read(call.Query);
        var limit = call.Query.Whole("limit", 1, MaxLimit) ?? DefaultLimit;
        var wait = LongPoll.WaitOf(call.Query);
        if (call.Query.Errors.Count > 0) return Problems.InvalidParameter.Because(call.Query.Errors);

        var lanes = after switch
        {
            Earliest => await OfAllAsync(lane => log.EarliestAsync(call.Tenant, lane, cancellation)),
            Latest => await OfAllAsync(lane => log.EndAsync(call.Tenant, lane, cancellation)),
            _ => EventCursor.Read(call.Tenant, after!),
        };
        if (lanes is null) return Problems.InvalidCursor.Because("Give the nextCursor of an answer of this feed.");

        return await _poll.AnswerAsync(call, wait, LookAsync, cancellation);

        async Task<(ApiResult, bool IsNews)> LookAsync()
        {
            var page = new EventPage(limit, filter, lanes);
            do
            {
                var reads = await Task.WhenAll(lanes.Select((lane, index) =>
                    log.ReadAsync(call.Tenant, index, lane.Position, SegmentsAtOnce, cancellation: cancellation)));
                if (reads.Any(read => read.IsExpired))
                {
                    // What was found before it is given out first.
                    if (page.Data.Count > 0) break;
                    return (await ExpiredAsync(call.Tenant, log, lanes, reads, cancellation), true);
                }

                page.Add(reads);
                lanes = page.Lanes;
            }
            while (page is { IsFull: false, IsEnd: false } && call.RemainingTime() > Reserve);

            return (
                ApiResult.Ok(new EventListView(page.Data, EventCursor.Write(call.Tenant, lanes)), ApiJson.Wire.EventListView),
                page.Data.Count > 0 || !page.IsEnd);
        }
    }

    /// <summary>Tells where to go on: in the lanes that moved on at their earliest, in the others where the client is.</summary>
    private static async Task<ApiResult> ExpiredAsync(
        string tenant, EventLog log, LaneCursor[] lanes, LaneRead[] reads, CancellationToken cancellation)
    {
        var still = await OfAllAsync(async lane => reads[lane].IsExpired
            ? await log.EarliestAsync(tenant, lane, cancellation)
            : lanes[lane].Position);
        for (var lane = 0; lane < still.Length; lane++)
        {
            if (!reads[lane].IsExpired) still[lane] = lanes[lane];
        }

        return Problems.CursorExpired.Because(
            $"Events are kept for {EventLog.Kept.TotalDays} days, and some that followed are gone. "
            + $"Go on with after={EventCursor.Write(tenant, still)}, or with after={Earliest} for all that there are.");
    }

    private static async Task<LaneCursor[]> OfAllAsync(Func<int, Task<LanePosition>> find) =>
        [.. (await Task.WhenAll(Enumerable.Range(0, EventLanes.Count).Select(find))).Select(position => new LaneCursor(position))];
}

/// <summary>What happened since a cursor.</summary>
/// <param name="Data">The events, those of a conversation in their order.</param>
/// <param name="NextCursor">Where to go on; always given, because more will happen.</param>
internal sealed record EventListView(IReadOnlyList<ClientEvent> Data, string NextCursor);
