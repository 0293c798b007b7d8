using Omni.Shared;

namespace Omni.Api;

/// <summary>A message and what has become of it.</summary>
internal sealed record MessageView
{
    public required string Id { get; init; }

    public required Direction Direction { get; init; }

    public required MessageStatus Status { get; init; }

    public required bool Final { get; init; }

    public ErrorView? Error { get; init; }

    public required bool Contradicted { get; init; }

    public bool? CancelRequested { get; init; }

    public required string Carrier { get; init; }

    public required Address To { get; init; }

    public required Address From { get; init; }

    public required Content Content { get; init; }

    public ContentType? AdaptedFrom { get; init; }

    public Priority? Priority { get; init; }

    public int? TtlSeconds { get; init; }

    public DateTimeOffset? ScheduledAt { get; init; }

    public string? ClientReference { get; init; }

    public IReadOnlyDictionary<string, string>? Metadata { get; init; }

    public UnknownOutcomePolicy? OnUnknownOutcome { get; init; }

    public IReadOnlyList<PartView>? Parts { get; init; }

    /// <summary>Inbound: the carrier's id.</summary>
    public string? CarrierMessageId { get; init; }

    /// <summary>Inbound: the carrier's id of the message that this one answers.</summary>
    public string? ReplyTo { get; init; }

    public required string ConversationId { get; init; }

    public required DateTimeOffset CreatedAt { get; init; }

    public required DateTimeOffset UpdatedAt { get; init; }

    public required MessageLinks Links { get; init; }

    public static MessageView Of(MessageRecord record)
    {
        var (message, state) = record;
        var outbound = message.Direction == Direction.Outbound;
        return new()
        {
            Id = message.Id,
            Direction = message.Direction,
            Status = record.Status,
            Final = record.Status.IsFinal(),
            Error = ErrorView.Of(state.Rank),
            Contradicted = state.Contradicted,
            CancelRequested = outbound ? state.CancelRequested : null,
            Carrier = message.Carrier,
            To = message.To,
            From = message.From,
            Content = message.Content,
            AdaptedFrom = message.AdaptedFrom,
            Priority = outbound ? message.Priority : null,
            TtlSeconds = outbound ? message.TtlSeconds : null,
            ScheduledAt = message.ScheduledAt,
            ClientReference = message.ClientReference,
            Metadata = message.Metadata,
            OnUnknownOutcome = outbound ? message.OnUnknownOutcome : null,
            Parts = outbound ? [.. message.Parts.Zip(state.Parts).Index().Select(part => PartView.Of(part.Index, part.Item.First, part.Item.Second))] : null,
            CarrierMessageId = message.CarrierMessageId,
            ReplyTo = message.ReplyTo,
            ConversationId = message.ConversationId,
            CreatedAt = message.CreatedAt,
            UpdatedAt = state.UpdatedAt,
            Links = MessageLinks.To(message.Id),
        };
    }
}

/// <summary>One carrier message of a message.</summary>
internal sealed record PartView
{
    public required int Index { get; init; }

    public required MessageStatus Status { get; init; }

    public ErrorView? Error { get; init; }

    public required int Segments { get; init; }

    public string? Encoding { get; init; }

    public required int Attempts { get; init; }

    public string? CarrierMessageId { get; init; }

    public static PartView Of(int index, PlannedPart plan, PartState state) => new()
    {
        Index = index,
        Status = state.Rank.Status,
        Error = ErrorView.Of(state.Rank),
        Segments = plan.Segments,
        Encoding = plan.Encoding?.Word(),
        Attempts = state.Attempts,
        CarrierMessageId = state.CarrierMessageId,
    };
}
