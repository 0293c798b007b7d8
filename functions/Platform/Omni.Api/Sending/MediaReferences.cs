using System.Collections.Concurrent;
using System.Net;
using Omni.Aws;
using Omni.Shared;

namespace Omni.Api;

/// <summary>
/// The files that a message names by our ids. Each is asked for once, all side by side: a message that names none costs no call, and its
/// size is known with the same answer. Ids that are not ours are the carrier's, which the planner has looked at.
/// </summary>
internal static class MediaReferences
{
    /// <summary>Why a message cannot have its files; null when it can, or names none.</summary>
    public static async Task<ApiResult.Refusal?> RefuseAsync(Message message, CallFiles files, CancellationToken cancellation)
    {
        NamedFile[] linked = [.. Linked(message)];
        NamedFile[] kept = [.. ContentFiles.Of(message.Content).Concat(linked).Where(named => Ids.IsMedia(named.File.MediaId))];
        FieldError[] strange = [.. linked.Where(named => named.File.MediaId is { } id && !Ids.IsMedia(id)).Select(Unknown)];
        if (strange.Length > 0) return Problems.UnknownMedia.Because(strange);
        if (kept.Length == 0) return null;

        var sizes = await Task.WhenAll(
            kept.Select(named => files.FindAsync(BlobStore.MediaKey(message.Tenant, named.File.MediaId!), cancellation)));
        FieldError[] missing = [.. kept.Zip(sizes)
            .Where(file => file.Second is null)
            .Select(file => Unknown(file.First))];
        if (missing.Length > 0) return Problems.UnknownMedia.Because(missing);

        FieldError[] large =
            [.. kept.Zip(sizes)
                .Where(file => file.First.Kind == ContentType.Document || message.Media?.Convert == MediaConversion.Never)
                .SelectMany(file => TooLarge(file.First, file.Second!.Value, CarrierCatalogue.Get(message.Carrier)))];
        return large.Length > 0 ? Problems.NotCarried.Because(large) : null;
    }

    private static FieldError Unknown(NamedFile named) => new($"{named.Path}.mediaId", "unknown_media", "You have no such file.");

    // A link leads to files of ours and to addresses; what else a mediaId may be means nothing outside its carrier.
    private static IEnumerable<NamedFile> Linked(Message message) => (message.FileLinks ?? []).Index().Select(link => new NamedFile(
        link.Index == 0 ? "content" : $"content.more[{link.Index - 1}]",
        ContentType.Text,
        new() { MediaId = link.Item.MediaId, MediaUrl = link.Item.MediaUrl }));

    /// <summary>
    /// Refuses files on the machine itself, in the planner's words: its rule lets them pass for the stage that runs on one machine. What
    /// other names lead into a network is looked at where a file is fetched.
    /// </summary>
    /// <param name="content">The content.</param>
    public static ApiResult.Refusal? RefuseOwnMachine(Content content)
    {
        var cards = (content as InteractiveContent)?.Cards ?? [];
        FieldError[] errors =
        [
            .. ContentFiles.Of(content).Select(named => (Field: $"{named.Path}.mediaUrl", Url: named.File.MediaUrl))
                .Concat(cards.Index().Select(card => (Field: $"content.cards[{card.Index}].imageUrl", Url: card.Item.ImageUrl)))
                .Where(file => file.Url is { } url && IsOwnMachine(url))
                .Select(file => new FieldError(
                    file.Field, "invalid_url", "The file's address must be an absolute https URL that others can reach.")),
        ];
        return errors.Length > 0 ? Problems.NotCarried.Because(errors) : null;
    }

    // https://www.rfc-editor.org/rfc/rfc6761#section-6.3: all names under localhost are the machine itself. A name may end with a dot.
    private static bool IsOwnMachine(Uri url) =>
        url.IsLoopback || url.IdnHost.TrimEnd('.') is var host
        && (host.Equals("localhost", StringComparison.OrdinalIgnoreCase) || host.EndsWith(".localhost", StringComparison.OrdinalIgnoreCase)
            || (IPAddress.TryParse(url.DnsSafeHost, out var address) && (IPAddress.IsLoopback(address) || address.Equals(IPAddress.Any))));

    private static IEnumerable<FieldError> TooLarge(NamedFile named, long bytes, Carrier carrier)
    {
        if (carrier.Limits.LargestFile(named.Kind) is { } most && bytes > most)
        {
            yield return new(
                $"{named.Path}.mediaId", "too_large", $"{carrier.Name} takes {most} bytes of {named.Kind.Word()}; this file has {bytes}.");
        }
    }
}

/// <summary>
/// The files that messages of one call name: the size of each is asked for once, and one link leads to it, however many name it.
/// </summary>
internal sealed class CallFiles(ApiParts parts)
{
    private readonly ConcurrentDictionary<string, Task<long?>> _sizes = new(StringComparer.Ordinal);
    private readonly ConcurrentDictionary<(string?, Uri?), FileLink> _links = [];

    /// <summary>How many bytes a file has; null when there is no such file.</summary>
    public Task<long?> FindAsync(string key, CancellationToken cancellation) =>
        _sizes.GetOrAdd(key, name => parts.Blobs.SizeAsync(name, cancellation));

    /// <summary>A link to a file; it opens when it is kept (<see cref="MediaStore.PutLinksAsync(Message, CancellationToken)"/>).</summary>
    public FileLink LinkTo(MediaItem file) =>
        _links.GetOrAdd((file.MediaId, file.MediaUrl), _ => FileLink.To(parts.PublicBaseUrl, file));
}
