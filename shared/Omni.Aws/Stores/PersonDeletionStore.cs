using System.Globalization;
using Amazon.DynamoDBv2;
using Amazon.DynamoDBv2.Model;
using Omni.Shared;

namespace Omni.Aws;

/// <summary>How far the deletion of a person is.</summary>
public sealed record PersonDeletion
{
    /// <summary>Whose person.</summary>
    public required string Tenant { get; init; }

    /// <summary>When it was asked for: what is older is deleted.</summary>
    public required DateTimeOffset RequestedAt { get; init; }

    /// <summary>When it was done; null while it runs.</summary>
    public DateTimeOffset? FinishedAt { get; init; }

    /// <summary>The addresses that the person is known by; none once it is done.</summary>
    public IReadOnlyCollection<Address> Addresses { get; init; } = [];

    /// <summary>How many messages were found. What a run found that died is not counted.</summary>
    public int Messages { get; init; }

    /// <summary>How many conversations were found. What a run found that died is not counted.</summary>
    public int Sessions { get; init; }

    /// <summary>How many stretches of the tables are searched to their end, of <see cref="PersonDeleter.Stretches"/>.</summary>
    public int Searched => Places.Count(place => place.Value == PersonDeletionStore.End);

    /// <summary>How far each stretch is searched.</summary>
    internal IReadOnlyDictionary<string, string> Places { get; init; } = new Dictionary<string, string>();

    /// <summary>The key of its item.</summary>
    public required string Key { get; init; }
}

/// <summary>
/// The deletions of people, in the control table: <c>deletion#{tenant}#{hash of the address}</c>. One that is not done stands in the index
/// <c>due</c> at the time when somebody must go on with it, and its item alone tells how far it is.
/// </summary>
/// <param name="dynamo">The client.</param>
/// <param name="controlTable">The control table.</param>
/// <param name="clock">The time.</param>
public sealed class PersonDeletionStore(IAmazonDynamoDB dynamo, string controlTable, TimeProvider clock)
{
    /// <summary>The place of a stretch that is searched to its end: no key is so.</summary>
    internal const string End = ".";

    /// <summary>The partition of the index: one is enough for what people ask for by hand.</summary>
    private const string DueKey = "deletions";

    /// <summary>Whoever went on with it for so long has died: longer than an invocation may take.</summary>
    private static readonly TimeSpan Lease = TimeSpan.FromSeconds(55);

    private const string Tenant = "tn";
    private const string RequestedAt = "at";
    private const string FinishedAt = "fi";
    private const string Addresses = "ad";
    private const string Messages = "nm";
    private const string Sessions = "ns";
    private const string Place = "p.";
    private const string Due = "dp";
    private const string DueAt = "da";
    private const string Expires = "ex";

    /// <summary>Notes that a person is to be deleted. Asked again before it is done, nothing changes.</summary>
    /// <param name="tenant">Whose person.</param>
    /// <param name="person">One of the person's addresses.</param>
    /// <param name="cancellation">Stops the call.</param>
    /// <returns>The deletion as it is.</returns>
    public async Task<PersonDeletion> RequestAsync(string tenant, Address person, CancellationToken cancellation = default)
    {
        var now = clock.GetUtcNow();
        var key = KeyOf(tenant, person);
        var before = await ReadAsync(key, cancellation).ConfigureAwait(false);
        var update = Item(key)
            .Set(Tenant, Attr.S(tenant))
            .Set(RequestedAt, Attr.Time(now))
            .Set(Addresses, new AttributeValue { SS = [person.Key] })
            .Set(Due, Attr.S(DueKey))
            .Set(DueAt, Attr.Time(now))
            .Set(Expires, Attr.Expiry(now + Defaults.Retention))
            .Remove(FinishedAt, Messages, Sessions)
            .Remove([.. (before?.Places.Keys ?? []).Select(place => new Path(Place + place))]);
        update = before?.FinishedAt is { } finished ? update.If(FinishedAt, "=", Attr.Time(finished)) : update.IfMissing(RequestedAt);
        var result = await update.WriteAsync(dynamo, cancellation).ConfigureAwait(false);
        var deletion = Read(result.Item!);

        // One that was done in this moment is an older one.
        return result.Done || deletion.FinishedAt is null
            ? deletion
            : await RequestAsync(tenant, person, cancellation).ConfigureAwait(false);
    }

    /// <summary>The deletion of a person that was asked for last.</summary>
    /// <param name="tenant">Whose person.</param>
    /// <param name="person">The address that it was asked for by.</param>
    /// <param name="cancellation">Stops the call.</param>
    /// <returns>The deletion; null when there was none in the last 90 days.</returns>
    public Task<PersonDeletion?> FindAsync(string tenant, Address person, CancellationToken cancellation = default) =>
        ReadAsync(KeyOf(tenant, person), cancellation);

    /// <summary>Takes what somebody must go on with: of several who look at the same time, one gets each.</summary>
    /// <param name="cancellation">Stops the call.</param>
    public async Task<IReadOnlyList<PersonDeletion>> TakeAsync(CancellationToken cancellation = default)
    {
        var now = clock.GetUtcNow();
        var page = await dynamo.QueryAsync(new QueryRequest
        {
            TableName = controlTable,
            IndexName = MessageColumns.DueIndex,
            KeyConditionExpression = "dp = :key AND da <= :now",
            ExpressionAttributeValues = new() { [":key"] = Attr.S(DueKey), [":now"] = Attr.Time(now) },
        }, cancellation).ConfigureAwait(false);
        var taken = new List<PersonDeletion>();
        foreach (var item in page.Items ?? [])
        {
            var result = await Item(item["pk"].S).Set(DueAt, Attr.Time(now + Lease)).If(DueAt, "=", item[DueAt])
                .WriteAsync(dynamo, cancellation).ConfigureAwait(false);
            if (result.Done) taken.Add(Read(result.Item!));
        }

        return taken;
    }

    /// <summary>
    /// Notes the addresses that the person is known by, and that nobody need go on before a moment. What was searched for fewer of them is
    /// searched anew.
    /// </summary>
    /// <param name="deletion">The deletion.</param>
    /// <param name="addresses">The addresses.</param>
    /// <param name="until">The moment.</param>
    /// <param name="cancellation">Stops the call.</param>
    public Task WaitAsync(
        PersonDeletion deletion, IEnumerable<Address> addresses, DateTimeOffset until, CancellationToken cancellation = default) =>
        Of(deletion)
            .AddTo(Addresses, addresses.Select(address => address.Key))
            .Set(DueAt, Attr.Time(until))
            .Remove([.. deletion.Places.Keys.Select(place => new Path(Place + place))])
            .WriteAsync(dynamo, cancellation);

    /// <summary>Notes how far a stretch of a table is searched, and what was found.</summary>
    /// <param name="deletion">The deletion.</param>
    /// <param name="stretch">The stretch.</param>
    /// <param name="place">How far.</param>
    /// <param name="messages">How many messages were found since the last time.</param>
    /// <param name="sessions">How many conversations.</param>
    /// <param name="cancellation">Stops the call.</param>
    internal Task NoteAsync(
        PersonDeletion deletion, string stretch, string place, int messages, int sessions, CancellationToken cancellation)
    {
        var update = Of(deletion).Set(Place + stretch, Attr.S(place));
        if (messages > 0) update.Increment(Messages, messages);
        if (sessions > 0) update.Increment(Sessions, sessions);
        return update.WriteAsync(dynamo, cancellation);
    }

    /// <summary>Notes that it is done, or that another may go on with it at once.</summary>
    /// <param name="deletion">The deletion.</param>
    /// <param name="cancellation">Stops the call.</param>
    /// <returns>Whether it is done.</returns>
    internal async Task<bool> CloseAsync(PersonDeletion deletion, CancellationToken cancellation)
    {
        var now = clock.GetUtcNow();
        var isDone = await ReadAsync(deletion.Key, cancellation).ConfigureAwait(false) is { Searched: PersonDeleter.Stretches };
        var update = isDone
            ? Of(deletion).Set(FinishedAt, Attr.Time(now)).Set(Expires, Attr.Expiry(now + Defaults.Retention)).Remove(Addresses, Due, DueAt)
            : Of(deletion).Set(DueAt, Attr.Time(now));
        return (await update.WriteAsync(dynamo, cancellation).ConfigureAwait(false)).Done && isDone;
    }

    // One that was asked for anew meanwhile is another.
    private ItemUpdate Of(PersonDeletion deletion) => Item(deletion.Key)
        .If(RequestedAt, "=", Attr.Time(deletion.RequestedAt))
        .IfMissing(FinishedAt);

    private ItemUpdate Item(string key) => new(controlTable, key, "*");

    private async Task<PersonDeletion?> ReadAsync(string key, CancellationToken cancellation)
    {
        var response = await dynamo.GetItemAsync(
            new GetItemRequest { TableName = controlTable, Key = Attr.Key(key, "*"), ConsistentRead = true }, cancellation)
            .ConfigureAwait(false);
        return response.Item is { Count: > 0 } item ? Read(item) : null;
    }

    private static PersonDeletion Read(Dictionary<string, AttributeValue> item) => new()
    {
        Key = item["pk"].S,
        Tenant = item[Tenant].S,
        RequestedAt = item.Moment(RequestedAt)!.Value,
        FinishedAt = item.Moment(FinishedAt),
        Addresses = [.. (item.GetValueOrDefault(Addresses)?.SS ?? []).Select(Address.FromKey)],
        Messages = (int)(item.Number(Messages) ?? 0),
        Sessions = (int)(item.Number(Sessions) ?? 0),
        Places = item.Where(one => one.Key.StartsWith(Place, StringComparison.Ordinal))
            .ToDictionary(one => one.Key[Place.Length..], one => one.Value.S, StringComparer.Ordinal),
    };

    private static string KeyOf(string tenant, Address person) =>
        string.Create(CultureInfo.InvariantCulture, $"deletion#{tenant}#{Ids.Hash(tenant, person.Key)}");
}
