using Amazon.DynamoDBv2;
using Amazon.DynamoDBv2.Model;
using Omni.Shared;

namespace Omni.Aws;

/// <summary>Who opted out of what. A record is about a person and one of our addresses, or about all of them (<c>*</c>).</summary>
/// <param name="dynamo">The client.</param>
/// <param name="controlTable">The control table.</param>
public sealed class ConsentStore(IAmazonDynamoDB dynamo, string controlTable)
{
    private const string Everything = "*";

    /// <summary>Whether a person opted out of messages from an address. Read consistently: it is the last look before a send.</summary>
    /// <param name="tenant">Whose messages.</param>
    /// <param name="person">The person.</param>
    /// <param name="ours">Our address.</param>
    /// <param name="cancellation">Stops the call.</param>
    public async Task<bool> IsOptedOutAsync(string tenant, Address person, Address ours, CancellationToken cancellation = default)
    {
        var said = await ReadAsync(tenant, person, cancellation).ConfigureAwait(false);
        return said.Any(item => item.Flag("out") && item["sk"].S is var scope && (scope == Everything || scope == ours.Key));
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
    public async Task<bool> RecordAsync(
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
        var update = new ItemUpdate(controlTable, Key(tenant, person), scope == ConsentScope.Everything ? about : $"{about}#{scope.Word()}")
            .Set("out", new AttributeValue { BOOL = optedOut })
            .Set("at", Attr.Time(at))
            .Set("why", Attr.S(evidence ?? ""))
            .IfMissingOr("at", optedOut ? "<=" : "<", Attr.Time(at));
        return (await update.WriteAsync(dynamo, cancellation).ConfigureAwait(false)).Done;
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
                await new ItemUpdate(controlTable, Key(tenant, other), about.Key)
                    .Set("out", latest["out"]).Set("at", latest["at"]).Set("why", latest["why"])
                    .IfMissingOr("at", latest.Flag("out") ? "<=" : "<", latest["at"])
                    .WriteAsync(dynamo, cancellation).ConfigureAwait(false);
            }
        }
    }

    private async Task<IReadOnlyList<Dictionary<string, AttributeValue>>> ReadAsync(
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

    private static string Key(string tenant, Address person) => $"consent#{tenant}#{person.Key}";
}
