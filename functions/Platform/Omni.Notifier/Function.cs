using Amazon.Lambda.Core;
using Amazon.Lambda.SQSEvents;
using Omni.Aws;

namespace Omni.Notifier;

/// <summary>
/// Tells clients' endpoints what the log says. A record wakes one worker: that of a lane of an endpoint, which goes on from the endpoint's
/// position, or that of what the endpoint waits for. What is lost with a record the Scheduler finds.
/// </summary>
public sealed class Function
{
    /// <summary>
    /// A record that waits is received again and again. Before the queue takes it for one that nobody can handle, a new one takes its
    /// place.
    /// </summary>
    private const int MaxReceives = 50;

    private readonly NotifierParts _parts;
    private readonly LaneWorker _lanes;
    private readonly WaitWorker _waits;
    private readonly Delivery _delivery;

    /// <summary>The function over its settings.</summary>
    /// <param name="settings">The settings.</param>
    public Function(Settings settings) : this(NotifierParts.Create(settings)) { }

    internal Function(NotifierParts parts)
    {
        _parts = parts;
        _delivery = new Delivery(parts);
        _lanes = new(parts, _delivery);
        _waits = new(parts, _delivery);
    }

    /// <summary>Handles a batch of the queue.</summary>
    /// <param name="batch">The event.</param>
    /// <param name="context">The invocation.</param>
    public async Task<SQSBatchResponse> HandleAsync(SQSEvent batch, ILambdaContext context)
    {
        var groups = batch.Records.GroupBy(record => record.Group());
        var open = await Task.WhenAll(groups.Select(group => RunAsync([.. group], context))).ConfigureAwait(false);
        _delivery.Report();
        return new([.. open.SelectMany(ids => ids).Select(id => new SQSBatchResponse.BatchItemFailure { ItemIdentifier = id })]);
    }

    /// <summary>One worker for all records of a group: they all say the same.</summary>
    /// <returns>The ids of those that come again.</returns>
    private async Task<IEnumerable<string>> RunAsync(SQSEvent.SQSMessage[] group, ILambdaContext context)
    {
        try
        {
            var wake = EndpointWake.Parse(group[0].Body);
            var invocation = new Invocation(context.AwsRequestId, () => context.RemainingTime);
            if (wake.Lane is { } lane)
            {
                await _lanes.RunAsync(wake, lane, invocation).ConfigureAwait(false);
                return [];
            }

            if (await _waits.RunAsync(wake, invocation).ConfigureAwait(false) is not { } wait) return [];
            if (group[0].Receives() >= MaxReceives)
            {
                await _parts.WakeAsync(wake.Entry($"self#{invocation.Id}")).ConfigureAwait(false);
                return [];
            }

            await _parts.Queues.PutOffAsync(_parts.Queue, [(group[0].ReceiptHandle, wait)]).ConfigureAwait(false);
            return [group[0].MessageId];
        }
        catch (Exception fault) when (fault is not OutOfMemoryException)
        {
            Log.Fault(_parts.Log, fault, group[0].Attributes?.GetValueOrDefault("MessageGroupId"));
            return group.Select(record => record.MessageId);
        }
    }
}

/// <summary>The invocation that a worker runs in.</summary>
/// <param name="Id">Its id.</param>
/// <param name="TimeLeft">How much time it has left.</param>
internal sealed record Invocation(string Id, Func<TimeSpan> TimeLeft)
{
    // What comes after the last call: its position, and what wakes the next worker.
    private static readonly TimeSpan Reserve = TimeSpan.FromSeconds(3);

    /// <summary>Whether there is time for one more call of an endpoint.</summary>
    public bool HasTime => TimeLeft() > EndpointClient.Timeout + Reserve;
}
