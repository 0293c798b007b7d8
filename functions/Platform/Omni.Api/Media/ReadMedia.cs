using Omni.Aws;
using Omni.Shared;

namespace Omni.Api;

/// <summary>Leads to a file that Omni keeps, by a link that is signed and lives for minutes: the bytes come from S3, not through the API.</summary>
internal sealed class ReadMedia(BlobStore blobs)
{
    private static readonly TimeSpan LinkLife = TimeSpan.FromMinutes(5);

    public static string PathOf(string mediaId) => "/api/v1/media/" + mediaId;

    // The id becomes part of an object's name: only what can be one is looked for.
    public async Task<ApiResult> HandleAsync(ApiCall call, CancellationToken cancellation) =>
        Ids.IsMedia(call.Id) && await blobs.LinkAsync(BlobStore.MediaKey(call.Tenant, call.Id), LinkLife, cancellation) is { } link
            ? new ApiResult.Answer(302, null) { Headers = new Dictionary<string, string> { ["Location"] = link.AbsoluteUri } }
            : Problems.MediaNotFound.Because("No file of yours has this id.");
}
