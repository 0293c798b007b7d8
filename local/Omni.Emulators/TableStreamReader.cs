using System.Globalization;
using System.Net;
using System.Text;
using System.Text.Json.Nodes;

namespace Omni.Emulators;

/// <summary>A place in a table's stream: behind a record, or at the start of a shard.</summary>
/// <param name="ShardId">The shard.</param>
/// <param name="After">The sequence number of the last record that was read; null is the start (TRIM_HORIZON).</param>
public sealed record StreamPosition(string ShardId, string? After = null);

/// <summary>Records in order, shaped as Lambda hands them to a function.</summary>
/// <param name="Records">One or more elements of the event's <c>Records</c>.</param>
/// <param name="Next">Where to read on. To repeat from a record, read behind the one before it.</param>
public sealed record StreamBatch(IReadOnlyList<JsonObject> Records, StreamPosition Next);

/// <summary>
/// Reads the stream of one table of DynamoDB Local, as the event source mapping does in AWS. It keeps no checkpoint: the caller
/// says where to read and remembers how far it got. For one caller at a time.
/// </summary>
/// <param name="endpoint">Where DynamoDB listens.</param>
/// <param name="accessKey">The access key whose table it is.</param>
/// <param name="table">The table's name.</param>
/// <param name="clock">The time.</param>
public sealed class TableStreamReader(Uri endpoint, string accessKey, string table, TimeProvider clock) : IDisposable
{
    private const int PollsUntilIdle = 50;

    private readonly HttpClient _http = new() { BaseAddress = endpoint };
    private string? _streamArn;
    private (StreamPosition Position, string Iterator)? _open;

    /// <summary>The time between two looks while records keep coming.</summary>
    public TimeSpan BusyInterval { get; init; } = TimeSpan.FromMilliseconds(20);

    /// <summary>The time between two looks when none has come for a while.</summary>
    public TimeSpan IdleInterval { get; init; } = TimeSpan.FromMilliseconds(100);

    /// <summary>The start of the stream: its oldest record.</summary>
    /// <param name="cancellation">Gives up.</param>
    public async Task<StreamPosition> StartAsync(CancellationToken cancellation = default)
    {
        var shards = await ShardsAsync(cancellation).ConfigureAwait(false);
        return new((string)shards[0]!["ShardId"]!);
    }

    /// <summary>Waits for at least one record behind a position.</summary>
    /// <param name="position">Where to read.</param>
    /// <param name="max">The largest batch, up to 1000.</param>
    /// <param name="cancellation">Gives up waiting.</param>
    public async Task<StreamBatch> ReadAsync(StreamPosition position, int max, CancellationToken cancellation = default)
    {
        for (var emptyPolls = 0; ; emptyPolls++)
        {
            var iterator = _open is { } open && open.Position == position
                ? open.Iterator
                : await IteratorAsync(position, cancellation).ConfigureAwait(false);
            var answer = await CallAsync(
                "GetRecords", new() { ["ShardIterator"] = iterator, ["Limit"] = max }, cancellation).ConfigureAwait(false);

            var answered = answer["Records"]!.AsArray();
            JsonObject[] records = [.. answered.Select(record => AsLambdaRecord(record!.AsObject()))];
            answered.Clear(); // from now on they belong to the caller
            if (records.Length > 0) position = position with { After = (string)records[^1]["dynamodb"]!["SequenceNumber"]! };

            // Before the first record the emulator's iterator points to a place that it calls trimmed once that record is there:
            // ask for a new one each time.
            var next = (string?)answer["NextShardIterator"];
            _open = next is not null && position.After is not null ? (position, next) : null;
            if (records.Length > 0) return new(records, position);

            // A shard without a next iterator is closed and read to its end.
            if (next is null && await ChildAsync(position.ShardId, cancellation).ConfigureAwait(false) is { } child) position = new(child);
            else await Task.Delay(emptyPolls < PollsUntilIdle ? BusyInterval : IdleInterval, clock, cancellation).ConfigureAwait(false);
        }
    }

    /// <inheritdoc/>
    public void Dispose() => _http.Dispose();

    private async Task<string> IteratorAsync(StreamPosition position, CancellationToken cancellation)
    {
        var request = new JsonObject
        {
            ["StreamArn"] = await StreamArnAsync(cancellation).ConfigureAwait(false), ["ShardId"] = position.ShardId
        };
        request["ShardIteratorType"] = position.After is null ? "TRIM_HORIZON" : "AFTER_SEQUENCE_NUMBER";
        if (position.After is not null) request["SequenceNumber"] = position.After;

        return (string)(await CallAsync("GetShardIterator", request, cancellation).ConfigureAwait(false))["ShardIterator"]!;
    }

    private async Task<string?> ChildAsync(string shardId, CancellationToken cancellation)
    {
        var shards = await ShardsAsync(cancellation).ConfigureAwait(false);
        return (string?)shards.FirstOrDefault(shard => (string?)shard!["ParentShardId"] == shardId)?["ShardId"];
    }

    private async Task<JsonArray> ShardsAsync(CancellationToken cancellation)
    {
        var arn = await StreamArnAsync(cancellation).ConfigureAwait(false);
        return (await CallAsync(
            "DescribeStream",
            new() { ["StreamArn"] = arn },
            cancellation).ConfigureAwait(false))["StreamDescription"]!["Shards"]!.AsArray();
    }

    private async Task<string> StreamArnAsync(CancellationToken cancellation)
    {
        if (_streamArn is not null) return _streamArn;

        var streams = (await CallAsync(
            "ListStreams", new() { ["TableName"] = table }, cancellation).ConfigureAwait(false))["Streams"]!.AsArray();
        return _streamArn = (string?)streams.LastOrDefault()?["StreamArn"]
            ?? throw new EmulatorException($"The table {table} has no stream.");
    }

    // What GetRecords answers has every field but the stream's ARN: https://docs.aws.amazon.com/lambda/latest/dg/with-ddb.html
    private JsonObject AsLambdaRecord(JsonObject record)
    {
        record["eventSourceARN"] = _streamArn;
        record["awsRegion"] = LocalEmulators.Region;
        return record;
    }

    // The AWS SDK has its Streams client in a package of its own; four operations do not need it. DynamoDB Local looks at the
    // access key, to find the database, and checks no signature.
    private async Task<JsonObject> CallAsync(string operation, JsonObject body, CancellationToken cancellation)
    {
        var time = clock.GetUtcNow().ToString("yyyyMMdd'T'HHmmss'Z'", CultureInfo.InvariantCulture);
        using var request = new HttpRequestMessage(HttpMethod.Post, "/")
        {
            Content = new StringContent(body.ToJsonString(), Encoding.UTF8, "application/x-amz-json-1.0")
        };
        request.Headers.TryAddWithoutValidation("X-Amz-Target", "DynamoDBStreams_20120810." + operation);
        request.Headers.TryAddWithoutValidation("X-Amz-Date", time);
        request.Headers.TryAddWithoutValidation("Authorization",
            $"AWS4-HMAC-SHA256 Credential={accessKey}/{time[..8]}/{LocalEmulators.Region}/dynamodb/aws4_request, "
                + "SignedHeaders=host;x-amz-date;x-amz-target, Signature=0");

        using var response = await _http.SendAsync(request, cancellation).ConfigureAwait(false);
        var answer = await response.Content.ReadAsStringAsync(cancellation).ConfigureAwait(false);
        if (response.StatusCode is not HttpStatusCode.OK)
            throw new HttpRequestException($"{operation}: {answer}", inner: null, response.StatusCode);

        return JsonNode.Parse(answer)!.AsObject();
    }
}
