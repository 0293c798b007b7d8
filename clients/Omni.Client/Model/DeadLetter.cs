namespace Omni.Client;

/// <summary>A queue of dead letters.</summary>
public sealed record DeadLetterQueue
{
    /// <summary>Its name in AWS.</summary>
    public required string Queue { get; init; }

    /// <summary>
    /// commands: what a carrier's sender was to do. inbound: what webhooks took. changes: of messages, that the Dispatcher made no work
    /// of. events: of messages, that clients were not told of. wakes: of workers that tell webhook endpoints. batches: steps of the
    /// release of batches.
    /// </summary>
    public required string Holds { get; init; }

    /// <summary>The carrier: <see cref="CarrierId"/>.</summary>
    public string? Carrier { get; init; }

    /// <summary>About: the service counts loosely.</summary>
    public required int Count { get; init; }

    /// <summary>The oldest of the sample.</summary>
    public DateTimeOffset? Since { get; init; }

    /// <summary>Some of what it holds.</summary>
    public required IReadOnlyList<DeadLetter> Sample { get; init; }
}

/// <summary>What a fault of Omni left behind.</summary>
public sealed record DeadLetter
{
    /// <summary>The queue's id of it.</summary>
    public required string Id { get; init; }

    /// <summary>A command's type or an event's, change, batch, wake; unreadable.</summary>
    public required string What { get; init; }

    /// <summary>The id of the message, event or endpoint that it is about, where that can be read.</summary>
    public string? Subject { get; init; }

    /// <summary>Why it is here, for people.</summary>
    public required string Problem { get; init; }

    /// <summary>When it came there.</summary>
    public required DateTimeOffset Since { get; init; }

    /// <summary>Its size in bytes.</summary>
    public required long Bytes { get; init; }
}

/// <summary>Which dead letters to give back their way.</summary>
public sealed record RedriveDeadLetters
{
    /// <summary>The queue, as GET names it.</summary>
    public required string Queue { get; init; }

    /// <summary>The most records. A call ends earlier when its time does.</summary>
    public int? Limit { get; init; }
}

/// <summary>What became of the dead letters that were given back.</summary>
public sealed record Redrive
{
    /// <summary>The queue.</summary>
    public required string Queue { get; init; }

    /// <summary>On their way again.</summary>
    public required int Redriven { get; init; }

    /// <summary>Removed: nothing was left to do for them.</summary>
    public required int Finished { get; init; }

    /// <summary>Left where they are: what they are about cannot be read yet.</summary>
    public required int Kept { get; init; }

    /// <summary>How many there are now, about.</summary>
    public required int Remaining { get; init; }
}
