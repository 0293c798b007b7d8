using Omni.Shared;

namespace Omni.Aws;

/// <summary>
/// Deletes what a message says wherever it is kept: its item, the carrier's own words, its files. The item comes first, so that who writes
/// meanwhile sees it, and remembers what is left until it is done: whoever stops in between goes on when it is asked again.
/// </summary>
/// <param name="messages">The messages.</param>
/// <param name="blobs">The files.</param>
/// <param name="media">What was made of them.</param>
public sealed class ContentDeletion(MessageStore messages, BlobStore blobs, MediaStore media)
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

        await DeleteRawAsync(message.Id, cancellation).ConfigureAwait(false);
        await DeleteFilesAsync(record, cancellation).ConfigureAwait(false);
        return record;
    }

    /// <summary>Deletes the carrier's own words of a message, and sees to it that none are kept any more.</summary>
    /// <param name="messageId">The message.</param>
    /// <param name="cancellation">Stops the call.</param>
    public Task DeleteRawAsync(string messageId, CancellationToken cancellation = default) =>
        messages.DeleteRawAsync(messageId, blob => blobs.DeleteAsync(blob, cancellation), cancellation);

    /// <summary>
    /// Deletes the files of a content that was deleted, by the names that they must have: one may be on its way into the bucket, and its
    /// sender does this when it sees that the content is gone.
    /// </summary>
    /// <param name="record">The message as just read.</param>
    /// <param name="cancellation">Stops the call.</param>
    public async Task DeleteFilesAsync(MessageRecord record, CancellationToken cancellation = default)
    {
        var message = record.Message;
        for (var file = 0; file < record.State.DeletedFiles; file++)
        {
            var id = Ids.Media(message.Id, file);
            await DeleteFileAsync(message.Tenant, id, cancellation).ConfigureAwait(false);
            // A client may have sent it on, to a carrier that takes another form of it.
            await media.ForgetMadeAsync(
                message.Tenant, id, made => DeleteFileAsync(message.Tenant, made, cancellation), cancellation).ConfigureAwait(false);
        }
    }

    private Task DeleteFileAsync(string tenant, string mediaId, CancellationToken cancellation) =>
        blobs.DeleteAsync(BlobStore.MediaKey(tenant, mediaId), cancellation);
}
