using System.Globalization;
using Amazon.Lambda.SQSEvents;

namespace Omni.Aws;

/// <summary>What a queue tells of the records that it gives to a function.</summary>
public static class QueueRecords
{
    /// <summary>How often a record was given out, this time included; 1 where nothing tells it.</summary>
    /// <param name="record">The record.</param>
    public static int Receives(this SQSEvent.SQSMessage record) =>
        int.TryParse(record.Attributes?.GetValueOrDefault("ApproximateReceiveCount"), CultureInfo.InvariantCulture, out var count)
            ? count
            : 1;

    /// <summary>The group whose order a record keeps; itself where it has none.</summary>
    /// <param name="record">The record.</param>
    public static string Group(this SQSEvent.SQSMessage record) =>
        record.Attributes?.GetValueOrDefault("MessageGroupId") ?? record.MessageId;
}
