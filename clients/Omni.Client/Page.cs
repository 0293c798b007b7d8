using System.Text.Json.Serialization.Metadata;

namespace Omni.Client;

/// <summary>A page of a list.</summary>
/// <typeparam name="T">What the list holds.</typeparam>
public sealed record Page<T>
{
    /// <summary>What is on it. It may be empty although more follows.</summary>
    public required IReadOnlyList<T> Data { get; init; }

    /// <summary>Where the next one begins; null on the last.</summary>
    public string? NextCursor { get; init; }

    /// <summary>Of templates: when the carrier was asked; null before it answered.</summary>
    public DateTimeOffset? ListedAt { get; init; }
}

/// <summary>A list that comes in pages: read all of it with <c>await foreach</c>, or a page at a time.</summary>
/// <typeparam name="T">What the list holds.</typeparam>
public sealed class Paged<T> : IAsyncEnumerable<T>
{
    private readonly Transport _api;
    private readonly Func<Query> _query;
    private readonly JsonTypeInfo<Page<T>> _type;

    internal Paged(Transport api, Func<Query> query, JsonTypeInfo<Page<T>> type) => (_api, _query, _type) = (api, query, type);

    /// <summary>Reads one page.</summary>
    /// <param name="cursor">Where it begins: <see cref="Page{T}.NextCursor"/> of the one before; null for the first.</param>
    /// <param name="cancellation">Stops the call.</param>
    /// <exception cref="OmniException">The API refused.</exception>
    public Task<Page<T>> PageAsync(string? cursor = null, CancellationToken cancellation = default) =>
        _api.SendAsync(Call.Get(_query().Add("cursor", cursor)), _type, cancellation);

    /// <summary>Reads all, from page to page.</summary>
    /// <param name="cancellationToken">Stops it.</param>
    public async IAsyncEnumerator<T> GetAsyncEnumerator(CancellationToken cancellationToken = default)
    {
        string? cursor = null;
        do
        {
            var page = await PageAsync(cursor, cancellationToken).ConfigureAwait(false);
            foreach (var item in page.Data) yield return item;
            cursor = page.NextCursor;
        }
        while (cursor is not null);
    }
}
