namespace Omni.Shared;

/// <summary>Makes the messages of a plan's legs.</summary>
public static class Legs
{
    /// <summary>The fewest legs of a plan.</summary>
    public const int Fewest = 2;

    /// <summary>The most legs of a plan.</summary>
    public const int Most = 5;

    /// <summary>The id of a leg: put twice it is put once.</summary>
    /// <param name="parentId">The message with the plan.</param>
    /// <param name="leg">Which leg, from 0.</param>
    public static string IdOf(string parentId, int leg) =>
        Ids.DerivedMessage("leg", parentId, leg.ToString(System.Globalization.CultureInfo.InvariantCulture));

    /// <summary>A message as a leg of its plan has it, its id and time its own.</summary>
    /// <param name="parent">The message with the plan.</param>
    /// <param name="leg">The leg.</param>
    public static Message MessageOf(Message parent, PlannedLeg leg) => parent with
    {
        Failover = null,
        Carrier = leg.Carrier,
        Account = leg.Account,
        To = leg.To,
        From = leg.From,
        Content = leg.Content,
        AdaptedFrom = leg.AdaptedFrom,
        Media = leg.Media,
        FileLinks = leg.FileLinks,
        Parts = leg.Parts,
    };

    /// <summary>
    /// The message of a leg that begins at a moment: an ordinary message, whose time is bounded by the whole message's. It waits for its
    /// window's next opening where that is closed.
    /// </summary>
    /// <param name="parent">The message with the plan.</param>
    /// <param name="leg">Which leg, from 0.</param>
    /// <param name="at">The moment.</param>
    /// <returns>The planned message; null when the whole message's time is over before the leg could begin.</returns>
    public static Message? Begin(Message parent, int leg, DateTimeOffset at)
    {
        var plan = parent.Failover![leg];
        var opening = parent.DeliveryWindow is { } window ? DeliveryHours.NextOpening(window, plan.To, at) ?? at : at;
        var scheduledAt = parent.ScheduledAt > opening ? parent.ScheduledAt : opening > at ? opening : null;
        var left = (int)Math.Floor((parent.Deadline - (scheduledAt ?? at)).TotalSeconds);
        return left < 1 ? null : MessageOf(parent, plan) with
        {
            Id = IdOf(parent.Id, leg),
            Parent = parent.Id,
            Leg = leg,
            RequestHash = null,
            ResendOf = null,
            TtlSeconds = Math.Min(plan.TtlSeconds ?? left, left),
            ScheduledAt = scheduledAt,
            CreatedAt = at,
        };
    }

    /// <summary>When a delivery receipt of a leg is overdue; null where the next leg does not follow on that.</summary>
    /// <param name="parent">The message with the plan.</param>
    /// <param name="leg">The leg's message.</param>
    public static DateTimeOffset? ReceiptDueAt(Message parent, Message leg) =>
        parent.Failover![leg.Leg!.Value] is { NoReceiptAfterSeconds: { } seconds } plan && plan.On.Contains(LegEnd.NoReceipt)
            ? (leg.ScheduledAt ?? leg.CreatedAt).AddSeconds(seconds)
            : null;
}
