using System.Globalization;
using Amazon.DynamoDBv2;
using Amazon.DynamoDBv2.Model;

namespace Omni.Aws;

/// <summary>The answer to a conditional write: whether it was done, and the item as it is now.</summary>
/// <param name="Done">Whether the condition held.</param>
/// <param name="Item">The item after the write, or as it stood in the way of it; null when there is none.</param>
public sealed record WriteResult(bool Done, Dictionary<string, AttributeValue>? Item);

/// <summary>
/// One conditional update of one item. Attribute paths are lists of names; all go through placeholders, so no name can clash with
/// DynamoDB's reserved words. Conditions are joined by AND.
/// https://docs.aws.amazon.com/amazondynamodb/latest/developerguide/Expressions.html
/// </summary>
/// <param name="table">The table.</param>
/// <param name="pk">The partition key.</param>
/// <param name="sk">The sort key; null for a table without one.</param>
internal sealed class ItemUpdate(string table, string pk, string? sk)
{
    private readonly Dictionary<string, string> _names = [];
    private readonly Dictionary<string, AttributeValue> _values = [];
    private readonly List<string> _set = [];
    private readonly List<string> _remove = [];
    private readonly List<string> _add = [];
    private readonly List<string> _take = [];
    private readonly List<string> _conditions = [];

    /// <summary>Sets an attribute.</summary>
    public ItemUpdate Set(Path path, AttributeValue value)
    {
        _set.Add($"{Name(path)} = {Value(value)}");
        return this;
    }

    /// <summary>Sets an attribute unless it is there.</summary>
    public ItemUpdate SetOnce(Path path, AttributeValue value)
    {
        var name = Name(path);
        _set.Add($"{name} = if_not_exists({name}, {Value(value)})");
        return this;
    }

    /// <summary>Adds to a number; a missing one counts as 0.</summary>
    public ItemUpdate Increment(Path path, long by = 1)
    {
        var name = Name(path);
        _set.Add($"{name} = if_not_exists({name}, {Value(Attr.N(0))}) + {Value(Attr.N(by))}");
        return this;
    }

    /// <summary>Adds texts to a set of such; a missing one is made.</summary>
    public ItemUpdate AddTo(Path path, IEnumerable<string> texts)
    {
        _add.Add($"{Name(path)} {Value(new AttributeValue { SS = [.. texts] })}");
        return this;
    }

    /// <summary>Takes texts out of a set of such; the last one takes the set with it.</summary>
    public ItemUpdate TakeFrom(Path path, IEnumerable<string> texts)
    {
        _take.Add($"{Name(path)} {Value(new AttributeValue { SS = [.. texts] })}");
        return this;
    }

    /// <summary>Removes an attribute, if it is there; named twice, it is removed once.</summary>
    public ItemUpdate Remove(params ReadOnlySpan<Path> paths)
    {
        foreach (var path in paths)
        {
            if (Name(path) is var name && !_remove.Contains(name)) _remove.Add(name);
        }

        return this;
    }

    /// <summary>Only if an attribute is there.</summary>
    public ItemUpdate IfExists(Path path) => If($"attribute_exists({Name(path)})");

    /// <summary>Only if an attribute is not there.</summary>
    public ItemUpdate IfMissing(Path path) => If($"attribute_not_exists({Name(path)})");

    /// <summary>Only if a comparison holds: <c>=</c>, <c>&lt;</c>, <c>&lt;=</c>, <c>&gt;</c>, <c>&gt;=</c>.</summary>
    public ItemUpdate If(Path path, string comparison, AttributeValue value) => If($"{Name(path)} {comparison} {Value(value)}");

    /// <summary>Only if an attribute is not there, or a comparison holds.</summary>
    public ItemUpdate IfMissingOr(Path path, string comparison, AttributeValue value) =>
        If($"(attribute_not_exists({Name(path)}) OR {Name(path)} {comparison} {Value(value)})");

    /// <summary>Only if a map has fewer (<c>&lt;</c>) or at least (<c>&gt;=</c>) so many members.</summary>
    public ItemUpdate IfSize(Path path, string comparison, int size) => If($"size({Name(path)}) {comparison} {Value(Attr.N(size))}");

    /// <summary>
    /// Writes. A condition that does not hold is an answer, not an exception. A transaction that holds the item is over in a moment, and is
    /// waited for.
    /// </summary>
    /// <exception cref="TransactionConflictException">Transactions held the item at every try.</exception>
    public async Task<WriteResult> WriteAsync(IAmazonDynamoDB dynamo, CancellationToken cancellation)
    {
        for (var tries = 1; ; tries++)
        {
            try
            {
                return await WriteOnceAsync(dynamo, cancellation).ConfigureAwait(false);
            }
            catch (TransactionConflictException) when (tries < Transaction.MaxTries)
            {
                await Transaction.PauseAsync(tries, TimeProvider.System, cancellation).ConfigureAwait(false);
            }
        }
    }

    private async Task<WriteResult> WriteOnceAsync(IAmazonDynamoDB dynamo, CancellationToken cancellation)
    {
        var request = new UpdateItemRequest
        {
            TableName = table,
            Key = Attr.Key(pk, sk),
            UpdateExpression = Expression,
            ConditionExpression = Condition,
            ExpressionAttributeNames = _names,
            ExpressionAttributeValues = _values.Count > 0 ? _values : null,
            ReturnValues = ReturnValue.ALL_NEW,
            ReturnValuesOnConditionCheckFailure = ReturnValuesOnConditionCheckFailure.ALL_OLD,
        };
        try
        {
            var response = await dynamo.UpdateItemAsync(request, cancellation).ConfigureAwait(false);
            return new(true, response.Attributes);
        }
        catch (ConditionalCheckFailedException refused)
        {
            return new(false, refused.Item is { Count: > 0 } ? refused.Item : null);
        }
    }

    /// <summary>Writes together with another item, or not at all.</summary>
    public Task<WriteResult> WriteAsync(IAmazonDynamoDB dynamo, TransactWriteItem also, CancellationToken cancellation) =>
        WriteAsync(dynamo, [also], cancellation);

    /// <summary>
    /// Writes together with other items, or not at all. The same answer, but for the item after a write that was done: DynamoDB does not
    /// tell it.
    /// </summary>
    /// <exception cref="TransactionCanceledException">Another write was in its way, or the database was.</exception>
    public async Task<WriteResult> WriteAsync(
        IAmazonDynamoDB dynamo, IReadOnlyList<TransactWriteItem> also, CancellationToken cancellation)
    {
        try
        {
            await dynamo.TransactWriteItemsAsync(new TransactWriteItemsRequest { TransactItems = [AsPart(), .. also] }, cancellation)
                .ConfigureAwait(false);
            return new(true, null);
        }
        catch (TransactionCanceledException refused) when (refused.CancellationReasons is [{ Code: "ConditionalCheckFailed" } own, ..])
        {
            return new(false, own.Item is { Count: > 0 } ? own.Item : null);
        }
    }

    /// <summary>The update as a part of a transaction.</summary>
    public TransactWriteItem AsPart() => new()
    {
        Update = new()
        {
            TableName = table,
            Key = Attr.Key(pk, sk),
            UpdateExpression = Expression,
            ConditionExpression = Condition,
            ExpressionAttributeNames = _names,
            ExpressionAttributeValues = _values.Count > 0 ? _values : null,
            ReturnValuesOnConditionCheckFailure = ReturnValuesOnConditionCheckFailure.ALL_OLD,
        },
    };

    /// <summary>The conditions as a part of a transaction, where there is nothing to write.</summary>
    public TransactWriteItem AsCheck() => new()
    {
        ConditionCheck = new()
        {
            TableName = table,
            Key = Attr.Key(pk, sk),
            ConditionExpression = Condition,
            ExpressionAttributeNames = _names,
            ExpressionAttributeValues = _values.Count > 0 ? _values : null,
        },
    };

    private string Expression => string.Join(' ', ((string?[])
    [
        _set.Count > 0 ? "SET " + string.Join(", ", _set) : null,
        _remove.Count > 0 ? "REMOVE " + string.Join(", ", _remove) : null,
        _add.Count > 0 ? "ADD " + string.Join(", ", _add) : null,
        _take.Count > 0 ? "DELETE " + string.Join(", ", _take) : null,
    ]).OfType<string>());

    private string? Condition => _conditions.Count > 0 ? string.Join(" AND ", _conditions) : null;

    private ItemUpdate If(string condition)
    {
        _conditions.Add(condition);
        return this;
    }

    private string Name(Path path) => string.Join('.', path.Names.Select(NameOf));

    private string NameOf(string name)
    {
        foreach (var (placeholder, known) in _names)
        {
            if (known == name) return placeholder;
        }

        var added = "#" + _names.Count.ToString(CultureInfo.InvariantCulture);
        _names.Add(added, name);
        return added;
    }

    private string Value(AttributeValue value)
    {
        var placeholder = ":" + _values.Count.ToString(CultureInfo.InvariantCulture);
        _values.Add(placeholder, value);
        return placeholder;
    }
}

/// <summary>The path of an attribute, from the item inwards. A string is the path of a top-level attribute.</summary>
/// <param name="Names">The names.</param>
internal readonly record struct Path(params string[] Names)
{
    public static implicit operator Path(string name) => new(name);
}
