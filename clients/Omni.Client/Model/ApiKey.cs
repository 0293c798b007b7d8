namespace Omni.Client;

/// <summary>An API key.</summary>
public sealed record ApiKey
{
    /// <summary>What lists, logs and messages call it. It opens nothing.</summary>
    public required string Id { get; init; }

    /// <summary>Your name for it.</summary>
    public required string Name { get; init; }

    /// <summary>The tenant that it belongs to.</summary>
    public required string Tenant { get; init; }

    /// <summary>What it may do: <see cref="Scope"/>.</summary>
    public required IReadOnlyList<string> Scopes { get; init; }

    /// <summary>Whether it opens anything.</summary>
    public required string State { get; init; }

    /// <summary>Missing for a key that was written into the table by hand.</summary>
    public DateTimeOffset? CreatedAt { get; init; }

    /// <summary>The id of the key that it was made with; missing for one that the owner of the account made.</summary>
    public string? CreatedBy { get; init; }

    /// <summary>When it ends; null when it does not.</summary>
    public DateTimeOffset? ExpiresAt { get; init; }

    /// <summary>The day, in UTC, on which it was last used; missing when it never was.</summary>
    public DateOnly? LastUsedOn { get; init; }

    /// <summary>The key itself: in the answer that makes it, and in no other.</summary>
    public string? Key { get; init; }
}

/// <summary>A key to make.</summary>
public sealed record NewApiKey
{
    /// <summary>What people call it.</summary>
    public required string Name { get; init; }

    /// <summary>What it may do: nothing that your own key may not.</summary>
    public required IReadOnlyList<string> Scopes { get; init; }

    /// <summary>From when on it opens nothing; never when it is left out.</summary>
    public DateTimeOffset? ExpiresAt { get; init; }
}
