namespace Omni.Client;

/// <summary>A conversation: a carrier, our address, and a person's.</summary>
public sealed record Session
{
    /// <summary>Its id: the conversation of its messages.</summary>
    public required string Id { get; init; }

    /// <summary>The carrier: <see cref="CarrierId"/>.</summary>
    public required string Carrier { get; init; }

    /// <summary>Who a message goes to or comes from. A string is a phone number.</summary>
    public required Address Ours { get; init; }

    /// <summary>Who a message goes to or comes from. A string is a phone number.</summary>
    public required Address Theirs { get; init; }

    /// <summary>
    /// The person's address as the carrier knows it, when it differs: their answers come from there, in a conversation of its own.
    /// </summary>
    public Address? Recipient { get; init; }

    /// <summary>The carrier's id of the present stretch of conversation.</summary>
    public string? Thread { get; init; }

    /// <summary>The name in the person's profile.</summary>
    public string? ProfileName { get; init; }

    /// <summary>The last day, in UTC, on which something came from the person; missing when nothing did.</summary>
    public DateOnly? ActiveOn { get; init; }

    /// <summary>When the person last wrote.</summary>
    public DateTimeOffset? LastInboundAt { get; init; }

    /// <summary>
    /// Until when they may be written to freely, where the carrier has a reply window; missing when they have not written yet.
    /// </summary>
    public DateTimeOffset? WindowExpiresAt { get; init; }

    /// <summary>Whether they may be written to freely now; missing where the carrier has no reply window.</summary>
    public bool? WindowOpen { get; init; }

    /// <summary>That people have it instead of its processor; missing when they do not, and in lists.</summary>
    public HandOff? HandOff { get; init; }

    /// <summary>Where it is read.</summary>
    public required SessionLinks Links { get; init; }
}

/// <summary>That people have a conversation instead of its processor.</summary>
public sealed record HandOff
{
    /// <summary>Since when.</summary>
    public required DateTimeOffset At { get; init; }

    /// <summary>Why; fault when the processor failed as often as it was tried.</summary>
    public required string Reason { get; init; }

    /// <summary>How long nobody may answer until the processor has turns again.</summary>
    public required int ResumeAfterSeconds { get; init; }
}

/// <summary>Gives a conversation to people.</summary>
public sealed record HandOffSession
{
    /// <summary>Why.</summary>
    public required string Reason { get; init; }

    /// <summary>How long nobody may answer until the processor has turns again. Without it, a day.</summary>
    public int? ResumeAfterSeconds { get; init; }
}

/// <summary>That a conversation goes on without its processor.</summary>
public sealed record ConversationChange
{
    /// <summary>The conversation.</summary>
    public required string ConversationId { get; init; }

    /// <summary>The carrier: <see cref="CarrierId"/>.</summary>
    public required string Carrier { get; init; }

    /// <summary>Who a message goes to or comes from. A string is a phone number.</summary>
    public required Address Ours { get; init; }

    /// <summary>Who a message goes to or comes from. A string is a phone number.</summary>
    public required Address Theirs { get; init; }

    /// <summary>The processor; missing when it had no turn yet.</summary>
    public string? Processor { get; init; }

    /// <summary>Why.</summary>
    public required string Reason { get; init; }

    /// <summary>Since when.</summary>
    public required DateTimeOffset At { get; init; }

    /// <summary>When the processor has turns again: of a hand-over, when nobody answers until then.</summary>
    public required DateTimeOffset ResumesAt { get; init; }
}

/// <summary>Where a conversation is read.</summary>
public sealed record SessionLinks
{
    /// <summary>The thing itself.</summary>
    public required string Self { get; init; }

    /// <summary>Its messages.</summary>
    public required string Messages { get; init; }
}
