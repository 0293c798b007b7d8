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
        CancelAsync(record, deletes: true, cancellation);

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

    /// <summary>Notes that the files of a deleted content are deleted too.</summary>
    /// <param name="messageId">The message.</param>
    /// <param name="cancellation">Stops the call.</param>
    public Task NoteFilesDeletedAsync(string messageId, CancellationToken cancellation = default) =>
        Update(messageId).Remove(Columns.GoneFiles).WriteAsync(dynamo, cancellation);

    private void Delete(ItemUpdate update, MessageRecord record)
    {
        update
            .Set(Columns.Gone, Attr.Time(clock.GetUtcNow()))
            .Set(Columns.Content, Attr.S(JsonSerializer.Serialize(Deleted, OmniJson.Wire.Content)))
            .Remove(Columns.Referral)
            .IfMissing(Columns.Gone);
        var files = record.State.Files.Count;
        for (var file = 0; file < files; file++) update.Remove(Columns.FileName(file));
        if (files > 0) update.Set(Columns.GoneFiles, Attr.N(files));
    }
}
