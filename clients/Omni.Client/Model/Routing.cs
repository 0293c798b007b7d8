namespace Omni.Client;

/// <summary>Your routes as they were read.</summary>
/// <param name="Rules">The rules: the first that a message fits decides.</param>
/// <param name="Version">What to name when others take their place: <see cref="RoutesApi.PutAsync"/>.</param>
public sealed record Routes(IReadOnlyList<RouteRule> Rules, string Version);

/// <summary>Which messages, and which of your senders they leave from.</summary>
public sealed record RouteRule
{
    /// <summary>Its name, unique among your rules.</summary>
    public required string Id { get; init; }

    /// <summary>What a message must be like; null for any message.</summary>
    public RuleMatch? Match { get; init; }

    /// <summary>Groups of senders that share the people by weight.</summary>
    public required IReadOnlyList<RouteUse> Use { get; init; }
}

/// <summary>What a message must be like: all that is said.</summary>
public sealed record RuleMatch
{
    /// <summary>The channel that its request names: <see cref="SenderChannel"/>.</summary>
    public string? Channel { get; init; }

    /// <summary>The recipient's number is of one of these countries: ISO 3166-1.</summary>
    public IReadOnlyList<string>? ToCountry { get; init; }

    /// <summary>Its priority is one of these: <see cref="Omni.Client.Priority"/>.</summary>
    public IReadOnlyList<string>? Priority { get; init; }

    /// <summary>Its metadata has all of these names with these values.</summary>
    public IReadOnlyDictionary<string, string>? Labels { get; init; }
}

/// <summary>The senders of a pool, or of a pool at one carrier.</summary>
public sealed record RouteUse
{
    /// <summary>A pool that senders of yours are in.</summary>
    public required string Pool { get; init; }

    /// <summary>Only those at this carrier: <see cref="CarrierId"/>.</summary>
    public string? Carrier { get; init; }

    /// <summary>
    /// Its share of the people, against the other groups'; null is 1. With 0 it takes who wrote to it, or all when nothing else is left.
    /// </summary>
    public int? Weight { get; init; }
}

/// <summary>How the carrier and the sender of a message were chosen.</summary>
public sealed record MessageRoute
{
    /// <summary>The id of the rule that decided.</summary>
    public required string Rule { get; init; }

    /// <summary>The carrier: <see cref="CarrierId"/>.</summary>
    public required string Carrier { get; init; }

    /// <summary>Who it comes from.</summary>
    public required Address From { get; init; }

    /// <summary>What decided between the rule's senders: <see cref="RouteReason"/>.</summary>
    public required string Reason { get; init; }

    /// <summary>Senders of the rule that could not take it: the first ten.</summary>
    public required IReadOnlyList<RefusedCandidate> Refused { get; init; }
}

/// <summary>A sender that could not take a message.</summary>
public sealed record RefusedCandidate
{
    /// <summary>The sender, as the paths of senders name it: twilio/+12065550100.</summary>
    public required string Candidate { get; init; }

    /// <summary>paused, degraded, or a code of what it cannot carry, as content_not_carried.</summary>
    public required string Why { get; init; }
}
