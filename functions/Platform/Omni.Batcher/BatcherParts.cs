using Microsoft.Extensions.Logging;
using Omni.Aws;
using Omni.Shared;

namespace Omni.Batcher;

/// <summary>What the Batcher is made of.</summary>
internal sealed record BatcherParts
{
    public required BatchStore Batches { get; init; }

    public required BatchStatuses Statuses { get; init; }

    public required BatchShares Shares { get; init; }

    public required MessageStore Messages { get; init; }

    /// <summary>Tells who was deleted.</summary>
    public required SessionStore Sessions { get; init; }

    public required SenderStore Senders { get; init; }

    public required RateLimiter Rates { get; init; }

    public required BlobStore Blobs { get; init; }

    /// <summary>The rate of a carrier that is configured; null for none.</summary>
    public required Func<Carrier, double?> RateOf { get; init; }

    public required SqsQueues Queues { get; init; }

    /// <summary>The URL of its own queue.</summary>
    public required string Queue { get; init; }

    public required TimeProvider Clock { get; init; }

    public required ILogger Log { get; init; }

    public static BatcherParts Create(Settings settings)
    {
        var queue = settings.Require(
            SettingNames.BatchQueue,
            SettingNames.MessagesTable,
            SettingNames.SessionsTable,
            SettingNames.ControlTable,
            SettingNames.BlobBucket)[0];
        var aws = new AwsClients(settings);
        return new()
        {
            Batches = aws.Batches,
            Statuses = aws.BatchStatuses,
            Shares = aws.BatchShares,
            Messages = aws.Messages,
            Sessions = aws.Sessions,
            Senders = aws.Senders,
            Rates = aws.Rates,
            Blobs = aws.Blobs,
            RateOf = settings.RateOf,
            Queues = aws.Queues,
            Queue = queue,
            Clock = TimeProvider.System,
            Log = JsonLogger.Console,
        };
    }
}
