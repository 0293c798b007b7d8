using Omni.Aws;
using Omni.Shared;

namespace Omni.Api;

/// <summary>What webhook endpoints are made of.</summary>
internal sealed record EndpointParts
{
    /// <summary>The log of events.</summary>
    public required EventLog Events { get; init; }

    public required EndpointStore Endpoints { get; init; }

    public required PositionStore Positions { get; init; }

    public required AttemptStore Attempts { get; init; }

    /// <summary>Calls a client's endpoint.</summary>
    public required EndpointClient Client { get; init; }

    public required SqsQueues Queues { get; init; }

    /// <summary>The URL of the queue that wakes the workers of endpoints.</summary>
    public required string NotifyQueue { get; init; }

    /// <summary>Whether the stage is the one on a single machine: endpoints may be on it.</summary>
    public required bool IsLocal { get; init; }

    public required TimeProvider Clock { get; init; }

    public static EndpointParts Create(Settings settings, AwsClients aws) => new()
    {
        Events = aws.Events,
        Endpoints = aws.Endpoints,
        Positions = aws.Positions,
        Attempts = aws.Attempts,
        Client = new(EndpointClient.NewHttp(settings.IsLocal), TimeProvider.System),
        Queues = aws.Queues,
        NotifyQueue = settings.Require(SettingNames.NotifyQueue)[0],
        IsLocal = settings.IsLocal,
        Clock = TimeProvider.System,
    };

    /// <summary>Wakes the workers of an endpoint's lanes.</summary>
    public Task WakeLanesAsync(WebhookEndpoint endpoint, CancellationToken cancellation) => Queues.SendAsync(
        NotifyQueue, EndpointWake.OfLanes(endpoint.Tenant, endpoint.Id, $"api#{Guid.NewGuid():N}"), cancellation);
}
