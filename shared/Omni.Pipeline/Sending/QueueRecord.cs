using System.Globalization;
using Amazon.Lambda.SQSEvents;

namespace Omni.Pipeline;

/// <summary>One record of a batch, as far as the pipeline needs it.</summary>
/// <param name="Id">The queue's id of the record.</param>
/// <param name="ReceiptHandle">The handle of this delivery.</param>
/// <param name="Body">The command.</param>
/// <param name="GroupId">The group whose order is kept; null outside a FIFO queue.</param>
/// <param name="ReceiveCount">How often it was delivered, this time included. Parking raises it too: it says nothing about faults.</param>
/// <param name="SentAt">When it was put into the queue.</param>
public sealed record QueueRecord(string Id, string ReceiptHandle, string Body, string? GroupId, int ReceiveCount, DateTimeOffset SentAt)
{
    /// <summary>The record inside a Lambda event.</summary>
    /// <param name="message">The event's record.</param>
    public static QueueRecord From(SQSEvent.SQSMessage message)
    {
        string? Attribute(string name) => message.Attributes?.GetValueOrDefault(name);
        return new(
            message.MessageId,
            message.ReceiptHandle,
            message.Body ?? "",
            Attribute("MessageGroupId"),
            int.TryParse(Attribute("ApproximateReceiveCount"), NumberStyles.None, CultureInfo.InvariantCulture, out var count) ? count : 1,
            long.TryParse(Attribute("SentTimestamp"), NumberStyles.None, CultureInfo.InvariantCulture, out var ms)
                ? DateTimeOffset.FromUnixTimeMilliseconds(ms)
                : DateTimeOffset.UnixEpoch);
    }
}

/// <summary>What became of a record: done, or to be delivered again after a wait.</summary>
/// <param name="Wait">Null: done. Otherwise when to deliver it again.</param>
internal readonly record struct RecordResult(TimeSpan? Wait)
{
    public static RecordResult Done { get; }

    public static RecordResult PutOff(TimeSpan wait) => new(wait < TimeSpan.Zero ? TimeSpan.Zero : wait);
}
