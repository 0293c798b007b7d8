using System.Text.Json;
using Amazon.DynamoDBv2;
using Amazon.DynamoDBv2.Model;
using Omni.Shared;

namespace Omni.Aws;

/// <summary>The rules of a tenant, as a whole.</summary>
/// <param name="Rules">The rules: the first that a message fits decides.</param>
/// <param name="Version">How often they were written; 0 for never.</param>
public sealed record RouteDocument(IReadOnlyList<RouteRule> Rules, long Version);

/// <summary>The routes of tenants, in the control table: <c>routes#{tenant}</c>, one item with all rules.</summary>
/// <param name="dynamo">The client.</param>
/// <param name="controlTable">The control table.</param>
/// <param name="clock">The time.</param>
public sealed class RouteStore(IAmazonDynamoDB dynamo, string controlTable, TimeProvider clock)
{
    private const string Rules = "ru";
    private const string Version = "n";
    private const string UpdatedAt = "ua";

    private Glances<string, RouteDocument> Glances => field ??= new(
        clock, SenderStore.Kept, tenant => ReadAsync(tenant, isConsistent: false, CancellationToken.None));

    /// <summary>Reads a tenant's rules, consistently.</summary>
    /// <param name="tenant">Whose.</param>
    /// <param name="cancellation">Stops the call.</param>
    /// <returns>The rules; none, of version 0, when they were never written.</returns>
    public Task<RouteDocument> FindAsync(string tenant, CancellationToken cancellation = default) =>
        ReadAsync(tenant, isConsistent: true, cancellation);

    /// <summary>A tenant's rules as they were within <see cref="SenderStore.Kept"/>: enough to choose by.</summary>
    /// <param name="tenant">Whose.</param>
    public Task<RouteDocument> GlanceAsync(string tenant) => Glances.GetAsync(tenant);

    /// <summary>Writes a tenant's rules, all of them.</summary>
    /// <param name="tenant">Whose.</param>
    /// <param name="rules">The rules.</param>
    /// <param name="version">The version that they take the place of; null for whatever it is.</param>
    /// <param name="cancellation">Stops the call.</param>
    /// <returns>Their new version; null when another one is there.</returns>
    public async Task<long?> PutAsync(
        string tenant, IReadOnlyList<RouteRule> rules, long? version, CancellationToken cancellation = default)
    {
        var update = new ItemUpdate(controlTable, PkOf(tenant), "*")
            .Set(Rules, Attr.S(JsonSerializer.Serialize(rules, OmniJson.Wire.IReadOnlyListRouteRule)))
            .Set(UpdatedAt, Attr.Time(clock.GetUtcNow()))
            .Increment(Version);
        if (version == 0) update.IfMissing(Version);
        else if (version is { } known) update.If(Version, "=", Attr.N(known));

        var written = await update.WriteAsync(dynamo, cancellation).ConfigureAwait(false);
        Glances.Forget(tenant);
        return written.Done ? written.Item!.Number(Version) : null;
    }

    private async Task<RouteDocument> ReadAsync(string tenant, bool isConsistent, CancellationToken cancellation)
    {
        var response = await dynamo.GetItemAsync(
            new GetItemRequest { TableName = controlTable, Key = Attr.Key(PkOf(tenant), "*"), ConsistentRead = isConsistent }, cancellation)
            .ConfigureAwait(false);
        return response.Item is { Count: > 0 } item
            ? new(JsonSerializer.Deserialize(item[Rules].S, OmniJson.Wire.IReadOnlyListRouteRule)!, item.Number(Version)!.Value)
            : new([], 0);
    }

    private static string PkOf(string tenant) => "routes#" + tenant;
}
