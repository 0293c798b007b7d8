using System.Text.Json;
using Amazon.Lambda.Core;
using Amazon.Lambda.SQSEvents;
using Omni.Aws;
using Omni.Shared;

namespace Omni.MediaConverter;

/// <summary>
/// Makes the files of messages into what their carriers take. A record names a message; its files are fetched, looked at, converted where
/// they must be, and kept, and the message is asked for again. What cannot be made ends the message before its carrier is called.
/// </summary>
public sealed class Function
{
    // With less time left a file is not begun: it would end in the middle.
    private static readonly TimeSpan Reserve = TimeSpan.FromSeconds(10);

    private static readonly TimeSpan AfterFault = TimeSpan.FromSeconds(30);

    private readonly MediaParts _parts;
    private readonly MediaWorker _worker;

    /// <summary>The function over its settings.</summary>
    /// <param name="settings">The settings.</param>
    public Function(Settings settings) : this(MediaParts.Create(settings)) { }

    internal Function(MediaParts parts) => (_parts, _worker) = (parts, new(parts));

    /// <summary>
    /// Handles a batch of the queue, one record after another: two pictures at once take twice the memory. The first record of a group
    /// that cannot be done holds up the rest of that group, and nothing else.
    /// </summary>
    /// <param name="batch">The event.</param>
    /// <param name="context">The invocation.</param>
    public async Task<SQSBatchResponse> HandleAsync(SQSEvent batch, ILambdaContext context)
    {
        List<SQSBatchResponse.BatchItemFailure> open = [];
        List<(string, TimeSpan)> waits = [];
        HashSet<string> heldUp = [];
        foreach (var record in batch.Records)
        {
            var group = record.Group();
            var wait = heldUp.Contains(group)
                ? TimeSpan.Zero
                : await RunAsync(record, context.RemainingTime - Reserve).ConfigureAwait(false);
            if (wait is not { } later) continue;

            heldUp.Add(group);
            open.Add(new() { ItemIdentifier = record.MessageId });
            waits.Add((record.ReceiptHandle, later));
        }

        if (waits.Count > 0) await _parts.Queues.PutOffAsync(_parts.Queue, waits).ConfigureAwait(false);
        return new(open);
    }

    /// <returns>How long to wait before the record comes again; null when it is done.</returns>
    private async Task<TimeSpan?> RunAsync(SQSEvent.SQSMessage record, TimeSpan timeLeft)
    {
        try
        {
            var command = JsonSerializer.Deserialize(record.Body, OmniJson.Wire.PrepareMedia)!;
            return timeLeft > TimeSpan.Zero
                ? await _worker.RunAsync(command.MessageId, record.Receives(), timeLeft).ConfigureAwait(false)
                : TimeSpan.Zero;
        }
        catch (Exception fault) when (fault is not OutOfMemoryException)
        {
            Log.Fault(_parts.Log, fault);
            return AfterFault;
        }
    }
}
