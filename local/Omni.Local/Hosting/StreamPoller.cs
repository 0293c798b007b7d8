using System.Text.Json.Nodes;
using System.Threading.Channels;
using Omni.Emulators;
using Omni.Local.Deployment;
using Omni.Local.Functions;

namespace Omni.Local.Hosting;

/// <summary>
/// The event source mapping of a table's stream. The emulator's stream is one line; AWS has many shards, each in order, none in step with
/// the others. So records are dealt to lanes by their item's key, and each lane lags by its own chance: no test can rely on more than AWS
/// gives. A lane repeats from the first record that the function reports, without limit.
/// https://docs.aws.amazon.com/lambda/latest/dg/services-ddb-batchfailurereporting.html
/// </summary>
internal sealed class StreamPoller(StreamMapping mapping, TableStreamReader reader, IFunctionHost function, TextWriter log)
{
    private const int Lanes = 4;
    private const int MaxLagMilliseconds = 30;

    private readonly Channel<JsonObject>[] _lanes = [.. Enumerable.Range(0, Lanes).Select(_ => Channel.CreateBounded<JsonObject>(10_000))];
    private StreamPosition? _position;

    public StreamMapping Mapping => mapping;

    public Task RunAsync(CancellationToken cancellation) =>
        Task.WhenAll([ReadAsync(cancellation), .. _lanes.Select(lane => RunLaneAsync(lane.Reader, cancellation))]);

    /// <summary>Hands over what is in the stream now, in one batch and without a lag; answers how many records it had.</summary>
    public async Task<int> TakeAsync(TimeSpan wait, CancellationToken cancellation)
    {
        var batch = new List<JsonObject>();
        using var limit = CancellationTokenSource.CreateLinkedTokenSource(cancellation);
        limit.CancelAfter(wait);
        try
        {
            while (batch.Count < mapping.BatchSize) batch.AddRange(await NextAsync(limit.Token));
        }
        catch (OperationCanceledException) when (!cancellation.IsCancellationRequested)
        {
            // That was all.
        }

        if (batch.Count > 0) await HandleAsync(batch, cancellation);
        return batch.Count;
    }

    private async Task ReadAsync(CancellationToken cancellation)
    {
        while (!cancellation.IsCancellationRequested)
        {
            try
            {
                foreach (var record in await NextAsync(cancellation)) await _lanes[LaneOf(record)].Writer.WriteAsync(record, cancellation);
            }
            catch (OperationCanceledException) when (cancellation.IsCancellationRequested)
            {
                return;
            }
            catch (Exception fault)
            {
                await log.WriteLineAsync($"The stream of {mapping.Table} cannot be read: {fault.Message}");
                await Task.Delay(TimeSpan.FromSeconds(1), CancellationToken.None);
            }
        }
    }

    private async Task<IEnumerable<JsonObject>> NextAsync(CancellationToken cancellation)
    {
        _position ??= await reader.StartAsync(cancellation);
        var batch = await reader.ReadAsync(_position, 1000, cancellation);
        _position = batch.Next;
        return batch.Records.Where(IsWanted);
    }

    private async Task RunLaneAsync(ChannelReader<JsonObject> lane, CancellationToken cancellation)
    {
        var batch = new List<JsonObject>();
        var failures = 0;
        try
        {
            while (batch.Count > 0 || await lane.WaitToReadAsync(cancellation))
            {
                await Task.Delay(
                    Random.Shared.Next(MaxLagMilliseconds) + (failures > 0 ? Math.Min(5_000, 100 << Math.Min(failures, 6)) : 0),
                    cancellation);
                while (batch.Count < mapping.BatchSize && lane.TryRead(out var record)) batch.Add(record);
                var done = await HandleAsync(batch, cancellation);
                failures = done == 0 ? failures + 1 : 0;
                batch.RemoveRange(0, done);
            }
        }
        catch (OperationCanceledException) when (cancellation.IsCancellationRequested)
        {
            // The host stops.
        }
    }

    /// <summary>Invokes the function; answers how many records from the front are done.</summary>
    private async Task<int> HandleAsync(List<JsonObject> batch, CancellationToken cancellation)
    {
        var (e, count) = EventBatch.Of(batch);
        var result = await function.InvokeAsync(e, cancellation);
        if (result.IsError)
        {
            await log.WriteLineAsync($"{mapping.Function} failed: {result.Error}");
            return 0;
        }

        var failed = BatchResponse.Failures(result.Payload);
        var first = failed.Count == 0 ? -1 : batch.FindIndex(r => failed.Contains((string)r["dynamodb"]!["SequenceNumber"]!));
        return failed.Count == 0 ? count : Math.Max(first, 0); // an unknown identifier fails the whole batch
    }

    private static int LaneOf(JsonObject record)
    {
        var hash = 2166136261u;
        foreach (var character in (string)record["dynamodb"]!["Keys"]!["pk"]!["S"]!) hash = (hash ^ character) * 16777619u;
        return (int)(hash % Lanes);
    }

    private bool IsWanted(JsonObject record) => mapping.Filters.Count == 0 || mapping.Filters.Any(pattern => Matches(record, pattern));

    // The one form of pattern that the stack uses: nested members with lists of allowed values.
    // https://docs.aws.amazon.com/lambda/latest/dg/invocation-eventfiltering.html
    private static bool Matches(JsonNode? value, JsonNode pattern) => pattern switch
    {
        JsonObject members => value is JsonObject o && members.All(m => Matches(o[m.Key], m.Value!)),
        JsonArray allowed when allowed.All(a => a is JsonValue) => allowed.Any(a => JsonNode.DeepEquals(a, value)),
        _ => throw new NotSupportedException($"The template has a filter that the local host does not know: {pattern.ToJsonString()}."),
    };
}
