using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;

namespace Omni.Simulators.Bandwidth;

/// <summary>
/// Files: those of inbound messages and those that were uploaded, each for 48 hours and only with credentials. A file's id is all that
/// follows <c>media/</c>, slashes included. https://dev.bandwidth.com/apis/messaging/#tag/Media
/// </summary>
internal sealed class BandwidthMediaApi(BandwidthAccount account)
{
    public void Map(IEndpointRouteBuilder routes)
    {
        routes.MapGet("/media", (HttpRequest request) => BandwidthJson.Result(account.Media.Where(IsKept).Select(media => new
        {
            content = $"{request.Scheme}://{request.Host}{request.Path}/{media.Key}",
            contentLength = media.Value.Content.Length,
            mediaName = media.Key,
        })));
        routes.MapGet("/media/{**id}", (string id) =>
            account.Media.TryGetValue(id, out var media) && IsKept(new(id, media))
                ? Results.Bytes(media.Content, media.ContentType)
                : BandwidthError.NotFound.ToResult());
        routes.MapPut("/media/{**id}", UploadAsync);
        routes.MapDelete(
            "/media/{**id}", (string id) => account.Media.TryRemove(id, out _) ? Results.NoContent() : BandwidthError.NotFound.ToResult());
    }

    private async Task<IResult> UploadAsync(string id, HttpRequest request)
    {
        if (request.ContentType is not { Length: > 0 } type) return BandwidthError.UnsupportedContentType.ToResult();

        using var content = new MemoryStream();
        await request.Body.CopyToAsync(content);
        account.Media[id] = new(type, content.ToArray(), account.Clock.GetUtcNow()); // the same name overwrites
        return Results.NoContent();
    }

    private bool IsKept(KeyValuePair<string, BandwidthMedia> media) =>
        account.Clock.GetUtcNow() - media.Value.CreatedAt < BandwidthMedia.Kept;
}
