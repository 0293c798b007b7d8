using System.Globalization;
using System.Security.Cryptography;
using System.Text.Json;
using Omni.Aws;
using Omni.Shared;

namespace Omni.Api;

/// <summary>
/// Files of clients: small ones come in the body, larger ones go to the bucket by a signed link. Either is kept under the hash of its
/// bytes: the same bytes have the same id, so that all of it can be repeated, and a file never changes.
/// </summary>
/// <param name="blobs">The bucket.</param>
/// <param name="clock">The time.</param>
internal sealed class OwnMedia(BlobStore blobs, TimeProvider clock)
{
    /// <summary>The most bytes of a file in a body: as base64 it must fit into an event of Lambda, beside the headers.</summary>
    public const int MaxBodyBytes = 3 * 1024 * 1024;

    /// <summary>The most bytes of a file that is uploaded: as much as any carrier takes.</summary>
    public const int MaxUploadBytes = 100 * 1024 * 1024;

    /// <summary>How long an upload can be begun. The credentials that sign it live longer.</summary>
    private static readonly TimeSpan LinkLife = TimeSpan.FromMinutes(15);

    /// <summary>Takes a file that is the body.</summary>
    public async Task<ApiResult> TakeAsync(ApiCall call, CancellationToken cancellation)
    {
        if (FileType.Claimed(call.Header("content-type")) is not { } claimed)
        {
            return Problems.UnsupportedMediaType.Because(
                "The body is the file, as it is, and Content-Type its type, such as image/png: no form, and no JSON around it.");
        }

        if (RequestBody.Bytes(call) is not { Length: > 0 } bytes)
            return Problems.InvalidRequest.Because([new("$", "required", "The file is empty.")]);
        if (bytes.Length > MaxBodyBytes)
        {
            return Problems.BodyTooLarge.Because(
                $"A file in the body has at most {MaxBodyBytes} bytes; this has {bytes.Length}. Upload it: POST /api/v1/media/uploads.");
        }

        // The gateway hands text on as text. What is none in UTF-8 has lost bytes on the way.
        if (call.Header("content-length") is { } length && length != Number(bytes.Length))
        {
            return Problems.InvalidRequest.Because(
                [new("$", "invalid_value", "It is text in another encoding than UTF-8: give another Content-Type, or upload it.")]);
        }

        if (FileType.Of(bytes.AsSpan(0, Math.Min(bytes.Length, MediaSignature.Length)), claimed) is not { } type) return Mismatch(claimed);

        var sha256 = Convert.ToHexStringLower(SHA256.HashData(bytes));
        var id = Ids.Media(sha256);
        await blobs.PutAsync(BlobStore.MediaKey(call.Tenant, id), bytes, type, sha256, cancellation);
        return Kept(201, MediaFactsView.Of(id, type, bytes.Length, sha256, clock.GetUtcNow()));
    }

    /// <summary>Gives a link to put a file to. Nothing is written: an upload that nobody begins leaves nothing behind.</summary>
    public Task<ApiResult> UploadAsync(ApiCall call, CancellationToken cancellation) => Task.FromResult(Upload(call));

    /// <summary>Makes a file of what was put: reads it once, and gives it the name of its bytes.</summary>
    public async Task<ApiResult> CompleteAsync(ApiCall call, CancellationToken cancellation)
    {
        var from = BlobStore.UploadKey(call.Tenant, call.Id);
        if (!Ids.IsUpload(call.Id) || await blobs.OpenAsync(from, cancellation) is not { } upload)
            return Problems.MediaNotFound.Because("Nothing of yours was uploaded under this id within the last day.");

        using (upload)
        {
            if (upload.Bytes is 0 or > MaxUploadBytes)
                return Problems.BodyTooLarge.Because($"A file has 1 to {MaxUploadBytes} bytes; this has {upload.Bytes}.");

            var (start, sha256) = await ReadAsync(upload.Stream, cancellation);
            var claimed = FileType.Claimed(upload.ContentType) ?? FileType.Unknown;
            if (FileType.Of(start, claimed) is not { } type) return Mismatch(claimed);

            var id = Ids.Media(sha256);
            return await blobs.CopyAsync(from, upload.Version, BlobStore.MediaKey(call.Tenant, id), type, sha256, cancellation)
                ? Kept(200, MediaFactsView.Of(id, type, upload.Bytes, sha256, clock.GetUtcNow()))
                : Problems.ChangedMeanwhile.Because("The file was put once more while it was read.");
        }
    }

    /// <summary>Tells what is known of a file, whoever it came from.</summary>
    public async Task<ApiResult> FactsAsync(ApiCall call, CancellationToken cancellation) =>
        Ids.IsMedia(call.Id)
        && await blobs.LookAsync(BlobStore.MediaKey(call.Tenant, call.Id), MediaSignature.Length, cancellation) is { } look
            ? ApiResult.Ok(
                MediaFactsView.Of(
                    call.Id,
                    FileType.Of(look.Start, FileType.Claimed(look.ContentType) ?? FileType.Unknown) ?? FileType.Unknown,
                    look.Bytes,
                    look.Sha256,
                    look.StoredAt),
                ApiJson.Wire.MediaFactsView)
            : Problems.MediaNotFound.Because("No file of yours has this id.");

    private ApiResult Upload(ApiCall call)
    {
        var (body, refusal) = RequestBody.Read(call);
        if (refusal is not null) return refusal;

        using (body)
        {
            var errors = new List<FieldError>();
            if (JsonFields.Of(body!.RootElement, errors) is not { } fields) return Problems.InvalidRequest.Because(errors);

            var bytes = fields.Whole("bytes", 1, MaxUploadBytes, required: true);
            var claimed = fields.Text("contentType", required: true);
            var type = FileType.Claimed(claimed);
            if (claimed is not null && type is null)
                fields.Refuse("contentType", "invalid_value", "It is a file's type, such as video/mp4.");
            fields.RefuseOthers();
            if (errors.Count > 0) return Problems.InvalidRequest.Because(errors);

            var id = Ids.NewUpload();
            var view = new UploadView
            {
                Id = id,
                Url = blobs.LinkToPut(BlobStore.UploadKey(call.Tenant, id), LinkLife, bytes!.Value, type!).AbsoluteUri,
                Headers = new Dictionary<string, string>
                {
                    ["Content-Type"] = type!,
                    ["Content-Length"] = Number(bytes.Value),
                },
                ExpiresAt = Rfc3339.Cut(clock.GetUtcNow()) + LinkLife,
                Links = new($"/api/v1/media/{id}/complete"),
            };
            return new ApiResult.Answer(201, JsonSerializer.Serialize(view, ApiJson.Wire.UploadView));
        }
    }

    private static string Number(int bytes) => bytes.ToString(CultureInfo.InvariantCulture);

    private static ApiResult.Answer Kept(int status, MediaFactsView facts) =>
        new(status, JsonSerializer.Serialize(facts, ApiJson.Wire.MediaFactsView))
        {
            Headers = new Dictionary<string, string> { ["Location"] = facts.Links.Facts },
        };

    private static ApiResult.Refusal Mismatch(string claimed) => Problems.MediaMismatch.Because(
        [new("contentType", "mismatch", $"It is said to be {claimed}, and its bytes are not.")]);

    private static async Task<(byte[] Start, string Sha256)> ReadAsync(Stream stream, CancellationToken cancellation)
    {
        using var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        var buffer = new byte[64 * 1024];
        var read = await stream.ReadAtLeastAsync(buffer, MediaSignature.Length, throwOnEndOfStream: false, cancellation);
        var start = buffer[..Math.Min(read, MediaSignature.Length)];
        for (; read > 0; read = await stream.ReadAsync(buffer, cancellation)) hash.AppendData(buffer, 0, read);
        return (start, Convert.ToHexStringLower(hash.GetHashAndReset()));
    }
}

/// <summary>What is known of a file.</summary>
internal sealed record MediaFactsView
{
    public required string Id { get; init; }

    public required string ContentType { get; init; }

    public required long Bytes { get; init; }

    /// <summary>In lower-case hex; null when nobody knows it.</summary>
    public string? Sha256 { get; init; }

    public required DateTimeOffset StoredAt { get; init; }

    /// <summary>When it goes, or soon after.</summary>
    public required DateTimeOffset ExpiresAt { get; init; }

    public required MediaLinks Links { get; init; }

    public static MediaFactsView Of(string id, string contentType, long bytes, string? sha256, DateTimeOffset storedAt) => new()
    {
        Id = id,
        ContentType = contentType,
        Bytes = bytes,
        Sha256 = sha256,
        StoredAt = Rfc3339.Cut(storedAt),
        ExpiresAt = Rfc3339.Cut(storedAt + Defaults.Retention),
        Links = new($"/api/v1/media/{id}", $"/api/v1/media/{id}/facts"),
    };
}

/// <summary>Where a file is.</summary>
/// <param name="Self">Its bytes.</param>
/// <param name="Facts">What is known of it.</param>
internal sealed record MediaLinks(string Self, string Facts);

/// <summary>How a file is uploaded.</summary>
internal sealed record UploadView
{
    public required string Id { get; init; }

    /// <summary>Where to put it.</summary>
    public required string Url { get; init; }

    /// <summary>The headers that are signed: the request has just these.</summary>
    public required IReadOnlyDictionary<string, string> Headers { get; init; }

    public required DateTimeOffset ExpiresAt { get; init; }

    public required UploadLinks Links { get; init; }
}

/// <summary>What follows on an upload.</summary>
/// <param name="Complete">Where to say that it is done.</param>
internal sealed record UploadLinks(string Complete);
