using Omni.Aws;
using Omni.Shared;

namespace Omni.Api;

/// <summary>
/// Puts what is urgent into its sender's queue at once, in the form in which the Dispatcher will a moment later: the queue drops the
/// second. Nothing depends on it. A record that it could not put, or did not before it was stopped, comes by the stream.
/// </summary>
internal sealed class ExpressLane(ApiParts parts)
{
    // The client waits for it.
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(1);

    /// <summary>Puts a message into its queue, if it is one that just goes out.</summary>
    /// <param name="record">The message, as it was just created.</param>
    public async Task PutAsync(MessageRecord record)
    {
        var message = record.Message;
        if (message.Failover is not null) return; // its legs go out, each by the stream
        if (message is not { Priority: Priority.High, ScheduledAt: null, DeliveryWindow: null, AwaitsMedia: false }) return;

        try
        {
            using var patience = new CancellationTokenSource(Patience, parts.Clock);
            await parts.Queues.SendAsync(
                parts.CarrierQueues[message.Carrier].Outbound,
                [OutboundQueueing.EntryOf(record, new OutboundCommand.Send { Message = message })],
                patience.Token);
        }
        catch (Exception fault) when (fault is not OutOfMemoryException)
        {
            parts.Log.NotExpress(message.Id, fault.GetType().Name);
        }
    }
}
