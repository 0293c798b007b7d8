using Omni.Shared;

namespace Omni.Aws;

/// <summary>Tells what clients are told of a message, by comparing it before and after a change. Calls nobody.</summary>
public static class MessageEvents
{
    /// <summary>The events of a change; none for most.</summary>
    /// <param name="before">The message before the change; null to be told all that can be told of it now.</param>
    /// <param name="after">The message after it.</param>
    public static IEnumerable<ClientEvent> Of(MessageRecord? before, MessageRecord after) =>
        after.Message.Direction == Direction.Inbound ? OfInbound(before, after) : OfOutbound(before, after);

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
