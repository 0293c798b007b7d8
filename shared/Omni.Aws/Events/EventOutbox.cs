using System.Text.Json;
using Amazon.DynamoDBv2.Model;
using Omni.Shared;

namespace Omni.Aws;

/// <summary>
/// How everybody but the recorder tells of something: the event is put into the table of messages in the same transaction as the state that
/// it tells of, and the recorder, which sees it in the stream, appends it to the log.
/// </summary>
/// <param name="messagesTable">The table of messages.</param>
/// <param name="clock">The time.</param>
public sealed class EventOutbox(string messagesTable, TimeProvider clock)
{
    // The stream keeps what it shows for a day.
    private static readonly TimeSpan Kept = TimeSpan.FromDays(2);

    private const string Event = "ev";

    /// <summary>The write of an event, for a transaction. Written again it changes nothing that the recorder looks at.</summary>
    /// <param name="e">The event.</param>
    public TransactWriteItem Put(ClientEvent e)
    {
        var item = Attr.Key(e.Id, MessageColumns.OutboxItem);
        item[Event] = Attr.S(JsonSerializer.Serialize(e, EventJson.Wire.ClientEvent));
        item[MessageColumns.Expires] = Attr.Expiry(clock.GetUtcNow() + Kept);
        return new() { Put = new() { TableName = messagesTable, Item = item } };
    }

    /// <summary>
    /// The write of an event that could not be appended when it was new: an item of its own, for the recorder looks at new ones only.
    /// </summary>
    /// <param name="e">The event.</param>
    public PutItemRequest PutAgain(ClientEvent e)
    {
        var item = Put(e).Put.Item;
        item[MessageColumns.Pk] = Attr.S($"{e.Id}#{Guid.NewGuid():N}");
        return new() { TableName = messagesTable, Item = item };
    }

    /// <summary>Whether an item is one that <see cref="Put"/> wrote.</summary>
    /// <param name="item">The item.</param>
    public static bool Holds(IReadOnlyDictionary<string, AttributeValue> item) =>
        item.Text(MessageColumns.Sk) == MessageColumns.OutboxItem;

    /// <summary>The event of an item that <see cref="Put"/> wrote.</summary>
    /// <param name="item">The item.</param>
    /// <exception cref="FormatException">It is no such item.</exception>
    public static ClientEvent Read(IReadOnlyDictionary<string, AttributeValue> item)
    {
        try
        {
            return JsonSerializer.Deserialize(item.Text(Event) ?? "null", EventJson.Wire.ClientEvent)
                ?? throw new FormatException("The item has no event.");
        }
        catch (JsonException unreadable)
        {
            throw new FormatException("The item's event cannot be read.", unreadable);
        }
    }
}
