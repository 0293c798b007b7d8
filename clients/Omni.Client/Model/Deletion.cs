namespace Omni.Client;

/// <summary>What was deleted, and what of it forgets by itself.</summary>
public sealed record Deletion
{
    /// <summary>Its id.</summary>
    public required string Id { get; init; }

    /// <summary>Where it is: <see cref="MessageStatus"/>.</summary>
    public required string Status { get; init; }

    /// <summary>When it was.</summary>
    public required DateTimeOffset ContentDeletedAt { get; init; }

    /// <summary>Where copies may be that nobody can delete.</summary>
    public required IReadOnlyList<Remnant> Remnants { get; init; }

    /// <summary>Where it is read.</summary>
    public required Links Links { get; init; }
}

/// <summary>How far the deletion of a person is.</summary>
public sealed record PersonDeletion
{
    /// <summary>The person.</summary>
    public required Address Address { get; init; }

    /// <summary>running: it goes on by itself; done: nothing names them any more, but for their consents and the remnants.</summary>
    public required string Status { get; init; }

    /// <summary>What is not younger is deleted.</summary>
    public required DateTimeOffset RequestedAt { get; init; }

    /// <summary>When it was done; null before.</summary>
    public DateTimeOffset? FinishedAt { get; init; }

    /// <summary>How much of the tables is searched.</summary>
    public required double Searched { get; init; }

    /// <summary>How many messages were found so far.</summary>
    public required int Messages { get; init; }

    /// <summary>How many conversations were found so far.</summary>
    public required int Sessions { get; init; }

    /// <summary>Where copies may be that nobody can delete.</summary>
    public IReadOnlyList<Remnant>? Remnants { get; init; }

    /// <summary>Where it is read.</summary>
    public required PersonDeletionLinks Links { get; init; }
}

/// <summary>Where a deletion is read.</summary>
public sealed record PersonDeletionLinks
{
    /// <summary>Where it can be followed.</summary>
    public required string Self { get; init; }
}

/// <summary>A place where a copy may be that nobody can delete.</summary>
public sealed record Remnant
{
    /// <summary>
    /// events: the feed and webhooks; queues: records that wait; backups: of tables and files; unparsed: calls of carriers that could not
    /// be read.
    /// </summary>
    public required string Where { get; init; }

    /// <summary>When they are surely gone.</summary>
    public required DateTimeOffset Until { get; init; }
}
