using System.Text;
using System.Text.Json;
using Amazon.DynamoDBv2;
using Amazon.DynamoDBv2.Model;
using Omni.Shared;

namespace Omni.Aws;

/// <summary>
/// Explains dead letters, and has done what they ask for. What a message's item can tell is asked of the item, not of the record: a command
/// is as old as its fault, and the message may be finished. Every deed can be repeated, so a record is removed after it.
/// </summary>
/// <param name="messages">The messages.</param>
/// <param name="queues">The queues.</param>
/// <param name="outbox">Where events are put that are to be told; null where clients are told of nothing.</param>
/// <param name="dynamo">The client.</param>
/// <param name="messagesTable">The table of messages.</param>
/// <param name="batches">The batches.</param>
/// <param name="statuses">What batches count.</param>
public sealed class Redriver(
    MessageStore messages,
    SqsQueues queues,
    EventOutbox? outbox,
    IAmazonDynamoDB dynamo,
    string messagesTable,
    BatchStore batches,
    BatchStatuses statuses)
{
    private const string Unreadable = "unreadable";
    private const string GivenUp = "Its function did not finish it, as often as it was given it.";

    /// <summary>Says what a dead letter is, and why it is one.</summary>
    /// <param name="queue">Its queue.</param>
    /// <param name="record">The record.</param>
    public static DeadLetter Explain(DeadLetterQueue queue, ReceivedRecord record)
    {
        var (what, subject, problem) = queue.Kind switch
        {
            DeadLetterKind.Commands => OfCommand(record),
            DeadLetterKind.Inbound => (Text(record.Body, "event", "type") ?? Unreadable, null, null),
            DeadLetterKind.Wakes => ("wake", Text(record.Body, "endpoint"), null),
            DeadLetterKind.Batches => ("step", Text(record.Body, "batchId"), null),
            DeadLetterKind.Media => ("media", Text(record.Body, "messageId"), null),
            DeadLetterKind.Turns => (Text(record.Body, "type") ?? Unreadable, TurnOf(record.Body)?.TurnId, null),
            DeadLetterKind.Plans => ("plan", Text(record.Body, "messageId"), null),
            // Lambda's own are about a batch, not about a record.
            _ => Text(record.Body, "messageId") is { } id
                ? ("change", id, Text(record.Body, "problem"))
                : ("batch", null, Text(record.Body, "requestContext", "condition")),
        };
        return new(record.Id, what, subject, record.Problem ?? problem ?? GivenUp, record.SentAt, Encoding.UTF8.GetByteCount(record.Body));
    }

    /// <summary>Has done what a dead letter asks for. It is left in its queue.</summary>
    /// <param name="queue">Its queue.</param>
    /// <param name="record">The record.</param>
    /// <param name="cancellation">Stops the call.</param>
    public Task<Redriven> RedriveAsync(DeadLetterQueue queue, ReceivedRecord record, CancellationToken cancellation = default) =>
        queue.Kind switch
        {
            DeadLetterKind.Commands => CommandAsync(queue, record, cancellation),
            DeadLetterKind.Inbound or DeadLetterKind.Wakes or DeadLetterKind.Batches => BackAsync(queue.Sources[0], record, cancellation),
            DeadLetterKind.Changes or DeadLetterKind.Media or DeadLetterKind.Plans => ChangeAsync(record, cancellation),
            DeadLetterKind.Events => TellAsync(record, cancellation),
            DeadLetterKind.Turns => TurnAsync(queue, record, cancellation),
            _ => throw new System.Diagnostics.UnreachableException(),
        };

    private async Task<Redriven> CommandAsync(DeadLetterQueue queue, ReceivedRecord record, CancellationToken cancellation)
    {
        var command = CommandOf(record.Body);
        if (SubjectOf(command) is { } id)
        {
            var (known, isReadable) = await FindAsync(id, cancellation).ConfigureAwait(false);
            if (!isReadable) return Redriven.Kept;
            if (known is not null) return await AskAsync(known, cancellation).ConfigureAwait(false);
        }

        // What is done about a person's message is about one that is there. A message that came into the queue by hand has no item until it
        // is begun; what cannot be read may be once the sender can.
        if (command is OutboundCommand.FetchMedia or OutboundCommand.MarkRead) return Redriven.Finished;

        var isBulk = command is OutboundCommand.Send { Message.Priority: Priority.Bulk };
        return await BackAsync(queue.Sources[isBulk ? 1 : 0], record, cancellation).ConfigureAwait(false);
    }

    private async Task<Redriven> ChangeAsync(ReceivedRecord record, CancellationToken cancellation)
    {
        if (Text(record.Body, "messageId") is not { } id) return Redriven.Kept;

        if (Ids.IsBatch(id))
        {
            return await batches.FindAsync(id, cancellation).ConfigureAwait(false) is { Progress.DueAt: not null } batch
                && await batches.WakeAsync(batch, cancellation).ConfigureAwait(false)
                    ? Redriven.Again
                    : Redriven.Finished;
        }

        var (known, isReadable) = await FindAsync(id, cancellation).ConfigureAwait(false);
        if (!isReadable) return Redriven.Kept;

        if (known is null) return Redriven.Finished;

        // What became of a leg may not have reached its parent.
        if (known.Message.Parent is { } parent) await messages.FollowAsync(parent, cancellation).ConfigureAwait(false);
        return await AskAsync(known, cancellation).ConfigureAwait(false);
    }

    private async Task<Redriven> TellAsync(ReceivedRecord record, CancellationToken cancellation)
    {
        if (Text(record.Body, "messageId") is not { } id) return Redriven.Kept;

        if (outbox is not null && await FindEventAsync(id, cancellation).ConfigureAwait(false) is { } put)
        {
            if (put.Event is not { } e) return Redriven.Kept;

            await dynamo.PutItemAsync(outbox.PutAgain(e), cancellation).ConfigureAwait(false);
            return Redriven.Again;
        }

        var (known, isReadable) = await FindAsync(id, cancellation).ConfigureAwait(false);
        if (!isReadable) return Redriven.Kept;

        if (known is { Message.Batch: { } place } && BatchStatuses.CountedOf(known.Status, known.State.DueAt is not null) is { } status)
        {
            await statuses.SetAsync(place.Id, place.Total, new Dictionary<int, MessageStatus> { [place.Index] = status }, cancellation)
                .ConfigureAwait(false);
        }

        // What it is now. What was passed on the way nobody can tell any more.
        ClientEvent[] events = known is null || outbox is null ? [] : [.. MessageEvents.Of(before: null, known)];
        foreach (var e in events) await dynamo.PutItemAsync(outbox!.PutAgain(e), cancellation).ConfigureAwait(false);
        return events.Length > 0 ? Redriven.Again : Redriven.Finished;
    }

    /// <summary>A message that had its turn, also one that ended in people's hands, has no second.</summary>
    private async Task<Redriven> TurnAsync(DeadLetterQueue queue, ReceivedRecord record, CancellationToken cancellation)
    {
        if (TurnOf(record.Body) is TurnCommand.Hear heard)
        {
            var (known, isReadable) = await FindAsync(heard.TurnId, cancellation).ConfigureAwait(false);
            if (!isReadable) return Redriven.Kept;
            if (known is not { State.Turn: null }) return Redriven.Finished;
        }

        return await BackAsync(queue.Sources[0], record, cancellation).ConfigureAwait(false);
    }

    private async Task<Redriven> AskAsync(MessageRecord known, CancellationToken cancellation) =>
        await messages.RedriveAsync(known, cancellation).ConfigureAwait(false) ? Redriven.Again : Redriven.Finished;

    /// <summary>
    /// Puts a record back where it was. Never under an id of before: within five minutes the queue would take it for a repeat.
    /// </summary>
    private async Task<Redriven> BackAsync(string source, ReceivedRecord record, CancellationToken cancellation)
    {
        var isFifo = source.EndsWith(".fifo", StringComparison.Ordinal);
        await queues.SendAsync(
            source,
            [new(record.Body, record.GroupId ?? (isFifo ? record.Id : null), isFifo ? $"redrive#{Guid.NewGuid():N}" : null)],
            cancellation).ConfigureAwait(false);
        return Redriven.Again;
    }

    private async Task<(MessageRecord? Record, bool IsReadable)> FindAsync(string id, CancellationToken cancellation)
    {
        try
        {
            return (await messages.FindAsync(id, cancellation).ConfigureAwait(false), true);
        }
        catch (Exception unreadable) when (unreadable is FormatException or JsonException or KeyNotFoundException or ArgumentException)
        {
            return (null, false);
        }
    }

    /// <summary>
    /// The event that an item of the outbox holds, null where it cannot be read; null altogether where there is no such item.
    /// </summary>
    private async Task<(ClientEvent? Event, bool IsThere)?> FindEventAsync(string id, CancellationToken cancellation)
    {
        var item = (await dynamo.GetItemAsync(
            new GetItemRequest { TableName = messagesTable, Key = Attr.Key(id, MessageColumns.OutboxItem), ConsistentRead = true },
            cancellation).ConfigureAwait(false)).Item;
        if (item is not { Count: > 0 }) return null;

        try
        {
            return (EventOutbox.Read(item), true);
        }
        catch (FormatException)
        {
            return (null, true);
        }
    }

    private static (string What, string? Subject, string? Problem) OfCommand(ReceivedRecord record) =>
        CommandOf(record.Body) is { } command
            ? (Text(record.Body, "type") ?? Unreadable, SubjectOf(command), null)
            : (Unreadable, null, null);

    private static OutboundCommand? CommandOf(string body)
    {
        try
        {
            return JsonSerializer.Deserialize(body, OmniJson.Wire.OutboundCommand);
        }
        catch (Exception unreadable) when (unreadable is not OutOfMemoryException)
        {
            return null;
        }
    }

    private static TurnCommand? TurnOf(string body)
    {
        try
        {
            return JsonSerializer.Deserialize(body, OmniJson.Wire.TurnCommand);
        }
        catch (Exception unreadable) when (unreadable is not OutOfMemoryException)
        {
            return null;
        }
    }

    private static string? SubjectOf(OutboundCommand? command) => command switch
    {
        OutboundCommand.Send send => send.Message.Id,
        OutboundCommand.Reconcile reconcile => reconcile.Message.Id,
        OutboundCommand.FetchMedia fetch => fetch.MessageId,
        OutboundCommand.MarkRead mark => mark.MessageId,
        _ => null,
    };

    /// <summary>A text in a JSON object; null where there is none, or no such object.</summary>
    private static string? Text(string body, params ReadOnlySpan<string> path)
    {
        try
        {
            using var document = JsonDocument.Parse(body);
            var element = document.RootElement;
            foreach (var name in path)
            {
                if (element.ValueKind != JsonValueKind.Object || !element.TryGetProperty(name, out element)) return null;
            }

            return element.ValueKind == JsonValueKind.String ? element.GetString() : null;
        }
        catch (JsonException)
        {
            return null;
        }
    }
}
