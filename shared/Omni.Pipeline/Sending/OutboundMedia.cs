using Omni.Aws;
using Omni.Shared;

namespace Omni.Pipeline;

/// <summary>
/// The files of one message: those that Omni keeps, by signed links or from the bucket, and those at an address,
/// fetched when bytes are wanted.
/// </summary>
/// <param name="message">The message.</param>
/// <param name="carrier">Its carrier, whose limit counts.</param>
/// <param name="blobs">The bucket.</param>
/// <param name="store">What is known of files.</param>
/// <param name="http">Fetches from addresses.</param>
internal sealed class OutboundMedia(Message message, Carrier carrier, BlobStore blobs, MediaStore store, CarrierHttp http) : IOutboundMedia
{
    /// <summary>Long enough for a carrier that fetches late, and no longer than the function's credentials are sure to live.</summary>
    private static readonly TimeSpan LinkLife = TimeSpan.FromHours(1);

    /// <summary>
    /// The most that fetching a file takes of its attempt. The rest is for the carrier's own calls, so that a slow host does not look like
    /// a slow carrier.
    /// </summary>
    public TimeSpan FetchTime { get; init; } = TimeSpan.FromSeconds(5);

    public Uri? LinkTo(MediaItem file) => Prepared(file) is { MediaId: { } made } prepared ? LinkTo(made, prepared.MimeType) : file switch
    {
        { MediaUrl: { } url } => url,
        { MediaId: { } id } when Ids.IsMedia(id) => LinkTo(id),
        _ => null,
    };

    // What was looked at goes out under the type that it is, whatever it was kept under.
    private Uri LinkTo(string id, string? type = null) => blobs.LinkTo(BlobStore.MediaKey(message.Tenant, id), LinkLife, type);

    public PreparedFile? Prepared(MediaItem file) =>
        message.Prepared is { } prepared
        && ContentFiles.Of(message.Content).Index().FirstOrDefault(named => named.Item.File == file) is { Item: not null } found
            ? prepared.ElementAtOrDefault(found.Index)
            : null;

    public async Task<string?> FindUploadAsync(MediaItem file, string owner, CancellationToken cancellation) =>
        KeptAs(file) is { } id
            ? await store.FindUploadAsync(message.Tenant, id, carrier.Id, owner, cancellation).ConfigureAwait(false)
            : null;

    public Task SetUploadAsync(MediaItem file, string owner, string? id, CancellationToken cancellation) => KeptAs(file) is { } kept
        ? store.PutUploadAsync(message.Tenant, kept, carrier.Id, owner, id, cancellation)
        : Task.CompletedTask;

    private string? KeptAs(MediaItem file) => (Prepared(file)?.MediaId ?? file.MediaId) is { } id && Ids.IsMedia(id) ? id : null;

    public async Task<(MediaFile? File, SendOutcome? Refusal)> ReadAsync(MediaItem file, CancellationToken cancellation)
    {
        var made = Prepared(file) is { MediaId: not null } known ? known : null;
        if (made is null && file.MediaUrl is { } url) return await DownloadAsync(file, url, cancellation).ConfigureAwait(false);
        if ((made?.MediaId ?? file.MediaId) is not { } id || !Ids.IsMedia(id)) return Refuse(FailureReason.MediaRejected, "unknown_media");

        return await blobs.FindAsync(BlobStore.MediaKey(message.Tenant, id), cancellation).ConfigureAwait(false) is var (bytes, type)
            ? Whole(made is null ? file : AsMade(file, made), bytes, type)
            : Refuse(FailureReason.MediaRejected, "unknown_media");
    }

    // What it became has its own type, and a name that says so.
    private static MediaItem AsMade(MediaItem file, PreparedFile made) => file with
    {
        MimeType = made.MimeType,
        Filename = made.ConvertedFrom is null || FileTypes.EndingOf(made.MimeType ?? "") is not { Length: > 0 } ending
            ? file.Filename
            : Path.ChangeExtension(file.Filename ?? NameOf(file), ending),
    };

    private async Task<(MediaFile?, SendOutcome?)> DownloadAsync(MediaItem file, Uri url, CancellationToken cancellation)
    {
        using var patience = CancellationTokenSource.CreateLinkedTokenSource(cancellation); // real time, as that of the HTTP client
        patience.CancelAfter(FetchTime);
        using var request = new HttpRequestMessage(HttpMethod.Get, url);
        switch (await http.OpenAsync(request, patience.Token).ConfigureAwait(false))
        {
            case MediaAnswer.Opened opened:
                using (opened)
                {
                    return await FetchAsync(file, opened, patience.Token).ConfigureAwait(false);
                }

            // Whoever named the address keeps the file there: that it refuses us is not the fault of our credentials with the carrier.
            case MediaAnswer.Later { Cause: DeferralCause.OurFault } refused:
                return Refuse(FailureReason.MediaRejected, "media_" + refused.CarrierCode);
            case MediaAnswer.Later later:
                return Unreachable(later.CarrierCode);
            case MediaAnswer.Gone gone:
                return Refuse(FailureReason.MediaRejected, "media_" + gone.CarrierCode);
            default:
                throw new System.Diagnostics.UnreachableException();
        }
    }

    private async Task<(MediaFile?, SendOutcome?)> FetchAsync(MediaItem file, MediaAnswer.Opened opened, CancellationToken cancellation)
    {
        try
        {
            return await ReadAsync(opened.Bytes, LargestOf(file), cancellation).ConfigureAwait(false) is { } bytes
                ? Whole(file, bytes, opened.ContentType ?? "application/octet-stream")
                : Refuse(FailureReason.MediaTooLarge, "too_large");
        }
        catch (Exception lost) when (lost is HttpRequestException or OperationCanceledException or IOException)
        {
            return Unreachable(lost is OperationCanceledException ? "timeout" : "reset");
        }
    }

    /// <summary>All bytes; null when there are more than the carrier takes.</summary>
    private static async Task<byte[]?> ReadAsync(Stream from, long? most, CancellationToken cancellation)
    {
        using var bytes = new MemoryStream();
        var buffer = new byte[64 * 1024];
        while (await from.ReadAsync(buffer, cancellation).ConfigureAwait(false) is > 0 and var count)
        {
            if (bytes.Length + count > most) return null;
            bytes.Write(buffer, 0, count);
        }

        return bytes.ToArray();
    }

    private (MediaFile?, SendOutcome?) Whole(MediaItem file, byte[] bytes, string type) =>
        bytes.Length > LargestOf(file)
            ? Refuse(FailureReason.MediaTooLarge, "too_large")
            : (new MediaFile(bytes, file.MimeType ?? type, file.Filename ?? NameOf(file)), null);

    private long? LargestOf(MediaItem file) =>
        carrier.Limits.LargestFile(
            ContentFiles.Of(message.Content).FirstOrDefault(
                named => named.File.MediaUrl == file.MediaUrl && named.File.MediaId == file.MediaId)?.Kind ?? message.Content.Type);

    private static string NameOf(MediaItem file) =>
        file.MediaUrl is { } url && url.AbsolutePath.Split('/')[^1] is { Length: > 0 and <= 128 } name
            ? Uri.UnescapeDataString(name)
            : "file";

    // How long its host asks us to wait does not count: the conversation waits for this file, and not for long.
    private static (MediaFile?, SendOutcome?) Unreachable(string code) =>
        (null, new SendOutcome.Deferred(DeferralCause.Media, "media_" + code));

    private static (MediaFile?, SendOutcome?) Refuse(FailureReason reason, string code) => (null, new SendOutcome.Rejected(reason, code));
}
