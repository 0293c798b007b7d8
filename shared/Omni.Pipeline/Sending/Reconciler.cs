using Microsoft.Extensions.Logging;
using Omni.Aws;
using Omni.Shared;

namespace Omni.Pipeline;

/// <summary>
/// Finds out what became of a part whose answer was lost: at the carrier, where it offers a look-up; a receipt may settle it at any time.
/// After a while the evidence decides, or the message's own policy.
/// </summary>
internal sealed class Reconciler(
    ICarrierLookup? lookup,
    PartSender parts,
    OutcomeWriter outcomes,
    SenderOptions options,
    AwsClients aws,
    TimeProvider clock,
    ILogger log)
{
    /// <summary>How many messages of the conversation are looked at for ids that are theirs.</summary>
    private const int Neighbours = 100;

    /// <summary>How far the clocks of two senders may be apart.</summary>
    private static readonly TimeSpan Skew = TimeSpan.FromSeconds(10);

    /// <summary>What a look at the carrier told of a part that was not found there.</summary>
    private enum Look
    {
        /// <summary>It was not taken.</summary>
        NotTaken,

        /// <summary>Nothing yet: there was no answer, or what was found may be another's.</summary>
        AskAgain,

        /// <summary>Nothing ever: the carrier shows nothing that could tell.</summary>
        Impossible,
    }

    private enum Verdict
    {
        Resend,
        Cancel,
        Wait,
        Hold,
    }

    /// <summary>Reconciles one message.</summary>
    public async Task<RecordResult> RunAsync(Work work, Func<TimeSpan> timeLeft)
    {
        if (await aws.Messages.FindAsync(work.Message.Id).ConfigureAwait(false) is not { } record) return RecordResult.Done;

        var unknown = record.State.Parts.Index().Where(p => p.Item.Rank.Status == MessageStatus.Unknown);
        var part = unknown.Select(p => p.Index).DefaultIfEmpty(-1).First();
        if (part < 0)
        {
            // Settled in the meantime; what was to follow it is sent now.
            return await parts.RunAsync(work, record, resend: false, timeLeft).ConfigureAwait(false);
        }

        if (record.State.PersonDeletedAt is not null)
        {
            // Whom it went to is not known any more; a receipt may settle it still.
            await aws.Messages.HoldAsync(record).ConfigureAwait(false);
            return RecordResult.Done;
        }

        if (timeLeft() < options.NeededTime) return RecordResult.PutOff(TimeSpan.Zero);

        var state = record.State.Parts[part];
        var since = state.UnknownSince ?? record.State.UpdatedAt;
        var (look, found) = await LookUpAsync(record, part, state.Attempts, since).ConfigureAwait(false);
        if (found is not null)
        {
            SenderLog.Reconciled(log, record.Message.Id, part, "sent");
            return await parts.RunAsync(work, found, resend: false, timeLeft).ConfigureAwait(false);
        }

        switch (await JudgeAsync(record, look, since).ConfigureAwait(false))
        {
            case Verdict.Resend:
                SenderLog.Reconciled(log, record.Message.Id, part, "resend");
                return await parts.RunAsync(work, record, resend: true, timeLeft).ConfigureAwait(false);
            case Verdict.Cancel:
                SenderLog.Reconciled(log, record.Message.Id, part, "canceled");
                await aws.Messages.CloseAsync(
                    record.Message.Id, MessageStatus.Canceled, FailureReason.Canceled,
                    notTaken: new(record.Message.Id, part, state.Attempts)).ConfigureAwait(false);
                return RecordResult.Done;
            case Verdict.Hold:
                SenderLog.Reconciled(log, record.Message.Id, part, "held");
                await aws.Messages.HoldAsync(record).ConfigureAwait(false);
                return RecordResult.Done;
            default:
                return RecordResult.Done; // the Scheduler asks again
        }
    }

    /// <summary>What is to be done with a message that is unknown. What is proof where: docs/decisions/lost-answers.md.</summary>
    private async Task<Verdict> JudgeAsync(MessageRecord record, Look look, DateTimeOffset since)
    {
        var (message, now) = (record.Message, clock.GetUtcNow());
        if (now - since < options.MaxReconciling) return Verdict.Wait;
        if (now >= message.Deadline) return Verdict.Hold;

        // Whether there is something to cancel, the evidence alone tells.
        var (policy, again) = record.State.CancelRequested
            ? (UnknownOutcomePolicy.Auto, Verdict.Cancel)
            : (message.OnUnknownOutcome, Verdict.Resend);
        return (policy, look) switch
        {
            (UnknownOutcomePolicy.Hold, _) => Verdict.Hold,
            (UnknownOutcomePolicy.Resend, _) or (_, Look.NotTaken) => again,
            (_, Look.AskAgain) => Verdict.Wait,
            _ when !options.Carrier.PromptReceipts => Verdict.Hold,
            _ when record.State.Timeline.Any(e => e.Type == MessageStore.ReceiptUnmatched) => Verdict.Hold,
            _ => await IsOvertakenAsync(message, since, now).ConfigureAwait(false) ? again : Verdict.Wait,
        };
    }

    /// <summary>
    /// Whether a send that was begun after this one's outcome was lost has its receipt, and this one none: the way back is open, and ours
    /// would have come long ago.
    /// </summary>
    private async Task<bool> IsOvertakenAsync(Message message, DateTimeOffset since, DateTimeOffset now) =>
        now - since >= options.ReceiptPatience && await aws.WayBack.ReadAsync(message).ConfigureAwait(false) > since + Skew;

    private async Task<(Look Look, MessageRecord? Found)> LookUpAsync(
        MessageRecord record, int part, int attempt, DateTimeOffset unknownSince)
    {
        if (lookup is null) return (Look.Impossible, null);

        var message = record.Message;
        var reference = new AttemptReference(message.Id, part, attempt);
        var begun = record.State.BegunAt(part, attempt) ?? unknownSince - options.Lease;
        LookupAnswer? answer;
        try
        {
            answer = await lookup.FindAsync(parts.PartOf(message, part, attempt), begun, CancellationToken.None).ConfigureAwait(false);
        }
        catch (Exception lost) when (lost is HttpRequestException or OperationCanceledException or IOException)
        {
            // A carrier that does not answer is no fault of ours, and no answer is not the answer "none".
            SenderLog.Reconciled(log, message.Id, part, "no answer");
            return (Look.AskAgain, null);
        }

        if (answer is null) return (Look.Impossible, null);
        if (answer is { Ids: [], Doubtful: [] }) return (Look.NotTaken, null);

        var newest = clock.GetUtcNow() + TimeSpan.FromMinutes(1);
        var neighbours = await aws.Queries
            .RecentAsync(message.ConversationId, newest, message.CreatedAt - TimeSpan.FromDays(1), Neighbours).ConfigureAwait(false);

        // Until the open attempts have their answers, a candidate may turn out to be theirs.
        var others = neighbours.Where(neighbour => neighbour.Message.Id != message.Id);
        if (others.Any(other => other.State.Parts.Any(p => p.LeaseUntil > clock.GetUtcNow()))) return (Look.AskAgain, null);

        var taken = neighbours.SelectMany(n => n.State.Parts)
            .Select(p => p.CarrierMessageId)
            .OfType<string>()
            .ToHashSet(StringComparer.Ordinal);
        foreach (var id in answer.Ids.Where(id => !taken.Contains(id)))
        {
            // Two unknown messages with the same words may see the same id: only one of them gets it.
            var receipts = await aws.Rendezvous.ClaimAsync(message.Carrier, message.Account, id, reference).ConfigureAwait(false);
            if (receipts is null) continue;

            var sent = new PartEvent
            {
                MessageId = message.Id,
                Part = part,
                Attempt = attempt,
                Status = MessageStatus.Sent,
                CarrierMessageId = id,
                At = clock.GetUtcNow(),
            };
            var accepted = await outcomes.AcceptAsync(message, sent, record).ConfigureAwait(false) ?? record;
            return (default, await outcomes.ApplyAsync(message, reference, id, receipts).ConfigureAwait(false) ?? accepted);
        }

        return (answer.Doubtful.All(taken.Contains) ? Look.NotTaken : Look.AskAgain, null);
    }
}
