using System.Text.Json;
using Amazon.DynamoDBv2.Model;
using Omni.Shared;
using Columns = Omni.Aws.MessageColumns;

namespace Omni.Aws;

public sealed partial class MessageStore
{
    /// <summary>What stands in the place of a content that was deleted.</summary>
    private static readonly Content Deleted = new UnsupportedContent { Kind = "deleted" };

    /// <summary>
    /// Deletes what a message says, in one write with the cancellation of what has not left of it: what is not there any more cannot be
    /// sent. The item stays, and with it all that a repetition of the message would meet: nobody writes its content again.
    /// </summary>
    /// <param name="record">The message as just read.</param>
    /// <param name="cancellation">Stops the call.</param>
    /// <returns>The message afterwards.</returns>
    /// <exception cref="TimeoutException">The message changed at every try.</exception>
    public Task<MessageRecord> DeleteContentAsync(MessageRecord record, CancellationToken cancellation = default) =>
        DeleteAsync(record, Wish.DeleteContent, cancellation);

    /// <summary>
    /// Marks that a message's person was deleted, in one write with the deletion of what it says: from then on nobody writes anything that
    /// names them. The addresses stand until <see cref="BlankAsync"/>, so that whoever stops in between finds the message again.
    /// </summary>
    /// <param name="record">The message as just read.</param>
    /// <param name="cancellation">Stops the call.</param>
    /// <returns>The message afterwards.</returns>
    /// <exception cref="TimeoutException">The message changed at every try.</exception>
    public Task<MessageRecord> DeletePersonAsync(MessageRecord record, CancellationToken cancellation = default) =>
        DeleteAsync(record, Wish.DeletePerson, cancellation);

    /// <summary>A message whose person was deleted before it is written: it says nothing, and nobody is named.</summary>
    /// <param name="record">The message.</param>
    /// <param name="at">When it is written.</param>
    public static MessageRecord WithoutPerson(MessageRecord record, DateTimeOffset at)
    {
        var outbound = record.Message.Direction == Direction.Outbound;
        var message = record.Message with
        {
            To = outbound ? Address.Unknown : record.Message.To,
            From = outbound ? record.Message.From : Address.Unknown,
            Content = Deleted,
            ClientReference = null,
            Label = null,
            Metadata = null,
            CarrierMessageId = null,
            ReplyTo = null,
            Participants = null,
            Thread = null,
            Referral = null,
        };
        var canceled = RankKey.Of(MessageStatus.Canceled, FailureReason.Canceled);
        var state = record.State with { ContentDeletedAt = at, PersonDeletedAt = at, DueAt = null, UpdatedAt = at };
        return new(message, !outbound ? state : state with
        {
            Rank = canceled, Parts = [.. state.Parts.Select(part => part with { Rank = canceled })],
        });
    }

    /// <summary>
    /// Takes out of a marked message all that names its person: the address and with it the conversation, what the client added, and the
    /// carrier's ids, for some hold a number. What became of it stays.
    /// </summary>
    /// <param name="record">The message as <see cref="DeletePersonAsync"/> gave it.</param>
    /// <param name="cancellation">Stops the call.</param>
    public async Task BlankAsync(MessageRecord record, CancellationToken cancellation = default)
    {
        var (message, state) = record;
        foreach (var e in await LaterEventsAsync(message.Id, cancellation).ConfigureAwait(false))
        {
            if (e.CarrierMessageId is null) continue;

            await new ItemUpdate(table, message.Id, Columns.EventPrefix + e.Id)
                .IfExists(Columns.Pk).Remove(Columns.EventCarrierId)
                .WriteAsync(dynamo, cancellation).ConfigureAwait(false);
        }

        var update = Update(message.Id)
            .IfExists(Columns.PersonGone)
            .Set(message.Direction == Direction.Outbound ? Columns.To : Columns.From, Attr.S(Address.Unknown.Key))
            .Remove(
                Columns.Conversation, Columns.Label, Columns.LabelKey, Columns.ClientReference, Columns.Metadata, Columns.Participants,
                Columns.CarrierMessageId, Columns.ReplyTo, Columns.Thread);
        if (message.Failover is { } legs)
            update.Set(Columns.Failover, MessageCodec.LegsValue([.. legs.Select(leg => leg with { To = Address.Unknown })]));
        for (var part = 0; part < state.Parts.Count; part++) update.Remove(PartPath(part, Columns.CarrierMessageId));
        foreach (var e in state.Timeline.Where(e => e.CarrierMessageId is not null))
            update.Remove(new Path(Columns.Timeline, e.Id, Columns.EventCarrierId));
        await update.WriteAsync(dynamo, cancellation).ConfigureAwait(false);
    }

    /// <summary>Takes an address out of the others in a group that a message was written to.</summary>
    /// <param name="record">The message as just read.</param>
    /// <param name="isGone">Whether an address is to go.</param>
    /// <param name="cancellation">Stops the call.</param>
    /// <exception cref="TimeoutException">They changed at every try.</exception>
    public async Task LeaveGroupAsync(MessageRecord record, Func<Address, bool> isGone, CancellationToken cancellation = default)
    {
        for (var tries = 0; tries < MaxTries; tries++)
        {
            if (record.Message.Participants is not { } seen || !seen.Any(isGone)) return;

            var result = await Update(record.Message.Id)
                .Set(Columns.Participants, MessageCodec.Addresses(seen.Where(address => !isGone(address))))
                .If(Columns.Participants, "=", MessageCodec.Addresses(seen))
                .WriteAsync(dynamo, cancellation).ConfigureAwait(false);
            if (result.Done || result.Item is null) return;

            record = MessageCodec.FromItem(result.Item);
        }

        throw new TimeoutException($"The group of {record.Message.Id} changed at every try.");
    }

    /// <summary>
    /// Deletes the carrier's own words of a message, or sees to it that none are kept any more. What lies beside the table must be deleted
    /// before, so that its name is not lost.
    /// </summary>
    /// <param name="messageId">The message.</param>
    /// <param name="deleteBlob">Deletes what lies beside the table, by its name.</param>
    /// <param name="cancellation">Stops the call.</param>
    /// <exception cref="TimeoutException">They changed at every try.</exception>
    public async Task DeleteRawAsync(string messageId, Func<string, Task> deleteBlob, CancellationToken cancellation = default)
    {
        for (var tries = 0; tries < MaxTries; tries++)
        {
            var read = await dynamo.GetItemAsync(
                new GetItemRequest { TableName = table, Key = Attr.Key(messageId, Columns.RawItem), ConsistentRead = true }, cancellation)
                .ConfigureAwait(false);
            var seen = read.Item is { Count: > 0 } item ? item : null;
            if (seen?.ContainsKey(Columns.Gone) == true) return;
            if (seen?.Text("blob") is { } blob) await deleteBlob(blob).ConfigureAwait(false);

            // With the item of the message: nothing is written for it after that.
            var now = clock.GetUtcNow();
            var mark = new ItemUpdate(table, messageId, Columns.RawItem)
                .Set(Columns.Gone, Attr.Time(now))
                .SetOnce(Columns.Expires, Attr.Expiry(now + Defaults.Retention))
                .Remove("raw", "blob");
            mark = seen is null ? mark.IfMissing(Columns.Pk) : mark.IfExists(Columns.Pk);
            if ((await mark.WriteAsync(dynamo, cancellation).ConfigureAwait(false)).Done) return;
        }

        throw new TimeoutException($"Deleting what a carrier said of {messageId} met a change at every try.");
    }

    /// <summary>Deletes the item of an event that another writer than the recorder made; the recorder goes by the stream.</summary>
    /// <param name="key">Its partition key.</param>
    /// <param name="cancellation">Stops the call.</param>
    public Task DeleteEventAsync(string key, CancellationToken cancellation = default) => dynamo.DeleteItemAsync(
        new DeleteItemRequest { TableName = table, Key = Attr.Key(key, Columns.OutboxItem) }, cancellation);

    // Of a plan no leg follows before anything of it goes: the parent has no parts whose end that could be written with.
    private async Task<MessageRecord> DeleteAsync(MessageRecord record, Wish wish, CancellationToken cancellation)
    {
        if (record.Message.Failover is not null) record = await CancelPlanAsync(record, cancellation).ConfigureAwait(false);
        return await FulfilAsync(record, wish, cancellation).ConfigureAwait(false);
    }

    /// <summary>Whether a message has what a wish leads to; that it is canceled is another question.</summary>
    private static bool IsFulfilled(Wish wish, MessageState state) => wish switch
    {
        Wish.Cancel => true,
        Wish.DeleteContent => state.ContentDeletedAt is not null,
        _ => state.PersonDeletedAt is not null,
    };

    private void Delete(ItemUpdate update, Wish wish, MessageRecord record)
    {
        var (state, now) = (record.State, Attr.Time(clock.GetUtcNow()));
        if (wish == Wish.DeletePerson)
        {
            // Nobody can be asked any more what became of it: whom it went to is not known.
            update.Set(Columns.PersonGone, now).IfMissing(Columns.PersonGone).Remove(Columns.DueKey, Columns.DueAt);

            // What is there is what BlankAsync takes away.
            update
                .If(Columns.UpdatedAt, "=", Attr.Time(state.UpdatedAt))
                .IfSize(Columns.Timeline, "=", EventsInItem(record));
        }

        if (state.ContentDeletedAt is not null) return;

        update
            .Set(Columns.Gone, now)
            .Set(Columns.Content, Attr.S(JsonSerializer.Serialize(Deleted, OmniJson.Wire.Content)))
            .Remove(Columns.Referral, Columns.Media, Columns.Prepared, Columns.FileLinks, Columns.MediaProblem)
            .IfMissing(Columns.Gone);
        if (record.Message.Failover is { } legs)
        {
            PlannedLeg[] silent =
                [.. legs.Select(leg => leg with { Content = Deleted, AdaptedFrom = null, Media = null, FileLinks = null, Parts = [] })];
            update.Set(Columns.Failover, MessageCodec.LegsValue(silent));
        }

        var files = state.Files.Count;
        for (var file = 0; file < files; file++) update.Remove(Columns.FileName(file));
        if (files > 0) update.Set(Columns.GoneFiles, Attr.N(files));
    }

    /// <summary>What a client may wish for a message; each takes back what has not left.</summary>
    private enum Wish
    {
        Cancel,
        DeleteContent,
        DeletePerson,
    }
}
