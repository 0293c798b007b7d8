using System.Globalization;
using System.Text.Json;
using Amazon.DynamoDBv2.Model;
using Omni.Aws;
using Omni.Shared;

namespace Omni.Dispatcher;

/// <summary>A record for a carrier's queue, made of a change in the table of messages.</summary>
/// <param name="Carrier">The carrier.</param>
/// <param name="IsBulk">Whether it goes to the queue for bulk.</param>
/// <param name="CreatedAt">When the message was taken: a batch is enqueued in this order.</param>
/// <param name="Entry">The record.</param>
internal sealed record Dispatch(Carrier Carrier, bool IsBulk, DateTimeOffset CreatedAt, QueueEntry Entry)
{
    /// <summary>The attribute that counts how often a message was asked to be sent.</summary>
    private const string Count = "dn";

    /// <summary>
    /// What a change asks for; null for nothing. A new message is sent unless it waits for its time; later each raise of the counter asks once more.
    /// Nobody else enqueues.
    /// </summary>
    /// <param name="before">The item before the change; empty for a new one.</param>
    /// <param name="after">The item after it.</param>
    /// <exception cref="FormatException">The item cannot be read, or its carrier is not available.</exception>
    public static Dispatch? Of(IReadOnlyDictionary<string, AttributeValue> before, Dictionary<string, AttributeValue> after)
    {
        var count = CountOf(after);
        var isAsked = before.Count == 0 ? count == 0 : count != CountOf(before);
        if (!isAsked) return null;

        var (message, state) = MessageCodec.FromItem(after);
        if (message.Direction == Direction.Inbound || (before.Count == 0 && state.Rank.Status == MessageStatus.Scheduled)) return null;
        if (CarrierCatalogue.Find(message.Carrier) is not { Available: true } carrier) throw new FormatException("The message's carrier is not available.");

        OutboundCommand command = state.Parts.Any(p => p.Rank.Status == MessageStatus.Unknown)
            ? new OutboundCommand.Reconcile { Message = message }
            : new OutboundCommand.Send { Message = message };
        return new(
            carrier,
            message.Priority == Priority.Bulk,
            message.CreatedAt,
            new(JsonSerializer.Serialize(command, OmniJson.Wire.OutboundCommand), OutboundQueueing.GroupOf(message), OutboundQueueing.DeduplicationOf(message.Id, state.Dispatch)));
    }

    private static int CountOf(IReadOnlyDictionary<string, AttributeValue> item) =>
        item.GetValueOrDefault(Count)?.N is { } n ? int.Parse(n, NumberStyles.None, CultureInfo.InvariantCulture) : 0;
}
