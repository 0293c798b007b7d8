using System.Collections.Concurrent;
using System.Security.Cryptography;
using System.Text;
using Amazon.DynamoDBv2;
using Amazon.DynamoDBv2.Model;

namespace Omni.Aws;

/// <summary>Who calls the API.</summary>
/// <param name="Id">The key's id, for logs and messages; not the key.</param>
/// <param name="Tenant">Whose it is.</param>
/// <param name="Scopes">What it may do, such as <c>messages:write</c>.</param>
public sealed record ApiKey(string Id, string Tenant, IReadOnlySet<string> Scopes);

/// <summary>
/// The API keys. Stored is the SHA-256 of a key only; the keys are long and random, so a slow hash would add nothing but time.
/// </summary>
/// <param name="dynamo">The client.</param>
/// <param name="controlTable">The control table.</param>
/// <param name="clock">The time.</param>
public sealed class ApiKeyStore(IAmazonDynamoDB dynamo, string controlTable, TimeProvider clock)
{
    /// <summary>How long an answer is kept in memory: a withdrawn key works no longer than this.</summary>
    public static readonly TimeSpan Kept = TimeSpan.FromMinutes(1);

    private const int MaxKept = 1000;
    private readonly ConcurrentDictionary<string, (ApiKey? Key, DateTimeOffset Until)> _kept = new(StringComparer.Ordinal);

    /// <summary>Finds the owner of a key.</summary>
    /// <param name="key">The key as presented.</param>
    /// <param name="cancellation">Stops the call.</param>
    /// <returns>The owner; null when there is no such key.</returns>
    public async Task<ApiKey?> FindAsync(string key, CancellationToken cancellation = default)
    {
        var hash = Hash(key);
        var now = clock.GetUtcNow();
        if (_kept.TryGetValue(hash, out var kept) && kept.Until > now) return kept.Key;

        var response = await dynamo.GetItemAsync(
            new GetItemRequest { TableName = controlTable, Key = Attr.Key("key#" + hash, "*") }, cancellation).ConfigureAwait(false);
        var found = response.Item is { Count: > 0 } item
            ? new ApiKey(item["id"].S, item["tn"].S, item.GetValueOrDefault("sc")?.SS?.ToHashSet() ?? [])
            : null;
        if (_kept.Count >= MaxKept) _kept.Clear();
        _kept[hash] = (found, now + Kept);
        return found;
    }

    /// <summary>Writes a key.</summary>
    /// <param name="key">The key; it is not kept.</param>
    /// <param name="owner">Its owner.</param>
    /// <param name="name">A name for people.</param>
    /// <param name="cancellation">Stops the call.</param>
    public async Task AddAsync(string key, ApiKey owner, string name, CancellationToken cancellation = default)
    {
        var item = Attr.Key("key#" + Hash(key), "*");
        item["id"] = Attr.S(owner.Id);
        item["nm"] = Attr.S(name);
        item["tn"] = Attr.S(owner.Tenant);
        if (owner.Scopes.Count > 0) item["sc"] = new AttributeValue { SS = [.. owner.Scopes] }; // a set is never empty
        await dynamo.PutItemAsync(new PutItemRequest { TableName = controlTable, Item = item }, cancellation).ConfigureAwait(false);
        _kept.TryRemove(Hash(key), out _);
    }

    private static string Hash(string key) => Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(key)));
}
