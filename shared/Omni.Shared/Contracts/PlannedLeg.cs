using System.Text.Json.Serialization;

namespace Omni.Shared;

/// <summary>What the next leg of a plan follows on.</summary>
[JsonConverter(typeof(CamelCaseEnumConverter<LegEnd>))]
public enum LegEnd
{
    /// <summary>The leg did not reach the person, and never will: failed, rejected, undelivered or expired.</summary>
    Failed,

    /// <summary>No delivery receipt came within <see cref="PlannedLeg.NoReceiptAfterSeconds"/>.</summary>
    NoReceipt,
}

/// <summary>One way to a person in a plan of several, checked and planned when the plan was taken.</summary>
public sealed record PlannedLeg
{
    /// <summary>The carrier's id in the catalogue.</summary>
    public required string Carrier { get; init; }

    /// <summary>The carrier's sub-account.</summary>
    public string Account { get => field ?? Defaults.Account; init; }

    /// <summary>Who it goes to.</summary>
    public required Address To { get; init; }

    /// <summary>Who it comes from.</summary>
    public required Address From { get; init; }

    /// <summary>What it says.</summary>
    public required Content Content { get; init; }

    /// <summary>The kind of content that was asked for, where a rule degraded it.</summary>
    public ContentType? AdaptedFrom { get; init; }

    /// <summary>What is wished for its files; null where they go as they are named.</summary>
    public MediaOptions? Media { get; init; }

    /// <summary>The links in its text, in the place of files that its carrier does not carry; null for none.</summary>
    public IReadOnlyList<FileLink>? FileLinks { get; init; }

    /// <summary>How the content is cut into carrier messages.</summary>
    public IReadOnlyList<PlannedPart> Parts { get => field ?? []; init; }

    /// <summary>What the next leg follows on; empty for the last one.</summary>
    public IReadOnlyList<LegEnd> On { get => field ?? []; init; }

    /// <summary>How long a delivery receipt is waited for, in seconds from the leg's beginning; null for any time.</summary>
    public int? NoReceiptAfterSeconds { get; init; }

    /// <summary>How long the leg may be tried, in seconds from its beginning; null for as long as the whole message.</summary>
    public int? TtlSeconds { get; init; }
}

/// <summary>Asks that a plan be looked at: something became of one of its legs, or its time has come. A record of a queue.</summary>
/// <param name="MessageId">The message with the plan.</param>
public sealed record FollowPlan(string MessageId);
