using System.Net;

namespace Omni.Client;

/// <summary>Files.</summary>
public sealed class MediaApi
{
    private readonly Transport _api;
    private readonly HttpClient _http;

    internal MediaApi(Transport api, HttpClient http) => (_api, _http) = (api, http);

    /// <summary>Keeps a file of yours, to be sent by its id. The same bytes have the same id.</summary>
    /// <param name="content">The file, 3 MB at most: a larger one is uploaded with <see cref="UploadAsync"/>.</param>
    /// <param name="contentType">Its type, such as image/png; its first bytes decide where they tell it.</param>
    /// <param name="cancellation">Stops the call.</param>
    /// <exception cref="OmniException">The API refused.</exception>
    public Task<MediaFacts> CreateAsync(
        ReadOnlyMemory<byte> content, string contentType, CancellationToken cancellation = default) => _api.SendAsync(
            new Call { Method = HttpMethod.Post, Path = new("media"), Body = content, ContentType = contentType, MayRepeat = true },
            OmniJson.Default.MediaFacts,
            cancellation);

    /// <summary>Keeps a file of yours of any size that Omni takes: asks where to put it, puts it there, and says so.</summary>
    /// <param name="content">The file, from where it stands to its end.</param>
    /// <param name="contentType">Its type, such as video/mp4.</param>
    /// <param name="cancellation">Stops it.</param>
    /// <exception cref="OmniException">The API refused.</exception>
    /// <exception cref="HttpRequestException">The file could not be put where the API said.</exception>
    public async Task<MediaFacts> UploadAsync(Stream content, string contentType, CancellationToken cancellation = default)
    {
        ArgumentNullException.ThrowIfNull(content);
        NewUpload file = new() { Bytes = content.Length - content.Position, ContentType = contentType };
        var upload = await CreateUploadAsync(file, cancellation).ConfigureAwait(false);

        using var request = new HttpRequestMessage(HttpMethod.Put, upload.Url) { Content = new StreamContent(content) };
        foreach (var (name, value) in upload.Headers)
        {
            if (name.Equals("Content-Length", StringComparison.OrdinalIgnoreCase)) continue; // the stream's own, and the same
            if (!request.Headers.TryAddWithoutValidation(name, value)) request.Content.Headers.TryAddWithoutValidation(name, value);
        }

        using var response = await _http.SendAsync(request, cancellation).ConfigureAwait(false);
        response.EnsureSuccessStatusCode();
        return await CompleteUploadAsync(upload.Id, cancellation).ConfigureAwait(false);
    }

    /// <summary>Asks where a file of yours is to be put.</summary>
    /// <param name="request">The file.</param>
    /// <param name="cancellation">Stops the call.</param>
    /// <exception cref="OmniException">The API refused.</exception>
    public Task<Upload> CreateUploadAsync(NewUpload request, CancellationToken cancellation = default) => _api.SendAsync(
        Call.With(HttpMethod.Post, new("media", "uploads"), request, OmniJson.Default.NewUpload),
        OmniJson.Default.Upload,
        cancellation);

    /// <summary>Makes a file of what was put.</summary>
    /// <param name="id">The upload, <c>upl_…</c>.</param>
    /// <param name="cancellation">Stops the call.</param>
    /// <exception cref="OmniException">The API refused.</exception>
    public Task<MediaFacts> CompleteUploadAsync(string id, CancellationToken cancellation = default) =>
        _api.SendAsync(Call.Post(new("media", id, "complete")), OmniJson.Default.MediaFacts, cancellation);

    /// <summary>What is known of a file.</summary>
    /// <param name="id">The file, <c>med_…</c>.</param>
    /// <param name="cancellation">Stops the call.</param>
    /// <exception cref="OmniException">The API refused.</exception>
    public Task<MediaFacts> GetFactsAsync(string id, CancellationToken cancellation = default) =>
        _api.SendAsync(Call.Get(new("media", id, "facts")), OmniJson.Default.MediaFacts, cancellation);

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
