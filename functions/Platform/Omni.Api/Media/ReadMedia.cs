using Omni.Aws;
using Omni.Shared;

namespace Omni.Api;

/// <summary>
/// Leads to a file that Omni keeps, by a link that is signed and lives for minutes: the bytes come from S3, not through the API. A person
/// sent it, and may have called a page a picture: only what is an image, sound or film by its bytes may be shown by a browser,
/// everything else is for saving.
/// </summary>
internal sealed class ReadMedia(BlobStore blobs, MediaStore media)
{
    private static readonly TimeSpan LinkLife = TimeSpan.FromMinutes(5);

    // The id becomes part of an object's name: only what can be one is looked for.
    public Task<ApiResult> HandleAsync(ApiCall call, CancellationToken cancellation) => LeadAsync(call.Tenant, call.Id, cancellation);

    /// <summary>
    /// Leads whoever knows a link in a message's text to its file. The answer is kept by nobody, and the file's host is not told the link.
    /// </summary>
    public async Task<ApiResult> OpenLinkAsync(ApiCall call, CancellationToken cancellation)
    {
        var found = FileLink.IsId(call.Id) ? await media.FindLinkAsync(call.Id, cancellation) : null;
        return found switch
        {
            (_, { MediaUrl: { } address }) => To(address),
            ({ } tenant, { MediaId: { } id }) => await LeadAsync(tenant, id, cancellation),
            _ => Problems.MediaNotFound.Because("The link has come to its end, or never was."),
        };
    }

    private async Task<ApiResult> LeadAsync(string tenant, string mediaId, CancellationToken cancellation)
    {
        var key = BlobStore.MediaKey(tenant, mediaId);
        if (!Ids.IsMedia(mediaId) || await blobs.LookAsync(key, MediaSignature.Length, cancellation) is not { } look)
        {
            return Problems.MediaNotFound.Because("No file of yours has this id.");
        }

        var link = MediaSignature.TypeOf(look.Start) is { } type
            ? blobs.LinkTo(key, LinkLife, type)
            : blobs.LinkTo(key, LinkLife, FileType.Unknown, "attachment");
        return To(link);
    }

    private static ApiResult.Answer To(Uri address) => new(302, null)
    {
        Headers = new Dictionary<string, string> { ["Location"] = address.OriginalString, ["Referrer-Policy"] = "no-referrer" },
    };
}
