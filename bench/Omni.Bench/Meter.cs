using System.Collections.Concurrent;
using System.Text;
using System.Text.Json.Nodes;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Logging;

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

    public Reading Since(Reading before) => new(
        Requests.ToDictionary(r => r.Key, r => r.Value - before.Requests.GetValueOrDefault(r.Key)),
        WriteUnits.ToDictionary(u => u.Key, u => u.Value - before.WriteUnits.GetValueOrDefault(u.Key)),
        ReadUnits.ToDictionary(u => u.Key, u => u.Value - before.ReadUnits.GetValueOrDefault(u.Key)));
}

/// <summary>
/// Stands between the functions and the emulators, passes every request on and counts it. DynamoDB is asked to say what each request
/// consumed; a condition that did not hold consumes the write of the item that stood there and is not told, so its size is counted here:
/// https://docs.aws.amazon.com/amazondynamodb/latest/developerguide/read-write-operations.html
/// </summary>
internal sealed class Meter : IAsyncDisposable
{
    private readonly HttpClient _http = new(new SocketsHttpHandler { AllowAutoRedirect = false });
    private readonly ConcurrentDictionary<string, int> _requests = new();
    private readonly ConcurrentDictionary<string, double> _writes = new();
    private readonly ConcurrentDictionary<string, double> _reads = new();
    private readonly ConcurrentDictionary<Uri, WebApplication> _doors = new();

    public Reading Read() => new(_requests.ToDictionary(), _writes.ToDictionary(), _reads.ToDictionary());

    /// <summary>A door to an emulator that is counted.</summary>
    public Uri Before(Uri emulator) => new(_doors.GetOrAdd(emulator, Open).Urls.First());

    public async ValueTask DisposeAsync()
    {
        foreach (var door in _doors.Values) await door.DisposeAsync();
        _http.Dispose();
    }

    private WebApplication Open(Uri emulator)
    {
        var builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        builder.WebHost.UseUrls("http://127.0.0.1:0");
        builder.WebHost.ConfigureKestrel(kestrel => kestrel.Limits.MaxRequestBodySize = null);
        var door = builder.Build();
        door.Run(context => PassAsync(context, emulator));
        door.StartAsync().GetAwaiter().GetResult();
        return door;
    }

    private async Task PassAsync(HttpContext context, Uri emulator)
    {
        using var body = new MemoryStream();
        await context.Request.Body.CopyToAsync(body);
        var sent = body.ToArray();
        var (service, operation) = context.Request.Headers["X-Amz-Target"].ToString().Split('.') is [var target, var name]
            ? (target.StartsWith("DynamoDB", StringComparison.Ordinal)
                ? "DynamoDB"
                : target.Replace("Amazon", "", StringComparison.Ordinal), name)
            : ("S3", context.Request.Method);
        if (service == "DynamoDB") sent = Ask(sent);

        using var request = new HttpRequestMessage(
            new(context.Request.Method), new Uri(emulator, context.Request.Path + context.Request.QueryString));
        request.Content = new ByteArrayContent(sent);
        foreach (var (header, values) in context.Request.Headers)
        {
            if (header is "Content-Length" or "Host" or "Transfer-Encoding") continue;
            if (!request.Headers.TryAddWithoutValidation(header, values.AsEnumerable()))
                request.Content.Headers.TryAddWithoutValidation(header, values.AsEnumerable());
        }

        using var response = await _http.SendAsync(request, context.RequestAborted);
        var answer = await response.Content.ReadAsByteArrayAsync(context.RequestAborted);
        Count(service, operation, sent, answer);
        context.Response.StatusCode = (int)response.StatusCode;
        foreach (var (header, values) in response.Headers.Concat(response.Content.Headers))
        {
            if (header is not ("Transfer-Encoding" or "Connection")) context.Response.Headers[header] = values.ToArray();
        }

        await context.Response.Body.WriteAsync(answer, context.RequestAborted);
    }

    private static byte[] Ask(byte[] body)
    {
        var request = JsonNode.Parse(body)!.AsObject();
        request["ReturnConsumedCapacity"] = "INDEXES";
        return Encoding.UTF8.GetBytes(request.ToJsonString());
    }

    private void Count(string service, string operation, byte[] sent, byte[] answer)
    {
        var kind = "";
        if (service == "SQS")
        {
            var queue = (string?)JsonNode.Parse(sent)?["QueueUrl"] ?? "";
            kind = queue.EndsWith(".fifo", StringComparison.Ordinal) ? " fifo" : " standard";
            // Lambda's polling of an idle queue belongs to no message.
            if (operation == "ReceiveMessage" && JsonNode.Parse(answer)?["Messages"] is not JsonArray { Count: > 0 }) return;
        }

        _requests.AddOrUpdate($"{service}.{operation}{kind}", 1, (_, count) => count + 1);
        if (service == "DynamoDB") CountUnits(operation, JsonNode.Parse(sent)!, JsonNode.Parse(answer));
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
