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

        var record = MessageCodec.FromItem(after);
        var known = before.Count == 0 ? null : MessageCodec.FromItem(before);
        return record.Message.Direction == Direction.Inbound ? OfInbound(known, record) : OfOutbound(known, record);
    }

    private static IEnumerable<ClientEvent> OfOutbound(MessageRecord? before, MessageRecord after)
    {
        if (before?.Status >= after.Status || EventTypes.OfStatus(after.Status) is not { } type) return [];

        return [About(after, type, after.State.UpdatedAt, [after.Status.Word()]) with { Sequence = (int)after.Status }];
    }

    private static IEnumerable<ClientEvent> OfInbound(MessageRecord? before, MessageRecord after)
    {
        if (before is null) yield return About(after, EventTypes.MessageReceived, after.Message.CreatedAt, ["received"]);

        foreach (var (index, file) in after.State.Files.Index())
        {
            if (file.Status == before?.State.Files[index].Status || TypeOf(file.Status) is not { } type) continue;

            yield return About(after, type, after.State.UpdatedAt, ["file", $"{index}", file.Status.Word()]);
        }
    }

    private static string? TypeOf(FileStatus status) => status switch
    {
        FileStatus.Stored => EventTypes.MediaStored,
        FileStatus.Failed => EventTypes.MediaFailed,
        _ => null,
    };

    private static ClientEvent About(MessageRecord record, string type, DateTimeOffset at, ReadOnlySpan<string> happened) => new()
    {
        Id = Ids.Event(record.Message.Id, happened),
        Type = type,
        Timestamp = at,
        Tenant = record.Message.Tenant,
        Data = EventData.Of(MessageView.Of(record), EventJson.Wire.MessageView),
    };
}
