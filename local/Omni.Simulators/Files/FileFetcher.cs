using Omni.Simulators.Webhooks;

namespace Omni.Simulators.Files;

/// <summary>A file as it was fetched.</summary>
/// <param name="ContentType">The type that its host names, without parameters.</param>
/// <param name="Look">What it is; null when it could not be fetched.</param>
internal sealed record FetchedFile(string ContentType, FileLook? Look)
{
    /// <summary>Whether its host names another type than it is. Those that nothing tells are believed.</summary>
    public bool IsDisguised => Look is { } look
        && (look.Type.StartsWith("image/", StringComparison.Ordinal) || ContentType.StartsWith("image/", StringComparison.Ordinal))
        && ContentType.Replace("image/jpg", "image/jpeg", StringComparison.Ordinal) != look.Type;
}

/// <summary>Fetches the files of messages. Only those of this machine are: no simulator goes out into the world.</summary>
internal static class FileFetcher
{
    /// <summary>Fetches files that lie on this machine; others are left out, as if they were well.</summary>
    public static async Task<IReadOnlyList<FetchedFile>> FetchAsync(
        this WebhookClient client, IEnumerable<string> addresses, CancellationToken cancellation)
    {
        var files = new List<FetchedFile>();
        foreach (var address in addresses.Where(address => Uri.TryCreate(address, UriKind.Absolute, out var url) && url.IsLoopback))
        {
            var (type, bytes) = await client.DownloadAsync(new(address), cancellation);
            files.Add(new(type ?? "", bytes is null ? null : FileLook.Of(bytes)));
        }

        return files;
    }
}
