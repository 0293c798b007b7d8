using System.Text.Json.Serialization;

namespace Omni.Shared;

/// <summary>What decided between the senders that could take a message.</summary>
[JsonConverter(typeof(CamelCaseEnumConverter<RouteReason>))]
public enum RouteReason
{
    /// <summary>The person wrote to this one last.</summary>
    Sticky,

    /// <summary>The hash of the person: the same person, the same sender.</summary>
    Hash,

    /// <summary>There was no other.</summary>
    Only,
}

/// <summary>How Omni chose the carrier and the sender of a message whose request left them out.</summary>
public sealed record MessageRoute
{
    /// <summary>The most refused candidates that are kept with a message: every write of it pays for them.</summary>
    public const int MaxRefused = 10;

    /// <summary>The rule that decided.</summary>
    public required string Rule { get; init; }

    /// <summary>What decided between its senders.</summary>
    public required RouteReason Reason { get; init; }

    /// <summary>Senders of the rule that could not take it, the first ten.</summary>
    public IReadOnlyList<RefusedCandidate> Refused { get => field ?? []; init; }
}

/// <summary>A sender that was not taken.</summary>
/// <param name="Candidate">Which, as the API's paths name it: <c>twilio/+12065550100</c>.</param>
/// <param name="Why">A stable code.</param>
public sealed record RefusedCandidate(string Candidate, string Why);
