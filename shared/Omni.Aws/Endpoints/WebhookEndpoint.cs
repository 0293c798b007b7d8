using System.Text.Json.Serialization;
using Omni.Shared;

namespace Omni.Aws;

/// <summary>Whether a client's endpoint is told of events.</summary>
[JsonConverter(typeof(CamelCaseEnumConverter<EndpointState>))]
public enum EndpointState
{
    /// <summary>It is told.</summary>
    Enabled,

    /// <summary>It did not take the last events: everything rests, and one event goes out now and then to see whether it is back.</summary>
    Failing,

    /// <summary>It is not told until the client enables it. What happens meanwhile stands in the log.</summary>
    Disabled,
}

/// <summary>Why an endpoint is not enabled.</summary>
[JsonConverter(typeof(CamelCaseEnumConverter<EndpointCause>))]
public enum EndpointCause
{
    /// <summary>Five events in a row failed.</summary>
    Failures,

    /// <summary>A thousand events wait to be tried again.</summary>
    TooManyWaiting,

    /// <summary>It failed for five days.</summary>
    FailedForDays,

    /// <summary>It answered 410.</summary>
    Gone,

    /// <summary>The client switched it off.</summary>
    Client,
}

/// <summary>An address of a client that is told of events.</summary>
public sealed record WebhookEndpoint
{
    /// <summary>The most endpoints of a tenant.</summary>
    public const int MaxOfTenant = 20;

    /// <summary>The most headers of its own.</summary>
    public const int MaxHeaders = 10;

    /// <summary>How many events in a row may fail.</summary>
    public const int MaxFailures = 5;

    /// <summary>How long it may fail before it is disabled, from the first failed attempt on.</summary>
    public static readonly TimeSpan MaxFailing = TimeSpan.FromDays(5);

    /// <summary>How long the secret before the last is valid too, unless the client says otherwise.</summary>
    public static readonly TimeSpan Rotation = TimeSpan.FromHours(24);

    /// <summary>How soon after it was enabled it can be enabled again.</summary>
    public static readonly TimeSpan EnablePause = TimeSpan.FromMinutes(10);

    /// <summary>Its id, <c>whe_…</c>.</summary>
    public required string Id { get; init; }

    /// <summary>Whose it is.</summary>
    public required string Tenant { get; init; }

    /// <summary>Where events are posted.</summary>
    public required Uri Url { get; init; }

    /// <summary>The types that it wants; empty for all.</summary>
    public IReadOnlyList<string> Types { get; init; } = [];

    /// <summary>The ids of the carriers whose events it wants; empty for all. Events that are about no carrier always come.</summary>
    public IReadOnlyList<string> Carriers { get; init; } = [];

    /// <summary>Whether it wants the events of messages' legs beside those of the messages.</summary>
    public bool Legs { get; init; }

    /// <summary>The client's own words about it.</summary>
    public string? Description { get; init; }

    /// <summary>Headers that the client wants with each call. They may be secret.</summary>
    public IReadOnlyDictionary<string, string> Headers { get; init; } = new Dictionary<string, string>();

    /// <summary>The secret that it is signed with, <c>whsec_…</c>. Never in a log.</summary>
    public required string Secret { get; init; }

    /// <summary>The secret before, while it is rotated.</summary>
    public string? PreviousSecret { get; init; }

    /// <summary>Until when <see cref="PreviousSecret"/> signs too.</summary>
    public DateTimeOffset? PreviousSecretUntil { get; init; }

    /// <summary>The hash of the idempotency key that the secret was last rotated under; null when there was none.</summary>
    public string? RotatedBy { get; init; }

    /// <summary>Whether it is told.</summary>
    public EndpointState State { get; init; }

    /// <summary>Since when its state is what it is.</summary>
    public required DateTimeOffset Since { get; init; }

    /// <summary>Why it is not enabled; null when it is.</summary>
    public EndpointCause? Cause { get; init; }

    /// <summary>The ids of the events that failed since one was taken; not counted further than it takes.</summary>
    public IReadOnlySet<string> Failures { get; init; } = new HashSet<string>();

    /// <summary>When the first attempt failed since one was taken.</summary>
    public DateTimeOffset? FailsSince { get; init; }

    /// <summary>How many times it was tried while it is failing.</summary>
    public int Probes { get; init; }

    /// <summary>When it is tried next while it is failing.</summary>
    public DateTimeOffset? NextProbeAt { get; init; }

    /// <summary>Until when it asked for silence.</summary>
    public DateTimeOffset? RestsUntil { get; init; }

    /// <summary>When the client last enabled it.</summary>
    public DateTimeOffset? EnabledAt { get; init; }

    /// <summary>When it was made.</summary>
    public required DateTimeOffset CreatedAt { get; init; }

    /// <summary>When the client last changed it.</summary>
    public required DateTimeOffset UpdatedAt { get; init; }

    /// <summary>Whether it wants events of a type.</summary>
    /// <param name="type">The type.</param>
    public bool WantsType(string type) => Types.Count == 0 || Types.Contains(type);

    /// <summary>Whether it wants an event.</summary>
    /// <param name="e">The event.</param>
    public bool Wants(ClientEvent e) =>
        WantsType(e.Type) && (Legs || !e.IsOfLeg) && (Carriers.Count == 0 || e.Carrier is not { } carrier || Carriers.Contains(carrier));

    /// <summary>The secrets that sign at a moment: the newest first.</summary>
    /// <param name="at">The moment.</param>
    public IEnumerable<string> SecretsAt(DateTimeOffset at) =>
        PreviousSecret is { } previous && at < PreviousSecretUntil ? [Secret, previous] : [Secret];
}
