using System.Diagnostics;
using System.Globalization;
using System.Security.Cryptography;
using Omni.Aws;
using Omni.Shared;

namespace Omni.MediaConverter;

/// <summary>
/// Makes the files of one message into what its carrier takes. All of it can be repeated: the same bytes have the same id.
/// </summary>
/// <param name="parts">What it works with.</param>
internal sealed class MediaWorker(MediaParts parts)
{
    private static readonly KnownFile Fault = new()
    {
        Code = MediaRefusal.Fault, Detail = "The file ended whatever tried to convert it. It may be damaged.",
    };

    // A host that is away is asked so many times, a minute in all: whoever waits for the message waits for it.
    private const int MaxReceives = 5;

    /// <summary>Does what a record asks for.</summary>
    /// <param name="messageId">The message.</param>
    /// <param name="receives">How often the record came, this time included.</param>
    /// <param name="timeLeft">How much time there is.</param>
    /// <returns>How long to wait before the record comes again; null when it is done.</returns>
    public async Task<TimeSpan?> RunAsync(string messageId, int receives, TimeSpan timeLeft)
    {
        var begun = parts.Clock.GetTimestamp();
        if (await parts.Messages.FindAsync(messageId).ConfigureAwait(false) is not { } record) return null;
        if (!record.Message.AwaitsMedia || record.Status.IsFinal() || record.State.CancelRequested) return null;

        var message = record.Message;
        JsonLogger.Trace = message.Trace;
        if (parts.Clock.GetUtcNow() >= message.Deadline)
        {
            await parts.Messages.CloseAsync(messageId, MessageStatus.Expired, FailureReason.Expired).ConfigureAwait(false);
            return null;
        }

        try
        {
            NamedFile[] files = [.. ContentFiles.Of(message.Content)];
            var made = new PreparedFile[files.Length];
            foreach (var (index, named) in files.Index())
            {
                var time = timeLeft - parts.Clock.GetElapsedTime(begun);
                if (time <= TimeSpan.Zero) return TimeSpan.Zero; // what is made already is found again

                made[index] = await MakeAsync(message, named, files.Length, time).ConfigureAwait(false);
            }

            await parts.Messages.SetPreparedAsync(messageId, made).ConfigureAwait(false);
            Log.Ready(parts.Log, messageId);
            return null;
        }
        catch (MediaException refused)
        {
            var (code, detail) = refused.Refusal;
            Log.Refused(parts.Log, messageId, code);
            Metrics.Count("MediaRefused", message.Carrier);
            await parts.Messages.RejectMediaAsync(messageId, refused.Refusal.Reason, code, detail).ConfigureAwait(false);
            return null;
        }
        catch (HostBusyException busy) when (receives < MaxReceives)
        {
            Log.PutOff(parts.Log, messageId, busy.Code);
            return TimeSpan.FromSeconds(Math.Pow(2, receives));
        }
        catch (HostBusyException busy)
        {
            Log.Refused(parts.Log, messageId, busy.Code);
            await parts.Messages.RejectMediaAsync(
                messageId,
                FailureReason.MediaRejected,
                MediaRefusal.Unreachable,
                $"The file's host was not reached ({busy.Code}), {MaxReceives} times. It must be public.").ConfigureAwait(false);
            return null;
        }
    }

    private async Task<PreparedFile> MakeAsync(Message message, NamedFile named, int files, TimeSpan timeLeft)
    {
        var carrier = CarrierCatalogue.Get(message.Carrier);
        var isCarriers = named.File.MediaUrl is null && !Ids.IsMedia(named.File.MediaId);
        if (isCarriers || FileTarget.Of(carrier, message.From, named.Kind, files, message.Media) is not { } target) return new();

        using var time = new CancellationTokenSource(TimeOf(message, timeLeft)); // real time, as that of libvips
        try
        {
            return await MakeAsync(message.Tenant, named.File, target, time.Token).ConfigureAwait(false);
        }
        catch (OperationCanceledException) when (time.IsCancellationRequested)
        {
            throw new MediaException(
                MediaRefusal.Timeout,
                string.Create(
                    CultureInfo.InvariantCulture,
                    $"The file took longer than {TimeOf(message, timeLeft).TotalSeconds:0} s. A larger media.timeoutSeconds would help."));
        }
    }

    private static TimeSpan TimeOf(Message message, TimeSpan timeLeft) =>
        message.Media!.Timeout < timeLeft ? message.Media.Timeout : timeLeft;

    private async Task<PreparedFile> MakeAsync(string tenant, MediaItem item, FileTarget target, CancellationToken cancellation)
    {
        FetchedFile? fetched = null;
        try
        {
            var sourceId = item.MediaId;
            if (item.MediaUrl is { } address)
            {
                var known = await parts.Media.FindFetchedAsync(tenant, address, cancellation).ConfigureAwait(false);
                if (known?.Code is { } code) throw new MediaException(code, known.Detail!);

                sourceId = known?.MediaId;
                if (sourceId is null)
                {
                    fetched = await FetchAsync(tenant, address, cancellation).ConfigureAwait(false);
                    sourceId = Ids.Media(fetched.Sha256);
                }
            }

            var made = await parts.Media.FindMadeAsync(tenant, sourceId!, target.Recipe, cancellation).ConfigureAwait(false);
            if (made is null)
            {
                fetched ??= await FetchAgainAsync(tenant, item, sourceId!, cancellation).ConfigureAwait(false);
                // Another file may lie at the address by now.
                var id = item.MediaId ?? Ids.Media(fetched.Sha256);
                made = await ConvertAsync(tenant, id, fetched, item, target, cancellation).ConfigureAwait(false);
                if (item.MediaId is not null && made.MediaId is not null) await CheckIsKeptAsync(tenant, id, made).ConfigureAwait(false);
            }

            return made.Code is { } refused
                ? throw new MediaException(refused, made.Detail!)
                : new() { MediaId = made.MediaId, MimeType = made.Type, Bytes = made.Bytes, ConvertedFrom = made.From, Voice = made.Voice };
        }
        finally
        {
            fetched?.Dispose();
        }
    }

    private async Task<FetchedFile> FetchAsync(string tenant, Uri address, CancellationToken cancellation)
    {
        try
        {
            var fetched = await parts.Fetcher.FetchAsync(address, cancellation).ConfigureAwait(false);
            Metrics.Count("MediaFetched");
            await parts.Media.PutFetchedAsync(
                tenant, address, new() { MediaId = Ids.Media(fetched.Sha256) }, cancellation).ConfigureAwait(false);
            return fetched;
        }
        catch (MediaException refused)
        {
            var (code, detail) = refused.Refusal;
            await parts.Media.PutFetchedAsync(
                tenant, address, new() { Code = code, Detail = detail }, cancellation).ConfigureAwait(false);
            throw;
        }
    }

    /// <summary>A file whose id is known, and whose bytes are needed: for another carrier, say.</summary>
    private async Task<FetchedFile> FetchAgainAsync(string tenant, MediaItem item, string mediaId, CancellationToken cancellation)
    {
        if (item.MediaUrl is { } address) return await FetchAsync(tenant, address, cancellation).ConfigureAwait(false);

        using var stored = await parts.Blobs.OpenAsync(BlobStore.MediaKey(tenant, mediaId), cancellation).ConfigureAwait(false)
            ?? throw Missing();
        return await FileFetcher.KeepAsync(stored.Stream, cancellation).ConfigureAwait(false);
    }

    // Who deleted the file meanwhile may have looked for what was made of it before that was there.
    private async Task CheckIsKeptAsync(string tenant, string mediaId, KnownFile made)
    {
        if (await parts.Blobs.SizeAsync(BlobStore.MediaKey(tenant, mediaId)).ConfigureAwait(false) is not null) return;

        await parts.Blobs.DeleteAsync(BlobStore.MediaKey(tenant, made.MediaId!)).ConfigureAwait(false);
        throw Missing();
    }

    private static MediaException Missing() =>
        new(MediaRefusal.Missing, "Omni keeps no such file any more: they are kept for 90 days.");

    private async Task<KnownFile> ConvertAsync(
        string tenant, string id, FetchedFile file, MediaItem item, FileTarget target, CancellationToken cancellation)
    {
        FileFacts facts;
        await using (var bytes = File.OpenRead(file.Path))
            facts = FileSniffer.Look(bytes).Refined(item.MimeType);

        // A file that ends the function with it is not tried again: whoever comes next finds this.
        await parts.Media.PutMadeAsync(tenant, id, target.Recipe, Fault, MediaStore.Tried, cancellation).ConfigureAwait(false);
        try
        {
            var known = await MakeAsync(tenant, id, item.MediaId, file, facts, target, cancellation).ConfigureAwait(false);
            // Soon there may be what converts it.
            var life = known.Code == MediaRefusal.NoConverter ? MediaStore.Missed : MediaStore.Made;
            await parts.Media.PutMadeAsync(tenant, id, target.Recipe, known, life, CancellationToken.None).ConfigureAwait(false);
            return known;
        }
        catch (Exception fault) when (fault is not OutOfMemoryException)
        {
            // It may well be another time: with more of it, or when what failed is there again.
            await parts.Media.PutMadeAsync(tenant, id, target.Recipe, Fault, TimeSpan.Zero, CancellationToken.None).ConfigureAwait(false);
            throw;
        }
    }

    private async Task<KnownFile> MakeAsync(
        string tenant, string source, string? keptAs, FetchedFile file, FileFacts facts, FileTarget target, CancellationToken cancellation)
    {
        var begun = Stopwatch.GetTimestamp();
        try
        {
            if (await parts.Converter.MakeAsync(file.Path, facts, target, cancellation).ConfigureAwait(false) is not { } made)
                return await KeepAsync(tenant, keptAs, file, facts, cancellation).ConfigureAwait(false);

            var sha256 = Convert.ToHexStringLower(SHA256.HashData(made.Bytes));
            var id = Ids.MediaMadeOf(source, target.Recipe);
            await parts.Blobs.PutAsync(BlobStore.MediaKey(tenant, id), made.Bytes, made.Type, sha256, cancellation).ConfigureAwait(false);
            Log.Converted(
                parts.Log, facts.Type, facts.Bytes, made.Type, made.Bytes.Length, made.Encodes,
                (long)Stopwatch.GetElapsedTime(begun).TotalMilliseconds);
            Metrics.Count("MediaConverted");
            return new()
            {
                MediaId = id, Type = made.Type, Bytes = made.Bytes.Length, From = facts.Type,
                Voice = IsVoice(FileSniffer.Look(made.Bytes)),
            };
        }
        catch (MediaException refused)
        {
            return new() { Code = refused.Refusal.Code, Detail = refused.Refusal.Detail };
        }
    }

    /// <summary>A file that goes as it is: kept too, so that what goes is what was looked at, whatever its host gives next.</summary>
    private async Task<KnownFile> KeepAsync(
        string tenant, string? keptAs, FetchedFile file, FileFacts facts, CancellationToken cancellation)
    {
        if (keptAs is not null) return new() { MediaId = keptAs, Type = facts.Type, Bytes = facts.Bytes, Voice = IsVoice(facts) };

        var id = Ids.Media(file.Sha256);
        await using var bytes = File.OpenRead(file.Path);
        await parts.Blobs.PutAsync(
            BlobStore.MediaKey(tenant, id), bytes, facts.Type, file.Sha256, cancellation).ConfigureAwait(false);
        return new() { MediaId = id, Type = facts.Type, Bytes = facts.Bytes, Voice = IsVoice(facts) };
    }

    // What phones record when somebody speaks into them.
    private static bool? IsVoice(FileFacts facts) =>
        facts is { Type: FileTypes.Ogg, AudioCodec: "opus", Channels: 1 } ? true : null;
}
