using System.Net;
using System.Text;
using Amazon.DynamoDBv2;
using Amazon.DynamoDBv2.Model;
using Amazon.Runtime;
using Moq;
using Omni.Testing.Simulation;
using Item = System.Collections.Generic.Dictionary<string, Amazon.DynamoDBv2.Model.AttributeValue>;

namespace Omni.Api.Tests;

/// <summary>The tables at the client seam: just the calls that the API makes, and a count of them.</summary>
internal sealed class FakeTables
{
    private readonly Dictionary<(string Table, string Pk, string Sk), Item> _items = [];
    private readonly List<string> _calls = [];
    private const string LookAtSender = "GetItem sender";

    private readonly MemoryTables _played = new();
    private readonly Mock<IAmazonDynamoDB> _client = new(MockBehavior.Strict);

    public FakeTables()
    {
        _client.Setup(c => c.GetItemAsync(It.IsAny<GetItemRequest>(), It.IsAny<CancellationToken>()))
            .Returns((GetItemRequest r, CancellationToken _) => Answer(
                r.Key["pk"].S.StartsWith("sender#", StringComparison.Ordinal) ? LookAtSender : "GetItem",
                () => IsPlayed(r.Key["pk"])
                    ? (GetItemResponse)_played.Answer(r)
                    : new GetItemResponse { Item = Find(r.TableName, r.Key) }));
        _client.Setup(c => c.PutItemAsync(It.IsAny<PutItemRequest>(), It.IsAny<CancellationToken>()))
            .Returns((PutItemRequest r, CancellationToken _) => Answer(
                "PutItem", () => IsPlayed(r.Item["pk"]) ? (PutItemResponse)_played.Answer(r) : Put(r)));
        _client.Setup(c => c.UpdateItemAsync(It.IsAny<UpdateItemRequest>(), It.IsAny<CancellationToken>()))
            .Returns((UpdateItemRequest r, CancellationToken _) => Answer(
                "UpdateItem", () => new UpdateItemResponse { Attributes = Update(r) }));
        _client.Setup(c => c.TransactWriteItemsAsync(It.IsAny<TransactWriteItemsRequest>(), It.IsAny<CancellationToken>()))
            .Returns((TransactWriteItemsRequest r, CancellationToken _) => Answer("TransactWriteItems", () => Write(r)));
        _client.Setup(c => c.BatchGetItemAsync(It.IsAny<BatchGetItemRequest>(), It.IsAny<CancellationToken>()))
            .Returns((BatchGetItemRequest r, CancellationToken _) => Answer("BatchGetItem", () => BatchGet(r)));
        _client.Setup(c => c.QueryAsync(It.IsAny<QueryRequest>(), It.IsAny<CancellationToken>()))
            .Returns((QueryRequest r, CancellationToken _) => Answer("Query", () => Query(r)));
    }

    public IAmazonDynamoDB Client => _client.Object;

    /// <summary>How often a sender was looked at: not among <see cref="Calls"/>, for it is not each call's.</summary>
    public int SenderLooks { get; private set; }

    /// <summary>The calls since the last <see cref="Forget"/>.</summary>
    public IReadOnlyList<string> Calls => _calls;

    /// <summary>The conditional writes of items that are there.</summary>
    public List<UpdateItemRequest> Updates { get; } = [];

    /// <summary>What happens before a call is answered; may throw.</summary>
    public Action<string> Before { get; set; } = _ => { };

    public IReadOnlyList<Item> Items(string table)
    {
        lock (_items) return [.. _items.Where(i => i.Key.Table == table).Select(i => i.Value)];
    }

    public void Forget() => _calls.Clear();

    /// <summary>Deletes what has expired, as the service does sooner or later.</summary>
    public void Expire(DateTimeOffset now) => _played.Expire(now);

    public void Store(string table, Item item)
    {
        lock (_items) _items[(table, item["pk"].S, item.GetValueOrDefault("sk")?.S ?? "")] = item;
    }

    /// <summary>What stands among the items that are played.</summary>
    public IReadOnlyList<Item> Played(string table) => _played.Items(table);

    private Item Update(UpdateItemRequest request)
    {
        if (IsPlayed(request.Key["pk"])) return ((UpdateItemResponse)_played.Answer(request)).Attributes;

        Updates.Add(request);
        var after = MemoryTables.After(request, Find(request.TableName, request.Key));
        Store(request.TableName, after);
        return after;
    }

    private BatchGetItemResponse BatchGet(BatchGetItemRequest request) =>
        request.RequestItems.Values.SelectMany(wanted => wanted.Keys).All(key => IsPlayed(key["pk"]))
            ? (BatchGetItemResponse)_played.Answer(request)
            : new()
            {
                Responses = request.RequestItems.ToDictionary(
                    t => t.Key, t => t.Value.Keys.Select(key => Find(t.Key, key)).OfType<Item>().ToList()),
            };

    // What is written on conditions, or together, is played as the service does it.
    private static bool IsPlayed(AttributeValue pk) =>
        pk.S.Split('#')[0] is "days" or "tenants" or "key" or "keys" or "sender" or "senders" or "batches" or "routes" or "person"
        || pk.S.StartsWith("bat_", StringComparison.Ordinal);

    /// <summary>As the real tables, which refuse a key that is empty or too long, and say so as our mistake.</summary>
    private static void CheckKeys(params IEnumerable<AttributeValue?> keys)
    {
        if (keys.Any(key => key is { S: "" } || Encoding.UTF8.GetByteCount(key?.S ?? "") > 2048))
        {
            throw new AmazonDynamoDBException(
                "One or more parameter values are not valid", ErrorType.Sender, "ValidationException", "r", HttpStatusCode.BadRequest);
        }
    }

    private Task<T> Answer<T>(string call, Func<T> answer)
    {
        lock (_items)
        {
            if (call == LookAtSender) SenderLooks++;
            else _calls.Add(call);
            try
            {
                Before(call);
                return Task.FromResult(answer());
            }
            catch (Exception refusal)
            {
                return Task.FromException<T>(refusal);
            }
        }
    }

    private Item? Find(string table, Item key)
    {
        CheckKeys(key["pk"], key.GetValueOrDefault("sk"));
        return _items.GetValueOrDefault((table, key["pk"].S, key.GetValueOrDefault("sk")?.S ?? ""));
    }

    private PutItemResponse Put(PutItemRequest request)
    {
        if (request.ConditionExpression is not null && Find(request.TableName, request.Item) is { } there)
        {
            throw new ConditionalCheckFailedException("The conditional request failed") { Item = there };
        }

        CheckKeys(
            request.Item["pk"],
            request.Item.GetValueOrDefault("lp"),
            request.Item.GetValueOrDefault("cv"),
            request.Item.GetValueOrDefault("lk"),
            request.Item.GetValueOrDefault("dp"));
        Store(request.TableName, request.Item);
        return new();
    }

    private TransactWriteItemsResponse Write(TransactWriteItemsRequest request)
    {
        if (request.TransactItems.All(
            item => IsPlayed((item.Put?.Item ?? item.Update?.Key ?? item.Delete?.Key ?? item.ConditionCheck.Key)["pk"])))
        {
            return (TransactWriteItemsResponse)_played.Answer(request);
        }

        var reasons = request.TransactItems.Select(item => MemoryTables.ReasonAgainst(item, Find)).ToList();
        if (reasons.Any(reason => reason.Code != "None"))
            throw new TransactionCanceledException("Transaction cancelled") { CancellationReasons = reasons };

        foreach (var item in request.TransactItems)
        {
            if (item.Put is { } put) Put(new() { TableName = put.TableName, Item = put.Item });
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

    private QueryResponse Query(QueryRequest request)
    {
        var values = request.ExpressionAttributeValues;
        CheckKeys(values.GetValueOrDefault(":pk"), values.GetValueOrDefault(":k"));
        var rows = _items.Where(i => i.Key.Table == request.TableName).Select(i => i.Value);
        if (request.IndexName is null)
        {
            if (IsPlayed(values[":pk"])) return (QueryResponse)_played.Answer(request);

            var prefix = values.GetValueOrDefault(":prefix")?.S ?? "";
            var matches = rows.Where(i => i["pk"].S == values[":pk"].S && i["sk"].S.StartsWith(prefix, StringComparison.Ordinal));
            if (values.TryGetValue(":from", out var first))
            {
                var last = values.GetValueOrDefault(":to")?.S;
                matches = matches
                    .Where(i => string.CompareOrdinal(i["sk"].S, first.S) >= (last is null ? 1 : 0)
                        && (last is null || string.CompareOrdinal(i["sk"].S, last) <= 0))
                    .OrderBy(i => i["sk"].S, StringComparer.Ordinal);
            }

            Item[] found = [.. matches.Take(request.Limit ?? int.MaxValue)];
            return new() { Items = [.. found], LastEvaluatedKey = found.Length == request.Limit ? found[^1] : null };
        }

        if (IsPlayed(values[":k"])) return (QueryResponse)_played.Answer(request);

        var (low, high) = (long.Parse(values[":a"].N), long.Parse(values[":b"].N));
        if (low > high)
            throw new AmazonDynamoDBException("The BETWEEN operator requires upper bound to be greater than or equal to lower bound");

        // Messages of one millisecond in an order that is not the API's.
        var (key, time) = (request.ExpressionAttributeNames["#k"], request.ExpressionAttributeNames["#c"]);
        var matching = rows
            .Where(i => i.GetValueOrDefault(key)?.S == values[":k"].S && long.Parse(i[time].N) >= low && long.Parse(i[time].N) <= high)
            .OrderByDescending(i => long.Parse(i[time].N)).ThenBy(i => i["pk"].S, StringComparer.Ordinal)
            .ToList();
        var start = request.ExclusiveStartKey is { Count: > 0 } from ? matching.FindIndex(i => i["pk"].S == from["pk"].S) + 1 : 0;
        var page = matching.Skip(start).Take(request.Limit ?? int.MaxValue).ToList();
        return new() { Items = page, LastEvaluatedKey = start + page.Count < matching.Count ? page[^1] : null };
    }
}
