using System.Text.Json;
using Amazon.Lambda.Core;
using Amazon.Lambda.DynamoDBEvents;
using Microsoft.Extensions.Logging;
using Omni.Aws;
using Omni.Shared;

namespace Omni.Dispatcher;

/// <summary>
/// Turns what the table of messages asks for into records of the carriers' queues. A record of the stream that cannot be read goes to the function's own
/// dead-letter queue and the batch goes on; only a fault of the infrastructure hands the batch back.
/// </summary>
public sealed class Function
{
    private readonly SqsQueues _queues;
    private readonly Settings _settings;
    private readonly string _deadLetters;
    private readonly ILogger _log;

    /// <summary>The function over its settings.</summary>
    /// <param name="settings">The settings.</param>
    public Function(Settings settings) : this(settings, new AwsClients(settings).Queues, JsonLogger.Console)
    {
        settings.Require([.. CarrierCatalogue.All.Where(c => c.Available).SelectMany(c => new[] { SettingNames.OutboundQueue(c), SettingNames.BulkQueue(c) })]);
    }

    internal Function(Settings settings, SqsQueues queues, ILogger log)
    {
        (_settings, _queues, _log) = (settings, queues, log);
        _deadLetters = settings.Require(SettingNames.DispatcherDeadLetters)[0];
    }

    /// <summary>Handles a batch of the stream.</summary>
    /// <param name="batch">The event.</param>
    /// <param name="context">Not needed.</param>
    public async Task<StreamsEventResponse> HandleAsync(DynamoDBEvent batch, ILambdaContext context)
    {
        var work = new List<(DynamoDBEvent.DynamodbStreamRecord Record, Dispatch Dispatch)>();
        foreach (var record in batch.Records ?? [])
        {
            if (record.EventName == "REMOVE") continue;

            try
            {
                if (Dispatch.Of(StreamImage.ToItem(record.Dynamodb.OldImage), StreamImage.ToItem(record.Dynamodb.NewImage)) is { } dispatch) work.Add((record, dispatch));
            }
            catch (FormatException unreadable)
            {
                Log.Unreadable(_log, record.Dynamodb.SequenceNumber, unreadable.Message);
                if (!await TryAsync(_deadLetters, [new(DeadLetter(record, unreadable.Message))]).ConfigureAwait(false)) return HandBack(batch.Records![0]);
            }
        }

        var queues = work.GroupBy(w => _settings.Require(w.Dispatch.IsBulk ? SettingNames.BulkQueue(w.Dispatch.Carrier) : SettingNames.OutboundQueue(w.Dispatch.Carrier))[0]);
        var results = await Task.WhenAll(queues.Select(async queue =>
            await TryAsync(queue.Key, [.. queue.OrderBy(w => w.Dispatch.CreatedAt).Select(w => w.Dispatch.Entry)]).ConfigureAwait(false) ? null : queue.First().Record)).ConfigureAwait(false);

        // The stream goes on from the first record that is reported; what is delivered again meets its deduplication id.
        var failed = results.OfType<DynamoDBEvent.DynamodbStreamRecord>().ToHashSet();
        return failed.Count == 0 ? new StreamsEventResponse() : HandBack(batch.Records!.First(failed.Contains));
    }

    private async Task<bool> TryAsync(string queueUrl, IReadOnlyList<QueueEntry> entries)
    {
        try
        {
            await _queues.SendAsync(queueUrl, entries).ConfigureAwait(false);
            return true;
        }
        catch (Exception fault) when (fault is not OutOfMemoryException)
        {
            Log.NotEnqueued(_log, fault, entries.Count);
            return false;
        }
    }

    private static StreamsEventResponse HandBack(DynamoDBEvent.DynamodbStreamRecord record) =>
        new() { BatchItemFailures = [new StreamsEventResponse.BatchItemFailure { ItemIdentifier = record.Dynamodb.SequenceNumber }] };

    // Names what could not be read; the item itself is in the table.
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
}
