using System.Diagnostics;
using Microsoft.Extensions.Logging;
using Omni.Aws;
using Omni.Shared;

namespace Omni.Pipeline;

/// <summary>
/// Sends the parts of one message in order. Each part: its turn, the person's consent, the written intent, the call, the written outcome. A
/// crash between any two of these loses nothing and sends nothing twice (design, section 6).
/// </summary>
internal sealed class PartSender(
    ICarrierSender sender,
    CarrierHttp http,
    Pace pace,
    OutcomeWriter outcomes,
    SenderOptions options,
    AwsClients aws,
    TimeProvider clock,
    ILogger log)
{
    /// <summary>How old a look at the person's consent may be.</summary>
    private static readonly TimeSpan ConsentAge = TimeSpan.FromSeconds(1);

    /// <summary>Sends what is not sent yet of a message.</summary>
    /// <param name="work">The record.</param>
    /// <param name="known">The message as just read; null when nothing was read.</param>
    /// <param name="resend">Whether a part of unknown outcome may be sent again.</param>
    /// <param name="timeLeft">How much time the invocation has left.</param>
    public async Task<RecordResult> RunAsync(Work work, MessageRecord? known, bool resend, Func<TimeSpan> timeLeft)
    {
        var message = work.Message;
        if (work.Problems is [var problem, ..])
            return await outcomes.CloseAsync(work, MessageStatus.Rejected, FailureReason.Unsupported, problem.Code).ConfigureAwait(false);

        // The first delivery of a record needs no look; a later one may hold a slot, an attempt, or parts that are sent.
        if (known is null && work.Record.ReceiveCount > 1) known = await aws.Messages.FindAsync(message.Id).ConfigureAwait(false);

        var consentSeen = DateTimeOffset.MinValue;
        var begun = clock.GetTimestamp();
        for (var part = 0; part < message.Parts.Count; part++)
        {
            work.CurrentPart = part;
            var state = known?.State.Parts[part];
            if (state is { Rank.Status: var status } && status.IsTaken())
            {
                // Who sent it may have stopped before the receipts were met.
                if (state.CarrierMessageId is { } id)
                    known = await outcomes.MeetAsync(message, new(message.Id, part, state.Attempts), id).ConfigureAwait(false) ?? known;
                continue;
            }

            if (state is { Rank.Status: >= MessageStatus.Canceled })
                return await outcomes.CloseRestAsync(work, known!).ConfigureAwait(false);

            if (state?.LeaseUntil is null)
            {
                if (known?.State.CancelRequested == true)
                    return await outcomes.CloseAsync(work, MessageStatus.Canceled, FailureReason.Canceled).ConfigureAwait(false);
                if (clock.GetUtcNow() >= message.Deadline)
                    return await outcomes.CloseAsync(work, MessageStatus.Expired, FailureReason.Expired).ConfigureAwait(false);
                if (DeliveryHours.ClosedUntil(message, clock.GetUtcNow()) is { } until)
                    return await outcomes.WaitAsync(work, part, until).ConfigureAwait(false);
                if (timeLeft() < options.NeededTime) return RecordResult.PutOff(TimeSpan.Zero);
                if (await pace.ApproachAsync(work, part, state).ConfigureAwait(false) is { } parked) return parked;

                begun = clock.GetTimestamp();
                if (clock.GetUtcNow() - consentSeen > ConsentAge)
                {
                    var (isOptedOut, deletedAt) = await aws.Consents.LookAsync(
                        message.Tenant, message.To, message.From).ConfigureAwait(false);
                    var isDeleted = deletedAt >= message.CreatedAt;
                    if (isDeleted || (isOptedOut && message.Automatic is not AutomaticAnswer.OptOut))
                    {
                        // What may have been sent is not rejected: it stays unknown, and nobody asks again.
                        if (resend && known is not null) await aws.Messages.HoldAsync(known).ConfigureAwait(false);
                        return isDeleted
                            ? await outcomes.CloseAsync(work, MessageStatus.Canceled, FailureReason.Canceled).ConfigureAwait(false)
                            : await outcomes.CloseAsync(work, MessageStatus.Rejected, FailureReason.OptedOut).ConfigureAwait(false);
                    }

                    consentSeen = clock.GetUtcNow();
                }
            }

            var opening = await aws.Messages.OpenAttemptAsync(message, part, known, options.Lease, resend).ConfigureAwait(false);
            switch (opening)
            {
                case Opening.Opened opened:
                    if (await pace.ReachAsync(work, part, clock.GetElapsedTime(begun)).ConfigureAwait(false) is { } heldUp)
                    {
                        await aws.Messages.DeferAsync(
                            message.Id, part, opened.Attempt, FailureReason.RateLimited, "line", counts: false).ConfigureAwait(false);
                        return heldUp;
                    }

                    var outcome = await AttemptAsync(work, PartOf(message, part, opened.Attempt)).ConfigureAwait(false);
                    var (result, after) = await outcomes.WriteAsync(work, opened, part, outcome).ConfigureAwait(false);
                    if (result is { } stop) return stop;
                    known = after;
                    break;
                case Opening.NotNeeded { Record: var record } when record.State.Parts[part].Rank.Status.IsTaken():
                    known = record;
                    break;
                case Opening.NotNeeded { Record.State.CancelRequested: true, Record.Status: < MessageStatus.Canceled }:
                    return await outcomes.CloseAsync(work, MessageStatus.Canceled, FailureReason.Canceled).ConfigureAwait(false);
                case Opening.NotNeeded notNeeded:
                    return await outcomes.CloseRestAsync(work, notNeeded.Record).ConfigureAwait(false);
                case Opening.Busy busy:
                    SenderLog.Waits(log, message.Id, (long)(busy.Until - clock.GetUtcNow()).TotalMilliseconds, "an attempt is open");
                    return RecordResult.PutOff(busy.Until - clock.GetUtcNow() + TimeSpan.FromSeconds(1));
                case Opening.Lost lost:
                    return await outcomes.LoseAsync(work, part, lost.Attempt, "lease").ConfigureAwait(false);
                case Opening.Unknown:
                    SenderLog.NotSent(log, message.Id, "its outcome is being reconciled");
                    return RecordResult.Done;
                default:
                    throw new UnreachableException();
            }
        }

        if (known is not null) await aws.Messages.RaiseToLowestAsync(known).ConfigureAwait(false);
        return RecordResult.Done;
    }

    /// <summary>A part as its carrier's sender sees it.</summary>
    public OutboundPart PartOf(Message message, int part, int attempt) => new(message, part, new(message.Id, part, attempt))
    {
        Media = message.Content is MediaContent or TemplateContent { Header: not null }
            ? new OutboundMedia(message, options.Carrier, aws.Blobs, aws.Media, http)
            : NoMedia.Instance,
        FindSessionAsync = cancellation => aws.Sessions.FindAsync(message.ConversationId, cancellation),
    };

    /// <summary>
    /// Makes the one call of an attempt. A call that only prepares it and is lost puts it off. Other exceptions are bugs: before the
    /// request left they cost a try, after it the outcome is unknown.
    /// </summary>
    private async Task<SendOutcome> AttemptAsync(Work work, OutboundPart part)
    {
        using var patience = new CancellationTokenSource(options.AttemptTime); // real time, as that of the HTTP client
        try
        {
            return await sender.SendAsync(part, patience.Token).ConfigureAwait(false);
        }
        catch (Exception lost) when (!part.HasLeft && lost is HttpRequestException or OperationCanceledException or IOException)
        {
            return new SendOutcome.Deferred(DeferralCause.CarrierUnavailable, "prepare");
        }
        catch (Exception fault) when (part.HasLeft)
        {
            SenderLog.Fault(log, fault, work.Message.Id, 0);
            return new SendOutcome.Unknown("fault");
        }
        catch (Exception)
        {
            await aws.Messages.DeferAsync(
                part.Message.Id, part.Index, part.Reference.Attempt, FailureReason.Unknown, "fault", counts: false).ConfigureAwait(false);
            throw;
        }
    }
}
