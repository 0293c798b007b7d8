using System.Collections.Concurrent;
using Amazon.DynamoDBv2.Model;
using Amazon.Lambda.Core;
using Amazon.Lambda.DynamoDBEvents;
using Microsoft.Extensions.Logging;
using Omni.Aws;
using Omni.Shared;

namespace Omni.EventRecorder;

/// <summary>
/// Follows the stream of messages: counts what becomes of those of batches, and appends what clients are told of to the log. It alone does;
/// after an append it wakes who reads the log for clients' endpoints. Where clients are told of nothing, it only counts.
/// </summary>
public sealed class Function
{
    /// <summary>How many events are remembered of batches that were handed back.</summary>
    private const int MaxAppended = 10_000;

    private readonly BatchStatuses _statuses;
    private readonly EventLog? _events;
    private readonly IEndpointWakes? _wakes;
    private readonly SqsQueues _queues;
    private readonly string _deadLetters;
    private readonly ILogger _log;

    // What stands in the log already of batches that were handed back: when they come again, most often to this process, nothing repeats.
    private readonly ConcurrentDictionary<string, byte> _appended = new(StringComparer.Ordinal);

    /// <summary>The function over its settings.</summary>
    /// <param name="settings">The settings.</param>
    public Function(Settings settings)
        : this(
            settings.Require(
            [
                SettingNames.RecorderDeadLetters, SettingNames.MessagesTable,
                .. settings.KeepsEvents()
                    ? [SettingNames.EventsTable, SettingNames.ControlTable, SettingNames.NotifyQueue]
                    : Array.Empty<string>(),
            ])[0],
            new AwsClients(settings),
            settings.KeepsEvents())
    {
    }

    internal Function(
        BatchStatuses statuses, EventLog? events, IEndpointWakes? wakes, SqsQueues queues, string deadLetters, ILogger log) =>
        (_statuses, _events, _wakes, _queues, _deadLetters, _log) = (statuses, events, wakes, queues, deadLetters, log);

    private Function(string deadLetters, AwsClients aws, bool keepsEvents)
        : this(
            aws.BatchStatuses,
            keepsEvents ? aws.Events : null,
            keepsEvents ? aws.Wakes : null,
            aws.Queues,
            deadLetters,
            JsonLogger.Console)
    {
    }

    /// <summary>Handles a batch of the stream.</summary>
    /// <param name="batch">The event.</param>
    /// <param name="context">Not needed.</param>
    public async Task<StreamsEventResponse> HandleAsync(DynamoDBEvent batch, ILambdaContext context)
    {
        var records = new StreamRecords(batch, _queues, _deadLetters, _log);
        var work = records.Read((before, after) => (Meaning[])[MeaningOf(before, after)]);
        var counting = Task.WhenAll(
            work.Where(w => w.Work.Mark is not null)
                .GroupBy(w => (w.Work.Mark!.Place.Id, Chunk: w.Work.Mark.Place.Index / Batch.ChunkSize))
                .Select(item => CountAsync([.. item.Select(w => (w.Position, w.Work.Mark!))])));
        var lanes = work.SelectMany(w => w.Work.Events.Select(e => (w.Position, Work: e)))
            .Where(e => !_appended.ContainsKey(e.Work.Id))
            .GroupBy(e => (e.Work.Tenant, Lane: EventLanes.Of(e.Work)));
        var results = await Task.WhenAll(lanes.Select(async lane =>
        {
            (int Position, ClientEvent Event)[] events = [.. lane];
            var isAppended = await AppendAsync(lane.Key.Tenant, lane.Key.Lane, [.. events.Select(e => e.Event)]).ConfigureAwait(false);
            return (isAppended, events);
        })).ConfigureAwait(false);

        var missing = results.Where(lane => !lane.isAppended).Select(lane => (int?)lane.events[0].Position)
            .Concat(await counting.ConfigureAwait(false)).Min();
        if (missing is { } first)
            Remember(results.Where(lane => lane.isAppended).SelectMany(lane => lane.events).Where(e => e.Position >= first));
        return await records.EndAsync(missing, refused: []).ConfigureAwait(false);
    }

    private Meaning MeaningOf(
        IReadOnlyDictionary<string, AttributeValue> before, Dictionary<string, AttributeValue> after) =>
        new(_events is null ? [] : [.. Change.EventsOf(before, after)], Change.MarkOf(before, after));

    /// <summary>Counts what became of messages of one status item.</summary>
    /// <returns>The position of the first of them when they could not be counted.</returns>
    private async Task<int?> CountAsync((int Position, Mark Mark)[] marks)
    {
        var place = marks[0].Mark.Place;
        try
        {
            await _statuses.SetAsync(
                place.Id,
                place.Total,
                marks.GroupBy(m => m.Mark.Place.Index).ToDictionary(m => m.Key, m => m.Max(one => one.Mark.Status)))
                .ConfigureAwait(false);
            return null;
        }
        catch (Exception fault) when (fault is not OutOfMemoryException)
        {
            Log.NotCounted(_log, fault, place.Id, marks.Length);
            return marks[0].Position;
        }
    }

    private async Task<bool> AppendAsync(string tenant, int lane, IReadOnlyList<ClientEvent> events)
    {
        try
        {
            foreach (var segment in await _events!.AppendAsync(tenant, lane, events).ConfigureAwait(false))
                await TryWakeAsync(tenant, lane, segment).ConfigureAwait(false);
            return true;
        }
        catch (Exception fault) when (fault is not OutOfMemoryException)
        {
            Log.NotAppended(_log, fault, events.Count);
            return false;
        }
    }

    private async Task TryWakeAsync(string tenant, int lane, EventSegment segment)
    {
        try
        {
            await _wakes!.WakeAsync(tenant, lane, segment.N, segment.Events.Select(e => e.Type).ToHashSet()).ConfigureAwait(false);
        }
        catch (Exception fault) when (fault is not OutOfMemoryException)
        {
            Log.NotWoken(_log, fault, lane, segment.N);
        }
    }

    private void Remember(IEnumerable<(int Position, ClientEvent Event)> events)
    {
        if (_appended.Count >= MaxAppended) _appended.Clear();
        foreach (var (_, e) in events) _appended[e.Id] = 0;
    }
}
