using Amazon.DynamoDBv2.Model;
using Omni.Shared;
using Columns = Omni.Aws.MessageColumns;

namespace Omni.Aws;

/// <summary>The answer to the wish to begin an attempt at sending a part. The set is closed.</summary>
public abstract record Opening
{
    private Opening() { }

    /// <summary>The attempt is ours: the call may be made, and its outcome must be written.</summary>
    /// <param name="Record">The message with the attempt open.</param>
    /// <param name="Attempt">The attempt's number, from 1.</param>
    public sealed record Opened(MessageRecord Record, int Attempt) : Opening;

    /// <summary>Nothing is to be sent: the part is sent already, or the message is over.</summary>
    /// <param name="Record">The message.</param>
    public sealed record NotNeeded(MessageRecord Record) : Opening;

    /// <summary>Another attempt is open; its lease decides.</summary>
    /// <param name="Until">When the lease ends.</param>
    public sealed record Busy(DateTimeOffset Until) : Opening;

    /// <summary>An earlier attempt was begun and nobody wrote its outcome: it may have been sent.</summary>
    /// <param name="Record">The message.</param>
    /// <param name="Attempt">That attempt's number.</param>
    public sealed record Lost(MessageRecord Record, int Attempt) : Opening;

    /// <summary>The part's outcome is unknown; reconciliation decides.</summary>
    /// <param name="Record">The message.</param>
    public sealed record Unknown(MessageRecord Record) : Opening;
}

public sealed partial class MessageStore
{
    /// <summary>
    /// Writes the intent to send a part, before the call: from now on a crash leaves an open attempt, never a silent repetition. The usual
    /// first attempt takes one write and no read; a message that came into the queue by hand gets its item here.
    /// </summary>
    /// <param name="message">The planned message.</param>
    /// <param name="part">The part, from 0.</param>
    /// <param name="known">The message as last seen; null to assume that nothing was tried.</param>
    /// <param name="lease">How long the answer is waited for.</param>
    /// <param name="resend">Whether a part of unknown outcome may be sent again.</param>
    /// <param name="cancellation">Stops the call.</param>
    public async Task<Opening> OpenAttemptAsync(
        Message message, int part, MessageRecord? known, TimeSpan lease, bool resend = false, CancellationToken cancellation = default)
    {
        // The SDK repeats a call whose answer was lost. Then our own intent stands in our way, and is known by this.
        var owner = Guid.NewGuid().ToString("N")[..12];
        for (var tries = 0; tries < MaxTries; tries++)
        {
            if (known is not null && Hindrance(known, part, resend) is { } hindrance) return hindrance;

            var now = clock.GetUtcNow();
            var attempt = (known?.State.Parts[part].Attempts ?? 0) + 1;
            var e = new PartEvent { MessageId = message.Id, Part = part, Attempt = attempt, Status = MessageStatus.Sending, At = now };
            var update = Update(message.Id)
                .Set(PartPath(part, Columns.PartAttempts), Attr.N(attempt))
                .Set(PartPath(part, Columns.PartLease), Attr.Time(now + lease))
                .Set(PartPath(part, Columns.PartOwner), Attr.S(owner))
                .Remove(PartPath(part, Columns.PartSlot))
                .If(PartPath(part, Columns.PartAttempts), "=", Attr.N(attempt - 1))
                .IfMissing(PartPath(part, Columns.PartLease))
                .If(PartPath(part, Columns.Rank), "<", Attr.S(RankKey.Floor(resend ? MessageStatus.Sent : MessageStatus.Unknown)))
                .If(Columns.Rank, "<", Attr.S(RankKey.Floor(MessageStatus.Canceled)))
                .IfMissing(Columns.CancelRequested);
            RaiseToSending(update, message, part, known, e.Rank);
            var full = known is not null && EventsInItem(known) >= MaxEventsInItem;
            update = await ListAsync(update, message.Id, Listed(e), full, cancellation).ConfigureAwait(false);

            var result = await update.WriteAsync(dynamo, cancellation).ConfigureAwait(false);
            var isOpen = result.Done;
            if (result.Item is null)
            {
                var adopted = await AdoptedAsync(message, cancellation).ConfigureAwait(false);
                var isOver = adopted.State.PersonDeletedAt is not null;
                var item = isOver ? MessageCodec.ToItem(adopted, listShards) : WithIntent(adopted, part, e, now + lease, owner);
                result = await PutNewAsync(message, item, cancellation).ConfigureAwait(false);
                isOpen = result.Done && !isOver;
            }

            known = MessageCodec.FromItem(result.Item!);
            if (isOpen || IsOwner(result.Item!, part, owner)) return new Opening.Opened(known, attempt);
        }

        throw new TimeoutException($"Part {part} of {message.Id} met a change at every try.");
    }

    private static bool IsOwner(Dictionary<string, AttributeValue> item, int part, string owner) =>
        item[Columns.Parts].M[Columns.PartName(part)].M is { } state
            && state.Text(Columns.PartOwner) == owner
            && state.ContainsKey(Columns.PartLease);

    private Opening? Hindrance(MessageRecord known, int part, bool resend)
    {
        var state = known.State.Parts[part];
        return state switch
        {
            { Rank.Status: >= MessageStatus.Sent } => new Opening.NotNeeded(known),
            // What may have left is found out first, also of a message to be canceled.
            { LeaseUntil: { } until } when until > clock.GetUtcNow() => new Opening.Busy(until),
            { LeaseUntil: not null } => new Opening.Lost(known, state.Attempts),
            _ when known.Status >= MessageStatus.Canceled || known.State.CancelRequested => new Opening.NotNeeded(known),
            { Rank.Status: MessageStatus.Unknown } when !resend => new Opening.Unknown(known),
            _ => null,
        };
    }

    // The message's own status is that of its lowest part.
    private static void RaiseToSending(ItemUpdate update, Message message, int part, MessageRecord? known, RankKey sending)
    {
        if (known is null)
        {
            update.Set(PartPath(part, Columns.Rank), Attr.S(sending.Value));
            if (message.Parts.Count == 1) update.Set(Columns.Rank, Attr.S(sending.Value));
            return;
        }

        if (known.State.Parts[part].Rank < sending) update.Set(PartPath(part, Columns.Rank), Attr.S(sending.Value));
        var lowest = Lowest(known.State.Parts.Index().Select(p => p.Index == part && p.Item.Rank < sending ? sending : p.Item.Rank));
        if (lowest > known.State.Rank) update.Set(Columns.Rank, Attr.S(lowest.Value)).If(Columns.Rank, "=", Attr.S(known.State.Rank.Value));
    }

    private Dictionary<string, AttributeValue> WithIntent(
        MessageRecord record, int part, PartEvent e, DateTimeOffset leaseUntil, string owner)
    {
        var parts = record.State.Parts.ToArray();
        parts[part] = parts[part] with { Rank = e.Rank, Attempts = e.Attempt, LeaseUntil = leaseUntil };
        var state = record.State with { Rank = Lowest(parts.Select(p => p.Rank)), Parts = parts, Timeline = [Listed(e)] };
        var item = MessageCodec.ToItem(record with { State = state }, listShards);
        item[Columns.Parts].M[Columns.PartName(part)].M[Columns.PartOwner] = Attr.S(owner);
        return item;
    }

    /// <summary>Closes an attempt that was surely not taken, so that another may follow; of a message to be canceled none does.</summary>
    /// <param name="messageId">The message.</param>
    /// <param name="part">The part, from 0.</param>
    /// <param name="attempt">The attempt.</param>
    /// <param name="reason">Why, in our words.</param>
    /// <param name="carrierCode">Why, in the carrier's.</param>
    /// <param name="counts">Whether it counts against the number of retries.</param>
    /// <param name="cancellation">Stops the call.</param>
    /// <returns>The message afterwards; null when the attempt was closed already.</returns>
    public async Task<MessageRecord?> DeferAsync(
        string messageId,
        int part,
        int attempt,
        FailureReason reason,
        string carrierCode,
        bool counts,
        CancellationToken cancellation = default)
    {
        var e = new TimelineEvent
        {
            Id = $"{part}.{attempt}.deferred.{carrierCode}", Type = "deferred", At = clock.GetUtcNow(), Part = part, Attempt = attempt,
            Reason = reason, CarrierCode = carrierCode,
        };
        foreach (var full in (bool[])[false, true])
        {
            var update = Update(messageId)
                .Remove(PartPath(part, Columns.PartLease))
                .Set(PartPath(part, Columns.PartDeferral), Attr.S(RankKey.Of(MessageStatus.Sending, reason, carrierCode).Value))
                .If(PartPath(part, Columns.PartAttempts), "=", Attr.N(attempt))
                .IfExists(PartPath(part, Columns.PartLease));
            if (counts) update.Increment(PartPath(part, Columns.PartRetries));
            update = await ListAsync(update, messageId, e, full, cancellation).ConfigureAwait(false);
            var result = await update.WriteAsync(dynamo, cancellation).ConfigureAwait(false);
            if (result.Done)
            {
                var record = MessageCodec.FromItem(result.Item!);
                return record.State.CancelRequested ? await CancelAsync(record, cancellation).ConfigureAwait(false) : record;
            }

            if (result.Item is null || EventsInItem(MessageCodec.FromItem(result.Item)) < MaxEventsInItem) return null;
        }

        return null;
    }

    /// <summary>Remembers the turns of a part and of those after it, and shows that the message waits.</summary>
    /// <param name="message">The planned message.</param>
    /// <param name="part">The part, from 0.</param>
    /// <param name="slots">The turn of each part of the message; null for none.</param>
    /// <param name="cancellation">Stops the call.</param>
    public async Task ParkAsync(Message message, int part, IReadOnlyList<Slot?> slots, CancellationToken cancellation = default)
    {
        var queued = Attr.S(RankKey.Of(MessageStatus.Queued).Value);
        var e = new TimelineEvent { Id = "queued", Type = "queued", At = clock.GetUtcNow() };
        var update = WithSlots()
            .Set(PartPath(part, Columns.Rank), queued)
            .If(PartPath(part, Columns.Rank), "<", queued)
            .Set(EventPath(e.Id), MessageCodec.Entry(e));
        if (message.Parts.Count == 1) update.Set(Columns.Rank, queued);
        var first = await update.WriteAsync(dynamo, cancellation).ConfigureAwait(false);
        if (first.Done) return;
        if (first.Item is null)
        {
            var (created, _) = await AdoptAsync(message, cancellation).ConfigureAwait(false);
            if (created) await ParkAsync(message, part, slots, cancellation).ConfigureAwait(false);
            return;
        }

        await WithSlots()
            .If(PartPath(part, Columns.Rank), "<", Attr.S(RankKey.Floor(MessageStatus.Sent)))
            .WriteAsync(dynamo, cancellation).ConfigureAwait(false);

        ItemUpdate WithSlots()
        {
            var update = Update(message.Id);
            for (var i = part; i < slots.Count; i++)
            {
                if (slots[i] is { } slot) update.Set(PartPath(i, Columns.PartSlot), MessageCodec.SlotValue(slot));
            }

            return update;
        }
    }

    /// <summary>Counts a fault of ours against a part.</summary>
    /// <param name="messageId">The message.</param>
    /// <param name="part">The part, from 0.</param>
    /// <param name="cancellation">Stops the call.</param>
    /// <returns>How many there were; null when there is no such message.</returns>
    public async Task<int?> CountFaultAsync(string messageId, int part, CancellationToken cancellation = default)
    {
        var result = await Update(messageId)
            .IfExists(PartPath(part, Columns.Rank))
            .Increment(PartPath(part, Columns.PartFaults))
            .WriteAsync(dynamo, cancellation).ConfigureAwait(false);
        return result.Done ? MessageCodec.FromItem(result.Item!).State.Parts[part].Faults : null;
    }
}
