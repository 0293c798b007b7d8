using System.Globalization;
using Amazon.DynamoDBv2;
using Amazon.DynamoDBv2.Model;
using Omni.Shared;

namespace Omni.Aws;

/// <summary>Who opted out of what. A record is about a person and one of our addresses, or about all of them (<c>*</c>).</summary>
/// <param name="dynamo">The client.</param>
/// <param name="controlTable">The control table.</param>
/// <param name="outbox">Where clients are told of changes; null where they are not.</param>
public sealed partial class ConsentStore(IAmazonDynamoDB dynamo, string controlTable, EventOutbox? outbox = null)
{
    private const string Everything = "*";

    /// <summary>The mark of a person who is being deleted, beside what they said: one look before a send sees both.</summary>
    private const string Deleted = "deleted";

    /// <summary>How often a write is tried again on what came in its way.</summary>
    private const int MaxTries = 12;

    /// <summary>Whether a person opted out of messages from an address. Read consistently: it is the last look before a send.</summary>
    /// <param name="tenant">Whose messages.</param>
    /// <param name="person">The person.</param>
    /// <param name="ours">Our address.</param>
    /// <param name="cancellation">Stops the call.</param>
    public async Task<bool> IsOptedOutAsync(string tenant, Address person, Address ours, CancellationToken cancellation = default) =>
        (await LookAsync(tenant, person, ours, cancellation).ConfigureAwait(false)).IsOptedOut;

    /// <summary>
    /// The last look before a send, consistently: whether the person opted out of messages from an address, and whether they are being
    /// deleted.
    /// </summary>
    /// <param name="tenant">Whose messages.</param>
    /// <param name="person">The person.</param>
    /// <param name="ours">Our address.</param>
    /// <param name="cancellation">Stops the call.</param>
    /// <returns>Whether they opted out, and when they asked to be deleted; null when they did not, or it is done.</returns>
    public async Task<(bool IsOptedOut, DateTimeOffset? DeletedAt)> LookAsync(
        string tenant, Address person, Address ours, CancellationToken cancellation = default)
    {
        var items = await AllAsync(tenant, person, cancellation).ConfigureAwait(false);
        return (
            items.Any(item => item.Flag("out") && item["sk"].S is var scope && (scope == Everything || scope == ours.Key)),
            items.FirstOrDefault(item => item["sk"].S == Deleted)?.Moment("at"));
    }

    /// <summary>Marks that a person is being deleted: from now on nothing that is older is sent to them.</summary>
    /// <param name="tenant">Whose messages.</param>
    /// <param name="person">The person.</param>
    /// <param name="at">What is not later than this is not sent.</param>
    /// <param name="cancellation">Stops the call.</param>
    public Task MarkDeletedAsync(string tenant, Address person, DateTimeOffset at, CancellationToken cancellation = default) =>
        new ItemUpdate(controlTable, Key(tenant, person), Deleted)
            .Set("at", Attr.Time(at)).IfMissingOr("at", "<", Attr.Time(at))
            .WriteAsync(dynamo, cancellation);

    /// <summary>Takes the mark away: nothing older is left to send, and nothing shall name them.</summary>
    /// <param name="tenant">Whose messages.</param>
    /// <param name="person">The person.</param>
    /// <param name="at">When they asked: who asked again since keeps the mark.</param>
    /// <param name="cancellation">Stops the call.</param>
    public async Task UnmarkDeletedAsync(string tenant, Address person, DateTimeOffset at, CancellationToken cancellation = default)
    {
        try
        {
            await dynamo.DeleteItemAsync(
                new DeleteItemRequest
                {
                    TableName = controlTable,
                    Key = Attr.Key(Key(tenant, person), Deleted),
                    ConditionExpression = "attribute_not_exists(#at) OR #at <= :at",
                    ExpressionAttributeNames = new() { ["#at"] = "at" },
                    ExpressionAttributeValues = new() { [":at"] = Attr.Time(at) },
                },
                cancellation).ConfigureAwait(false);
        }
        catch (ConditionalCheckFailedException)
        {
            // Somebody asked again, by another address of theirs.
        }
    }

    /// <summary>
    /// Records an opt-out or an opt-in. The latest wins, whatever the order in which they arrive; at the same moment the opt-out does.
    /// </summary>
    /// <param name="tenant">Whose messages.</param>
    /// <param name="person">The person.</param>
    /// <param name="ours">Our address; null for all of them.</param>
    /// <param name="optedOut">Out or in.</param>
    /// <param name="at">When it reached our edge.</param>
    /// <param name="evidence">The word or the carrier's code that told us.</param>
    /// <param name="scope">What it is about. An opt-out of marketing alone is kept, and stops nothing here: the carrier holds it.</param>
    /// <param name="cancellation">Stops the call.</param>
    /// <returns>Whether it is the latest.</returns>
    public Task<bool> RecordAsync(
        string tenant,
        Address person,
        Address? ours,
        bool optedOut,
        DateTimeOffset at,
        string? evidence,
        ConsentScope scope = default,
        CancellationToken cancellation = default)
    {
        var about = ours?.Key ?? Everything;
        return WriteAsync(
            tenant,
            person,
            new(scope == ConsentScope.Everything ? about : $"{about}#{scope.Word()}", optedOut, at, evidence ?? ""),
            cancellation);
    }

    /// <summary>What a person said under any of their addresses holds for all from now on; the latest wins.</summary>
    /// <param name="tenant">Whose messages.</param>
    /// <param name="addresses">The addresses.</param>
    /// <param name="cancellation">Stops the call.</param>
    public async Task JoinAsync(string tenant, IReadOnlyList<Address> addresses, CancellationToken cancellation = default)
    {
        var said = new List<(Address Person, Dictionary<string, AttributeValue> Item)>();
        foreach (var person in addresses)
            said.AddRange((await ReadAsync(tenant, person, cancellation).ConfigureAwait(false)).Select(item => (person, item)));

        foreach (var about in said.GroupBy(consent => consent.Item["sk"].S, StringComparer.Ordinal))
        {
            var (first, latest) = about.MaxBy(consent => (consent.Item.Moment("at"), consent.Item.Flag("out")));
            foreach (var other in addresses.Where(address => address != first))
            {
                await WriteAsync(
                    tenant,
                    other,
                    new(about.Key, latest.Flag("out"), latest.Moment("at")!.Value, latest.Text("why") ?? ""),
                    cancellation).ConfigureAwait(false);
            }
        }
    }

    /// <returns>Whether it is the latest.</returns>
    private async Task<bool> WriteAsync(string tenant, Address person, Said said, CancellationToken cancellation)
    {
        if (outbox is null) return (await Update().WriteAsync(dynamo, cancellation).ConfigureAwait(false)).Done;

        // Silence is consent: who was never heard of did not opt out, and who opts in changes nothing.
        var (isOut, news) = (new AttributeValue { BOOL = true }, outbox.Put(ChangeOf(tenant, person, said)));
        for (var tries = 0; tries < MaxTries; tries++)
        {
            var change = said.OptedOut ? Update().IfMissingOr("out", "<>", isOut) : Update().If("out", "=", isOut);
            var changed = await change.WriteAsync(dynamo, news, cancellation).ConfigureAwait(false);
            if (changed.Done) return true;
            if (changed.Item?.Moment("at") is { } latest && (latest > said.At || (latest == said.At && !said.OptedOut))) return false;

            var repeat = said.OptedOut ? Update().If("out", "=", isOut) : Update().IfMissingOr("out", "<>", isOut);
            if ((await repeat.WriteAsync(dynamo, cancellation).ConfigureAwait(false)).Done) return true;
        }

        throw new InvalidOperationException("What a person says changes faster than it can be written.");

        ItemUpdate Update() => new ItemUpdate(controlTable, Key(tenant, person), said.Key)
            .Set("out", new AttributeValue { BOOL = said.OptedOut })
            .Set("at", Attr.Time(said.At))
            .Set("why", Attr.S(said.Evidence))
            .Set(ListKey, Attr.S(ListKeyOf(tenant, Shards.Of(Key(tenant, person), ListShards))))
            .Set(ListTime, Attr.Time(said.At))
            .IfMissingOr("at", said.OptedOut ? "<=" : "<", Attr.Time(said.At));
    }

    private static ClientEvent ChangeOf(string tenant, Address person, Said said)
    {
        var view = ViewOf(person, said);
        return new()
        {
            Id = Ids.Event(
                Key(tenant, person),
                said.Key,
                said.OptedOut ? "out" : "in",
                said.At.ToUnixTimeMilliseconds().ToString(CultureInfo.InvariantCulture)),
            Type = EventTypes.ConsentChanged,
            Timestamp = said.At,
            Tenant = tenant,
            Data = EventData.Of(view, EventJson.Wire.ConsentView),
        };
    }

    private static ConsentView ViewOf(Address person, Said said)
    {
        var (about, scope) = said.Key.Split('#', 2) is [var ours, var word]
            ? (ours, EnumWords.FromWord<ConsentScope>(word) ?? ConsentScope.Everything)
            : (said.Key, ConsentScope.Everything);
        var sender = about == Everything ? null : Address.FromKey(about);
        return new(person, sender, said.OptedOut, scope, said.At, said.Evidence is { Length: > 0 } evidence ? evidence : null);
    }

    private static ConsentView ViewOf(Address person, Dictionary<string, AttributeValue> item) =>
        ViewOf(person, new Said(item["sk"].S, item.Flag("out"), item.Moment("at")!.Value, item.Text("why") ?? ""));

    private async Task<IReadOnlyList<Dictionary<string, AttributeValue>>> ReadAsync(
        string tenant, Address person, CancellationToken cancellation) =>
        [.. (await AllAsync(tenant, person, cancellation).ConfigureAwait(false)).Where(item => item["sk"].S != Deleted)];

    private async Task<IReadOnlyList<Dictionary<string, AttributeValue>>> AllAsync(
        string tenant, Address person, CancellationToken cancellation)
    {
        var response = await dynamo.QueryAsync(new QueryRequest
        {
            TableName = controlTable,
            KeyConditionExpression = "pk = :pk",
            ExpressionAttributeValues = new() { [":pk"] = Attr.S(Key(tenant, person)) },
            ConsistentRead = true,
        }, cancellation).ConfigureAwait(false);
        return response.Items ?? [];
    }

    private static string Key(string tenant, Address person) => Key(tenant, person.Key);

    private static string Key(string tenant, string person) => $"consent#{tenant}#{person}";

    /// <param name="Key">Our address, or all, with what of its messages it is about.</param>
    /// <param name="OptedOut">Out or in.</param>
    /// <param name="At">When it reached our edge.</param>
    /// <param name="Evidence">What told us; may be empty.</param>
    private sealed record Said(string Key, bool OptedOut, DateTimeOffset At, string Evidence);
}
