using Microsoft.Extensions.Logging;
using Omni.Aws;
using Omni.Shared;

namespace Omni.Pipeline;

/// <summary>
/// Finds out what became of a part whose answer was lost: at the carrier, where it offers a look-up; a receipt may settle it at any time. After a while the
/// message's own policy decides.
/// </summary>
internal sealed class Reconciler(ICarrierLookup? lookup, PartSender parts, OutcomeWriter outcomes, SenderOptions options, AwsClients aws, TimeProvider clock, ILogger log)
{
    /// <summary>How many messages of the conversation are looked at for ids that are theirs.</summary>
    private const int Neighbours = 100;

    /// <summary>Reconciles one message.</summary>
    public async Task<RecordResult> RunAsync(Work work, Func<TimeSpan> timeLeft)
    {
        if (await aws.Messages.FindAsync(work.Message.Id).ConfigureAwait(false) is not { } record) return RecordResult.Done;

        var part = record.State.Parts.Index().Where(p => p.Item.Rank.Status == MessageStatus.Unknown).Select(p => p.Index).DefaultIfEmpty(-1).First();
        if (part < 0)
        {
            // Settled in the meantime; what was to follow it is sent now.
            return await parts.RunAsync(work, record, resend: false, timeLeft).ConfigureAwait(false);
        }

        if (timeLeft() < options.NeededTime) return RecordResult.PutOff(TimeSpan.Zero);

        var state = record.State.Parts[part];
        var since = state.UnknownSince ?? record.State.UpdatedAt;
        if (await LookUpAsync(record, part, state.Attempts, since).ConfigureAwait(false) is { } found)
        {
            SenderLog.Reconciled(log, record.Message.Id, part, "sent");
            return await parts.RunAsync(work, found, resend: false, timeLeft).ConfigureAwait(false);
        }

        // The Scheduler asks again until the time is up.
        if (clock.GetUtcNow() - since < options.MaxReconciling) return RecordResult.Done;

        if (record.Message.OnUnknownOutcome == UnknownOutcomePolicy.Resend && clock.GetUtcNow() < record.Message.Deadline && !record.State.CancelRequested)
        {
            SenderLog.Reconciled(log, record.Message.Id, part, "resend");
            return await parts.RunAsync(work, record, resend: true, timeLeft).ConfigureAwait(false);
        }

        SenderLog.Reconciled(log, record.Message.Id, part, "held");
        await aws.Messages.HoldAsync(record).ConfigureAwait(false);
        return RecordResult.Done;
    }

    private async Task<MessageRecord?> LookUpAsync(MessageRecord record, int part, int attempt, DateTimeOffset unknownSince)
    {
        if (lookup is null) return null;

        var message = record.Message;
        var reference = new AttemptReference(message.Id, part, attempt);
        var begun = record.State.Timeline.FirstOrDefault(e => e.Part == part && e.Attempt == attempt && e.Type == MessageStatus.Sending.Word())?.At ?? unknownSince - options.Lease;
        var candidates = await CandidatesAsync(lookup, parts.PartOf(message, part, attempt), begun).ConfigureAwait(false);
        if (candidates.Count == 0) return null;

        var neighbours = await NeighboursAsync(message).ConfigureAwait(false);

        // Until the open attempts have their answers, a candidate may turn out to be theirs.
        if (neighbours.Any(n => n.Message.Id != message.Id && n.State.Parts.Any(p => p.LeaseUntil > clock.GetUtcNow()))) return null;

        var taken = neighbours.SelectMany(n => n.State.Parts).Select(p => p.CarrierMessageId).OfType<string>().ToHashSet(StringComparer.Ordinal);
        foreach (var id in candidates)
        {
            // Two unknown messages with the same words may see the same id: only one of them gets it.
            if (taken.Contains(id) || await aws.Rendezvous.ClaimAsync(message.Carrier, message.Account, id, reference).ConfigureAwait(false) is null) continue;

            return await outcomes.AcceptAsync(
                message, new() { MessageId = message.Id, Part = part, Attempt = attempt, Status = MessageStatus.Sent, CarrierMessageId = id, At = clock.GetUtcNow() }, record).ConfigureAwait(false);
        }

        return null;
    }

    // A carrier that does not answer is no fault of ours: the Scheduler asks again, and after a while the policy decides without an answer.
    private async Task<IReadOnlyList<string>> CandidatesAsync(ICarrierLookup from, OutboundPart part, DateTimeOffset begun)
    {
        try
        {
            return await from.FindAsync(part, begun, CancellationToken.None).ConfigureAwait(false);
        }
        catch (Exception lost) when (lost is HttpRequestException or OperationCanceledException or IOException)
        {
            SenderLog.Reconciled(log, part.Message.Id, part.Index, "no answer");
            return [];
        }
    }

    /// <summary>The messages of the same conversation.</summary>
    private async Task<IReadOnlyList<MessageRecord>> NeighboursAsync(Message message)
    {
        var page = await aws.Queries.ByConversationAsync(
            message.ConversationId, new(clock.GetUtcNow() + TimeSpan.FromMinutes(1), ""), message.CreatedAt - TimeSpan.FromDays(1), Neighbours).ConfigureAwait(false);
        var records = await aws.Queries.ReadAsync(page.Keys.Select(k => k.MessageId)).ConfigureAwait(false);
        return [.. records.Values];
    }
}
