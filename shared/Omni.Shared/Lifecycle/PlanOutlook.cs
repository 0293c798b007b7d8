namespace Omni.Shared;

/// <summary>
/// What a message with a plan is by what became of its legs, and what is to be done about it: the same for the same legs, in whatever order
/// they became so.
/// </summary>
public sealed record PlanOutlook
{
    /// <summary>The message's rank: the highest of the legs that did not fail; at the plan's end also how the last leg failed.</summary>
    public required RankKey Rank { get; init; }

    /// <summary>Which leg gives the rank.</summary>
    public required int RankLeg { get; init; }

    /// <summary>The other legs that may have reached the person, beside the one that did or is tried now.</summary>
    public required IReadOnlyList<int> AlsoSent { get; init; }

    /// <summary>The legs that are to be taken back: another one reached the person.</summary>
    public required IReadOnlyList<int> TakenBack { get; init; }

    /// <summary>The next leg, when it is to begin now; null when it is not.</summary>
    public Message? Next { get; init; }

    /// <summary>When the plan must be looked at again without anything happening; null for never.</summary>
    public DateTimeOffset? DueAt { get; init; }

    /// <summary>Looks at a plan.</summary>
    /// <param name="parent">The message with the plan.</param>
    /// <param name="legs">The legs that were begun, in their order.</param>
    /// <param name="now">The time.</param>
    /// <param name="isUnwanted">Whether the person opted out of what the plan sends: then no leg follows.</param>
    public static PlanOutlook Of(MessageRecord parent, IReadOnlyList<MessageRecord> legs, DateTimeOffset now, bool isUnwanted = false)
    {
        var (plan, current) = (parent.Message, parent.State.CurrentLeg);
        var last = legs[current];
        var arrived = legs.Where(leg => leg.Status.IsDeviceSuccess()).MaxBy(leg => leg.State.Rank.Value, StringComparer.Ordinal);
        var mayGoOn = arrived is null && parent.Status < MessageStatus.Delivered
            && current + 1 < plan.Failover!.Count
            && !isUnwanted
            && parent.State is { CancelRequested: false, ContentDeletedAt: null }
            && last.Status != MessageStatus.Canceled
            && last.State.Rank.Reason?.OptedOutOf() is null;
        var receiptDue = mayGoOn ? Legs.ReceiptDueAt(plan, last.Message) : null;
        var isTime = mayGoOn && (receiptDue <= now || (last.Status.IsFailure() && plan.Failover![current].On.Contains(LegEnd.Failed)));
        var next = isTime ? Legs.Begin(plan, current + 1, now) : null;
        var waitsForTime = !isTime && receiptDue is not null;

        var counts = arrived ?? (next is null ? last : null);
        var best = (Rank: parent.State.Rank, Leg: current);
        foreach (var leg in legs.Where(leg => !leg.Status.IsFailure()))
        {
            if (RankKey.Of(leg.Status) is var rank && rank > best.Rank) best = (rank, leg.Message.Leg!.Value);
        }

        var isEnd = next is null && !waitsForTime && last.Status.IsFailure();
        if (isEnd && last.State.Rank > best.Rank) best = (last.State.Rank, current);
        return new()
        {
            Rank = best.Rank,
            RankLeg = best.Leg,
            AlsoSent = [.. legs.Where(leg => leg != counts && leg.State.Parts.Any(part => part.MayArrive)).Select(NumberOf)],
            TakenBack = arrived is null ? [] : [.. legs.Where(leg => leg != arrived && IsOpen(leg)).Select(NumberOf)],
            Next = next,
            DueAt = next is not null ? Legs.ReceiptDueAt(plan, next) : waitsForTime ? receiptDue : null,
        };
    }

    /// <summary>Whether something of a leg waits, or is under way and would be tried again.</summary>
    /// <param name="leg">The leg.</param>
    public static bool IsOpen(MessageRecord leg) =>
        leg.State.Parts.Any(part => part.IsWaiting || (part.IsPending && !leg.State.CancelRequested));

    private static int NumberOf(MessageRecord leg) => leg.Message.Leg!.Value;
}
