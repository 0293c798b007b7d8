using System.Text.Json;
using Amazon.Lambda.Core;
using Amazon.Lambda.SQSEvents;
using Omni.Aws;
using Omni.Shared;

namespace Omni.Batcher;

/// <summary>
/// Releases batches at the pace at which they can be sent. A record asks for one step of one batch; the step raises the batch's counter,
/// and that makes the next record. What is lost with a record the Scheduler finds.
/// </summary>
public sealed class Function
{
    /// <summary>
    /// A record that waits is received again and again. Before the queue takes it for one that nobody can handle, a new one takes its
    /// place.
    /// </summary>
    private const int MaxReceives = 20;

    private static readonly TimeSpan AfterFault = TimeSpan.FromSeconds(2);

    private readonly BatcherParts _parts;
    private readonly Step _step;

    /// <summary>The function over its settings.</summary>
    /// <param name="settings">The settings.</param>
    public Function(Settings settings) : this(BatcherParts.Create(settings)) { }

    internal Function(BatcherParts parts) => (_parts, _step) = (parts, new(parts));

    /// <summary>Handles a batch of the queue.</summary>
    /// <param name="batch">The event.</param>
    /// <param name="context">The invocation.</param>
    public async Task<SQSBatchResponse> HandleAsync(SQSEvent batch, ILambdaContext context)
    {
        var open = await Task.WhenAll(batch.Records.Select(record => RunAsync(record, () => context.RemainingTime))).ConfigureAwait(false);
        return new([.. open.OfType<string>().Select(id => new SQSBatchResponse.BatchItemFailure { ItemIdentifier = id })]);
    }

    /// <returns>The record's id when it comes again; null when it is done.</returns>
    private async Task<string?> RunAsync(SQSEvent.SQSMessage record, Func<TimeSpan> timeLeft)
    {
        var wait = AfterFault;
        try
        {
            var tick = JsonSerializer.Deserialize(record.Body, OmniJson.Wire.BatchTick)!;
            if (await _parts.Batches.FindAsync(tick.BatchId).ConfigureAwait(false) is not { } known) return null;

            // Somebody took the step that it asks for.
            if (known.Progress.Dispatch != tick.Dispatch) return null;

            if (await _step.TakeAsync(known, record.Receives(), timeLeft).ConfigureAwait(false) is not { } later) return null;

            wait = later;
            if (record.Receives() >= MaxReceives)
            {
                await _parts.Batches.WakeAsync(known).ConfigureAwait(false);
                return null;
            }
        }
        catch (Exception fault) when (fault is not OutOfMemoryException)
        {
            Log.Fault(_parts.Log, fault, record.Attributes?.GetValueOrDefault("MessageGroupId"));
        }

        await PutOffAsync(record, wait).ConfigureAwait(false);
        return record.MessageId;
    }

    private async Task PutOffAsync(SQSEvent.SQSMessage record, TimeSpan wait)
    {
        try
        {
            await _parts.Queues.PutOffAsync(_parts.Queue, [(record.ReceiptHandle, wait)]).ConfigureAwait(false);
        }
        catch (Exception fault) when (fault is not OutOfMemoryException)
        {
            // It comes when its visibility ends.
            Log.Fault(_parts.Log, fault, record.Attributes?.GetValueOrDefault("MessageGroupId"));
        }
    }
}
