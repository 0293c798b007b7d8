using Amazon.DynamoDBv2.Model;
using Omni.Aws;
using Omni.Shared;

namespace Omni.EventRecorder;

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

        return MessageEvents.Of(before.Count == 0 ? null : MessageCodec.FromItem(before), MessageCodec.FromItem(after));
    }
}
