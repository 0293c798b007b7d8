using Omni.Aws;
using Omni.Shared;

namespace Omni.Api;

/// <summary>
/// The files that a message names by our ids. Each is asked for once, all side by side: a message that names none costs no call, and its size is known with
/// the same answer. Ids that are not ours are the carrier's, which the planner has looked at.
/// </summary>
internal sealed class MediaReferences(BlobStore blobs)
{
    /// <summary>Why a message cannot have its files; null when it can, or names none.</summary>
    public async Task<ApiResult.Refusal?> RefuseAsync(Message message, CancellationToken cancellation)
    {
        NamedFile[] kept = [.. ContentFiles.Of(message.Content).Where(named => Ids.IsMedia(named.File.MediaId))];
        if (kept.Length == 0) return null;

        var sizes = await Task.WhenAll(kept.Select(named => blobs.SizeAsync(BlobStore.MediaKey(message.Tenant, named.File.MediaId!), cancellation)));
        FieldError[] missing = [.. kept.Zip(sizes).Where(file => file.Second is null).Select(file => new FieldError($"{file.First.Path}.mediaId", "unknown_media", "You have no such file."))];
        if (missing.Length > 0) return Problems.UnknownMedia.Because(missing);

        FieldError[] large = [.. kept.Zip(sizes).SelectMany(file => TooLarge(file.First, file.Second!.Value, CarrierCatalogue.Get(message.Carrier)))];
        return large.Length > 0 ? Problems.NotCarried.Because(large) : null;
    }

    private static IEnumerable<FieldError> TooLarge(NamedFile named, long bytes, Carrier carrier)
    {
        if (carrier.Limits.LargestFile(named.Kind) is { } most && bytes > most)
        {
            yield return new($"{named.Path}.mediaId", "too_large", $"{carrier.Name} takes {most} bytes of {named.Kind.Word()}; this file has {bytes}.");
        }
    }
}
