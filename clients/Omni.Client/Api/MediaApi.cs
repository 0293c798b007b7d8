using System.Net;

namespace Omni.Client;

/// <summary>Files.</summary>
public sealed class MediaApi
{
    private readonly Transport _api;
    private readonly HttpClient _http;

    internal MediaApi(Transport api, HttpClient http) => (_api, _http) = (api, http);

    /// <summary>Opens a file.</summary>
    /// <param name="id">The file, <c>med_…</c>.</param>
    /// <param name="cancellation">Stops the call.</param>
    /// <returns>The file, which the caller disposes of.</returns>
    /// <exception cref="OmniException">The API refused.</exception>
    /// <exception cref="HttpRequestException">The link that the API gave does not lead to the file.</exception>
    public async Task<MediaFile> OpenAsync(string id, CancellationToken cancellation = default)
    {
        var response = await _api.SendAsync(Call.Get(new("media", id)) with { IsStreamed = true }, cancellation).ConfigureAwait(false);
        if (response.StatusCode == HttpStatusCode.Found)
        {
            // It was not followed by itself. The link is signed: the API key stays here.
            using var answer = response;
            response = await _http.GetAsync(answer.Headers.Location, HttpCompletionOption.ResponseHeadersRead, cancellation)
                .ConfigureAwait(false);
            response.EnsureSuccessStatusCode();
        }

        return new(response, await response.Content.ReadAsStreamAsync(cancellation).ConfigureAwait(false));
    }
}

/// <summary>A file that is being read.</summary>
public sealed class MediaFile : IDisposable
{
    private readonly HttpResponseMessage _response;

    internal MediaFile(HttpResponseMessage response, Stream content) => (_response, Content) = (response, content);

    /// <summary>Its bytes, as they come.</summary>
    public Stream Content { get; }

    /// <summary>Its type; null when it is not told.</summary>
    public string? MimeType => _response.Content.Headers.ContentType?.MediaType;

    /// <summary>How many bytes it has; null when it is not told.</summary>
    public long? Bytes => _response.Content.Headers.ContentLength;

    /// <inheritdoc/>
    public void Dispose() => _response.Dispose();
}
