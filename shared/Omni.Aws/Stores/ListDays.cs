using System.Collections.Concurrent;
using System.Globalization;
using Amazon.DynamoDBv2;
using Amazon.DynamoDBv2.Model;
using Omni.Shared;

namespace Omni.Aws;

/// <summary>
/// The days on which tenants have messages, so that a list reads these and no others: the index has keys of its own for each day. Whoever
/// makes a message notes its day before, once a process and day. What was there before anybody noted lists learn themselves, once.
/// </summary>
/// <param name="dynamo">The client.</param>
/// <param name="controlTable">The control table.</param>
/// <param name="clock">The time.</param>
public sealed class ListDays(IAmazonDynamoDB dynamo, string controlTable, TimeProvider clock)
{
    /// <summary>
    /// How long a day is remembered: a message is kept for its retention from the time that it is scheduled for, at most 35 days ahead, and
    /// deleted within days of that. https://docs.aws.amazon.com/amazondynamodb/latest/developerguide/TTL.html
    /// </summary>
    public static readonly TimeSpan Kept = Defaults.Retention + TimeSpan.FromDays(40);

    private const int MaxNoted = 1000;

    // Sorts after all days, and is none.
    private const string SinceItem = "since";
    private const string Since = "si";
    private const string Tenants = "tenants";
    private const string Expires = "ex";

    private readonly ConcurrentDictionary<string, byte> _noted = new(StringComparer.Ordinal);

    /// <summary>Notes the day of a message that is about to be written.</summary>
    /// <param name="tenant">Whose message.</param>
    /// <param name="createdAt">Its time.</param>
    /// <param name="cancellation">Stops the call.</param>
    public async Task NoteAsync(string tenant, DateTimeOffset createdAt, CancellationToken cancellation = default)
    {
        var (key, day) = (KeyOf(tenant), DayOf(createdAt));
        if (_noted.ContainsKey(key + NameOf(day))) return;

        var end = new DateTimeOffset(day.AddDays(1), TimeOnly.MinValue, TimeSpan.Zero);
        await new ItemUpdate(controlTable, Tenants, tenant)
            .Set(Expires, Attr.Expiry(end + Kept))
            .WriteAsync(dynamo, cancellation).ConfigureAwait(false);
        await new ItemUpdate(controlTable, key, NameOf(day))
            .Set(Expires, Attr.Expiry(end + Kept))
            .WriteAsync(dynamo, cancellation).ConfigureAwait(false);
        if (_noted.Count >= MaxNoted) _noted.Clear();
        _noted[key + NameOf(day)] = 0;
    }

    /// <summary>What is known of a tenant's days.</summary>
    /// <param name="tenant">Whose.</param>
    /// <param name="cancellation">Stops the call.</param>
    public async Task<KnownDays> ReadAsync(string tenant, CancellationToken cancellation = default)
    {
        var now = clock.GetUtcNow();
        var page = await dynamo.QueryAsync(
            new QueryRequest
            {
                TableName = controlTable,
                KeyConditionExpression = "pk = :pk",
                ExpressionAttributeValues = new() { [":pk"] = Attr.S(KeyOf(tenant)) },
                ConsistentRead = true,
            },
            cancellation).ConfigureAwait(false);
        var items = page.Items ?? []; // one small item a day: never more than a page
        var since = items.Select(item => item.Text(Since)).FirstOrDefault(text => text is not null);
        var noted = items.Where(item => item.Text(Since) is null).Select(item => Parse(item["sk"].S)).ToHashSet();
        return new(since is null ? DayOf(now).AddDays(1) : Parse(since), noted, now);
    }

    /// <summary>The tenants that have messages.</summary>
    /// <param name="cancellation">Stops the call.</param>
    public async Task<IReadOnlyList<string>> TenantsAsync(CancellationToken cancellation = default)
    {
        var tenants = new List<string>();
        Dictionary<string, AttributeValue>? start = null;
        do
        {
            var page = await dynamo.QueryAsync(
                new QueryRequest
                {
                    TableName = controlTable,
                    KeyConditionExpression = "pk = :pk",
                    ExpressionAttributeValues = new() { [":pk"] = Attr.S(Tenants) },
                    ExclusiveStartKey = start,
                },
                cancellation).ConfigureAwait(false);
            tenants.AddRange((page.Items ?? []).Select(item => item["sk"].S));
            start = page.LastEvaluatedKey is { Count: > 0 } last ? last : null;
        }
        while (start is not null);
        return tenants;
    }

    /// <summary>Remembers that from a day on every day with messages is noted.</summary>
    /// <param name="tenant">Whose.</param>
    /// <param name="since">The day.</param>
    /// <param name="cancellation">Stops the call.</param>
    public Task LearnAsync(string tenant, DateOnly since, CancellationToken cancellation = default) =>
        new ItemUpdate(controlTable, KeyOf(tenant), SinceItem)
            .Set(Since, Attr.S(NameOf(since))).IfMissingOr(Since, ">", Attr.S(NameOf(since)))
            .WriteAsync(dynamo, cancellation);

    /// <summary>The day of a moment, in UTC.</summary>
    /// <param name="moment">The moment.</param>
    internal static DateOnly DayOf(DateTimeOffset moment) => DateOnly.FromDateTime(moment.UtcDateTime);

    private static string KeyOf(string tenant) => "days#" + tenant;

    private static string NameOf(DateOnly day) => day.ToString("yyyyMMdd", CultureInfo.InvariantCulture);

    private static DateOnly Parse(string day) => DateOnly.ParseExact(day, "yyyyMMdd", CultureInfo.InvariantCulture);
}

/// <summary>What is known of a tenant's days.</summary>
/// <param name="Since">From this day on every day with messages is known. Of a tenant that nobody has listed yet: tomorrow.</param>
/// <param name="Days">Days with messages.</param>
/// <param name="AsOf">When this was so.</param>
public sealed record KnownDays(DateOnly Since, IReadOnlySet<DateOnly> Days, DateTimeOffset AsOf)
{
    /// <summary>Whether a day may have messages.</summary>
    /// <param name="day">The day.</param>
    public bool MayHold(DateOnly day) => day < Since || Days.Contains(day);
}
