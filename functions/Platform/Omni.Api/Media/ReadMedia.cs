using Omni.Aws;
using Omni.Shared;

namespace Omni.Api;

/// <summary>
/// Leads to a file that Omni keeps, by a link that is signed and lives for minutes: the bytes come from S3, not through the API. A person
/// sent it, and may have called a page a picture: only what is an image, sound or film by its bytes may be shown by a browser,
/// everything else is for saving.
/// </summary>
internal sealed class ReadMedia(BlobStore blobs)
{
    private static readonly TimeSpan LinkLife = TimeSpan.FromMinutes(5);

    // The id becomes part of an object's name: only what can be one is looked for.
    public async Task<ApiResult> HandleAsync(ApiCall call, CancellationToken cancellation)
    {
        var key = BlobStore.MediaKey(call.Tenant, call.Id);
        if (!Ids.IsMedia(call.Id) || await blobs.LookAsync(key, MediaSignature.Length, cancellation) is not { } look)
        {
            return Problems.MediaNotFound.Because("No file of yours has this id.");
        }

        var link = MediaSignature.TypeOf(look.Start) is { } type
            ? blobs.LinkTo(key, LinkLife, type)
            : blobs.LinkTo(key, LinkLife, FileType.Unknown, "attachment");
        return new ApiResult.Answer(302, null) { Headers = new Dictionary<string, string> { ["Location"] = link.OriginalString } };
    }
}
