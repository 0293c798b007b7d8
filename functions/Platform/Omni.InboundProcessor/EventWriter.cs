using System.Diagnostics;
using Microsoft.Extensions.Logging;
using Omni.Aws;
using Omni.Shared;

namespace Omni.InboundProcessor;

/// <summary>Writes one event of a webhook.</summary>
/// <param name="aws">The stores.</param>
/// <param name="clock">The time.</param>
/// <param name="log">The log.</param>
/// <param name="processor">The processor of messages to senders that name none; null for none.</param>
internal sealed class EventWriter(AwsClients aws, TimeProvider clock, ILogger log, string? processor = null)
{
    /// <summary>How far our clock may be from a carrier's.</summary>
    private static readonly TimeSpan Skew = TimeSpan.FromMinutes(1);

    /// <summary>How many messages of a conversation one report of reading can reach.</summary>
    private const int MaxRead = 100;

    /// <summary>
    /// How long a sender may take to write the outcome of a call: whose a receipt is may be known then. Below the queue's visibility.
    /// </summary>
    private static readonly TimeSpan OutcomeTime = TimeSpan.FromMinutes(1);

    private readonly ReceiptFinder _receipts = new(aws);
    private readonly KeywordDesk _answers = new(aws, log);

    /// <summary>Writes it. A record that is not written to its end comes again as a whole, and every write can be repeated.</summary>
    /// <returns>Whether it is done; false when it is to come again later.</returns>
    public async Task<bool> WriteAsync(InboundEnvelope envelope)
    {
        // Before the message: whoever sees a STOP may send at once, and that send's last look must find the opt-out. Stopped in between,
        // the consent stands without its message until the record comes again; the other way round a STOP would be seen that does not hold.
        var arrival = new Arrival(envelope, aws.Senders);
        foreach (var consent in envelope.Consents ?? []) await WriteAsync(arrival, consent).ConfigureAwait(false);
        if (await KeywordDesk.HearOptOutAsync(arrival).ConfigureAwait(false) is { } heard)
            await WriteAsync(arrival, heard).ConfigureAwait(false);
        if (envelope.Event is CarrierEvent.DeliveryReported reported) return await WriteAsync(arrival, reported).ConfigureAwait(false);

        await WriteEventAsync(arrival).ConfigureAwait(false);
        return true;
    }

    private Task WriteEventAsync(Arrival arrival) => arrival.Envelope.Event switch
    {
        CarrierEvent.MessageReceived received => WriteAsync(arrival, received),
        CarrierEvent.ReadReported read => WriteAsync(arrival, read),
        CarrierEvent.ConsentChanged changed => WriteAsync(arrival, changed),
        CarrierEvent.Ignored => Task.CompletedTask,
        _ => throw new UnreachableException(),
    };

    private async Task WriteAsync(Arrival arrival, CarrierEvent.ConsentChanged changed) => await aws.People.RecordConsentAsync(
        await arrival.BetweenAsync(ours: changed.To, theirs: changed.From).ConfigureAwait(false),
        await arrival.IsInPoolAsync(changed.To).ConfigureAwait(false),
        changed.AlsoFrom ?? [],
        changed.OptedOut,
        arrival.Envelope.ReceivedAt,
        changed.Evidence,
        changed.Scope).ConfigureAwait(false);

    private async Task WriteAsync(Arrival arrival, CarrierEvent.MessageReceived received)
    {
        var envelope = arrival.Envelope;
        var message = new Message
        {
            Id = Ids.DerivedMessage(envelope.Carrier, envelope.Account, received.CarrierMessageId),
            Direction = Direction.Inbound,
            Carrier = envelope.Carrier,
            Tenant = await arrival.TenantOfAsync(received.To).ConfigureAwait(false),
            Account = envelope.Account,
            From = received.From,
            To = received.To,
            Content = received.Content,
            CarrierMessageId = received.CarrierMessageId,
            ReplyTo = received.ReplyTo,
            Participants = received.Participants,
            Thread = received.Thread,
            Referral = received.Referral,
            Forwarded = received.Forwarded,
            FrequentlyForwarded = received.FrequentlyForwarded,
            SentAt = received.SentAt > envelope.ReceivedAt ? envelope.ReceivedAt : received.SentAt,
            CreatedAt = envelope.ReceivedAt,
            Trace = envelope.Trace,
            Processor = await ProcessorOfAsync(arrival, received).ConfigureAwait(false),
        };
        // A record that does not wait is written before the messages of somebody who is deleted meanwhile are looked for.
        var names = received.AlsoFrom ?? [];
        var taken = MessageStore.NewRecord(message);
        if (clock.GetUtcNow() - message.CreatedAt >= PersonDeleter.Late && await IsOfDeletedAsync(message, names).ConfigureAwait(false))
            taken = MessageStore.WithoutPerson(taken, clock.GetUtcNow());

        var (created, record) = await aws.Messages.CreateAsync(taken).ConfigureAwait(false);
        Log.Received(log, message.Id, envelope.Carrier, created);
        if (record.State.PersonDeletedAt is not null || (!created && await IsOfDeletedAsync(record.Message, names).ConfigureAwait(false)))
        {
            // It waited while its person was deleted, or it came again.
            if (envelope.RawBlob is { } words) await aws.Blobs.DeleteAsync(words).ConfigureAwait(false);
            return;
        }

        if ((envelope.Raw is not null || envelope.RawBlob is not null)
            && !await aws.Messages.KeepRawAsync(message.Id, envelope.Raw, envelope.RawBlob).ConfigureAwait(false)
            && envelope.RawBlob is { } deleted)
        {
            // The call came again after its message was deleted: what the edge kept of it goes too.
            await aws.Blobs.DeleteAsync(deleted).ConfigureAwait(false);
        }

        // The message as it is stored: a repeated webhook is not a person who writes again, and opens no new window.
        await aws.Sessions.NoteInboundAsync(
            record.Message, received.ProfileName, opensWindow: !received.OpensNoWindow).ConfigureAwait(false);
        await aws.People.JoinAsync(record.Message.Conversation, names).ConfigureAwait(false);
        await NoteSenderAsync(arrival, record.Message, names).ConfigureAwait(false);
        await _answers.AnswerAsync(arrival, record.Message).ConfigureAwait(false);
    }

    /// <summary>
    /// The processor that has a turn because of a message; null for none. Nobody has one because of what is no part of a talk with us
    /// alone: a reaction, a change of an earlier message, what is written in a group; nor because of what Omni itself understood.
    /// </summary>
    private async Task<string?> ProcessorOfAsync(Arrival arrival, CarrierEvent.MessageReceived received)
    {
        var sender = await arrival.SenderOfAsync(received.To).ConfigureAwait(false);
        if ((sender?.Processor ?? processor) is not { } name) return null;
        if (received is { OpensNoWindow: true } or { Content: ReactionContent } or { Participants.Count: > 0 }) return null;
        if (received.From == Address.Unknown || received.To == Address.Unknown) return null;
        if (arrival.Envelope.Consents is { Count: > 0 } || await KeywordDesk.IsAnsweredAsync(arrival, received).ConfigureAwait(false))
            return null;
        if (ProcessorCatalogue.Find(name) is not null) return name;

        Log.NoProcessor(log, received.To.ToString());
        return null;
    }

    // Only senders in pools are chosen between; in a group nobody writes to one of them.
    private async Task NoteSenderAsync(Arrival arrival, Message message, IEnumerable<Address> names)
    {
        if (message.Participants is { Count: > 0 } || !await arrival.IsInPoolAsync(message.To).ConfigureAwait(false)) return;

        foreach (var name in names.Prepend(message.From).Distinct())
            await aws.LastSenders.NoteAsync(message, name).ConfigureAwait(false);
    }

    private async Task<bool> IsOfDeletedAsync(Message message, IEnumerable<Address> names)
    {
        foreach (var name in names.Prepend(message.From))
        {
            if (await aws.Sessions.PersonDeletedAtAsync(message.Tenant, name).ConfigureAwait(false) >= message.CreatedAt) return true;
        }

        return false;
    }

    private async Task<bool> WriteAsync(Arrival arrival, CarrierEvent.DeliveryReported reported)
    {
        var envelope = arrival.Envelope;
        if (ReceiptFinder.IsForeign(reported))
        {
            Log.Foreign(log, envelope.Carrier, OutsideWord.OfId(reported.CarrierMessageId));
            return true;
        }

        var receipt = new ParkedReceipt(reported.Status, reported.Reason, reported.CarrierCode, envelope.ReceivedAt);
        var meeting = await _receipts.FindAsync(arrival, reported, receipt).ConfigureAwait(false);
        if (meeting is null) return await LeaveAsync(arrival, reported, receipt).ConfigureAwait(false);

        // The outcome of the send has nearly always said `sent` before the carrier does:
        // to see that costs a tenth of a write that would be refused.
        var known = meeting.Attempt;
        var glance = reported.Status is MessageStatus.Sent ? await aws.Messages.GlanceAsync(known.MessageId).ConfigureAwait(false) : null;
        var report = receipt.Of(known, reported.CarrierMessageId) with { CarrierTime = reported.CarrierTime, Pricing = reported.Pricing };
        var record = await aws.Messages.ApplyAsync(report, glance).ConfigureAwait(false);
        if (record is null)
        {
            Log.Unmatched(log, envelope.Carrier, known.MessageId);
            Metrics.Count("ReceiptUnmatched", envelope.Carrier);
            return true;
        }

        Log.Reported(log, known.MessageId, reported.Status.Word(), OutsideWord.Of(reported.CarrierCode));

        var message = record.Message;
        await aws.People.JoinAsync(message.Conversation, reported.KnownAs ?? [], message.CreatedAt).ConfigureAwait(false);
        await HearOptOutAsync(arrival, message.Conversation, receipt).ConfigureAwait(false);
        await NoteWayBackAsync(record, known, reported.Status).ConfigureAwait(false);

        // Receipts that were left before: a sender that claimed the id may have stopped before it applied them. Usually they are all there.
        // What they tell of the person first: one that is in the timeline is looked at no more.
        foreach (var earlier in meeting.Receipts.Where(
            left => record.State.Timeline.All(e => e.Id != left.Of(known, reported.CarrierMessageId).Id)))
        {
            await HearOptOutAsync(arrival, message.Conversation, earlier).ConfigureAwait(false);
            await aws.Messages.ApplyAsync(earlier.Of(known, reported.CarrierMessageId)).ConfigureAwait(false);
        }

        // The person may have read it before we knew when it stood there: whoever of the two comes last sees both.
        // What was seen is kept in whole milliseconds, so the carrier's time must count in those too.
        if (reported.CarrierTime?.ToUnixTimeMilliseconds() is { } stoodAt
            && (await aws.Sessions.FindAllAsync(message.Conversation).ConfigureAwait(false))
                .Any(session => session.SeenUpTo?.ToUnixTimeMilliseconds() >= stoodAt))
        {
            await ReadAsync(record, known.Part, known.Attempt, envelope.ReceivedAt).ConfigureAwait(false);
        }

        return true;
    }

    // Only "sent" comes of every message within seconds; a delivery waits for the person's device.
    private Task NoteWayBackAsync(MessageRecord record, AttemptReference attempt, MessageStatus status) =>
        status == MessageStatus.Sent
        && CarrierCatalogue.Find(record.Message.Carrier)?.PromptReceipts == true
        && record.State.BegunAt(attempt.Part, attempt.Attempt) is { } begun
            ? aws.WayBack.NoteAsync(record.Message, begun)
            : Task.CompletedTask;

    /// <summary>
    /// A receipt whose message nobody knows yet. Where no reference ever comes back, its sender claims the id with the outcome. Elsewhere
    /// it comes again when every outcome of its time is written; then it stays for a look-up that finds its id.
    /// </summary>
    /// <returns>Whether it is done.</returns>
    private async Task<bool> LeaveAsync(Arrival arrival, CarrierEvent.DeliveryReported reported, ParkedReceipt receipt)
    {
        var envelope = arrival.Envelope;
        if (reported is { From: { } person, To: { } ours })
        {
            await HearOptOutAsync(arrival, await arrival.BetweenAsync(ours, person).ConfigureAwait(false), receipt).ConfigureAwait(false);
        }

        Log.Waits(log, envelope.Carrier, OutsideWord.OfId(reported.CarrierMessageId));
        if (!ReceiptFinder.Echoes(envelope)) return true;
        if (clock.GetUtcNow() - envelope.ReceivedAt < OutcomeTime) return false;

        await _receipts.DoubtAsync(arrival, reported).ConfigureAwait(false);
        Metrics.Count("ReceiptUnmatched", envelope.Carrier);
        return true;
    }

    // A carrier that refuses to deliver because the person opted out tells us something about the person too, if they are known still.
    private async Task HearOptOutAsync(Arrival arrival, Conversation conversation, ParkedReceipt receipt)
    {
        if (conversation.Theirs == Address.Unknown || receipt.Reason?.OptedOutOf() is not { } scope) return;

        var inPool = await arrival.IsInPoolAsync(conversation.Ours).ConfigureAwait(false);
        await aws.People.RecordConsentAsync(conversation, inPool, [], optedOut: true, receipt.At, receipt.CarrierCode, scope)
            .ConfigureAwait(false);
    }

    private async Task WriteAsync(Arrival arrival, CarrierEvent.ReadReported read)
    {
        var conversation = await arrival.BetweenAsync(ours: read.To, theirs: read.From).ConfigureAwait(false);
        if (!await aws.Sessions.NoteSeenAsync(conversation, read.UpTo).ConfigureAwait(false)) return;
        foreach (var session in await aws.Sessions.FindAllAsync(conversation).ConfigureAwait(false))
        {
            var records = await aws.Queries
                .RecentAsync(session.Id, read.UpTo + Skew, read.UpTo - Defaults.Retention, MaxRead).ConfigureAwait(false);
            foreach (var record in records.Where(r => r.Message.Direction == Direction.Outbound))
            {
                foreach (var (index, part) in record.State.Parts.Index()
                    .Where(p => p.Item.Rank.Status is MessageStatus.Sent or MessageStatus.Delivered))
                {
                    if (StoodAt(record, index, part) <= read.UpTo)
                        await ReadAsync(record, index, part.Attempts, arrival.Envelope.ReceivedAt).ConfigureAwait(false);
                }
            }
        }
    }

    private Task ReadAsync(MessageRecord record, int part, int attempt, DateTimeOffset at) =>
        aws.Messages.ApplyAsync(
            new() { MessageId = record.Message.Id, Part = part, Attempt = attempt, Status = MessageStatus.Read, At = at });

    /// <summary>
    /// When a part stood in the conversation, by the carrier's clock. Where the carrier has not told it, ours must do: when the call began,
    /// and so much later that no difference of clocks makes it read too early.
    /// </summary>
    private static DateTimeOffset StoodAt(MessageRecord record, int index, PartState part) =>
        part.CarrierTime ?? (record.State.BegunAt(index, part.Attempts) ?? record.Message.CreatedAt) + Skew;
}
