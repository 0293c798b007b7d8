using System.Text.Json.Serialization;
using Omni.Shared;

namespace Omni.Aws;

/// <summary>An endpoint as its client sees it: in the API, and in the event that tells that it was disabled.</summary>
public sealed record EndpointView
{
    /// <summary>Its id.</summary>
    public required string Id { get; init; }

    /// <summary>Where events are posted.</summary>
    public required Uri Url { get; init; }

    /// <summary>The types that it wants; empty for all.</summary>
    public required IReadOnlyList<string> Types { get; init; }

    /// <summary>The carriers whose events it wants; empty for all.</summary>
    public required IReadOnlyList<string> Carriers { get; init; }

    /// <summary>Whether it wants the events of messages' legs too.</summary>
    public required bool Legs { get; init; }

    /// <summary>The client's own words about it.</summary>
    public string? Description { get; init; }

    /// <summary>The names of its own headers. Their values may be secret: they are taken, and never given out.</summary>
    public required IReadOnlyList<string> HeaderNames { get; init; }

    /// <summary>The secret. Only in the answer that it is made in.</summary>
    public string? Secret { get; init; }

    /// <summary>Until when the secret before it signs too.</summary>
    public DateTimeOffset? PreviousSecretUntil { get; init; }

    /// <summary>Whether it is told.</summary>
    public required EndpointState State { get; init; }

    /// <summary>Since when.</summary>
    public required DateTimeOffset Since { get; init; }

    /// <summary>Why it is not enabled.</summary>
    public EndpointCause? Why { get; init; }

    /// <summary>When the first attempt failed since it last took an event.</summary>
    public DateTimeOffset? FailsSince { get; init; }

    /// <summary>When it is tried next while it is failing.</summary>
    public DateTimeOffset? NextTryAt { get; init; }

    /// <summary>When it was made.</summary>
    public required DateTimeOffset CreatedAt { get; init; }

    /// <summary>When the client last changed it.</summary>
    public required DateTimeOffset UpdatedAt { get; init; }

    /// <summary>Where it goes on.</summary>
    public required EndpointLinks Links { get; init; }

    /// <summary>The view of an endpoint.</summary>
    /// <param name="endpoint">The endpoint.</param>
    /// <param name="now">The time.</param>
    public static EndpointView Of(WebhookEndpoint endpoint, DateTimeOffset now) => new()
    {
        Id = endpoint.Id,
        Url = endpoint.Url,
        Types = endpoint.Types,
        Carriers = endpoint.Carriers,
        Legs = endpoint.Legs,
        Description = endpoint.Description,
        HeaderNames = [.. endpoint.Headers.Keys.Order(StringComparer.OrdinalIgnoreCase)],
        PreviousSecretUntil = endpoint.PreviousSecretUntil > now ? endpoint.PreviousSecretUntil : null,
        State = endpoint.State,
        Since = endpoint.Since,
        Why = endpoint.Cause,
        FailsSince = endpoint.FailsSince,
        NextTryAt = endpoint.NextProbeAt,
        CreatedAt = endpoint.CreatedAt,
        UpdatedAt = endpoint.UpdatedAt,
        Links = new($"/api/v1/webhook-endpoints/{endpoint.Id}", $"/api/v1/webhook-endpoints/{endpoint.Id}/attempts"),
    };

    /// <summary>The event that tells that an endpoint was disabled.</summary>
    /// <param name="endpoint">The endpoint as it is then.</param>
    internal static ClientEvent DisabledEvent(WebhookEndpoint endpoint) => new()
    {
        Id = Ids.Event(
            endpoint.Id, EventTypes.EndpointDisabled, endpoint.Since.ToString("O", System.Globalization.CultureInfo.InvariantCulture)),
        Type = EventTypes.EndpointDisabled,
        Timestamp = endpoint.Since,
        Tenant = endpoint.Tenant,
        Data = EventData.Of(Of(endpoint, endpoint.Since), EndpointJson.Wire.EndpointView),
    };

    /// <summary>An event that means nothing, to see whether an endpoint takes one. It does not stand in the log.</summary>
    /// <param name="endpoint">The endpoint.</param>
    /// <param name="now">The time.</param>
    public static ClientEvent TestEvent(WebhookEndpoint endpoint, DateTimeOffset now) => new()
    {
        Id = Ids.Event(endpoint.Id, EventTypes.EndpointTest, Guid.NewGuid().ToString("N")),
        Type = EventTypes.EndpointTest,
        Timestamp = now,
        Tenant = endpoint.Tenant,
        Data = EventData.Of(Of(endpoint, now), EndpointJson.Wire.EndpointView),
    };
}

/// <summary>Where an endpoint goes on.</summary>
/// <param name="Self">The endpoint.</param>
/// <param name="Attempts">What came of calling it.</param>
public sealed record EndpointLinks(string Self, string Attempts);

/// <summary>The JSON of endpoints: as the API writes it; and of what wakes their workers.</summary>
[JsonSourceGenerationOptions(
    PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase,
    DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull,
    Converters = [typeof(UtcConverter)])]
[JsonSerializable(typeof(EndpointView))]
[JsonSerializable(typeof(EndpointWake))]
internal sealed partial class EndpointJson : JsonSerializerContext
{
    /// <summary>The context to use.</summary>
    public static EndpointJson Wire => field ??= new(PlainJsonEncoder.Over(Default.Options));
}
