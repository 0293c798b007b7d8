using System.Globalization;
using System.Text.RegularExpressions;
using Amazon.DynamoDBv2;
using Amazon.DynamoDBv2.Model;
using Amazon.Runtime;
using Amazon.Runtime.Internal;
using Item = System.Collections.Generic.Dictionary<string, Amazon.DynamoDBv2.Model.AttributeValue>;

namespace Omni.Testing.Simulation;

/// <summary>A client of tables in memory, as a process has one.</summary>
/// <param name="tables">The tables.</param>
/// <param name="latency">Waits as long as half of a call takes; what it throws, the caller meets, before the call is made or after.</param>
public sealed class MemoryDynamoDb(MemoryTables tables, Func<Task> latency) : AmazonDynamoDBClient(
    new AnonymousAWSCredentials(), new AmazonDynamoDBConfig { ServiceURL = "http://127.0.0.1:1", AuthenticationRegion = "us-east-1" })
{
    protected override void CustomizeRuntimePipeline(RuntimePipeline pipeline)
    {
        base.CustomizeRuntimePipeline(pipeline);
        pipeline.AddHandler(new Answers(this));
    }

    private MemoryTables Tables { get; } = tables;

    private Func<Task> Latency { get; } = latency;

    private sealed class Answers(MemoryDynamoDb client) : PipelineHandler
    {
        public override async Task<T> InvokeAsync<T>(IExecutionContext executionContext)
        {
            await client.Latency().ConfigureAwait(false);
            var response = client.Tables.Answer(executionContext.RequestContext.OriginalRequest);
            executionContext.ResponseContext.Response = response;
            await client.Latency().ConfigureAwait(false);
            return (T)(object)response;
        }
    }
}

/// <summary>
/// DynamoDB's tables in memory, as far as Omni's stores use them: conditional writes, transactions, queries, consistent reads. They take
/// the place of a server where hundreds of sends a second, or days, are played; what their conditions mean is held against the real one's
/// answers by a test.
/// </summary>
public sealed partial class MemoryTables
{
    private readonly Dictionary<(string Table, string Pk), SortedList<Place, Item>> _partitions = [];
    private readonly Lock _lock = new();
    private readonly Dictionary<string, int> _calls = [];

    /// <summary>Is told of each item that is written: its table, as it was, null for a new one, and as it is.</summary>
    public Action<string, Item?, Item>? Stored { get; set; }

    /// <summary>How often each kind of call was made.</summary>
    public IReadOnlyDictionary<string, int> Calls => _calls;

    /// <summary>Reads an item without a call.</summary>
    public Item? Peek(string table, string pk, string sk)
    {
        lock (_lock) return Find(table, new() { ["pk"] = new(pk), ["sk"] = new(sk) });
    }

    /// <summary>Writes an item without a call.</summary>
    public void Put(string table, Item item)
    {
        lock (_lock) Store(table, item);
    }

    /// <summary>The items of a table.</summary>
    public IReadOnlyList<Item> Items(string table)
    {
        lock (_lock) return [.. _partitions.Where(items => items.Key.Table == table).SelectMany(items => items.Value.Values)];
    }

    /// <summary>Deletes what has expired, as the service does sooner or later.</summary>
    public void Expire(DateTimeOffset now)
    {
        lock (_lock)
        {
            foreach (var partition in _partitions.Values)
            {
                foreach (var item in partition.Where(item => IsExpired(item.Value)).ToArray()) partition.Remove(item.Key);
            }
        }

        bool IsExpired(Item item) =>
            item.GetValueOrDefault("ex")?.N is { } at && long.Parse(at, CultureInfo.InvariantCulture) < now.ToUnixTimeSeconds();
    }

    /// <summary>Makes a call.</summary>
    public AmazonWebServiceResponse Answer(AmazonWebServiceRequest request)
    {
        lock (_lock)
        {
            _calls[request.GetType().Name] = _calls.GetValueOrDefault(request.GetType().Name) + 1;
            return request switch
            {
                GetItemRequest get => new GetItemResponse { Item = Find(get.TableName, get.Key) },
                PutItemRequest put => Put(put),
                UpdateItemRequest update => new UpdateItemResponse { Attributes = Update(update) },
                DeleteItemRequest delete => Delete(delete),
                TransactWriteItemsRequest write => Write(write),
                QueryRequest query => Query(query),
                BatchGetItemRequest batch => new BatchGetItemResponse
                {
                    Responses = batch.RequestItems.ToDictionary(
                        t => t.Key, t => t.Value.Keys.Select(key => Find(t.Key, key)).OfType<Item>().ToList()),
                },
                _ => throw new NotSupportedException(request.GetType().Name),
            };
        }
    }

    private Item? Find(string table, Item key) =>
        _partitions.GetValueOrDefault((table, key["pk"].S))?.GetValueOrDefault(Place.Of(key));

    private void Store(string table, Item item)
    {
        if (!_partitions.TryGetValue((table, item["pk"].S), out var partition)) _partitions[(table, item["pk"].S)] = partition = [];
        Stored?.Invoke(table, partition.GetValueOrDefault(Place.Of(item)), item);
        partition[Place.Of(item)] = item;
    }

    private PutItemResponse Put(PutItemRequest request)
    {
        if (request.ConditionExpression is not null && Find(request.TableName, request.Item) is { } there)
        {
            throw new ConditionalCheckFailedException("The conditional request failed") { Item = there };
        }

        Store(request.TableName, request.Item);
        return new();
    }

    private DeleteItemResponse Delete(DeleteItemRequest request)
    {
        _partitions.GetValueOrDefault((request.TableName, request.Key["pk"].S))?.Remove(Place.Of(request.Key));
        return new();
    }

    private Item Update(UpdateItemRequest request)
    {
        var after = After(request, Find(request.TableName, request.Key));
        Store(request.TableName, after);
        return after;
    }

    /// <summary>An item after an update of it; the exception that DynamoDB's client throws when its condition does not hold.</summary>
    /// <param name="request">The update.</param>
    /// <param name="there">The item; null when there is none.</param>
    public static Item After(UpdateItemRequest request, Item? there)
    {
        var reader = new Expressions(request.ExpressionAttributeNames ?? [], request.ExpressionAttributeValues ?? [], there ?? []);
        if (request.ConditionExpression is { } condition && !reader.Holds(condition))
        {
            throw new ConditionalCheckFailedException("The conditional request failed") { Item = there };
        }

        var after = new Item(there ?? request.Key);
        reader.Apply(request.UpdateExpression, after);
        return after;
    }

    private TransactWriteItemsResponse Write(TransactWriteItemsRequest request)
    {
        var reasons = request.TransactItems.Select(item => ReasonAgainst(item, Find)).ToList();
        if (reasons.Any(reason => reason.Code != "None"))
            throw new TransactionCanceledException("Transaction cancelled") { CancellationReasons = reasons };

        foreach (var item in request.TransactItems)
        {
            if (item.Put is { } put) Store(put.TableName, put.Item);
            if (item.Delete is { } delete) Delete(new() { TableName = delete.TableName, Key = delete.Key });
            if (item.Update is { } update)
            {
                Update(new()
                {
                    TableName = update.TableName,
                    Key = update.Key,
                    UpdateExpression = update.UpdateExpression,
                    ExpressionAttributeNames = update.ExpressionAttributeNames,
                    ExpressionAttributeValues = update.ExpressionAttributeValues,
                });
            }
        }

        return new();
    }

    /// <summary>Why a part of a transaction cannot be written; the code <c>None</c> when it can.</summary>
    /// <param name="item">The part.</param>
    /// <param name="find">Finds an item of a table.</param>
    public static CancellationReason ReasonAgainst(TransactWriteItem item, Func<string, Item, Item?> find)
    {
        var (table, key, condition) = item switch
        {
            { Put: { } put } => (put.TableName, put.Item, put.ConditionExpression),
            { Delete: { } delete } => (delete.TableName, delete.Key, delete.ConditionExpression),
            { Update: { } update } => (update.TableName, update.Key, update.ConditionExpression),
            { ConditionCheck: { } check } => (check.TableName, check.Key, check.ConditionExpression),
            _ => throw new NotSupportedException("This part of a transaction."),
        };
        var names = item.Put?.ExpressionAttributeNames ?? item.Delete?.ExpressionAttributeNames ?? item.Update?.ExpressionAttributeNames
            ?? item.ConditionCheck?.ExpressionAttributeNames;
        var values = item.Put?.ExpressionAttributeValues ?? item.Delete?.ExpressionAttributeValues
            ?? item.Update?.ExpressionAttributeValues ?? item.ConditionCheck?.ExpressionAttributeValues;
        var there = find(table, key);
        return condition is null || new Expressions(names ?? [], values ?? [], there ?? []).Holds(condition)
            ? new() { Code = "None" }
            : new() { Code = "ConditionalCheckFailed", Item = there };
    }

    private QueryResponse Query(QueryRequest request)
    {
        var reader = new Expressions(request.ExpressionAttributeNames ?? [], request.ExpressionAttributeValues ?? [], []);
        var (partition, rest) = request.KeyConditionExpression.Split(" AND ", 2) is [var first, var second]
            ? (first, second)
            : (request.KeyConditionExpression, null);
        var (attribute, key) = reader.KeyOf(partition);
        IEnumerable<Item> found;
        if (request.IndexName is null) found = ItemsOf(request.TableName, key, reader.BoundOf(rest));
        else if (rest?.Split(' ') is [var name, ..] && reader.NameOf(name) is var sort)
        {
            found = _partitions.Where(p => p.Key.Table == request.TableName).SelectMany(p => p.Value.Values)
                .Where(item => item.GetValueOrDefault(attribute)?.S == key && item.ContainsKey(sort))
                .OrderBy(item => decimal.Parse(item[sort].N, CultureInfo.InvariantCulture));
        }
        else throw new NotSupportedException(request.KeyConditionExpression);

        if (rest is not null) found = found.Where(item => new Expressions(reader, item).HoldsKey(rest));
        if (request.ScanIndexForward == false) found = found.Reverse();
        if (request.ExclusiveStartKey is { Count: > 0 } from)
            found = found.SkipWhile(item => item["pk"].S != from["pk"].S || Place.Of(item).CompareTo(Place.Of(from)) != 0).Skip(1);
        var page = found.Take(request.Limit ?? int.MaxValue).Select(Fresh).ToList();
        var isFull = request.Limit is { } limit && page.Count == limit; // the service does not look whether anything follows
        return new() { Items = page, LastEvaluatedKey = isFull ? page[^1] : null };
    }

    // Bytes are a stream, which is read once.
    private static Item Fresh(Item item) => item.Values.All(value => value.B is null)
        ? item
        : item.ToDictionary(a => a.Key, a => a.Value.B is { } bytes ? new AttributeValue { B = new(bytes.ToArray()) } : a.Value);

    /// <summary>The items of a partition, from a bound on.</summary>
    private IEnumerable<Item> ItemsOf(string table, string pk, Place? bound)
    {
        if (_partitions.GetValueOrDefault((table, pk)) is not { } partition) return [];
        if (bound is not { } from) return partition.Values;

        var (low, high) = (0, partition.Count);
        while (low < high)
        {
            var middle = (low + high) / 2;
            if (partition.Keys[middle].CompareTo(from) < 0) low = middle + 1;
            else high = middle;
        }

        return Enumerable.Range(low, partition.Count - low).Select(i => partition.Values[i]);
    }

    /// <summary>A sort key: a number or a text.</summary>
    private readonly record struct Place(decimal Number, string Text) : IComparable<Place>
    {
        public static Place Of(Item key) => key.GetValueOrDefault("sk") is { } sk ? Of(sk) : new(0, "");

        public static Place Of(AttributeValue sk) =>
            sk.N is { } number ? new(decimal.Parse(number, CultureInfo.InvariantCulture), "") : new(0, sk.S);

        public int CompareTo(Place other) =>
            Number.CompareTo(other.Number) is not 0 and var order ? order : string.CompareOrdinal(Text, other.Text);
    }

    /// <summary>The expressions that Omni's stores write: comparisons joined by AND, with one level of OR, and assignments.</summary>
    private sealed partial class Expressions(Dictionary<string, string> names, Dictionary<string, AttributeValue> values, Item item)
    {
        public Expressions(Expressions other, Item item) : this(other.Names, other.Values, item) { }

        private Dictionary<string, string> Names => names;

        private Dictionary<string, AttributeValue> Values => values;

        public bool Holds(string condition) =>
            condition.Split(" AND ").All(part => part.Contains(" OR ", StringComparison.Ordinal)
                ? (part.StartsWith('(') ? part[1..^1] : part).Split(" OR ").Any(HoldsOne)
                : HoldsOne(part));

        public string NameOf(string name) => names.GetValueOrDefault(name, name);

        /// <summary>The attribute and the value of the condition on the partition key.</summary>
        public (string Attribute, string Key) KeyOf(string condition) =>
            condition.Split(" = ") is [var name, var value] ? (NameOf(name), values[value].S) : throw new NotSupportedException(condition);

        /// <summary>From where on the condition on the sort key can hold; null for from the first.</summary>
        public Place? BoundOf(string? condition) =>
            condition?.Split(' ') is [_, ">" or ">=", var value] ? Place.Of(values[value]) : null;

        public bool HoldsKey(string condition)
        {
            if (BeginsWith().Match(condition) is { Success: true } call)
            {
                var prefix = values[call.Groups["value"].Value].S;
                return Find(call.Groups["path"].Value)?.S.StartsWith(prefix, StringComparison.Ordinal) == true;
            }

            if (Between().Match(condition) is not { Success: true } range) return HoldsOne(condition);

            var path = range.Groups["path"].Value;
            return HoldsOne($"{path} >= {range.Groups["low"].Value}") && HoldsOne($"{path} <= {range.Groups["high"].Value}");
        }

        private bool HoldsOne(string condition)
        {
            if (Function().Match(condition) is { Success: true } call)
            {
                var found = Find(call.Groups["path"].Value);
                if (call.Groups["name"].Value != "size") return (found is not null) == (call.Groups["name"].Value == "attribute_exists");

                var size = found?.M?.Count;
                return size is { } n
                    && Compare(
                        n.CompareTo(int.Parse(values[call.Groups["value"].Value].N, CultureInfo.InvariantCulture)),
                        call.Groups["op"].Value);
            }

            if (condition.Split(' ') is not [var left, var op, var right]) throw new NotSupportedException(condition);

            var (a, b) = (Find(left), values[right]);
            if (op == "<>") return a is null || a.S != b.S || a.N != b.N || a.BOOL != b.BOOL;
            if (a is null || (a.N is null) != (b.N is null)) return false; // unlike types never compare
            if (b.BOOL is { } flag) return op == "=" && a.BOOL == flag;

            return Compare(
                a.N is { } number
                    ? decimal.Parse(number, CultureInfo.InvariantCulture).CompareTo(decimal.Parse(b.N!, CultureInfo.InvariantCulture))
                    : string.CompareOrdinal(a.S, b.S),
                op);
        }

        private static bool Compare(int order, string op) => op switch
        {
            "=" => order == 0,
            "<" => order < 0,
            "<=" => order <= 0,
            ">" => order > 0,
            ">=" => order >= 0,
            _ => throw new NotSupportedException(op),
        };

        public void Apply(string expression, Item after)
        {
            if (expression.Split(" ADD ") is [var others, var adds])
            {
                foreach (var added in adds.Split(',', StringSplitOptions.TrimEntries))
                {
                    var (path, value) = added.Split(' ') is [var p, var v] ? (p, v) : throw new NotSupportedException(added);
                    Set(after, path, new() { SS = [.. (Find(path)?.SS ?? []).Union(values[value].SS)] });
                }

                expression = others;
            }

            var (sets, removes) = expression.Split("REMOVE ") is [var first, var second] ? (first, second) : (expression, "");
            if (!sets.StartsWith("SET ", StringComparison.Ordinal)) (sets, removes) = ("", sets + removes);
            foreach (var assignment in Commas()
                .Split(sets.Replace("SET ", "", StringComparison.Ordinal))
                .Select(s => s.Trim())
                .Where(s => s.Length > 0))
            {
                var (path, value) = assignment.Split(" = ", 2) is [var p, var v] ? (p, v) : throw new NotSupportedException(assignment);
                Set(after, path, ValueOf(value));
            }

            foreach (var path in removes.Split(',', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries))
                Set(after, path, null);
        }

        private AttributeValue ValueOf(string expression)
        {
            if (expression.Split(" + ") is [var left, var right])
            {
                var sum = decimal.Parse(ValueOf(left).N, CultureInfo.InvariantCulture)
                    + decimal.Parse(ValueOf(right).N, CultureInfo.InvariantCulture);
                return new() { N = sum.ToString(CultureInfo.InvariantCulture) };
            }

            if (Otherwise().Match(expression) is { Success: true } fallback)
                return Find(fallback.Groups["path"].Value) ?? values[fallback.Groups["value"].Value];
            return values[expression];
        }

        private AttributeValue? Find(string path)
        {
            var here = item;
            var steps = path.Split('.');
            for (var i = 0; ; i++)
            {
                if (here?.GetValueOrDefault(NameOf(steps[i])) is not { } found) return null;
                if (i == steps.Length - 1) return found;

                here = found.M;
            }
        }

        // Maps on the way are copied: whoever read the item before keeps what they saw.
        private void Set(Item target, string path, AttributeValue? value)
        {
            var steps = path.Split('.');
            for (var i = 0; i < steps.Length - 1; i++)
            {
                var name = names[steps[i]];
                var inner = new Item(target[name].M);
                target[name] = new() { M = inner };
                target = inner;
            }

            if (value is null) target.Remove(names[steps[^1]]);
            else target[names[steps[^1]]] = value;
        }

        [GeneratedRegex(@"^(?<name>attribute_exists|attribute_not_exists|size)\((?<path>[^)]*)\)( (?<op>\S+) (?<value>:\w+))?$")]
        private static partial Regex Function();

        [GeneratedRegex(@"^if_not_exists\((?<path>[^,]*), (?<value>:\w+)\)$")]
        private static partial Regex Otherwise();

        [GeneratedRegex(@"^begins_with\((?<path>[^,]*), (?<value>:\w+)\)$")]
        private static partial Regex BeginsWith();

        [GeneratedRegex(@"^(?<path>\S+) BETWEEN (?<low>:\w+) AND (?<high>:\w+)$")]
        private static partial Regex Between();

        // A comma inside parentheses belongs to a function.
        [GeneratedRegex(@",(?![^()]*\))")]
        private static partial Regex Commas();
    }
}
