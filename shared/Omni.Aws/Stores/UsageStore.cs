using System.Globalization;
using System.Text.Json;
using System.Text.Json.Serialization;
using Amazon.DynamoDBv2;
using Amazon.DynamoDBv2.Model;
using Omni.Shared;

namespace Omni.Aws;

/// <summary>How much there was of one kind of messages.</summary>
public sealed record UsageCount
{
    /// <summary>The carrier's id.</summary>
    public required string Carrier { get; init; }

    /// <summary>Our address; null for those beyond the number of senders that are told apart.</summary>
    public Address? Sender { get; init; }

    /// <summary>Which way.</summary>
    public Direction Direction { get; init; }

    /// <summary>Where they are.</summary>
    public MessageStatus Status { get; init; }

    /// <summary>How many messages.</summary>
    public long Messages { get; init; }

    /// <summary>What carriers count for the parts that they took.</summary>
    public long Segments { get; init; }

    /// <summary>What carriers charge, as far as they say so, by currency.</summary>
    public IReadOnlyDictionary<string, decimal> Prices { get => field ?? new Dictionary<string, decimal>(); init; }
}

/// <summary>The messages of a shard of a tenant's day.</summary>
/// <param name="Day">The day on which they were taken, in UTC.</param>
/// <param name="SummedAt">When they were counted.</param>
/// <param name="Counts">How many of each kind.</param>
public sealed record UsageShard(DateOnly Day, DateTimeOffset SummedAt, IReadOnlyList<UsageCount> Counts);

/// <summary>A sum that was begun and is not finished.</summary>
/// <param name="At">The time of the last message in it.</param>
/// <param name="MessageId">Its id.</param>
/// <param name="Counts">The sum so far.</param>
public sealed record UsageProgress(DateTimeOffset At, string MessageId, IReadOnlyList<UsageCount> Counts);

/// <summary>
/// What tenants' messages came to, an item a shard of a day: sums that are set, never added to, so that whoever counts twice changes
/// nothing.
/// </summary>
/// <param name="dynamo">The client.</param>
/// <param name="controlTable">The control table.</param>
public sealed class UsageStore(IAmazonDynamoDB dynamo, string controlTable)
{
    /// <summary>How long a day's sums are kept: the same month of the year before can be looked at.</summary>
    public static readonly TimeSpan Kept = TimeSpan.FromDays(400);

    private const string Sum = "us";
    private const string SummedAt = "at";
    private const string Part = "ip";
    private const string PartAt = "ic";
    private const string PartMessage = "ii";

    /// <summary>Reads the sums of a tenant's days, in their order.</summary>
    /// <param name="tenant">Whose.</param>
    /// <param name="from">The first day.</param>
    /// <param name="to">The last day.</param>
    /// <param name="cancellation">Stops the call.</param>
    public async Task<IReadOnlyList<UsageShard>> ReadAsync(
        string tenant, DateOnly from, DateOnly to, CancellationToken cancellation = default)
    {
        var items = await ItemsAsync(tenant, from, to, cancellation).ConfigureAwait(false);
        return [.. items.Where(item => item.ContainsKey(Sum)).Select(item => new UsageShard(
            DayOf(item["sk"].S), item.Moment(SummedAt)!.Value, Counts(item[Sum].S)))];
    }

    /// <summary>When the shards of a tenant's days were last counted, and what of a count is begun.</summary>
    /// <param name="tenant">Whose.</param>
    /// <param name="from">The first day.</param>
    /// <param name="to">The last day.</param>
    /// <param name="cancellation">Stops the call.</param>
    internal async Task<IReadOnlyDictionary<string, (DateTimeOffset? SummedAt, UsageProgress? Begun)>> StatesAsync(
        string tenant, DateOnly from, DateOnly to, CancellationToken cancellation)
    {
        var items = await ItemsAsync(tenant, from, to, cancellation).ConfigureAwait(false);
        return items.ToDictionary(
            item => item["sk"].S,
            item => (item.Moment(SummedAt), item.Text(Part) is { } begun
                ? new UsageProgress(item.Moment(PartAt)!.Value, item[PartMessage].S, Counts(begun))
                : null));
    }

    /// <summary>Sets the sum of a shard of a day.</summary>
    internal Task SetAsync(
        string tenant, DateOnly day, int shard, DateTimeOffset at, IReadOnlyList<UsageCount> counts, CancellationToken cancellation) =>
        Item(tenant, day, shard).Set(Sum, Text(counts)).Set(SummedAt, Attr.Time(at)).Remove(Part, PartAt, PartMessage)
            .WriteAsync(dynamo, cancellation);

    /// <summary>Keeps what is counted of a shard of a day so far, for the next to go on with.</summary>
    internal Task KeepAsync(string tenant, DateOnly day, int shard, UsageProgress begun, CancellationToken cancellation) =>
        Item(tenant, day, shard).Set(Part, Text(begun.Counts)).Set(PartAt, Attr.Time(begun.At)).Set(PartMessage, Attr.S(begun.MessageId))
            .WriteAsync(dynamo, cancellation);

    /// <summary>The name of a shard of a day.</summary>
    internal static string NameOf(DateOnly day, int shard) => string.Create(CultureInfo.InvariantCulture, $"{day:yyyyMMdd}#{shard:00}");

    private ItemUpdate Item(string tenant, DateOnly day, int shard) =>
        new ItemUpdate(controlTable, KeyOf(tenant), NameOf(day, shard))
            .Set("ex", Attr.Expiry(new DateTimeOffset(day, default, default) + Kept));

    private async Task<List<Dictionary<string, AttributeValue>>> ItemsAsync(
        string tenant, DateOnly from, DateOnly to, CancellationToken cancellation)
    {
        var items = new List<Dictionary<string, AttributeValue>>();
        Dictionary<string, AttributeValue>? start = null;
        do
        {
            var page = await dynamo.QueryAsync(
                new QueryRequest
                {
                    TableName = controlTable,
                    KeyConditionExpression = "pk = :pk AND sk BETWEEN :from AND :to",
                    ExpressionAttributeValues = new()
                    {
                        [":pk"] = Attr.S(KeyOf(tenant)), [":from"] = Attr.S(NameOf(from, 0)), [":to"] = Attr.S(NameOf(to, 99)),
                    },
                    ExclusiveStartKey = start,
                },
                cancellation).ConfigureAwait(false);
            items.AddRange(page.Items ?? []);
            start = page.LastEvaluatedKey is { Count: > 0 } last ? last : null;
        }
        while (start is not null);
        return items;
    }

    private static string KeyOf(string tenant) => "usage#" + tenant;

    private static DateOnly DayOf(string name) => DateOnly.ParseExact(name[..8], "yyyyMMdd", CultureInfo.InvariantCulture);

    private static AttributeValue Text(IReadOnlyList<UsageCount> counts) =>
        Attr.S(JsonSerializer.Serialize(counts, UsageJson.Default.IReadOnlyListUsageCount));

    private static IReadOnlyList<UsageCount> Counts(string json) =>
        JsonSerializer.Deserialize(json, UsageJson.Default.IReadOnlyListUsageCount)!;
}

/// <summary>The JSON of sums in their items.</summary>
[JsonSourceGenerationOptions(
    PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase, DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull)]
[JsonSerializable(typeof(IReadOnlyList<UsageCount>))]
internal sealed partial class UsageJson : JsonSerializerContext;
