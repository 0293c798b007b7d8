using System.Collections.Concurrent;
using System.Text;
using System.Text.Json.Nodes;
using Omni.Local.Account;

namespace Omni.Bench;

/// <summary>What went through the meter.</summary>
/// <param name="Requests">Requests by service and operation, a queue's kind behind it: <c>SQS.SendMessage fifo</c>.</param>
/// <param name="WriteUnits">DynamoDB write units by table, and by index: <c>omni-messages/list</c>.</param>
/// <param name="ReadUnits">DynamoDB read units by table.</param>
internal sealed record Reading(
    IReadOnlyDictionary<string, int> Requests,
    IReadOnlyDictionary<string, double> WriteUnits,
    IReadOnlyDictionary<string, double> ReadUnits)
{
    public double Writes => WriteUnits.Values.Sum();

    public double Reads => ReadUnits.Values.Sum();

    public int Count(string start, string end = "") =>
        Requests.Where(r => r.Key.StartsWith(start, StringComparison.Ordinal) && r.Key.EndsWith(end, StringComparison.Ordinal))
            .Sum(r => r.Value);

    public static Reading Nothing { get; } =
        new(new Dictionary<string, int>(), new Dictionary<string, double>(), new Dictionary<string, double>());

    public Reading With(Reading other) => new(
        Sum(Requests, other.Requests), Sum(WriteUnits, other.WriteUnits), Sum(ReadUnits, other.ReadUnits));

    public Reading Since(Reading before) => new(
        Requests.ToDictionary(r => r.Key, r => r.Value - before.Requests.GetValueOrDefault(r.Key)),
        WriteUnits.ToDictionary(u => u.Key, u => u.Value - before.WriteUnits.GetValueOrDefault(u.Key)),
        ReadUnits.ToDictionary(u => u.Key, u => u.Value - before.ReadUnits.GetValueOrDefault(u.Key)));

    private static Dictionary<string, T> Sum<T>(IReadOnlyDictionary<string, T> one, IReadOnlyDictionary<string, T> other)
        where T : struct, System.Numerics.INumber<T> => one.Keys.Union(other.Keys).ToDictionary(
            name => name, name => one.GetValueOrDefault(name) + other.GetValueOrDefault(name));
}

/// <summary>
/// Stands between the functions and the emulators and counts every request. DynamoDB is asked to say what each request
/// consumed; a condition that did not hold consumes the write of the item that stood there and is not told, so its size is counted here:
/// https://docs.aws.amazon.com/amazondynamodb/latest/developerguide/read-write-operations.html
/// </summary>
internal sealed class Meter
{
    private readonly ConcurrentDictionary<string, int> _requests = new();
    private readonly ConcurrentDictionary<string, double> _writes = new();
    private readonly ConcurrentDictionary<string, double> _reads = new();

    public Reading Read() => new(_requests.ToDictionary(), _writes.ToDictionary(), _reads.ToDictionary());

    /// <summary>Counts what is passed on.</summary>
    public AwsHandler Around(AwsHandler next) => async (call, cancellation) =>
    {
        var asked = call.Service == "dynamodb" ? call with { Body = Ask(call.Body) } : call;
        var answer = await next(asked, cancellation);
        Count(asked, answer.Body);
        return answer;
    };

    private static byte[] Ask(byte[] body)
    {
        var request = JsonNode.Parse(body)!.AsObject();
        request["ReturnConsumedCapacity"] = "INDEXES";
        return Encoding.UTF8.GetBytes(request.ToJsonString());
    }

    private void Count(AwsCall call, byte[] answer)
    {
        var name = call.Service switch
        {
            "dynamodb" => "DynamoDB." + call.Operation,
            "sqs" => "SQS." + call.Operation,
            _ => "S3." + call.Method,
        };
        if (call.Service == "sqs")
        {
            var queue = (string?)JsonNode.Parse(call.Body)?["QueueUrl"] ?? "";
            name += queue.EndsWith(".fifo", StringComparison.Ordinal) ? " fifo" : " standard";
            // Lambda's polling of an idle queue belongs to no message.
            if (call.Operation == "ReceiveMessage" && JsonNode.Parse(answer)?["Messages"] is not JsonArray { Count: > 0 }) return;
        }

        _requests.AddOrUpdate(name, 1, (_, count) => count + 1);
        if (call.Service == "dynamodb") CountUnits(call.Operation, JsonNode.Parse(call.Body)!, JsonNode.Parse(answer));
    }

    private void CountUnits(string operation, JsonNode sent, JsonNode? answer)
    {
        var isWrite = operation is "PutItem" or "UpdateItem" or "DeleteItem" or "TransactWriteItems" or "BatchWriteItem";
        var consumed = answer?["ConsumedCapacity"] switch
        {
            JsonArray many => many.SelectMany(c => Consumed(c!, isWrite)),
            JsonObject one => Consumed(one, isWrite),
            _ when answer?["__type"] is { } type && ((string)type!).Contains("ConditionalCheckFailed", StringComparison.Ordinal) =>
                [((string)sent["TableName"]!, Math.Max(1, Math.Ceiling(Size(answer["Item"]) / 1024.0)))],
            _ => [],
        };
        // A read that finds nothing is charged like one that finds little; the emulator says 0.
        var least = isWrite ? 0 : (bool?)sent["ConsistentRead"] == true ? 1 : 0.5;
        foreach (var (table, units) in consumed.Select(c => (c.Item1, Math.Max(c.Item2, least))))
            (isWrite ? _writes : _reads).AddOrUpdate(table, units, (_, sum) => sum + units);
    }

    /// <summary>What a write consumed of the table itself and of each index; what a read did, together.</summary>
    private static IEnumerable<(string Name, double Units)> Consumed(JsonNode capacity, bool isWrite)
    {
        var (table, all) = ((string)capacity["TableName"]!, (double)capacity["CapacityUnits"]!);
        var indexes = isWrite && capacity["GlobalSecondaryIndexes"] is JsonObject names
            ? names.Select(index => (Name: $"{table}/{index.Key}", Units: (double)index.Value!["CapacityUnits"]!)).ToArray()
            : [];
        return [(table, all - indexes.Sum(index => index.Units)), .. indexes];
    }

    // https://docs.aws.amazon.com/amazondynamodb/latest/developerguide/CapacityUnitCalculations.html
    private static int Size(JsonNode? item) => item?.AsObject().Sum(a => Encoding.UTF8.GetByteCount(a.Key) + ValueSize(a.Value!)) ?? 0;

    private static int ValueSize(JsonNode value)
    {
        var (type, content) = value.AsObject().Single();
        return type switch
        {
            "S" => Encoding.UTF8.GetByteCount((string)content!),
            "N" => (((string)content!).Trim('-', '.').Length + 1) / 2 + 1,
            "M" => 3 + content!.AsObject().Sum(member => 1 + Encoding.UTF8.GetByteCount(member.Key) + ValueSize(member.Value!)),
            "L" => 3 + content!.AsArray().Sum(element => 1 + ValueSize(element!)),
            "SS" => content!.AsArray().Sum(element => Encoding.UTF8.GetByteCount((string)element!)),
            _ => 1,
        };
    }
}
