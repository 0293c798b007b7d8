using System.Text;
using System.Text.Json;
using Amazon.DynamoDBv2.Model;
using Amazon.Lambda.DynamoDBEvents;
using Microsoft.Extensions.Logging;

namespace Omni.Aws;

/// <summary>A record of a batch that nothing can be done with.</summary>
/// <param name="Position">Where it stands in the batch.</param>
/// <param name="Problem">What is wrong with it; a code or a sentence, nothing of its content.</param>
public sealed record SetAside(int Position, string Problem);

/// <summary>
/// A batch of a table's stream, read so that no record ever blocks it. A record that cannot be read, or that is refused for what it is,
/// goes to the function's own dead-letter queue and the batch goes on; only a fault of the infrastructure hands the batch back, from the
/// first record that met it.
/// </summary>
/// <param name="batch">The event.</param>
/// <param name="queues">The queues.</param>
/// <param name="deadLetters">The URL of the function's dead-letter queue.</param>
/// <param name="log">The log.</param>
public sealed class StreamRecords(DynamoDBEvent batch, SqsQueues queues, string deadLetters, ILogger log)
{
    private readonly IList<DynamoDBEvent.DynamodbStreamRecord> _records = batch.Records ?? [];
    private readonly List<SetAside> _aside = [];

    /// <summary>Reads what the changes of the batch are about. Those that cannot be read are set aside.</summary>
    /// <param name="read">Reads a change: the item before, empty for a new one, and after. It calls nobody.</param>
    /// <typeparam name="T">What it is about.</typeparam>
    /// <returns>What they are about, with their positions, in order.</returns>
    public IReadOnlyList<(int Position, T Work)> Read<T>(
        Func<IReadOnlyDictionary<string, AttributeValue>, Dictionary<string, AttributeValue>, IEnumerable<T>> read)
    {
        var work = new List<(int, T)>();
        foreach (var (position, record) in _records.Index())
        {
            if (record.EventName == "REMOVE") continue;

            try
            {
                work.AddRange(read(StreamImage.ToItem(record.Dynamodb.OldImage), StreamImage.ToItem(record.Dynamodb.NewImage))
                    .Select(item => (position, item)));
            }
            catch (Exception problem) when (problem is not OutOfMemoryException)
            {
                // Reading calls nobody: whatever goes wrong is the record's fault.
                _aside.Add(new(position, problem is FormatException ? problem.Message : problem.GetType().Name));
            }
        }

        return work;
    }

    /// <summary>Ends the batch: sets aside what nothing can be done with, and tells from where the stream is to go on.</summary>
    /// <param name="missing">The position of the first record that met a fault of the infrastructure; null for none.</param>
    /// <param name="refused">What was refused for what it is.</param>
    public async Task<StreamsEventResponse> EndAsync(int? missing, IEnumerable<SetAside> refused)
    {
        // The stream goes on from the first record that is reported: what is to be set aside behind it is read once more.
        var first = missing ?? _records.Count;
        SetAside[] aside = [.. _aside.Concat(refused).Where(a => a.Position < first).OrderBy(a => a.Position)];
        if (!await PutAsideAsync(aside).ConfigureAwait(false)) first = aside[0].Position;

        return first == _records.Count
            ? new StreamsEventResponse()
            : new()
            {
                BatchItemFailures = [new StreamsEventResponse.BatchItemFailure { ItemIdentifier = SequenceNumberOf(first) }]
            };
    }

    private async Task<bool> PutAsideAsync(SetAside[] aside)
    {
        foreach (var (position, problem) in aside) StreamLog.SetAside(log, SequenceNumberOf(position), problem);

        try
        {
            await queues.SendAsync(deadLetters, [.. aside.Select(a => new QueueEntry(DeadLetter(a)))]).ConfigureAwait(false);
            return true;
        }
        catch (Exception fault) when (fault is not OutOfMemoryException)
        {
            StreamLog.NotSetAside(log, fault, aside.Length);
            return false;
        }
    }

    private string SequenceNumberOf(int position) => _records[position].Dynamodb.SequenceNumber;

    // Names what is at fault; the item itself is in the table.
    private string DeadLetter(SetAside aside)
    {
        using var buffer = new MemoryStream();
        using (var json = new Utf8JsonWriter(buffer))
        {
            json.WriteStartObject();
            json.WriteString("messageId", _records[aside.Position].Dynamodb.Keys?.GetValueOrDefault("pk")?.S);
            json.WriteString("sequenceNumber", SequenceNumberOf(aside.Position));
            json.WriteString("problem", aside.Problem);
            json.WriteEndObject();
        }

        return Encoding.UTF8.GetString(buffer.ToArray());
    }
}

/// <summary>What readers of the stream log: ids and codes.</summary>
internal static partial class StreamLog
{
    [LoggerMessage(40, LogLevel.Error, "Stream record {SequenceNumber} goes to the dead-letter queue: {Problem}")]
    public static partial void SetAside(ILogger log, string sequenceNumber, string problem);

    [LoggerMessage(42, LogLevel.Error, "The dead-letter queue did not take {Count} record(s); the stream delivers them again")]
    public static partial void NotSetAside(ILogger log, Exception fault, int count);
}
