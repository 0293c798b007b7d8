using Omni.Shared;

namespace Omni.Aws;

/// <summary>
/// Deletes what a message says wherever it is kept: its item, the carrier's own words, its files. The item comes first, so that who writes
/// meanwhile sees it, and remembers what is left until it is done: whoever stops in between goes on when it is asked again.
/// </summary>
/// <param name="messages">The messages.</param>
/// <param name="blobs">The files.</param>
public sealed class ContentDeletion(MessageStore messages, BlobStore blobs)
{
    /// <summary>Deletes it. Deleted once more, nothing changes.</summary>
    /// <param name="record">The message as just read.</param>
    /// <param name="cancellation">Stops the call.</param>
    /// <returns>The message afterwards.</returns>
    public async Task<MessageRecord> RunAsync(MessageRecord record, CancellationToken cancellation = default)
    {
        record = await messages.DeleteContentAsync(record, cancellation).ConfigureAwait(false);
        var message = record.Message;
        if (message.Direction == Direction.Outbound) return record;

        await messages.DeleteRawAsync(message.Id, blob => blobs.DeleteAsync(blob, cancellation), cancellation).ConfigureAwait(false);
        if (record.State.FilesToDelete == 0) return record;

        // By the names that they must have: one may be on its way into the bucket, and its sender deletes it when it sees this.
        for (var file = 0; file < record.State.FilesToDelete; file++)
        {
            await blobs.DeleteAsync(BlobStore.MediaKey(message.Tenant, Ids.Media(message.Id, file)), cancellation).ConfigureAwait(false);
        }

        await messages.NoteFilesDeletedAsync(message.Id, cancellation).ConfigureAwait(false);
        return record;
    }
}
