using System.Globalization;
using Amazon.DynamoDBv2.Model;
using Omni.Shared;

namespace Omni.Aws;

public sealed partial class ConsentStore
{
    // The control table's sparse index, under keys that nothing else in it has.
    private const string ListIndex = "due";
    private const string ListKey = "dp";
    private const string ListTime = "da";

    /// <summary>Over how many partitions a tenant's list is spread: each takes a thousand changes a second.</summary>
    private const int ListShards = 8;

    private readonly TimeIndex _list = new(dynamo, controlTable, new(ListIndex, ListKey, ListTime), IdOf);

    /// <summary>All that is on record of a person, consistently: the newest first.</summary>
    /// <param name="tenant">Whose messages.</param>
    /// <param name="person">The person.</param>
    /// <param name="cancellation">Stops the call.</param>
    public async Task<IReadOnlyList<ConsentView>> FindAsync(string tenant, Address person, CancellationToken cancellation = default)
    {
        var said = await ReadAsync(tenant, person, cancellation).ConfigureAwait(false);
        return [.. said.OrderByDescending(item => item.Moment("at")).Select(item => ViewOf(person, item))];
    }

    /// <summary>
    /// What people said, the newest first. What was said again meanwhile is not at the place that the index told, and left out.
    /// </summary>
    /// <param name="tenant">Whose messages.</param>
    /// <param name="from">What was said before this.</param>
    /// <param name="limit">The most of it.</param>
    /// <param name="cancellation">Stops the call.</param>
    /// <returns>Each with its place, which names nobody; and where to go on, null at the end.</returns>
    public async Task<(IReadOnlyList<(ListPosition Place, ConsentView Consent)> Page, ListPosition? Next)> ListAsync(
        string tenant, ListPosition from, int limit, CancellationToken cancellation = default)
    {
        var shards = await Task.WhenAll(Enumerable.Range(0, ListShards).Select(shard => _list.NewestAsync(
            ListKeyOf(tenant, shard), from, DateTimeOffset.UnixEpoch, limit, cancellation))).ConfigureAwait(false);
        ListPosition[] places = [.. shards.SelectMany(shard => shard).Order(ListPosition.NewestFirst).Take(limit)];
        var items = (await dynamo.ReadManyAsync(controlTable, places.Select(KeyOf), cancellation).ConfigureAwait(false))
            .ToDictionary(IdOf, StringComparer.Ordinal);

        var prefix = Key(tenant, "");
        var page = new List<(ListPosition, ConsentView)>();
        foreach (var place in places)
        {
            if (items.GetValueOrDefault(place.MessageId) is { } item && item.Moment("at") == place.CreatedAt)
                page.Add((Nameless(place), ViewOf(Address.FromKey(item["pk"].S[prefix.Length..]), item)));
        }

        return (page, places.Length == limit ? Nameless(places[^1]) : null);
    }

    // A place that is given to clients names nobody: the hash stands in front, and is enough to go on from.
    private static string IdOf(Dictionary<string, AttributeValue> item) =>
        $"{Ids.Hash(item["pk"].S, item["sk"].S)}\n{item["pk"].S}\n{item["sk"].S}";

    private static ListPosition Nameless(ListPosition place) => place with { MessageId = place.MessageId.Split('\n')[0] };

    private static Dictionary<string, AttributeValue> KeyOf(ListPosition place) =>
        place.MessageId.Split('\n') is [_, var pk, var sk]
            ? Attr.Key(pk, sk)
            : throw new FormatException("The place has no key.");

    private static string ListKeyOf(string tenant, int shard) =>
        string.Create(CultureInfo.InvariantCulture, $"consents#{tenant}#{shard}");
}
