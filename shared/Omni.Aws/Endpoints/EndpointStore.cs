using Amazon.DynamoDBv2;
using Amazon.DynamoDBv2.Model;
using Omni.Shared;
using Columns = Omni.Aws.EndpointCodec;

namespace Omni.Aws;

/// <summary>What a client changes of an endpoint; what is null stays as it is.</summary>
/// <param name="Url">Where events are posted.</param>
/// <param name="Types">The types that it wants.</param>
/// <param name="Carriers">The carriers whose events it wants.</param>
/// <param name="Legs">Whether it wants the events of messages' legs too.</param>
/// <param name="Description">The client's own words; empty for none.</param>
/// <param name="Headers">Headers that the client wants with each call.</param>
public sealed record EndpointChange(
    Uri? Url,
    IReadOnlyList<string>? Types,
    IReadOnlyList<string>? Carriers,
    bool? Legs,
    string? Description,
    IReadOnlyDictionary<string, string>? Headers);

/// <summary>A new secret of an endpoint.</summary>
/// <param name="Secret">The secret.</param>
/// <param name="Overlap">How long the one before is valid too.</param>
/// <param name="By">The hash of the idempotency key that it is asked for under; null for none.</param>
public sealed record EndpointRotation(string Secret, TimeSpan Overlap, string? By);

/// <summary>An endpoint that the Scheduler must look at.</summary>
/// <param name="Tenant">Whose.</param>
/// <param name="Id">Its id.</param>
/// <param name="HasParked">Whether an event that it did not take is due again.</param>
public sealed record DueEndpoint(string Tenant, string Id, bool HasParked);

/// <summary>
/// The endpoints of clients, in the control table: <c>whe#{tenant}</c>/id. Beside them an item counts them, so that nobody has too many.
/// </summary>
/// <param name="dynamo">The client.</param>
/// <param name="table">The control table.</param>
/// <param name="outbox">Where clients are told of an endpoint that was disabled; null where they are not.</param>
/// <param name="clock">The time.</param>
public sealed partial class EndpointStore(IAmazonDynamoDB dynamo, string table, EventOutbox? outbox, TimeProvider clock)
{
    /// <summary>The number of shards of <see cref="DueAsync"/>.</summary>
    public const int DueShards = Columns.DueShards;

    /// <summary>The sparse index of the control table.</summary>
    internal const string DueIndex = "due";

    private const string Partition = "whe#";
    private const string CountItem = "count";
    private const string Count = "n";

    /// <summary>Writes a new endpoint with the positions that it begins at, unless one of its id is there.</summary>
    /// <param name="endpoint">The endpoint.</param>
    /// <param name="positions">Its position in each lane.</param>
    /// <param name="cancellation">Stops the call.</param>
    /// <returns>Whether it is new, and there was room for it.</returns>
    public Task<bool> CreateAsync(
        WebhookEndpoint endpoint, IReadOnlyList<EndpointPosition> positions, CancellationToken cancellation = default)
    {
        var count = Counting(endpoint.Tenant, +1, "attribute_not_exists(#n) OR #n < :bound", WebhookEndpoint.MaxOfTenant);
        var put = new Put
        {
            TableName = table,
            Item = Columns.ToItem(endpoint, Partition + endpoint.Tenant),
            ConditionExpression = "attribute_not_exists(pk)",
        };
        return Transaction.TryAsync(
            dynamo,
            clock,
            [
                new() { Put = put },
                new() { Update = count },
                .. positions.Select(position => new TransactWriteItem
                {
                    Put = new() { TableName = table, Item = PositionStore.ToItem(endpoint.Tenant, endpoint.Id, position) },
                }),
            ],
            cancellation,
            decisive: 2);
    }

    /// <summary>A tenant's endpoints, the oldest first.</summary>
    /// <param name="tenant">Whose.</param>
    /// <param name="cancellation">Stops the call.</param>
    public async Task<IReadOnlyList<WebhookEndpoint>> ListAsync(string tenant, CancellationToken cancellation = default)
    {
        var page = await dynamo.QueryAsync(new QueryRequest
        {
            TableName = table,
            KeyConditionExpression = "pk = :pk AND begins_with(sk, :prefix)",
            ExpressionAttributeValues = new() { [":pk"] = Attr.S(Partition + tenant), [":prefix"] = Attr.S(Ids.EndpointPrefix) },
        }, cancellation).ConfigureAwait(false);
        return [.. (page.Items ?? []).Select(item => Columns.FromItem(item, tenant)).OrderBy(endpoint => endpoint.CreatedAt)];
    }

    /// <summary>Reads an endpoint, as it is now.</summary>
    /// <param name="tenant">Whose.</param>
    /// <param name="id">Its id.</param>
    /// <param name="cancellation">Stops the call.</param>
    /// <returns>The endpoint; null when the tenant has none of that id.</returns>
    public async Task<WebhookEndpoint?> FindAsync(string tenant, string id, CancellationToken cancellation = default)
    {
        var response = await dynamo.GetItemAsync(
            new GetItemRequest { TableName = table, Key = Attr.Key(Partition + tenant, id), ConsistentRead = true },
            cancellation).ConfigureAwait(false);
        return response.Item is { Count: > 0 } item ? Columns.FromItem(item, tenant) : null;
    }

    /// <summary>Changes what the client says of an endpoint.</summary>
    /// <param name="tenant">Whose.</param>
    /// <param name="id">Its id.</param>
    /// <param name="change">What changes.</param>
    /// <param name="cancellation">Stops the call.</param>
    /// <returns>The endpoint; null when it is gone.</returns>
    public Task<WebhookEndpoint?> ChangeAsync(string tenant, string id, EndpointChange change, CancellationToken cancellation = default)
    {
        var update = Item(tenant, id).Set(Columns.UpdatedAt, Attr.Time(clock.GetUtcNow()));
        if (change.Url is { } url) update.Set(Columns.Url, Attr.S(url.AbsoluteUri));
        if (change.Types is { } types) update.Set(Columns.Types, Columns.List(types));
        if (change.Carriers is { } carriers) update.Set(Columns.Carriers, Columns.List(carriers));
        if (change.Legs is { } legs) update.Set(Columns.Legs, new() { BOOL = legs });
        if (change.Headers is { } headers) update.Set(Columns.Headers, Columns.Map(headers));
        if (change.Description is { Length: > 0 } description) update.Set(Columns.Description, Attr.S(description));
        else if (change.Description is not null) update.Remove(Columns.Description);
        return WriteAsync(update, tenant, cancellation);
    }

    /// <summary>Gives an endpoint a new secret; the one before is valid for a while too.</summary>
    /// <param name="known">The endpoint as read.</param>
    /// <param name="rotation">The new secret.</param>
    /// <param name="cancellation">Stops the call.</param>
    /// <returns>The endpoint; null when it is gone, or has another secret by now.</returns>
    public Task<WebhookEndpoint?> RotateAsync(
        WebhookEndpoint known, EndpointRotation rotation, CancellationToken cancellation = default)
    {
        var now = clock.GetUtcNow();
        var update = Item(known.Tenant, known.Id)
            .Set(Columns.Secret, Attr.S(rotation.Secret))
            .Set(Columns.PreviousSecret, Attr.S(known.Secret))
            .Set(Columns.PreviousSecretUntil, Attr.Time(now + rotation.Overlap))
            .Set(Columns.UpdatedAt, Attr.Time(now))
            .If(Columns.Secret, "=", Attr.S(known.Secret));
        return WriteAsync(
            rotation.By is { } by ? update.Set(Columns.RotatedBy, Attr.S(by)) : update.Remove(Columns.RotatedBy),
            known.Tenant,
            cancellation);
    }

    /// <summary>Removes an endpoint with its positions. What it waited for finds it gone.</summary>
    /// <param name="tenant">Whose.</param>
    /// <param name="id">Its id.</param>
    /// <param name="cancellation">Stops the call.</param>
    /// <returns>Whether it was there.</returns>
    public Task<bool> DeleteAsync(string tenant, string id, CancellationToken cancellation = default)
    {
        var endpoint = new Delete
        {
            TableName = table, Key = Attr.Key(Partition + tenant, id), ConditionExpression = "attribute_exists(pk)",
        };
        return Transaction.TryAsync(
            dynamo,
            clock,
            [
                new() { Delete = endpoint },
                new() { Update = Counting(tenant, -1, "#n > :bound", 0) },
                .. Enumerable.Range(0, EventLanes.Count).Select(lane => new TransactWriteItem
                {
                    Delete = new() { TableName = table, Key = PositionStore.KeyOf(tenant, id, lane) },
                }),
            ],
            cancellation);
    }

    /// <summary>
    /// The endpoints that the Scheduler must look at: each that is enabled, those whose next probe is due, and those with a parked event
    /// that is.
    /// </summary>
    /// <param name="shard">The shard, 0 to <see cref="DueShards"/> − 1.</param>
    /// <param name="cancellation">Stops the call.</param>
    public async Task<IReadOnlyList<DueEndpoint>> DueAsync(int shard, CancellationToken cancellation = default)
    {
        var found = new Dictionary<(string Tenant, string Id), bool>();
        var query = new QueryRequest
        {
            TableName = table,
            IndexName = DueIndex,
            KeyConditionExpression = "dp = :shard AND da <= :now",
            ExpressionAttributeValues = new()
            {
                [":shard"] = Attr.S(Columns.DueKeyOf(shard)), [":now"] = Attr.Time(clock.GetUtcNow()),
            },
        };
        do
        {
            var page = await dynamo.QueryAsync(query, cancellation).ConfigureAwait(false);
            foreach (var item in page.Items ?? [])
            {
                var (pk, sk) = (item["pk"].S, item["sk"].S);
                var isParked = pk.StartsWith(ParkStore.Partition, StringComparison.Ordinal);
                var endpoint = isParked ? ParkStore.EndpointOf(pk) : (pk[Partition.Length..], sk);
                found[endpoint] = found.GetValueOrDefault(endpoint) || isParked;
            }

            query.ExclusiveStartKey = page.LastEvaluatedKey;
        }
        while (query.ExclusiveStartKey is { Count: > 0 });

        return [.. found.Select(endpoint => new DueEndpoint(endpoint.Key.Tenant, endpoint.Key.Id, endpoint.Value))];
    }

    private Update Counting(string tenant, int by, string condition, int bound) => new()
    {
        TableName = table,
        Key = Attr.Key(Partition + tenant, CountItem),
        UpdateExpression = "SET #n = if_not_exists(#n, :zero) + :by",
        ConditionExpression = condition,
        ExpressionAttributeNames = new() { ["#n"] = Count },
        ExpressionAttributeValues = new() { [":zero"] = Attr.N(0), [":by"] = Attr.N(by), [":bound"] = Attr.N(bound) },
    };

    private ItemUpdate Item(string tenant, string id) => new ItemUpdate(table, Partition + tenant, id).IfExists(Columns.Url);

    private async Task<WebhookEndpoint?> WriteAsync(ItemUpdate update, string tenant, CancellationToken cancellation) =>
        await update.WriteAsync(dynamo, cancellation).ConfigureAwait(false) is { Done: true, Item: { } item }
            ? Columns.FromItem(item, tenant)
            : null;
}
