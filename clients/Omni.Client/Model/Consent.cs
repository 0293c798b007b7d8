namespace Omni.Client;

/// <summary>What a person said about being written to.</summary>
public sealed record Consent
{
    /// <summary>The person.</summary>
    public required Address Address { get; init; }

    /// <summary>Your address that it is about; missing for all of them.</summary>
    public Address? Sender { get; init; }

    /// <summary>Out or in.</summary>
    public required bool OptedOut { get; init; }

    /// <summary>What it is about.</summary>
    public required string Scope { get; init; }

    /// <summary>When they said it, as far as it is known; else when it reached Omni.</summary>
    public required DateTimeOffset At { get; init; }

    /// <summary>The word, the carrier's code, or what was recorded with it.</summary>
    public string? Evidence { get; init; }
}

/// <summary>What is on record of a person.</summary>
public sealed record PersonConsents
{
    /// <summary>Who a message goes to or comes from. A string is a phone number.</summary>
    public required Address Address { get; init; }

    /// <summary>Whether what was recorded is the latest that is known, and holds; missing when nothing was recorded.</summary>
    public bool? Applied { get; init; }

    /// <summary>What is on record, the newest first.</summary>
    public required IReadOnlyList<Consent> Data { get; init; }
}

/// <summary>What a person said.</summary>
public sealed record OptOut
{
    /// <summary>Your address that it is about. Left out: all of them.</summary>
    public Address? Sender { get; init; }

    /// <summary>What it is about. An opt-out of marketing is on record, and stops nothing: what is marketing you alone know.</summary>
    public string? Scope { get; init; }

    /// <summary>When they said it: not in the future. Left out: now.</summary>
    public DateTimeOffset? At { get; init; }

    /// <summary>How you know.</summary>
    public string? Evidence { get; init; }
}
