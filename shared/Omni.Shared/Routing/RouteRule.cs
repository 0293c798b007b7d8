namespace Omni.Shared;

/// <summary>
/// One rule of a tenant's routes: which messages it is for, and which of the tenant's senders they leave from. The first rule that a
/// message fits decides.
/// </summary>
public sealed record RouteRule
{
    /// <summary>Its name, unique among the tenant's.</summary>
    public required string Id { get; init; }

    /// <summary>What a message must be like. What is not said fits any.</summary>
    public RuleMatch Match { get => field ?? new(); init; }

    /// <summary>The senders, in groups that share its people by weight.</summary>
    public required IReadOnlyList<RouteUse> Use { get; init; }
}

/// <summary>What a message must be like for a rule: all that is said.</summary>
public sealed record RuleMatch
{
    /// <summary>The channel that its request names.</summary>
    public SenderChannel? Channel { get; init; }

    /// <summary>The countries of the recipient's number, ISO 3166-1 alpha-2. An address that is no number has none.</summary>
    public IReadOnlyList<string>? ToCountry { get; init; }

    /// <summary>Its priority is one of these.</summary>
    public IReadOnlyList<Priority>? Priority { get; init; }

    /// <summary>Its metadata has all of these names with these values.</summary>
    public IReadOnlyDictionary<string, string>? Labels { get; init; }

    /// <summary>Whether a message is like that.</summary>
    /// <param name="message">The message.</param>
    /// <param name="channel">The channel that its request names; null for none.</param>
    public bool Fits(Message message, SenderChannel? channel) =>
        (Channel is null || Channel == channel)
        && (ToCountry is null || (PhoneNumbers.CountryOf(message.To) is { } country && ToCountry.Contains(country)))
        && (Priority is null || Priority.Contains(message.Priority))
        && (Labels is null || Labels.All(label => message.Metadata?.GetValueOrDefault(label.Key) == label.Value));
}

/// <summary>A group of senders: those of a pool, or of a pool at one carrier.</summary>
public sealed record RouteUse
{
    /// <summary>The most that a weight is.</summary>
    public const int MaxWeight = 1000;

    /// <summary>The pool.</summary>
    public required string Pool { get; init; }

    /// <summary>The carrier's id; null for any.</summary>
    public string? Carrier { get; init; }

    /// <summary>
    /// Its share of the rule's people, against the other groups'; 1 where nothing is said. With 0 it takes only who wrote to it, or all
    /// when nothing else is left.
    /// </summary>
    public int? Weight { get; init; }

    /// <summary>The group as one text: what tells it from the others, whatever the order and the weights.</summary>
    [System.Text.Json.Serialization.JsonIgnore]
    public string Key => Carrier is null ? Pool : $"{Carrier}/{Pool}";
}
