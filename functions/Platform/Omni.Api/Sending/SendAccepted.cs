using Omni.Shared;

namespace Omni.Api;

/// <summary>The answer to a send. Only what never changes is in it, so that a replay is the same to the byte.</summary>
internal sealed record SendAccepted
{
    public required string Id { get; init; }

    public required MessageStatus Status { get; init; }

    /// <summary>The carrier; null for a message with legs, which have one each.</summary>
    public string? Carrier { get; init; }

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

    /// <summary>The legs, as they would be sent; null for a message that goes one way.</summary>
    public IReadOnlyList<AcceptedLeg>? Failover { get; init; }

    /// <summary>The conversation; null for a message with legs, which have one each.</summary>
    public string? ConversationId { get; init; }

    public required MessageLinks Links { get; init; }

    public static SendAccepted Of(Message message) => new()
    {
        Id = message.Id,
        Status = message.ScheduledAt is null ? MessageStatus.Accepted : MessageStatus.Scheduled,
        Carrier = message.Failover is null ? message.Carrier : null,
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
        Failover = message.Failover is { } legs ? [.. legs.Select((leg, index) => AcceptedLeg.Of(message, index, leg))] : null,
        ConversationId = message.Failover is null ? message.ConversationId : null,
        Links = MessageLinks.To(message.Id),
    };
}

/// <summary>One leg of a message.</summary>
/// <param name="Index">Which, from 0.</param>
/// <param name="Id">The id of the message that it will be.</param>
/// <param name="Carrier">The carrier's id.</param>
/// <param name="To">Who it goes to.</param>
/// <param name="From">Who it comes from.</param>
/// <param name="Parts">Its carrier messages.</param>
internal sealed record AcceptedLeg(
    int Index, string Id, string Carrier, Address To, Address From, IReadOnlyList<AcceptedPart> Parts)
{
    public static AcceptedLeg Of(Message parent, int index, PlannedLeg leg) => new(
        index, Legs.IdOf(parent.Id, index), leg.Carrier, leg.To, leg.From, AcceptedPart.Of(Legs.MessageOf(parent, leg)));
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
