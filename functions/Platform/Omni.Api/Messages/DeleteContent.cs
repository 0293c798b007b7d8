using Omni.Aws;
using Omni.Shared;

namespace Omni.Api;

/// <summary>
/// Deletes what a message says: its text, its files, and the carrier's own words. What has not left of it is canceled in the same write.
/// Asked again it answers the same: the endpoint needs no idempotency key.
/// </summary>
internal sealed class DeleteContent(MessageStore messages, ContentDeletion deletion, bool keepsEvents)
{
    public async Task<ApiResult> HandleAsync(ApiCall call, CancellationToken cancellation)
    {
        if (await messages.FindOfAsync(call, cancellation) is not { } record) return ReadMessage.NotFound;
        if (OwnMessages.RefuseLeg(record.Message) is { } refusal) return refusal;

        record = await deletion.RunAsync(record, cancellation);
        return ApiResult.Ok(DeletionView.Of(record, keepsEvents), ApiJson.Wire.DeletionView);
    }
}

/// <summary>What was deleted, and what of it forgets by itself.</summary>
internal sealed record DeletionView
{
    public required string Id { get; init; }

    /// <summary>Where the message is: canceled, if nothing of it had left.</summary>
    public required MessageStatus Status { get; init; }

    public required DateTimeOffset ContentDeletedAt { get; init; }

    /// <summary>Where copies may be that nobody can delete, and until when.</summary>
    public required IReadOnlyList<RemnantView> Remnants { get; init; }

    public required MessageLinks Links { get; init; }

    public static DeletionView Of(MessageRecord record, bool keepsEvents)
    {
        var at = record.State.ContentDeletedAt!.Value;
        return new()
        {
            Id = record.Message.Id,
            Status = record.Status,
            ContentDeletedAt = at,
            Remnants = RemnantView.After(at, keepsEvents),
            Links = MessageLinks.To(record.Message.Id),
        };
    }
}
