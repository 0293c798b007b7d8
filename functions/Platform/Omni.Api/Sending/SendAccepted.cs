using Omni.Shared;

namespace Omni.Api;

/// <summary>The answer to a send. Only what never changes is in it, so that a replay is the same to the byte.</summary>
internal sealed record SendAccepted
{
    public required string Id { get; init; }

    public required MessageStatus Status { get; init; }

    public required string Carrier { get; init; }

    public required Address To { get; init; }

    public required Address From { get; init; }

    /// <summary>How carrier and sender were chosen; null where the request named them.</summary>
    public RouteView? Route { get; init; }

    public required Priority Priority { get; init; }

    public string? ClientReference { get; init; }

    public required DateTimeOffset CreatedAt { get; init; }

    public DateTimeOffset? ScheduledAt { get; init; }

    public required IReadOnlyList<AcceptedPart> Parts { get; init; }

    public ContentType? AdaptedFrom { get; init; }

    /// <summary>The message that this one repeats; null for none.</summary>
    public string? ResendOf { get; init; }

    public required string ConversationId { get; init; }

    public required MessageLinks Links { get; init; }

    public static SendAccepted Of(Message message) => new()
    {
        Id = message.Id,
        Status = message.ScheduledAt is null ? MessageStatus.Accepted : MessageStatus.Scheduled,
        Carrier = message.Carrier,
        To = message.To,
        From = message.From,
        Route = RouteView.Of(message),
        Priority = message.Priority,
        ClientReference = message.ClientReference,
        CreatedAt = message.CreatedAt,
        ScheduledAt = message.ScheduledAt,
        Parts = AcceptedPart.Of(message),
        AdaptedFrom = message.AdaptedFrom,
        ResendOf = message.ResendOf,
        ConversationId = message.ConversationId,
        Links = MessageLinks.To(message.Id),
    };
}

/// <summary>One carrier message of a plan.</summary>
/// <param name="Index">Which, from 0.</param>
/// <param name="Segments">What the carrier counts for it.</param>
/// <param name="Encoding">The encoding on the air, for SMS.</param>
/// <param name="IsCaption">Whether it is the caption of the file before it; null for everything else.</param>
internal sealed record AcceptedPart(int Index, int Segments, string? Encoding, bool? IsCaption)
{
    public static AcceptedPart[] Of(Message message) => [.. message.Parts.Index().Select(
        part => new AcceptedPart(part.Index, part.Item.Segments, part.Item.Encoding?.Word(), part.Item.IsCaption ? true : null))];
}
