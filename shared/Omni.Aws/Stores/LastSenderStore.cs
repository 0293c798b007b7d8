using Amazon.DynamoDBv2;
using Amazon.DynamoDBv2.Model;
using Omni.Shared;

namespace Omni.Aws;

/// <summary>
/// The sender in a pool that a person last wrote to: what is sent to them next goes on there. In the control table:
/// <c>person#{tenant}#{address}</c>, kept as long as messages are.
/// </summary>
/// <param name="dynamo">The client.</param>
/// <param name="controlTable">The control table.</param>
public sealed class LastSenderStore(IAmazonDynamoDB dynamo, string controlTable)
{
    // As often the item is written though nothing changed, so that it does not expire while they write.
    private static readonly TimeSpan Refresh = TimeSpan.FromDays(1);

    private const string Carrier = "ca";
    private const string Sender = "fr";
    private const string At = "at";
    private const string Expires = "ex";

    /// <summary>Notes to whom a person wrote. One read as long as it is the same sender; a write when it is another.</summary>
    /// <param name="message">The person's message.</param>
    /// <param name="person">One of the person's addresses.</param>
    /// <param name="cancellation">Stops the call.</param>
    public async Task NoteAsync(Message message, Address person, CancellationToken cancellation = default)
    {
        var known = await ReadAsync(message.Tenant, person, cancellation).ConfigureAwait(false);
        if (known.Moment(At) is { } at
            && (at >= message.CreatedAt || (SenderIn(known) == (message.Carrier, message.To) && message.CreatedAt - at < Refresh)))
        {
            return;
        }

        await new ItemUpdate(controlTable, PkOf(message.Tenant, person), "*")
            .Set(Carrier, Attr.S(message.Carrier)).Set(Sender, Attr.S(message.To.Key))
            .Set(At, Attr.Time(message.CreatedAt)).IfMissingOr(At, "<", Attr.Time(message.CreatedAt))
            .Set(Expires, Attr.Expiry(message.CreatedAt + Defaults.Retention))
            .WriteAsync(dynamo, cancellation).ConfigureAwait(false);
    }

    /// <summary>The sender that a person last wrote to.</summary>
    /// <param name="tenant">Whose person.</param>
    /// <param name="person">One of the person's addresses.</param>
    /// <param name="cancellation">Stops the call.</param>
    /// <returns>The carrier's id and our address; null for none.</returns>
    public async Task<(string Carrier, Address From)?> FindAsync(string tenant, Address person, CancellationToken cancellation = default) =>
        SenderIn(await ReadAsync(tenant, person, cancellation).ConfigureAwait(false));

    /// <summary>Forgets whom a person wrote to, unless they wrote again since.</summary>
    /// <param name="tenant">Whose person.</param>
    /// <param name="person">One of the person's addresses.</param>
    /// <param name="at">What is not later than this is forgotten.</param>
    /// <param name="cancellation">Stops the call.</param>
    public async Task ForgetAsync(string tenant, Address person, DateTimeOffset at, CancellationToken cancellation = default)
    {
        try
        {
            await dynamo.DeleteItemAsync(
                new DeleteItemRequest
                {
                    TableName = controlTable,
                    Key = Attr.Key(PkOf(tenant, person), "*"),
                    ConditionExpression = "attribute_not_exists(#at) OR #at <= :at",
                    ExpressionAttributeNames = new() { ["#at"] = At },
                    ExpressionAttributeValues = new() { [":at"] = Attr.Time(at) },
                },
                cancellation).ConfigureAwait(false);
        }
        catch (ConditionalCheckFailedException)
        {
            // They are somebody again.
        }
    }

    private async Task<Dictionary<string, AttributeValue>> ReadAsync(string tenant, Address person, CancellationToken cancellation)
    {
        var response = await dynamo.GetItemAsync(
            new GetItemRequest { TableName = controlTable, Key = Attr.Key(PkOf(tenant, person), "*") }, cancellation).ConfigureAwait(false);
        return response.Item ?? [];
    }

    private static (string Carrier, Address From)? SenderIn(Dictionary<string, AttributeValue> item) =>
        item.Text(Carrier) is { } carrier && item.Text(Sender) is { } sender ? (carrier, Address.FromKey(sender)) : null;

    private static string PkOf(string tenant, Address person) => $"person#{tenant}#{person.Key}";
}
