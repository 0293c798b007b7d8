using Amazon.DynamoDBv2.Model;
using Omni.Aws;
using Omni.Shared;

namespace Omni.EventRecorder;

/// <summary>What became of a message of a batch.</summary>
/// <param name="Place">Its place in the batch.</param>
/// <param name="Status">Its status.</param>
internal sealed record Mark(BatchPlace Place, MessageStatus Status);

/// <summary>What a change means.</summary>
/// <param name="Events">What clients are told of.</param>
/// <param name="Mark">What the message's batch counts; null for nothing.</param>
internal sealed record Meaning(IReadOnlyList<ClientEvent> Events, Mark? Mark);

/// <summary>Tells what clients are told of by comparing an item of the table of messages before and after a change. Calls nobody.</summary>
internal static class Change
{
    /// <summary>The events of a change; none for most.</summary>
    /// <param name="before">The item before the change; empty for a new one.</param>
    /// <param name="after">The item after it.</param>
    /// <exception cref="FormatException">The item cannot be read.</exception>
    public static IEnumerable<ClientEvent> EventsOf(
        IReadOnlyDictionary<string, AttributeValue> before, IReadOnlyDictionary<string, AttributeValue> after)
    {
        // What is written again was told when it was new.
        if (EventOutbox.Holds(after)) return before.Count == 0 ? [EventOutbox.Read(after)] : [];

        if (BatchCodec.IsBatch(after))
            return BatchEvents.Of(before.Count == 0 ? null : BatchCodec.FromItem(before), BatchCodec.FromItem(after));

        return MessageEvents.Of(before.Count == 0 ? null : MessageCodec.FromItem(before), MessageCodec.FromItem(after));
    }

    /// <summary>What a message's batch is to count of a change; null for nothing: it is on its way, or belongs to none.</summary>
    /// <param name="before">The item before the change; empty for a new one.</param>
    /// <param name="after">The item after it.</param>
    /// <exception cref="FormatException">The item cannot be read.</exception>
    public static Mark? MarkOf(
        IReadOnlyDictionary<string, AttributeValue> before, IReadOnlyDictionary<string, AttributeValue> after)
    {
        if (MessageCodec.PlaceOf(after) is not { } place || CountedOf(after) is not { } status) return null;

        return before.Count > 0 && CountedOf(before) == status ? null : new(place, status);
    }

    private static MessageStatus? CountedOf(IReadOnlyDictionary<string, AttributeValue> item)
    {
        var (status, isDue) = MessageCodec.StatusOf(item);
        return BatchStatuses.CountedOf(status, isDue);
    }
}
