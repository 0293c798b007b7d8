using System.Text.Json.Serialization;

namespace Omni.Client;

/// <summary>Where you are told of what happens.</summary>
public sealed record WebhookEndpoint
{
    /// <summary>Its id.</summary>
    public required string Id { get; init; }

    /// <summary>Where events are posted.</summary>
    public required Uri Url { get; init; }

    /// <summary>Empty: all.</summary>
    public required IReadOnlyList<string> Types { get; init; }

    /// <summary>Empty: all.</summary>
    public required IReadOnlyList<string> Carriers { get; init; }

    /// <summary>Whether it is told of the legs of messages with failover too.</summary>
    public required bool Legs { get; init; }

    /// <summary>Your own words about it.</summary>
    public string? Description { get; init; }

    /// <summary>The names of your own headers.</summary>
    public required IReadOnlyList<string> HeaderNames { get; init; }

    /// <summary>What it is signed with. Only in the answer that it is made in: keep it.</summary>
    public string? Secret { get; init; }

    /// <summary>Until when the secret before signs too.</summary>
    public DateTimeOffset? PreviousSecretUntil { get; init; }

    /// <summary>How it is: <see cref="EndpointState"/>.</summary>
    public required string State { get; init; }

    /// <summary>Since when it is in that state.</summary>
    public required DateTimeOffset Since { get; init; }

    /// <summary>Why it is so: <see cref="EndpointCause"/>.</summary>
    public string? Why { get; init; }

    /// <summary>When the first attempt failed since it last took an event.</summary>
    public DateTimeOffset? FailsSince { get; init; }

    /// <summary>When it is tried next while it is failing.</summary>
    public DateTimeOffset? NextTryAt { get; init; }

    /// <summary>When it was made.</summary>
    public required DateTimeOffset CreatedAt { get; init; }

    /// <summary>When you last changed it.</summary>
    public required DateTimeOffset UpdatedAt { get; init; }

    /// <summary>Where it is read.</summary>
    public required WebhookEndpointLinks Links { get; init; }
}

/// <summary>Where an endpoint is read.</summary>
public sealed record WebhookEndpointLinks
{
    /// <summary>The thing itself.</summary>
    public required string Self { get; init; }

    /// <summary>What came of calling it.</summary>
    public required string Attempts { get; init; }
}

/// <summary>An endpoint to make.</summary>
public sealed record NewWebhookEndpoint
{
    /// <summary>
    /// Where events are posted: https, without a name and a password in it. Its address must be one of the public internet, each time
    /// that it is called.
    /// </summary>
    public required Uri Url { get; init; }

    /// <summary>The types of events that it wants; empty, the default, for all.</summary>
    public IReadOnlyList<string>? Types { get; init; }

    /// <summary>The carriers whose events it wants; empty, the default, for all. Events that are about no carrier always come.</summary>
    public IReadOnlyList<string>? Carriers { get; init; }

    /// <summary>Whether it is told of the legs of messages with failover too, each as a message of its own.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingDefault)]
    public bool Legs { get; init; }

    /// <summary>Your own words about it.</summary>
    public string? Description { get; init; }

    /// <summary>Headers of your own that come with each call. They may be secret: no answer shows their values.</summary>
    public IReadOnlyDictionary<string, string>? Headers { get; init; }
}

/// <summary>What to change of an endpoint. What is null stays.</summary>
public sealed record WebhookEndpointChange
{
    /// <summary>
    /// Where events are posted: https, without a name and a password in it. Its address must be one of the public internet, each time
    /// that it is called.
    /// </summary>
    public Uri? Url { get; init; }

    /// <summary>The types of events that it wants; empty, the default, for all.</summary>
    public IReadOnlyList<string>? Types { get; init; }

    /// <summary>The carriers whose events it wants; empty, the default, for all. Events that are about no carrier always come.</summary>
    public IReadOnlyList<string>? Carriers { get; init; }

    /// <summary>Whether it is told of the legs of messages with failover too.</summary>
    public bool? Legs { get; init; }

    /// <summary>Your own words about it; empty to remove them.</summary>
    public string? Description { get; init; }

    /// <summary>Headers of your own that come with each call. They may be secret: no answer shows their values.</summary>
    public IReadOnlyDictionary<string, string>? Headers { get; init; }

    /// <summary>Whether it is told.</summary>
    public string? State { get; init; }

    /// <summary>With state enabled: whether it goes on where it was, or with what happens from now on.</summary>
    public string? From { get; init; }
}

/// <summary>How to replace an endpoint's secret.</summary>
public sealed record RotateWebhookSecret
{
    /// <summary>How long the secret before signs too.</summary>
    public int? PreviousValidForSeconds { get; init; }
}

/// <summary>What to tell an endpoint once more.</summary>
public sealed record ReplayWebhookEndpoint
{
    /// <summary>From what moment on; at most 7 days ago.</summary>
    public required DateTimeOffset From { get; init; }

    /// <summary>Up to what moment; when left out, all that follows.</summary>
    public DateTimeOffset? To { get; init; }
}

/// <summary>What came of one call of an endpoint.</summary>
public sealed record WebhookAttempt
{
    /// <summary>The event.</summary>
    public required string EventId { get; init; }

    /// <summary>The event's type; endpoint.test for a test.</summary>
    public required string Type { get; init; }

    /// <summary>When it was made.</summary>
    public required DateTimeOffset At { get; init; }

    /// <summary>How many times the event was tried, this time included.</summary>
    public required int Attempt { get; init; }

    /// <summary>Whether the endpoint took it: 2xx within ten seconds.</summary>
    public required bool Succeeded { get; init; }

    /// <summary>The HTTP status; missing when there was no answer.</summary>
    public int? Status { get; init; }

    /// <summary>Why there was no answer. An address that is not of the public internet looks like one where nobody is.</summary>
    public string? Error { get; init; }

    /// <summary>How long it took, in milliseconds.</summary>
    public required int LatencyMs { get; init; }

    /// <summary>How the answer's body begins, up to a kilobyte.</summary>
    public string? Body { get; init; }

    /// <summary>When the event is tried again; missing when it is not.</summary>
    public DateTimeOffset? NextAt { get; init; }
}
