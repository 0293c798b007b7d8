namespace Omni.Shared;

/// <summary>How the carrier and the sender of a message were chosen, as clients see it.</summary>
public sealed record RouteView
{
    /// <summary>The rule that decided.</summary>
    public required string Rule { get; init; }

    /// <summary>The carrier's id.</summary>
    public required string Carrier { get; init; }

    /// <summary>Our address.</summary>
    public required Address From { get; init; }

    /// <summary>What decided between the rule's senders.</summary>
    public required RouteReason Reason { get; init; }

    /// <summary>Senders of the rule that could not take it, the first ten.</summary>
    public required IReadOnlyList<RefusedCandidate> Refused { get; init; }

    /// <summary>The route of a message; null where its request named carrier and sender.</summary>
    /// <param name="message">The message.</param>
    public static RouteView? Of(Message message) => message.Route is not { } route ? null : new()
    {
        Rule = route.Rule,
        Carrier = message.Carrier,
        From = message.From,
        Reason = route.Reason,
        Refused = route.Refused,
    };
}
