using System.Text.Json;
using Amazon.Lambda.Core;
using Amazon.Lambda.DynamoDBEvents;
using Microsoft.Extensions.Logging;
using Omni.Aws;
using Omni.Shared;

namespace Omni.Dispatcher;

/// <summary>
/// Turns what the table of messages asks for into records of the carriers' queues. A record that cannot be read, or that its queue refuses
/// for what it is, goes to the function's own dead-letter queue and the batch goes on;
/// only a fault of the infrastructure hands the batch back.
/// </summary>
public sealed class Function
{
    private readonly SqsQueues _queues;
    private readonly Settings _settings;
    private readonly IReadOnlyList<Carrier> _carriers;
    private readonly string _deadLetters;
    private readonly ILogger _log;

    /// <summary>The function over its settings.</summary>
    /// <param name="settings">The settings.</param>
    public Function(Settings settings) : this(settings, new AwsClients(settings).Queues, JsonLogger.Console) { }

    internal Function(Settings settings, SqsQueues queues, ILogger log)
    {
        (_settings, _queues, _log) = (settings, queues, log);
        _carriers = settings.Carriers();
        _deadLetters = settings.Require([
            SettingNames.DispatcherDeadLetters,
            .. _carriers.SelectMany(c => new[] { SettingNames.OutboundQueue(c), SettingNames.BulkQueue(c) })
        ])[0];
    }

    /// <summary>Handles a batch of the stream.</summary>
    /// <param name="batch">The event.</param>
    /// <param name="context">Not needed.</param>
    public async Task<StreamsEventResponse> HandleAsync(DynamoDBEvent batch, ILambdaContext context)
    {
        var records = batch.Records ?? [];
        var (work, unreadable) = Read(records);
        var queues = work.GroupBy(w => _settings.Require(
            w.Dispatch.IsBulk ? SettingNames.BulkQueue(w.Dispatch.Carrier) : SettingNames.OutboundQueue(w.Dispatch.Carrier))[0]);
        var results = await Task.WhenAll(
            queues.Select(queue => EnqueueAsync(queue.Key, [.. queue.OrderBy(w => w.Dispatch.CreatedAt)]))).ConfigureAwait(false);

        // The stream goes on from the first record that is reported: what is enqueued already meets its deduplication id then, and what is
        // to be set aside behind it is read once more.
        var first = results.Min(r => r.Missing) ?? records.Count;
        SetAside[] aside =
            [.. unreadable.Concat(results.SelectMany(r => r.Refused)).Where(a => a.Position < first).OrderBy(a => a.Position)];
        if (!await PutAsideAsync(records, aside).ConfigureAwait(false)) first = aside[0].Position;

        return first == records.Count
            ? new StreamsEventResponse()
            : new()
            {
                BatchItemFailures = [new StreamsEventResponse.BatchItemFailure { ItemIdentifier = records[first].Dynamodb.SequenceNumber }]
            };
    }

    private (List<Work> Work, List<SetAside> Unreadable) Read(IList<DynamoDBEvent.DynamodbStreamRecord> records)
    {
        var work = new List<Work>();
        var unreadable = new List<SetAside>();
        foreach (var (position, record) in records.Index())
        {
            if (record.EventName == "REMOVE") continue;

            try
            {
                work.AddRange(
                    Dispatch.Of(StreamImage.ToItem(record.Dynamodb.OldImage), StreamImage.ToItem(record.Dynamodb.NewImage), _carriers)
                        .Select(dispatch => new Work(position, dispatch)));
            }
            catch (Exception problem) when (problem is not OutOfMemoryException)
            {
                // Reading calls nobody: whatever goes wrong is the record's fault.
                unreadable.Add(new(position, problem is FormatException ? problem.Message : problem.GetType().Name));
            }
        }

        return (work, unreadable);
    }

    /// <returns>The position of the first record that the queue may not have, and what it refuses for good.</returns>
    private async Task<(int? Missing, List<SetAside> Refused)> EnqueueAsync(string queueUrl, List<Work> work)
    {
        var refused = new List<SetAside>();
        while (work.Count > 0)
        {
            try
            {
                await _queues.SendAsync(queueUrl, [.. work.Select(w => w.Dispatch.Entry)]).ConfigureAwait(false);
                break;
            }
            catch (QueueRefusedException refusal) when (refusal.Entry is not null)
            {
                var index = work.FindIndex(w => w.Dispatch.Entry == refusal.Entry);
                refused.Add(new(work[index].Position, refusal.Message));
                work.RemoveAt(index);
            }
            catch (Exception fault) when (fault is not OutOfMemoryException)
            {
                Log.NotEnqueued(_log, fault, work.Count);
                return (work.Min(w => w.Position), refused);
            }
        }

        return (null, refused);
    }

    private async Task<bool> PutAsideAsync(IList<DynamoDBEvent.DynamodbStreamRecord> records, SetAside[] aside)
    {
        foreach (var (position, problem) in aside) Log.SetAside(_log, records[position].Dynamodb.SequenceNumber, problem);

        try
        {
            await _queues.SendAsync(
                _deadLetters, [.. aside.Select(a => new QueueEntry(DeadLetter(records[a.Position], a.Problem)))]).ConfigureAwait(false);
            return true;
        }
        catch (Exception fault) when (fault is not OutOfMemoryException)
        {
            Log.NotEnqueued(_log, fault, aside.Length);
            return false;
        }
    }

    // Names what is at fault; the item itself is in the table.
    private static string DeadLetter(DynamoDBEvent.DynamodbStreamRecord record, string problem)
    {
        using var buffer = new MemoryStream();
        using (var json = new Utf8JsonWriter(buffer))
        {
            json.WriteStartObject();
            json.WriteString("messageId", record.Dynamodb.Keys?.GetValueOrDefault("pk")?.S);
            json.WriteString("sequenceNumber", record.Dynamodb.SequenceNumber);
            json.WriteString("problem", problem);
            json.WriteEndObject();
        }

        return System.Text.Encoding.UTF8.GetString(buffer.ToArray());
    }

    /// <summary>What a record of the batch asks for.</summary>
    private sealed record Work(int Position, Dispatch Dispatch);

    /// <summary>A record of the batch that nothing can be done with.</summary>
    private sealed record SetAside(int Position, string Problem);
}
