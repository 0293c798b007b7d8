using Microsoft.Extensions.Logging;
using Omni.Aws;
using Omni.Shared;

namespace Omni.Notifier;

/// <summary>What the workers are made of.</summary>
internal sealed record NotifierParts
{
    public required EventLog Events { get; init; }

    public required EndpointStore Endpoints { get; init; }

    public required PositionStore Positions { get; init; }

    public required ParkStore Parks { get; init; }

    public required AttemptStore Attempts { get; init; }

    public required EndpointClient Client { get; init; }

    public required SqsQueues Queues { get; init; }

    /// <summary>The URL of the workers' queue.</summary>
    public required string Queue { get; init; }

    public required TimeProvider Clock { get; init; }

    public required ILogger Log { get; init; }

    public static NotifierParts Create(Settings settings)
    {
        var queue = settings.Require(
            SettingNames.NotifyQueue, SettingNames.ControlTable, SettingNames.EventsTable, SettingNames.MessagesTable)[0];
        var aws = new AwsClients(settings);
        return new()
        {
            Events = aws.Events,
            Endpoints = aws.Endpoints,
            Positions = aws.Positions,
            Parks = aws.Parks,
            Attempts = aws.Attempts,
            Client = new(EndpointClient.NewHttp(settings.IsLocal), TimeProvider.System),
            Queues = aws.Queues,
            Queue = queue,
            Clock = TimeProvider.System,
            Log = JsonLogger.Console,
        };
    }

    /// <summary>Wakes workers.</summary>
    public Task WakeAsync(params IReadOnlyList<QueueEntry> wakes) => Queues.SendAsync(Queue, wakes);
}
