using Microsoft.Extensions.Logging;
using Omni.Aws;
using Omni.Shared;

namespace Omni.Conversations;

/// <summary>What the turns of a processor are made of.</summary>
internal sealed record TurnParts
{
    public required Processor Processor { get; init; }

    public required DialogStore Dialogs { get; init; }

    /// <summary>Tells whether people have answered.</summary>
    public required MessageQueries Queries { get; init; }

    public required SqsQueues Queues { get; init; }

    /// <summary>The URL of its queue.</summary>
    public required string Queue { get; init; }

    /// <summary>The URL of its dead-letter queue.</summary>
    public required string DeadLetters { get; init; }

    /// <summary>Makes a link to a person's kept file: the tenant and the file's id.</summary>
    public Func<string, string, Uri>? LinkTo { get; init; }

    public required TimeProvider Clock { get; init; }

    public required ILogger Log { get; init; }
}
