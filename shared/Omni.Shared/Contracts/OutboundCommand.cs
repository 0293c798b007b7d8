using System.Text.Json.Serialization;

namespace Omni.Shared;

/// <summary>What a carrier's outbound function can be asked to do, by a record in its queue. The set is closed.</summary>
[JsonPolymorphic(TypeDiscriminatorPropertyName = "type")]
[JsonDerivedType(typeof(Send), "send")]
[JsonDerivedType(typeof(Reconcile), "reconcile")]
[JsonDerivedType(typeof(FetchMedia), "fetchMedia")]
[JsonDerivedType(typeof(MarkRead), "markRead")]
[JsonDerivedType(typeof(ListTemplates), "listTemplates")]
public abstract record OutboundCommand
{
    private OutboundCommand() { }

    /// <summary>
    /// Send a message. It carries the whole of it, so the sender reads nothing first; put into the queue by hand it works as well.
    /// </summary>
    public sealed record Send : OutboundCommand
    {
        /// <summary>The message with its plan; without one it is planned on arrival.</summary>
        public required Message Message { get; init; }
    }

    /// <summary>Find out what became of a message whose answer was lost.</summary>
    public sealed record Reconcile : OutboundCommand
    {
        /// <summary>The message with its plan.</summary>
        public required Message Message { get; init; }
    }

    /// <summary>Fetch an inbound message's media with the carrier's credentials.</summary>
    public sealed record FetchMedia : OutboundCommand
    {
        /// <summary>Our id of the inbound message.</summary>
        public required string MessageId { get; init; }
    }

    /// <summary>Ask the carrier for its approved templates, and keep them.</summary>
    public sealed record ListTemplates : OutboundCommand;

    /// <summary>Tell the carrier that an inbound message was read.</summary>
    public sealed record MarkRead : OutboundCommand
    {
        /// <summary>Our id of the inbound message.</summary>
        public required string MessageId { get; init; }

        /// <summary>The carrier's id of it.</summary>
        public required string CarrierMessageId { get; init; }
    }
}
