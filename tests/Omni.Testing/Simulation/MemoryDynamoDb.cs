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
/// DynamoDB's tables in memory, as far as a sender uses them: conditional writes and consistent reads. They take the place of a server
/// where hundreds of sends a second, or hours of them, are played; what their conditions mean is held against the real one's answers by a
/// test.
/// </summary>
public sealed partial class MemoryTables
{
    private readonly Dictionary<(string Table, string Pk, string Sk), Item> _items = [];
    private readonly Lock _lock = new();
    private readonly Dictionary<string, int> _calls = [];

    /// <summary>How often each kind of call was made.</summary>
    public IReadOnlyDictionary<string, int> Calls => _calls;

    /// <summary>Reads an item without a call.</summary>
    public Item? Peek(string table, string pk, string sk)
    {
        lock (_lock) return _items.GetValueOrDefault((table, pk, sk));
    }

    /// <summary>Makes a call.</summary>
    public AmazonWebServiceResponse Answer(AmazonWebServiceRequest request)
    {
        lock (_lock)
        {
            _calls[request.GetType().Name] = _calls.GetValueOrDefault(request.GetType().Name) + 1;
            return request switch
            {
                GetItemRequest get => new GetItemResponse { Item = _items.GetValueOrDefault(KeyOf(get.TableName, get.Key)) },
                PutItemRequest put => Put(put),
                UpdateItemRequest update => new UpdateItemResponse { Attributes = Update(update) },
                QueryRequest { IndexName: null } query => new QueryResponse
                {
                    Items = [.. _items.Where(i => i.Key.Table == query.TableName && i.Key.Pk == query.ExpressionAttributeValues[":pk"].S)
                        .Select(i => i.Value)],
                },
                QueryRequest => new QueryResponse { Items = [] },
                BatchGetItemRequest batch => new BatchGetItemResponse
                {
                    Responses = batch.RequestItems.ToDictionary(
                        t => t.Key, t => t.Value.Keys.Select(key => _items.GetValueOrDefault(KeyOf(t.Key, key))).OfType<Item>().ToList()),
                },
                _ => throw new NotSupportedException(request.GetType().Name),
            };
        }
    }

    private static (string, string, string) KeyOf(string table, Item item) => (table, item["pk"].S, item.GetValueOrDefault("sk")?.S ?? "");

    private PutItemResponse Put(PutItemRequest request)
    {
        var key = KeyOf(request.TableName, request.Item);
        if (request.ConditionExpression is not null && _items.GetValueOrDefault(key) is { } there)
        {
            throw new ConditionalCheckFailedException("The conditional request failed") { Item = there };
        }

        _items[key] = request.Item;
        return new();
    }

    private Item Update(UpdateItemRequest request)
    {
        var key = KeyOf(request.TableName, request.Key);
        return _items[key] = After(request, _items.GetValueOrDefault(key));
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

    /// <summary>The expressions that Omni's stores write: comparisons joined by AND, with one level of OR, and assignments.</summary>
    private sealed partial class Expressions(Dictionary<string, string> names, Dictionary<string, AttributeValue> values, Item item)
    {
        public bool Holds(string condition) =>
            condition.Split(" AND ").All(part => part.StartsWith('(') ? part[1..^1].Split(" OR ").Any(HoldsOne) : HoldsOne(part));

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
            if (a is null || (a.N is null) != (b.N is null)) return false; // unlike types never compare

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
                if (here?.GetValueOrDefault(names[steps[i]]) is not { } found) return null;
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

        [GeneratedRegex(@"^(?<name>attribute_exists|attribute_not_exists|size)\((?<path>[^)]*)\)( (?<op>\S+) (?<value>:\d+))?$")]
        private static partial Regex Function();

        [GeneratedRegex(@"^if_not_exists\((?<path>[^,]*), (?<value>:\d+)\)$")]
        private static partial Regex Otherwise();

        // A comma inside parentheses belongs to a function.
        [GeneratedRegex(@",(?![^()]*\))")]
        private static partial Regex Commas();
    }
}
