using System.Text.Json;
using Amazon.DynamoDBv2;
using Amazon.DynamoDBv2.Model;
using Omni.Shared;
using Columns = Omni.Aws.MessageColumns;

namespace Omni.Aws;

/// <summary>
/// Counts tenants' messages of the last days, each shard of a day about once an hour: statuses still rise, and prices come late. A count
/// that time runs out for is gone on with by the next run.
/// </summary>
/// <param name="dynamo">The client.</param>
/// <param name="messagesTable">The table of messages.</param>
/// <param name="sums">Where the sums are set.</param>
/// <param name="days">The days with messages.</param>
/// <param name="clock">The time.</param>
/// <param name="listShards">Over how many keys of the index <c>list</c> a tenant's messages of a day are spread, at most.</param>
public sealed class UsageSums(
    IAmazonDynamoDB dynamo, string messagesTable, UsageStore sums, ListDays days, TimeProvider clock, int listShards = Defaults.ListShards)
{
    /// <summary>How many days are counted: this one and those before it.</summary>
    public const int Days = 3;

    /// <summary>
    /// The most kinds that a shard of a day has: with more senders than that, the rest are one. An item has room for twice as many.
    /// </summary>
    internal const int MaxKinds = 1_000;

    private static readonly TimeSpan Every = TimeSpan.FromHours(1);

    private const int BatchSize = 100; // BatchGetItem's limit
    private const int ShardsAtOnce = 2;

    /// <summary>The keys of a page, whose messages are read as batches side by side.</summary>
    internal int PageSize { get; init; } = 1_000;

    /// <summary>Counts what is due, of all tenants.</summary>
    /// <param name="hasTime">Whether another page may be read.</param>
    /// <param name="cancellation">Stops the call.</param>
    /// <returns>How many shards were counted to their end.</returns>
    public async Task<int> RunAsync(Func<bool> hasTime, CancellationToken cancellation = default)
    {
        var counted = 0;
        foreach (var tenant in await days.TenantsAsync(cancellation).ConfigureAwait(false))
        {
            foreach (var shards in (await DueAsync(tenant, cancellation).ConfigureAwait(false)).Chunk(ShardsAtOnce))
            {
                if (!hasTime()) return counted;

                var done = await Task.WhenAll(
                    shards.Select(shard => CountAsync(tenant, shard, hasTime, cancellation))).ConfigureAwait(false);
                counted += done.Count(isDone => isDone);
            }
        }

        return counted;
    }

    private sealed record Shard(DateOnly Day, int Number, UsageProgress? Begun);

    private async Task<IReadOnlyList<Shard>> DueAsync(string tenant, CancellationToken cancellation)
    {
        var now = clock.GetUtcNow();
        var today = ListDays.DayOf(now);
        var states = await sums.StatesAsync(tenant, today.AddDays(1 - Days), today, cancellation).ConfigureAwait(false);
        var due = Enumerable.Range(0, Days).Select(back => today.AddDays(-back))
            .SelectMany(day => Enumerable.Range(0, listShards).Select(shard => (Day: day, Number: shard)))
            .Select(shard => (shard.Day, shard.Number, State: states.GetValueOrDefault(UsageStore.NameOf(shard.Day, shard.Number))))
            .Where(shard => shard.State.Begun is not null || !(shard.State.SummedAt > now - Every))
            .Select(shard => new Shard(shard.Day, shard.Number, shard.State.Begun))
            .ToArray();
        if (due.Length == 0) return due;

        var known = await days.ReadAsync(tenant, cancellation).ConfigureAwait(false);
        return [.. due.Where(shard => known.MayHold(shard.Day))];
    }

    /// <summary>Counts a shard of a day, from where the last one stopped.</summary>
    /// <returns>Whether it came to the end.</returns>
    private async Task<bool> CountAsync(string tenant, Shard shard, Func<bool> hasTime, CancellationToken cancellation)
    {
        var begun = clock.GetUtcNow();
        var key = Columns.ListKeyOf(tenant, new(shard.Day, TimeOnly.MinValue, TimeSpan.Zero), shard.Number);
        var tally = new UsageTally(shard.Begun?.Counts ?? []);
        var start = shard.Begun is { } place ? Place(key, place.At, place.MessageId) : null;
        while (true)
        {
            var page = await dynamo.QueryAsync(
                new QueryRequest
                {
                    TableName = messagesTable,
                    IndexName = Columns.ListIndex,
                    KeyConditionExpression = "lp = :k",
                    ExpressionAttributeValues = new() { [":k"] = Attr.S(key) },
                    ExclusiveStartKey = start,
                    Limit = PageSize,
                },
                cancellation).ConfigureAwait(false);
            var keys = (page.Items ?? []).Select(item => item[Columns.Pk].S).Chunk(BatchSize);
            foreach (var items in await Task.WhenAll(keys.Select(ids => ReadAsync(ids, cancellation))).ConfigureAwait(false))
                foreach (var item in items) tally.Add(item);

            if (page.LastEvaluatedKey is not { Count: > 0 } last)
            {
                await sums.SetAsync(tenant, shard.Day, shard.Number, begun, tally.Counts, cancellation).ConfigureAwait(false);
                return true;
            }

            start = last;
            if (hasTime()) continue;

            var at = last.Moment(Columns.CreatedAt)!.Value;
            await sums.KeepAsync(tenant, shard.Day, shard.Number, new(at, last[Columns.Pk].S, tally.Counts), cancellation)
                .ConfigureAwait(false);
            return false;
        }
    }

    private static Dictionary<string, AttributeValue> Place(string key, DateTimeOffset at, string messageId) => new()
    {
        [Columns.Pk] = Attr.S(messageId),
        [Columns.Sk] = Attr.S(Columns.Main),
        [Columns.ListKey] = Attr.S(key),
        [Columns.CreatedAt] = Attr.Time(at),
    };

    // As they were a moment ago, for half the price; and only what is counted.
    private async Task<IReadOnlyList<Dictionary<string, AttributeValue>>> ReadAsync(string[] ids, CancellationToken cancellation)
    {
        var found = new List<Dictionary<string, AttributeValue>>(ids.Length);
        var keys = ids.Select(id => Attr.Key(id, Columns.Main)).ToList();
        while (keys.Count > 0)
        {
            var wanted = new KeysAndAttributes
            {
                Keys = keys,
                ProjectionExpression = "#ca, #fr, #to, #dr, #rk, #pt",
                ExpressionAttributeNames = new()
                {
                    ["#ca"] = Columns.Carrier, ["#fr"] = Columns.From, ["#to"] = Columns.To, ["#dr"] = Columns.Direction,
                    ["#rk"] = Columns.Rank, ["#pt"] = Columns.Parts,
                },
            };
            var response = await dynamo.BatchGetItemAsync(
                new BatchGetItemRequest { RequestItems = new() { [messagesTable] = wanted } }, cancellation).ConfigureAwait(false);
            found.AddRange(response.Responses?.GetValueOrDefault(messagesTable) ?? []);
            keys = response.UnprocessedKeys?.GetValueOrDefault(messagesTable)?.Keys ?? [];
        }

        return found;
    }
}

/// <summary>A sum in the making.</summary>
/// <param name="begun">What is counted already.</param>
internal sealed class UsageTally(IReadOnlyList<UsageCount> begun)
{
    private readonly Dictionary<(string Carrier, Address? Sender, Direction Direction, MessageStatus Status), UsageCount> _counts =
        begun.ToDictionary(count => (count.Carrier, count.Sender, count.Direction, count.Status));

    /// <summary>How many of each kind.</summary>
    public IReadOnlyList<UsageCount> Counts => [.. _counts.Values];

    /// <summary>Counts a message's item. One that cannot be read counts nowhere.</summary>
    /// <param name="item">The item, or as much of it as is counted.</param>
    public void Add(IReadOnlyDictionary<string, AttributeValue> item)
    {
        try
        {
            Count(item);
        }
        catch (Exception unreadable) when (unreadable is FormatException or JsonException)
        {
            // The others of its day are counted all the same.
        }
    }

    private void Count(IReadOnlyDictionary<string, AttributeValue> item)
    {
        if (item.Text(Columns.Carrier) is not { } carrier
            || item.Text(Columns.Rank) is not { } rank
            || EnumWords.FromWord<Direction>(item.Text(Columns.Direction)) is not { } direction
            || item.Text(direction == Direction.Outbound ? Columns.From : Columns.To) is not { } sender)
        {
            return;
        }

        var kind = (carrier, (Address?)Address.FromKey(sender), direction, new RankKey(rank).Status);
        if (_counts.Count >= UsageSums.MaxKinds && !_counts.ContainsKey(kind)) kind = kind with { Item2 = null };

        var count = _counts.GetValueOrDefault(kind)
            ?? new() { Carrier = carrier, Sender = kind.Item2, Direction = direction, Status = kind.Item4 };
        var parts = item.GetValueOrDefault(Columns.Parts)?.M?.Values.Select(part => part.M).ToArray() ?? [];
        _counts[kind] = count with
        {
            Messages = count.Messages + 1,
            Segments = count.Segments + parts.Where(IsTaken).Sum(part => part.Number(Columns.PartSegments) ?? 1),
            Prices = parts.Aggregate(count.Prices, AddPrice),
        };
    }

    private static bool IsTaken(Dictionary<string, AttributeValue> part) =>
        part.Text(Columns.Rank) is { } rank && new RankKey(rank).Status.IsTaken();

    private static IReadOnlyDictionary<string, decimal> AddPrice(
        IReadOnlyDictionary<string, decimal> prices, Dictionary<string, AttributeValue> part)
    {
        if (part.Text(Columns.PartPricing) is not { } json
            || JsonSerializer.Deserialize(json, OmniJson.Wire.Pricing)
                is not { Amount: { } amount, Currency: { } currency, Billable: not false })
        {
            return prices;
        }

        return new Dictionary<string, decimal>(prices) { [currency] = prices.GetValueOrDefault(currency) + amount };
    }
}
