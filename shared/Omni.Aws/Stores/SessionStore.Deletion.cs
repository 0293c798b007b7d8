using Amazon.DynamoDBv2.Model;
using Omni.Shared;

namespace Omni.Aws;

public sealed partial class SessionStore
{
    /// <summary>When a person was deleted the last time, in the item of one of their addresses, whose key is a hash.</summary>
    private const string DeletedAt = "gn";

    /// <summary>When a person was deleted the last time, read consistently: what is older than that is not written any more.</summary>
    /// <param name="tenant">Whose person.</param>
    /// <param name="person">One of the person's addresses.</param>
    /// <param name="cancellation">Stops the call.</param>
    /// <returns>The moment; null when they were not, or so long ago that nothing older can come.</returns>
    public async Task<DateTimeOffset?> PersonDeletedAtAsync(string tenant, Address person, CancellationToken cancellation = default) =>
        (await PersonAsync(tenant, person, cancellation).ConfigureAwait(false)).Moment(DeletedAt);

    /// <summary>Marks an address of a person as deleted: what is older and comes late is not written any more.</summary>
    /// <param name="tenant">Whose person.</param>
    /// <param name="person">The address.</param>
    /// <param name="at">What is not later than this is deleted.</param>
    /// <param name="cancellation">Stops the call.</param>
    /// <returns>Whether this call marked it.</returns>
    public async Task<bool> MarkDeletedAsync(
        string tenant, Address person, DateTimeOffset at, CancellationToken cancellation = default) =>
        (await new ItemUpdate(table, PersonKey(tenant, person), null)
            .Set(DeletedAt, Attr.Time(at))
            .Set("ex", Attr.Expiry(clock.GetUtcNow() + Defaults.Retention))
            .IfMissingOr(DeletedAt, "<", Attr.Time(at))
            .WriteAsync(dynamo, cancellation).ConfigureAwait(false)).Done;

    /// <summary>Deletes a conversation, unless the person wrote in it since.</summary>
    /// <param name="id">The conversation.</param>
    /// <param name="at">When the person was deleted.</param>
    /// <param name="cancellation">Stops the call.</param>
    /// <returns>Whether it is gone.</returns>
    public async Task<bool> DeleteAsync(string id, DateTimeOffset at, CancellationToken cancellation = default)
    {
        try
        {
            await dynamo.DeleteItemAsync(
                new DeleteItemRequest
                {
                    TableName = table,
                    Key = Attr.Key(id, null),
                    ConditionExpression = "attribute_not_exists(#li) OR #li <= :at",
                    ExpressionAttributeNames = new() { ["#li"] = "li" },
                    ExpressionAttributeValues = new() { [":at"] = Attr.Time(at) },
                },
                cancellation).ConfigureAwait(false);
            return true;
        }
        catch (ConditionalCheckFailedException)
        {
            return false;
        }
    }

    /// <summary>Takes the conversations that are no more out of the item of an address.</summary>
    /// <param name="tenant">Whose person.</param>
    /// <param name="person">The address.</param>
    /// <param name="cancellation">Stops the call.</param>
    public async Task ForgetConversationsAsync(string tenant, Address person, CancellationToken cancellation = default)
    {
        var known = (await PersonAsync(tenant, person, cancellation).ConfigureAwait(false)).GetValueOrDefault(Conversations);
        if (known?.SS is not { Count: > 0 } ids) return;

        var left = await ReadAsync(ids, cancellation).ConfigureAwait(false);
        var gone = ids.Where(id => !left.ContainsKey(id)).ToList();
        if (gone.Count == 0) return;

        // Whoever adds one meanwhile has another go at it: what is left names nobody.
        await new ItemUpdate(table, PersonKey(tenant, person), null)
            .TakeFrom(Conversations, gone)
            .If(Conversations, "=", known)
            .WriteAsync(dynamo, cancellation).ConfigureAwait(false);
    }

    private async Task<Dictionary<string, AttributeValue>> PersonAsync(string tenant, Address person, CancellationToken cancellation) =>
        (await dynamo.GetItemAsync(
            new GetItemRequest { TableName = table, Key = Attr.Key(PersonKey(tenant, person), null), ConsistentRead = true },
            cancellation).ConfigureAwait(false)).Item ?? [];
}
