using System.Collections.Concurrent;
using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using Amazon.DynamoDBv2;
using Amazon.DynamoDBv2.Model;
using Omni.Shared;

namespace Omni.Aws;

/// <summary>A key of the API: who calls, and what it may do. The key itself is not in it.</summary>
/// <param name="Id">The key's id, for logs and messages.</param>
/// <param name="Tenant">Whose it is.</param>
/// <param name="Scopes">What it may do, such as <c>messages:write</c>.</param>
public sealed record ApiKey(string Id, string Tenant, IReadOnlySet<string> Scopes)
{
    /// <summary>Its name for people.</summary>
    public string Name { get; init; } = "";

    /// <summary>When it was made; null for one that was written into the table by hand.</summary>
    public DateTimeOffset? CreatedAt { get; init; }

    /// <summary>The id of the key that it was made with; null for one that was made by who may invoke the API's function.</summary>
    public string? CreatedBy { get; init; }

    /// <summary>From when on it opens nothing; null for never.</summary>
    public DateTimeOffset? ExpiresAt { get; init; }

    /// <summary>When it was deleted: it opens nothing. Null while it was not.</summary>
    public DateTimeOffset? DeletedAt { get; init; }

    /// <summary>The day, in UTC, on which it was last used; null when it never was.</summary>
    public DateOnly? LastUsedOn { get; init; }
}

/// <summary>
/// The API keys. Stored is the SHA-256 of a key only; the keys are long and random, so a slow hash would add nothing but time. A key's item
/// stands under its hash, where whoever presents it is looked for; beside it <c>keys#{tenant}</c>/id leads there from its id.
/// </summary>
/// <param name="dynamo">The client.</param>
/// <param name="controlTable">The control table.</param>
/// <param name="clock">The time.</param>
public sealed class ApiKeyStore(IAmazonDynamoDB dynamo, string controlTable, TimeProvider clock)
{
    /// <summary>How long an answer is kept in memory: a deleted key works no longer than this.</summary>
    public static readonly TimeSpan Kept = TimeSpan.FromMinutes(1);

    /// <summary>How long it is remembered of a key that it has expired, or was deleted.</summary>
    public static readonly TimeSpan Remembered = TimeSpan.FromDays(90);

    /// <summary>The most keys of a tenant.</summary>
    public const int MaxOfTenant = 100;

    private const string Partition = "keys#";
    private const string HashOf = "kh";
    private const string Id = "id";
    private const string Name = "nm";
    private const string Tenant = "tn";
    private const string Scopes = "sc";
    private const string CreatedAt = "ca";
    private const string CreatedBy = "by";
    private const string ExpiresAt = "ea";
    private const string DeletedAt = "da";
    private const string LastUsed = "lu";
    private const string Expiry = "ex";
    private const string Day = "yyyy-MM-dd";

    private const int MaxKept = 1000;
    private readonly ConcurrentDictionary<string, (ApiKey? Key, DateTimeOffset Until)> _kept = new(StringComparer.Ordinal);

    /// <summary>A new key: 256 random bits.</summary>
    public static string NewKey() => "omni_" + RandomNumberGenerator.GetHexString(64, lowercase: true);

    /// <summary>
    /// Finds the owner of a key, and notes the day on which it is used: one write a day. Whether it has expired or was deleted is for the
    /// caller to look at.
    /// </summary>
    /// <param name="key">The key as presented.</param>
    /// <param name="cancellation">Stops the call.</param>
    /// <returns>The owner; null when there is no such key.</returns>
    public async Task<ApiKey?> FindAsync(string key, CancellationToken cancellation = default)
    {
        var hash = Hash(key);
        var now = clock.GetUtcNow();
        if (_kept.TryGetValue(hash, out var kept) && kept.Until > now) return kept.Key;

        var response = await dynamo.GetItemAsync(
            new GetItemRequest { TableName = controlTable, Key = Attr.Key(PkOf(hash), "*"), ConsistentRead = true },
            cancellation).ConfigureAwait(false);
        var found = response.Item is { Count: > 0 } item ? Read(item) : null;
        if (_kept.Count >= MaxKept) _kept.Clear();
        _kept[hash] = (found, now + Kept);
        if (found is { DeletedAt: null } && !(found.ExpiresAt <= now))
            await NoteUseAsync(hash, found, now, cancellation).ConfigureAwait(false);
        return found;
    }

    /// <summary>Writes a key.</summary>
    /// <param name="key">The key; it is not kept.</param>
    /// <param name="owner">Its owner.</param>
    /// <param name="cancellation">Stops the call.</param>
    public async Task AddAsync(string key, ApiKey owner, CancellationToken cancellation = default)
    {
        var hash = Hash(key);
        await Transaction.TryAsync(
            dynamo,
            clock,
            [
                new() { Put = new() { TableName = controlTable, Item = ToItem(hash, owner) } },
                new() { Put = new() { TableName = controlTable, Item = LeadTo(hash, owner) } },
            ],
            cancellation).ConfigureAwait(false);
        _kept.TryRemove(hash, out _);
    }

    /// <summary>A tenant's keys, the oldest first; those that expired a while ago too, but not those that were deleted.</summary>
    /// <param name="tenant">Whose.</param>
    /// <param name="cancellation">Stops the call.</param>
    public async Task<IReadOnlyList<ApiKey>> ListAsync(string tenant, CancellationToken cancellation = default)
    {
        var request = new QueryRequest
        {
            TableName = controlTable,
            KeyConditionExpression = "pk = :pk",
            ExpressionAttributeValues = new() { [":pk"] = Attr.S(Partition + tenant) },
            ConsistentRead = true,
        };
        var hashes = new List<string>();
        do
        {
            var page = await dynamo.QueryAsync(request, cancellation).ConfigureAwait(false);
            hashes.AddRange((page.Items ?? []).Select(item => item[HashOf].S));
            request.ExclusiveStartKey = page.LastEvaluatedKey;
        }
        while (request.ExclusiveStartKey is { Count: > 0 });

        var items = await dynamo.ReadManyAsync(
            controlTable, hashes.Select(hash => Attr.Key(PkOf(hash), "*")), cancellation).ConfigureAwait(false);
        return
        [
            .. items.Select(Read).Where(key => key.DeletedAt is null)
                .OrderBy(key => key.CreatedAt ?? DateTimeOffset.MinValue).ThenBy(key => key.Id, StringComparer.Ordinal),
        ];
    }

    /// <summary>Deletes a key. It is remembered for a while that it was there.</summary>
    /// <param name="tenant">Whose.</param>
    /// <param name="id">Its id.</param>
    /// <param name="cancellation">Stops the call.</param>
    /// <returns>Whether there was such a key.</returns>
    public async Task<bool> DeleteAsync(string tenant, string id, CancellationToken cancellation = default)
    {
        var lead = Attr.Key(Partition + tenant, id);
        var response = await dynamo.GetItemAsync(
            new GetItemRequest { TableName = controlTable, Key = lead, ConsistentRead = true }, cancellation).ConfigureAwait(false);
        if (response.Item?.Text(HashOf) is not { } hash) return false;

        var now = clock.GetUtcNow();
        var mark = new Update
        {
            TableName = controlTable,
            Key = Attr.Key(PkOf(hash), "*"),
            UpdateExpression = "SET #d = :now, #x = :until",
            ConditionExpression = "attribute_exists(#i) AND attribute_not_exists(#d)",
            ExpressionAttributeNames = new() { ["#d"] = DeletedAt, ["#x"] = Expiry, ["#i"] = Id },
            ExpressionAttributeValues = new() { [":now"] = Attr.Time(now), [":until"] = Attr.Expiry(now + Remembered) },
        };
        var wasThere = await Transaction.TryAsync(
            dynamo,
            clock,
            [new() { Update = mark }, new() { Delete = new() { TableName = controlTable, Key = lead } }],
            cancellation).ConfigureAwait(false);
        _kept.TryRemove(hash, out _);
        return wasThere;
    }

    /// <summary>A key that was written by hand leads from its id to its hash from its first use on.</summary>
    private async Task NoteUseAsync(string hash, ApiKey key, DateTimeOffset now, CancellationToken cancellation)
    {
        var today = DateOnly.FromDateTime(now.UtcDateTime);
        if (key.LastUsedOn >= today) return;

        var day = Attr.S(today.ToString(Day, CultureInfo.InvariantCulture));
        var update = new ItemUpdate(controlTable, PkOf(hash), "*").Set(LastUsed, day)
            .IfExists(Id).IfMissing(DeletedAt).IfMissingOr(LastUsed, "<", day);
        try
        {
            await (key.CreatedAt is null
                ? update.WriteAsync(
                    dynamo, new TransactWriteItem { Put = new() { TableName = controlTable, Item = LeadTo(hash, key) } }, cancellation)
                : update.WriteAsync(dynamo, cancellation)).ConfigureAwait(false);
        }
        catch (Exception fault) when (fault is not OutOfMemoryException)
        {
            // It is for people to look at, and no reason to refuse a call; the next process notes it.
        }
    }

    private static Dictionary<string, AttributeValue> LeadTo(string hash, ApiKey owner)
    {
        var item = Attr.Key(Partition + owner.Tenant, owner.Id);
        item[HashOf] = Attr.S(hash);
        if (owner.ExpiresAt is { } end) item[Expiry] = Attr.Expiry(end + Remembered);
        return item;
    }

    private static Dictionary<string, AttributeValue> ToItem(string hash, ApiKey owner)
    {
        var item = Attr.Key(PkOf(hash), "*");
        item[Id] = Attr.S(owner.Id);
        item[Name] = Attr.S(owner.Name);
        item[Tenant] = Attr.S(owner.Tenant);
        if (owner.Scopes.Count > 0) item[Scopes] = new AttributeValue { SS = [.. owner.Scopes] }; // a set is never empty
        if (owner.CreatedAt is { } made) item[CreatedAt] = Attr.Time(made);
        if (owner.CreatedBy is { } by) item[CreatedBy] = Attr.S(by);
        if (owner.ExpiresAt is { } end)
        {
            item[ExpiresAt] = Attr.Time(end);
            item[Expiry] = Attr.Expiry(end + Remembered);
        }

        return item;
    }

    private static ApiKey Read(Dictionary<string, AttributeValue> item) => new(
        item[Id].S, item[Tenant].S, item.GetValueOrDefault(Scopes)?.SS?.ToHashSet() ?? [])
    {
        Name = item.Text(Name) ?? "",
        CreatedAt = item.Moment(CreatedAt),
        CreatedBy = item.Text(CreatedBy),
        ExpiresAt = item.Moment(ExpiresAt),
        DeletedAt = item.Moment(DeletedAt),
        LastUsedOn = item.Text(LastUsed) is { } day ? DateOnly.ParseExact(day, Day, CultureInfo.InvariantCulture) : null,
    };

    private static string PkOf(string hash) => "key#" + hash;

    private static string Hash(string key) => Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(key)));
}
