using Omni.Aws;
using Omni.Shared;

namespace Omni.Api;

/// <summary>
/// Takes back what has not left of a message. Asked again it answers what has become of that, and changes nothing more: the endpoint needs
/// no idempotency key.
/// </summary>
internal sealed class CancelMessage(MessageStore messages)
{
    public async Task<ApiResult> HandleAsync(ApiCall call, CancellationToken cancellation)
    {
        if (await messages.FindOfAsync(call, cancellation) is not { } record) return ReadMessage.NotFound;
        if (record.Message.Direction == Direction.Inbound)
            return Problems.NotCarried.Because("Only a message to a person can be canceled.");

        if (OwnMessages.RefuseLeg(record.Message) is { } refusal) return refusal;

        record = await messages.CancelAsync(record, cancellation);
        var sent = record.Message.Failover is null ? record : await messages.FindAsync(record.CurrentLegId, cancellation) ?? record;
        var view = CancelView.Of(record, sent.State.Parts);

        // A wish that was taken stays taken, also when the last open call went through after all.
        return view.Escaped == sent.State.Parts.Count && !record.State.CancelRequested
            ? Problems.TooLate.Because($"The message is {record.Status.Word()}: nothing of it is left to cancel.")
            : ApiResult.Ok(view, ApiJson.Wire.CancelView);
    }
}

/// <summary>What became of the wish to cancel a message, in parts of it; of one with legs, of the leg that was begun last.</summary>
internal sealed record CancelView
{
    public required string Id { get; init; }

    public required MessageStatus Status { get; init; }

    /// <summary>How many parts never leave.</summary>
    public required int Canceled { get; init; }

    /// <summary>How many the carrier has.</summary>
    public required int Escaped { get; init; }

    /// <summary>How many the carrier may have: a call is open, or its outcome unknown.</summary>
    public required int Pending { get; init; }

    public required MessageLinks Links { get; init; }

    public static CancelView Of(MessageRecord record, IReadOnlyList<PartState> parts) => new()
    {
        Id = record.Message.Id,
        Status = record.Status,
        Canceled = parts.Count(part => part.Rank.Status == MessageStatus.Canceled),
        Escaped = parts.Count(part => part.Rank.Status.IsTaken()),
        Pending = parts.Count(part => part.IsPending),
        Links = MessageLinks.To(record.Message.Id),
    };
}
