namespace Omni.Shared;

/// <summary>The types of events that clients are told of. The set is closed, and only grows.</summary>
public static class EventTypes
{
    /// <summary>A person wrote to us.</summary>
    public const string MessageReceived = "message.received";

    /// <summary>A file of an inbound message is kept and can be had.</summary>
    public const string MediaStored = "message.media.stored";

    /// <summary>A file of an inbound message cannot be had.</summary>
    public const string MediaFailed = "message.media.failed";

    /// <summary>A person opted out or in.</summary>
    public const string ConsentChanged = "consent.changed";

    /// <summary>All of a batch is done.</summary>
    public const string BatchCompleted = "batch.completed";

    /// <summary>A batch rests.</summary>
    public const string BatchPaused = "batch.paused";

    /// <summary>What is left of a batch is not sent.</summary>
    public const string BatchCanceled = "batch.canceled";

    /// <summary>A conversation goes on with a human.</summary>
    public const string ConversationHandedOff = "conversation.handedOff";

    /// <summary>Two machines talked to each other, and ours stopped.</summary>
    public const string ConversationLoopStopped = "conversation.loopStopped";

    /// <summary>A carrier fails for reasons that are not a message's.</summary>
    public const string CarrierDegraded = "carrier.degraded";

    /// <summary>A carrier that failed takes messages again.</summary>
    public const string CarrierRecovered = "carrier.recovered";

    /// <summary>A client's endpoint is no longer called.</summary>
    public const string EndpointDisabled = "endpoint.disabled";

    /// <summary>Nothing happened: an endpoint is tried. It does not stand in the log, so it is none of <see cref="All"/>.</summary>
    public const string EndpointTest = "endpoint.test";

    /// <summary>All types, in the order of the documentation.</summary>
    public static IReadOnlyList<string> All { get; } =
    [
        .. Enum.GetValues<MessageStatus>().Select(OfStatus).OfType<string>(),
        MessageReceived, MediaStored, MediaFailed, ConsentChanged, BatchCompleted, BatchPaused, BatchCanceled,
        ConversationHandedOff, ConversationLoopStopped, CarrierDegraded, CarrierRecovered, EndpointDisabled,
    ];

    /// <summary>
    /// The type that tells that an outbound message came into a status, such as <c>message.sent</c>; null for those that nobody waits for.
    /// </summary>
    /// <param name="status">The status.</param>
    public static string? OfStatus(MessageStatus status) =>
        status is MessageStatus.Accepted or MessageStatus.Queued or MessageStatus.Sending or MessageStatus.Received
            ? null
            : $"message.{status.Word()}";
}
