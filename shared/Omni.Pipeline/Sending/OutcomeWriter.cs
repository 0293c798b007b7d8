using System.Diagnostics;
using Microsoft.Extensions.Logging;
using Omni.Aws;
using Omni.Shared;

namespace Omni.Pipeline;

/// <summary>Writes down what became of an attempt, and decides what follows: on to the next part, done, or another try later.</summary>
internal sealed class OutcomeWriter(Pace pace, SenderOptions options, AwsClients aws, TimeProvider clock, ILogger log)
{
    /// <summary>The shortest pause after a carrier's throttling that names no wait.</summary>
    private static readonly TimeSpan ThrottlePause = TimeSpan.FromSeconds(1);

    /// <summary>
    /// The longest pause that a carrier's throttling puts on all of a sender's messages; each message itself waits as long as it was told.
    /// </summary>
    private static readonly TimeSpan LongestPause = TimeSpan.FromMinutes(15);

    /// <summary>Wrong credentials are mended by people: trying more often only makes noise.</summary>
    private static readonly TimeSpan OurFaultPause = TimeSpan.FromSeconds(30);

    /// <summary>How often a message's own file is asked for at its host.</summary>
    private const int MostMediaTries = 3;

    /// <summary>Long enough for a host to come up again, and short enough for the conversation that waits behind the file.</summary>
    private static readonly TimeSpan MediaPause = TimeSpan.FromSeconds(15);

    /// <summary>Writes an outcome.</summary>
    /// <returns>Null and the message to go on with the next part; otherwise the end of this record.</returns>
    public async Task<(RecordResult? Stop, MessageRecord? Record)> WriteAsync(
        Work work, Opening.Opened opened, int part, SendOutcome outcome)
    {
        var message = work.Message;
        var e = new PartEvent
        {
            MessageId = message.Id, Part = part, Attempt = opened.Attempt, Status = MessageStatus.Sent, At = clock.GetUtcNow()
        };
        switch (outcome)
        {
            case SendOutcome.Accepted accepted:
                SenderLog.Attempted(
                    log, message.Id, part, opened.Attempt, accepted.CarrierCode ?? "accepted", accepted.CarrierMessageId ?? "");
                var taken = await AcceptAsync(
                    message,
                    e with { CarrierMessageId = accepted.CarrierMessageId, CarrierCode = accepted.CarrierCode },
                    opened.Record).ConfigureAwait(false);
                await NoteAnswerAsync(message, CarrierAnswer.Accepted).ConfigureAwait(false);
                await NoteConversationAsync(message, accepted).ConfigureAwait(false);
                return (null, taken);

            case SendOutcome.Rejected rejected:
                SenderLog.Attempted(log, message.Id, part, opened.Attempt, "rejected", rejected.CarrierCode);
                var failure = e with
                {
                    Status = MessageStatus.Failed, Reason = rejected.Reason, CarrierCode = rejected.CarrierCode,
                    CarrierMessageId = rejected.CarrierMessageId,
                };
                var refused = await aws.Messages.ApplyAsync(failure, opened.Record).ConfigureAwait(false);
                await NoteAnswerAsync(message, CarrierAnswer.Refused).ConfigureAwait(false);
                if (rejected.Reason.OptedOutOf() is { } scope)
                {
                    await HearOptOutAsync(message, e.At, rejected.CarrierCode, scope).ConfigureAwait(false);
                }

                return (refused is null ? RecordResult.Done : await CloseRestAsync(work, refused).ConfigureAwait(false), refused);

            case SendOutcome.Deferred deferred:
                SenderLog.Attempted(log, message.Id, part, opened.Attempt, "deferred", deferred.CarrierCode);
                return (await DeferAsync(work, opened, part, deferred).ConfigureAwait(false), null);

            case SendOutcome.Unknown unknown:
                return (await LoseAsync(work, part, opened.Attempt, unknown.Cause).ConfigureAwait(false), null);

            default:
                throw new UnreachableException();
        }
    }

    // What the answer told of the conversation is of use to later messages; this one is sent, whatever becomes of the note.
    private async Task NoteConversationAsync(Message message, SendOutcome.Accepted accepted)
    {
        var names = accepted.KnownAs ?? [];
        try
        {
            await aws.People.JoinAsync(message.Conversation, names).ConfigureAwait(false);
            if (accepted.Thread is not { } thread) return;

            foreach (var name in names.Prepend(message.To).Distinct())
                await aws.Sessions.NoteThreadAsync(message.Conversation with { Theirs = name }, thread).ConfigureAwait(false);
        }
        catch (Exception fault) when (fault is not OutOfMemoryException)
        {
            SenderLog.Fault(log, fault, message.Id, 0);
        }
    }

    /// <summary>Marks a part as unknown: the Scheduler has it reconciled, and no record is held for it.</summary>
    public async Task<RecordResult> LoseAsync(Work work, int part, int attempt, string cause)
    {
        SenderLog.Attempted(log, work.Message.Id, part, attempt, "unknown", cause);
        await aws.Messages.ApplyAsync(
            new()
            {
                MessageId = work.Message.Id,
                Part = part,
                Attempt = attempt,
                Status = MessageStatus.Unknown,
                CarrierCode = cause,
                At = clock.GetUtcNow()
            }).ConfigureAwait(false);
        await NoteAnswerAsync(work.Message, CarrierAnswer.Fault, cause).ConfigureAwait(false);
        return RecordResult.Done;
    }

    /// <summary>Ends a message by a decision of ours.</summary>
    public async Task<RecordResult> CloseAsync(Work work, MessageStatus status, FailureReason reason, string? code = null)
    {
        SenderLog.NotSent(log, work.Message.Id, reason.Code());
        if (await aws.Messages.CloseAsync(work.Message.Id, status, reason, code).ConfigureAwait(false) is null)
        {
            // It came into the queue by hand and has no item yet: what became of it must be readable all the same.
            await aws.Messages.AdoptAsync(work.Message).ConfigureAwait(false);
            await aws.Messages.CloseAsync(work.Message.Id, status, reason, code).ConfigureAwait(false);
        }

        return RecordResult.Done;
    }

    /// <summary>Lets a message wait for its delivery window: the record is done, and the Scheduler asks for it again.</summary>
    public async Task<RecordResult> WaitAsync(Work work, int part, DateTimeOffset until)
    {
        var isWaiting = await aws.Messages.WaitAsync(work.Message, part, until).ConfigureAwait(false);
        if (isWaiting) SenderLog.NotSent(log, work.Message.Id, MessageStore.OutsideWindow);

        // Something else has happened to it: it is read anew.
        return isWaiting ? RecordResult.Done : RecordResult.PutOff(TimeSpan.Zero);
    }

    /// <summary>Ends the parts that were to follow one that failed. The message ends for the reason of that one.</summary>
    public async Task<RecordResult> CloseRestAsync(Work work, MessageRecord record)
    {
        if (!record.State.Parts.Any(p => p.IsWaiting)) return RecordResult.Done;

        var failed = record.State.Parts.First(p => p.Rank.Status is >= MessageStatus.Canceled and <= MessageStatus.Failed).Rank;
        SenderLog.NotSent(log, work.Message.Id, FailureReason.EarlierPartFailed.Code());
        await aws.Messages.CloseAsync(
            work.Message.Id,
            MessageStatus.Failed,
            failed.Reason ?? FailureReason.EarlierPartFailed,
            failed.CarrierCode,
            listedAs: FailureReason.EarlierPartFailed).ConfigureAwait(false);
        return RecordResult.Done;
    }

    /// <summary>
    /// Writes that the carrier took a part. The outcome comes first, for once it is written nothing can be sent twice; whoever stops before
    /// the receipts were met meets them when the record comes again (<see cref="MeetAsync"/>).
    /// </summary>
    public async Task<MessageRecord?> AcceptAsync(Message message, PartEvent sent, MessageRecord known)
    {
        var record = await aws.Messages.ApplyAsync(sent, known).ConfigureAwait(false);
        return sent.CarrierMessageId is { } id
            ? await MeetAsync(message, new(message.Id, sent.Part, sent.Attempt), id).ConfigureAwait(false) ?? record
            : record;
    }

    /// <summary>
    /// Where the carrier does not give our reference back: claims the id of a part that it took. From then on its receipts find the
    /// message, and those that came before are applied here. It can be repeated, and does nothing at other carriers.
    /// </summary>
    /// <returns>The message afterwards; null when there was no receipt.</returns>
    public async Task<MessageRecord?> MeetAsync(Message message, AttemptReference attempt, string carrierMessageId)
    {
        if (options.Carrier.EchoesReference) return null;

        var receipts = await aws.Rendezvous.ClaimAsync(message.Carrier, message.Account, carrierMessageId, attempt).ConfigureAwait(false);
        return await ApplyAsync(message, attempt, carrierMessageId, receipts ?? []).ConfigureAwait(false);
    }

    /// <summary>Applies receipts that were left at the rendezvous.</summary>
    /// <returns>The message afterwards; null when there was no receipt.</returns>
    public async Task<MessageRecord?> ApplyAsync(
        Message message, AttemptReference attempt, string carrierMessageId, IReadOnlyList<ParkedReceipt> receipts)
    {
        MessageRecord? record = null;
        foreach (var receipt in receipts)
        {
            record = await aws.Messages.ApplyAsync(receipt.Of(attempt, carrierMessageId)).ConfigureAwait(false);

            // Whoever wrote down the receipt did not know yet whom it was about.
            if (receipt.Reason?.OptedOutOf() is { } scope)
            {
                await HearOptOutAsync(message, receipt.At, receipt.CarrierCode, scope).ConfigureAwait(false);
            }
        }

        return record;
    }

    /// <summary>What a deferral says of the carrier; null where it says nothing.</summary>
    private static CarrierAnswer? AnswerOf(DeferralCause cause) => cause switch
    {
        DeferralCause.CarrierUnavailable => CarrierAnswer.Fault,
        DeferralCause.OurFault => CarrierAnswer.RefusedCredentials,
        DeferralCause.Throttled or DeferralCause.RecipientThrottled => CarrierAnswer.Refused,
        _ => null,
    };

    private async Task NoteAnswerAsync(Message message, CarrierAnswer answer, string code = "")
    {
        switch (await aws.Health.NoteAsync(message.Carrier, answer, code).ConfigureAwait(false))
        {
            case { IsDegraded: true } change:
                SenderLog.Degraded(log, message.Carrier, change.Faults, change.Attempts, code);
                break;
            case { } change:
                SenderLog.Recovered(log, message.Carrier, change.Attempts);
                break;
        }
    }

    private async Task HearOptOutAsync(Message message, DateTimeOffset at, string? code, ConsentScope scope)
    {
        var sender = await aws.Senders.GlanceAsync(message.Carrier, message.From).ConfigureAwait(false);
        await aws.People.RecordConsentAsync(
            message.Conversation, inPool: sender?.Pool is not null, [], optedOut: true, at, code, scope).ConfigureAwait(false);
    }

    private async Task<RecordResult> DeferAsync(Work work, Opening.Opened opened, int part, SendOutcome.Deferred deferred)
    {
        var message = work.Message;
        var counts = deferred.Cause is DeferralCause.CarrierUnavailable or DeferralCause.Media;
        var record = await aws.Messages.DeferAsync(
            message.Id, part, opened.Attempt, deferred.Reason, deferred.CarrierCode, counts).ConfigureAwait(false);
        if (AnswerOf(deferred.Cause) is { } answer)
            await NoteAnswerAsync(message, answer, deferred.CarrierCode).ConfigureAwait(false);
        if (deferred.Cause == DeferralCause.Media && MediaTries(record, part) >= MostMediaTries)
        {
            return await CloseAsync(work, MessageStatus.Failed, FailureReason.MediaRejected, "media_unreachable").ConfigureAwait(false);
        }

        var retries = opened.Record.State.Parts[part].Retries + (counts ? 1 : 0);
        if (retries > options.MaxRetries)
        {
            return await CloseAsync(work, MessageStatus.Failed, FailureReason.RetriesExhausted).ConfigureAwait(false);
        }

        var wait = Backoff.FullJitter(options, opened.Attempt);
        switch (deferred.Cause)
        {
            case DeferralCause.Throttled:
                Metrics.Count("Throttled", message.Carrier);
                var pause = deferred.RetryAfter is { } asked && asked > ThrottlePause ? asked : ThrottlePause;
                await pace.RefusedAsync(work, part, pause < LongestPause ? pause : LongestPause).ConfigureAwait(false);

                // The line orders what was refused; where there is none, chance keeps it apart.
                wait = options.RatePerSecond is null ? wait + pause : pause;
                break;
            case DeferralCause.RecipientThrottled:
                // Only this person is written to too fast: the record holds its conversation, and nobody else waits.
                Metrics.Count("Throttled", message.Carrier);
                wait += deferred.RetryAfter ?? ThrottlePause;
                break;
            case DeferralCause.OurFault:
                Metrics.Count("SenderFault", message.Carrier);
                wait += deferred.RetryAfter ?? OurFaultPause;
                break;
            case DeferralCause.Media:
                wait += MediaPause;
                break;
            default:
                wait = deferred.RetryAfter is { } named && named > wait ? named : wait;
                break;
        }

        if (record?.State.CancelRequested == true) return RecordResult.Done;

        // It comes back at its deadline at the latest, to expire.
        var left = message.Deadline - clock.GetUtcNow();
        return RecordResult.PutOff(wait < left ? wait : left);
    }

    // Told from the carrier's own troubles, which use up retries as well and say nothing of the file.
    private static int? MediaTries(MessageRecord? record, int part) =>
        record?.State.Timeline.Count(e => e.Type == "deferred" && e.Part == part && e.Reason == FailureReason.MediaRejected);
}
