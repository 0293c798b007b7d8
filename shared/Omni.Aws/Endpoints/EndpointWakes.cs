using System.Collections.Concurrent;
using System.Globalization;
using System.Text.Json;
using Omni.Shared;

namespace Omni.Aws;

/// <summary>A record that wakes a worker. It only says that something may be to be done: what it is, the worker reads.</summary>
/// <param name="Tenant">Whose endpoint.</param>
/// <param name="Endpoint">The endpoint.</param>
/// <param name="Lane">The lane that may have grown; null for what the endpoint waits for: its parked events, its next probe.</param>
public sealed record EndpointWake(string Tenant, string Endpoint, int? Lane)
{
    /// <summary>One worker at a time: for each lane of an endpoint, and for what it waits for.</summary>
    public string Group => Lane is { } lane ? string.Create(CultureInfo.InvariantCulture, $"{Endpoint}#{lane}") : Endpoint + "#park";

    /// <summary>The record.</summary>
    /// <param name="once">What makes it different from others of its group: the same is sent once within five minutes.</param>
    public QueueEntry Entry(string once) => new(JsonSerializer.Serialize(this, EndpointJson.Wire.EndpointWake), Group, $"{Group}#{once}");

    /// <summary>The records that wake all lanes of an endpoint.</summary>
    /// <param name="tenant">Whose endpoint.</param>
    /// <param name="endpoint">The endpoint.</param>
    /// <param name="once">What makes them different from others of their groups.</param>
    public static IReadOnlyList<QueueEntry> OfLanes(string tenant, string endpoint, string once) =>
        [.. Enumerable.Range(0, EventLanes.Count).Select(lane => new EndpointWake(tenant, endpoint, lane).Entry(once))];

    /// <summary>Reads a record.</summary>
    /// <param name="body">Its body.</param>
    /// <exception cref="JsonException">It is none.</exception>
    public static EndpointWake Parse(string body) =>
        JsonSerializer.Deserialize(body, EndpointJson.Wire.EndpointWake) is { Tenant: not null, Endpoint: not null } wake
            ? wake
            : throw new JsonException("Not a wake.");
}

/// <summary>Wakes the workers of endpoints, for the recorder.</summary>
/// <param name="endpoints">The endpoints.</param>
/// <param name="queues">The queues.</param>
/// <param name="queueUrl">The queue of the workers.</param>
/// <param name="clock">The time.</param>
public sealed class EndpointWakes(EndpointStore endpoints, SqsQueues queues, string queueUrl, TimeProvider clock) : IEndpointWakes
{
    /// <summary>
    /// How long a tenant's list is kept in memory. A new endpoint's first events wait at most until the Scheduler finds that it lags.
    /// </summary>
    private static readonly TimeSpan Kept = TimeSpan.FromSeconds(5);

    private const int MaxKept = 1000;

    private readonly ConcurrentDictionary<string, (IReadOnlyList<WebhookEndpoint> Endpoints, DateTimeOffset Until)> _kept = new();

    /// <inheritdoc/>
    public async Task WakeAsync(string tenant, int lane, long n, IReadOnlySet<string> types, CancellationToken cancellation = default)
    {
        var awake = (await ListAsync(tenant, cancellation).ConfigureAwait(false))
            .Where(endpoint => endpoint.State == EndpointState.Enabled && types.Any(endpoint.WantsType));
        await queues.SendAsync(
            queueUrl,
            [.. awake.Select(endpoint => new EndpointWake(tenant, endpoint.Id, lane).Entry(n.ToString(CultureInfo.InvariantCulture)))],
            cancellation).ConfigureAwait(false);
    }

    private async Task<IReadOnlyList<WebhookEndpoint>> ListAsync(string tenant, CancellationToken cancellation)
    {
        var now = clock.GetUtcNow();
        if (_kept.TryGetValue(tenant, out var kept) && kept.Until > now) return kept.Endpoints;

        var listed = await endpoints.ListAsync(tenant, cancellation).ConfigureAwait(false);
        if (_kept.Count >= MaxKept) _kept.Clear();
        _kept[tenant] = (listed, now + Kept);
        return listed;
    }
}
