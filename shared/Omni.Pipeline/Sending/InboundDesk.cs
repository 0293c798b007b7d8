using System.Diagnostics;
using System.Security.Cryptography;
using Microsoft.Extensions.Logging;
using Omni.Aws;
using Omni.Shared;

namespace Omni.Pipeline;

/// <summary>
/// What a sender does for inbound messages, because it alone calls the carrier: fetches their files, and tells the carrier that they were
/// read. Both can be repeated: a file of a message has one name, and a mark that was set stays set.
/// </summary>
internal sealed class InboundDesk(ICarrierSender sender, SenderOptions options, AwsClients aws, TimeProvider clock, ILogger log)
{
    /// <summary>A file whose hash is wrong is fetched again so many times: bytes get lost on the way, but not every time.</summary>
    private const int MaxWrongHashes = 3;

    /// <summary>Does what a command asks for.</summary>
    /// <param name="record">The record.</param>
    /// <param name="command">The command in it.</param>
    /// <param name="timeLeft">How much time the invocation has left.</param>
    public async Task<RecordResult> RunAsync(QueueRecord record, OutboundCommand command, Func<TimeSpan> timeLeft)
    {
        var id = command switch
        {
            OutboundCommand.FetchMedia fetch => fetch.MessageId,
            OutboundCommand.MarkRead mark => mark.MessageId,
            _ => throw new UnreachableException(),
        };
        if (await aws.Messages.FindAsync(id).ConfigureAwait(false) is not { Message.Direction: Direction.Inbound } known
            || known.Message.Carrier != options.Carrier.Id)
        {
            SenderLog.NotFetched(log, id, "there is no such message");
            return RecordResult.Done;
        }

        JsonLogger.Trace = known.Message.Trace;
        if (known.State.ContentDeletedAt is not null)
        {
            // Who fetched a file meanwhile may have stopped before it saw that the content is gone.
            await aws.Deletion.DeleteFilesAsync(known).ConfigureAwait(false);
            if (command is OutboundCommand.FetchMedia || known.State.PersonDeletedAt is not null) return RecordResult.Done;
        }

        return command is OutboundCommand.FetchMedia
            ? await FetchAsync(record, known, timeLeft).ConfigureAwait(false)
            : await MarkReadAsync(record, known, timeLeft).ConfigureAwait(false);
    }

    private async Task<RecordResult> FetchAsync(QueueRecord record, MessageRecord known, Func<TimeSpan> timeLeft)
    {
        if (known.Message.Content is not MediaContent content) return RecordResult.Done;

        foreach (var (index, file) in content.Files.Index())
        {
            if (known.State.Files[index].Status != FileStatus.Pending) continue;
            if (timeLeft() < options.NeededTime) return RecordResult.PutOff(TimeSpan.Zero);

            var (state, wait) = await FetchAsync(record, known.Message, index, file, timeLeft).ConfigureAwait(false);
            if (wait is { } later && clock.GetUtcNow() + later < known.Message.CreatedAt + options.MediaAge)
                return RecordResult.PutOff(later);

            if (!await aws.Messages.SetFileAsync(known.Message.Id, index, state).ConfigureAwait(false))
            {
                // Its content was deleted meanwhile: what was kept a moment ago goes when the record comes again.
                return RecordResult.PutOff(TimeSpan.Zero);
            }

            SenderLog.Fetched(log, known.Message.Id, index, state.Status.Word(), state.Code ?? "");
            if (state.Status == FileStatus.Failed) Metrics.Count("MediaNotFetched", options.Carrier.Id);
        }

        return RecordResult.Done;
    }

    /// <returns>
    /// What became of the file, and how long to wait before another try; what is given up stays failed with the last code.
    /// </returns>
    private async Task<(FileState State, TimeSpan? Wait)> FetchAsync(
        QueueRecord record, Message message, int index, MediaItem file, Func<TimeSpan> timeLeft)
    {
        if (sender is not ICarrierMedia media) return (Failed("not_supported"), null);

        using var patience = new CancellationTokenSource(timeLeft() - options.FinishingTime); // real time, as that of the invocation
        switch (await OpenAsync(media, file, patience.Token).ConfigureAwait(false))
        {
            case MediaAnswer.Opened opened:
                using (opened) return await KeepAsync(record, message, index, file, opened, patience.Token).ConfigureAwait(false);

            case MediaAnswer.Gone gone:
                return (Failed(gone.CarrierCode), null);

            case MediaAnswer.Later later:
                if (later.Cause == DeferralCause.OurFault) Metrics.Count("SenderFault", options.Carrier.Id);
                return Again(record, later.CarrierCode, later.RetryAfter);

            default:
                throw new UnreachableException();
        }
    }

    private async Task<(FileState, TimeSpan?)> KeepAsync(
        QueueRecord record, Message message, int index, MediaItem file, MediaAnswer.Opened opened, CancellationToken cancellation)
    {
        if (opened.Length > options.MaxMediaBytes) return (Failed("too_large"), null);

        try
        {
            await using var copy = new FileStream(
                System.IO.Path.Combine(System.IO.Path.GetTempPath(), System.IO.Path.GetRandomFileName()),
                FileMode.CreateNew,
                FileAccess.ReadWrite,
                FileShare.None,
                64 * 1024,
                FileOptions.DeleteOnClose);
            if (await CopyAsync(opened.Bytes, copy, cancellation).ConfigureAwait(false) is not { } digest)
                return (Failed("too_large"), null);

            if ((file.Sha256 ?? opened.Sha256) is { } told && !Same(told, digest))
            {
                return record.ReceiveCount <= MaxWrongHashes ? Again(record, "hash_mismatch", null) : (Failed("hash_mismatch"), null);
            }

            var id = Ids.Media(message.Id, index);
            var type = opened.ContentType ?? file.MimeType ?? "application/octet-stream";
            var facts = FileSniffer.Look(copy);
            copy.Position = 0;
            var sha256 = Convert.ToHexStringLower(digest);
            await aws.Blobs.PutAsync(BlobStore.MediaKey(message.Tenant, id), copy, type, sha256, cancellation).ConfigureAwait(false);
            return (
                new()
                {
                    Status = FileStatus.Stored, MediaId = id, MimeType = type, Bytes = copy.Length, Sha256 = sha256,
                    DetectedType = facts.Type == FileTypes.Unknown ? null : facts.Type,
                    Width = facts.Width, Height = facts.Height, DurationMs = facts.DurationMs,
                },
                null);
        }
        catch (Exception lost) when (lost is HttpRequestException or OperationCanceledException or IOException)
        {
            return Again(record, lost is OperationCanceledException ? "timeout" : "reset", null);
        }
    }

    /// <summary>Copies and hashes; null when there is more than is kept.</summary>
    private async Task<byte[]?> CopyAsync(Stream from, Stream to, CancellationToken cancellation)
    {
        using var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        var buffer = new byte[64 * 1024];
        while (await from.ReadAsync(buffer, cancellation).ConfigureAwait(false) is > 0 and var count)
        {
            if (to.Length + count > options.MaxMediaBytes) return null;
            hash.AppendData(buffer, 0, count);
            await to.WriteAsync(buffer.AsMemory(0, count), cancellation).ConfigureAwait(false);
        }

        return hash.GetHashAndReset();
    }

    private static async Task<MediaAnswer> OpenAsync(ICarrierMedia media, MediaItem file, CancellationToken cancellation)
    {
        try
        {
            return await media.OpenAsync(file, cancellation).ConfigureAwait(false);
        }
        catch (Exception lost) when (lost is HttpRequestException or OperationCanceledException or IOException)
        {
            return new MediaAnswer.Later(DeferralCause.CarrierUnavailable, lost is OperationCanceledException ? "timeout" : "reset");
        }
    }

    private async Task<RecordResult> MarkReadAsync(QueueRecord record, MessageRecord known, Func<TimeSpan> timeLeft)
    {
        var message = known.Message;
        if (known.State.Timeline.Any(e => e.Type is MessageStore.ReadMarked or MessageStore.ReadMarkRefused)) return RecordResult.Done;
        if (timeLeft() < options.NeededTime) return RecordResult.PutOff(TimeSpan.Zero);

        var outcome = sender is ICarrierReadMarker marker
            ? await marker.MarkReadAsync(message, CancellationToken.None).ConfigureAwait(false)
            : new SendOutcome.Rejected(FailureReason.Unsupported, "not_supported");
        switch (outcome)
        {
            case SendOutcome.Accepted:
                SenderLog.ReadMarked(log, message.Id, "taken");
                await aws.Messages.SetReadMarkedAsync(message.Id).ConfigureAwait(false);
                return RecordResult.Done;
            case SendOutcome.Rejected rejected:
                SenderLog.ReadMarked(log, message.Id, rejected.CarrierCode);
                await aws.Messages.SetReadMarkedAsync(message.Id, isRefused: true).ConfigureAwait(false);
                return RecordResult.Done;
            default:
                // A lost answer does not matter: to tell it twice changes nothing. After a day nobody waits for the mark any more.
                if (clock.GetUtcNow() > message.CreatedAt + options.ReadMarkAge)
                {
                    SenderLog.ReadMarked(log, message.Id, "expired");
                    await aws.Messages.SetReadMarkedAsync(message.Id, isRefused: true).ConfigureAwait(false);
                    return RecordResult.Done;
                }

                return RecordResult.PutOff(Again(record, "", (outcome as SendOutcome.Deferred)?.RetryAfter).Wait!.Value);
        }
    }

    private (FileState State, TimeSpan? Wait) Again(QueueRecord record, string code, TimeSpan? named)
    {
        var wait = Backoff.FullJitter(options, record.ReceiveCount);
        return (Failed(code), named > wait ? named : wait);
    }

    private static FileState Failed(string code) => new() { Status = FileStatus.Failed, Code = code };

    // A carrier writes a hash as hex or as base64.
    private static bool Same(string told, byte[] digest) =>
        told.Equals(Convert.ToHexString(digest), StringComparison.OrdinalIgnoreCase) || told == Convert.ToBase64String(digest);
}
