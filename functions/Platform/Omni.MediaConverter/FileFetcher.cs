using System.Globalization;
using System.Net;
using System.Security.Cryptography;
using Omni.Aws;

namespace Omni.MediaConverter;

/// <summary>A file that was fetched, in a folder of the function's own; it is removed with this.</summary>
/// <param name="path">Where it lies.</param>
/// <param name="sha256">The SHA-256 of its bytes in lower-case hex.</param>
internal sealed class FetchedFile(string path, string sha256) : IDisposable
{
    public string Path => path;

    public string Sha256 => sha256;

    /// <summary>An empty place for a file.</summary>
    public static string NewPath() => System.IO.Path.Combine(System.IO.Path.GetTempPath(), "omni-" + System.IO.Path.GetRandomFileName());

    public void Dispose() => File.Delete(path);
}

/// <summary>Its host does not give a file now; later it may.</summary>
/// <param name="code">What happened.</param>
internal sealed class HostBusyException(string code) : Exception
{
    /// <summary>What happened: <c>connect</c>, <c>http_503</c>.</summary>
    public string Code => code;
}

/// <summary>
/// Fetches files from addresses that clients name: over the public internet alone, no more bytes than are handled whatever their host says,
/// and hashed on the way.
/// </summary>
/// <param name="http">The client of <see cref="NewHttp"/>.</param>
internal sealed class FileFetcher(HttpClient http)
{
    /// <summary>The largest file that is fetched.</summary>
    public const long MaxBytes = 100L * 1024 * 1024;

    private const int MaxRedirects = 3;

    /// <summary>The client of a function.</summary>
    /// <param name="isLocal">Whether the stage is the one on a single machine: then files may be on it.</param>
    public static HttpClient NewHttp(bool isLocal)
    {
        var handler = PublicHttp.NewHandler(
            (_, address) => PublicHttp.IsPublic(address) || (isLocal && IPAddress.IsLoopback(address)));
        handler.MaxAutomaticRedirections = MaxRedirects;
        handler.AutomaticDecompression = DecompressionMethods.All;
        var client = new HttpClient(handler) { Timeout = Timeout.InfiniteTimeSpan }; // each file has its own time
        client.DefaultRequestHeaders.UserAgent.ParseAdd("Omni");
        return client;
    }

    /// <summary>Fetches a file.</summary>
    /// <param name="address">Where it lies.</param>
    /// <param name="cancellation">Ends it.</param>
    /// <exception cref="MediaException">It will not come.</exception>
    /// <exception cref="HostBusyException">It may come later.</exception>
    /// <exception cref="OperationCanceledException">The time was up.</exception>
    public async Task<FetchedFile> FetchAsync(Uri address, CancellationToken cancellation)
    {
        try
        {
            using var response = await http.GetAsync(
                address, HttpCompletionOption.ResponseHeadersRead, cancellation).ConfigureAwait(false);
            if (!response.IsSuccessStatusCode) throw Refused(response.StatusCode);
            if (response.Content.Headers.ContentLength > MaxBytes) throw TooLarge();

            using var bytes = await response.Content.ReadAsStreamAsync(cancellation).ConfigureAwait(false);
            return await KeepAsync(bytes, cancellation).ConfigureAwait(false);
        }
        catch (UriFormatException)
        {
            // A redirect to no host at all: file: and data: name none.
            throw new MediaException(MediaRefusal.Unreachable, "The file's address leads on to one that is none.");
        }
        catch (Exception lost) when (lost is HttpRequestException or IOException)
        {
            // Private addresses, hosts that do not exist and hosts that refuse all look alike.
            throw new HostBusyException("connect");
        }
    }

    /// <summary>Keeps what a stream holds as a file.</summary>
    /// <param name="bytes">The stream.</param>
    /// <param name="cancellation">Ends it.</param>
    public static async Task<FetchedFile> KeepAsync(Stream bytes, CancellationToken cancellation)
    {
        var path = FetchedFile.NewPath();
        try
        {
            using var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
            await using (var file = new FileStream(path, FileMode.CreateNew, FileAccess.Write, FileShare.None))
            {
                var buffer = new byte[64 * 1024];
                while (await bytes.ReadAsync(buffer, cancellation).ConfigureAwait(false) is > 0 and var count)
                {
                    if (file.Length + count > MaxBytes) throw TooLarge();
                    hash.AppendData(buffer, 0, count);
                    await file.WriteAsync(buffer.AsMemory(0, count), cancellation).ConfigureAwait(false);
                }
            }

            return new(path, Convert.ToHexStringLower(hash.GetHashAndReset()));
        }
        catch
        {
            File.Delete(path);
            throw;
        }
    }

    private static Exception Refused(HttpStatusCode status) => (int)status is 408 or 425 or 429 or >= 500
        ? new HostBusyException(string.Create(CultureInfo.InvariantCulture, $"http_{(int)status}"))
        : new MediaException(
            MediaRefusal.Unreachable,
            string.Create(CultureInfo.InvariantCulture, $"The file's host answers {(int)status}. Everybody must be able to fetch it."));

    private static MediaException TooLarge() =>
        new(MediaRefusal.TooLarge, $"The file has more than {MaxBytes} bytes, which is the most that is fetched.");
}
