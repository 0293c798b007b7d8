using System.Net;
using Amazon.S3;
using Amazon.S3.Model;

namespace Omni.Aws;

/// <summary>What is too large for a table or a queue, what cannot be parsed, and the files of messages.</summary>
/// <param name="s3">The client.</param>
/// <param name="bucket">The bucket.</param>
/// <param name="clock">The time.</param>
public sealed class BlobStore(IAmazonS3 s3, string bucket, TimeProvider? clock = null)
{
    /// <summary>The start of the names of files.</summary>
    public const string MediaPrefix = "media/";

    /// <summary>The start of the names of what batches are made of.</summary>
    public const string BatchPrefix = "batches/";

    /// <summary>The name of a kept file. It holds the tenant, so that nobody reads another's file by its id.</summary>
    /// <param name="tenant">Whose file.</param>
    /// <param name="mediaId">Its id, <c>med_…</c>.</param>
    public static string MediaKey(string tenant, string mediaId) => $"{MediaPrefix}{tenant}/{mediaId}";

    private const string Sha256 = "sha256";

    /// <summary>The start of the names of what clients upload themselves. It goes after a day.</summary>
    public const string UploadPrefix = "uploads/";

    /// <summary>The name of what a client uploads, before it is a file.</summary>
    /// <param name="tenant">Whose upload.</param>
    /// <param name="uploadId">Its id, <c>upl_…</c>.</param>
    public static string UploadKey(string tenant, string uploadId) => $"{UploadPrefix}{tenant}/{uploadId}";

    /// <summary>Keeps bytes under a name; the same name again replaces them.</summary>
    /// <param name="key">The name.</param>
    /// <param name="bytes">The bytes.</param>
    /// <param name="contentType">Their type, as claimed.</param>
    /// <param name="sha256">Their SHA-256 in lower-case hex, for whoever looks at them later; null for none.</param>
    /// <param name="cancellation">Stops the call.</param>
    public async Task PutAsync(
        string key, ReadOnlyMemory<byte> bytes, string contentType, string? sha256 = null, CancellationToken cancellation = default)
    {
        using var stream = new MemoryStream(bytes.ToArray(), writable: false);
        await PutAsync(key, stream, contentType, sha256, cancellation).ConfigureAwait(false);
    }

    /// <summary>Keeps what a stream holds, from its present position, under a name.</summary>
    /// <param name="key">The name.</param>
    /// <param name="stream">The bytes; it is left open.</param>
    /// <param name="contentType">Their type, as claimed.</param>
    /// <param name="sha256">Their SHA-256 in lower-case hex, for whoever looks at them later; null for none.</param>
    /// <param name="cancellation">Stops the call.</param>
    public Task PutAsync(
        string key, Stream stream, string contentType, string? sha256 = null, CancellationToken cancellation = default)
    {
        var request = new PutObjectRequest
        {
            BucketName = bucket, Key = key, InputStream = stream, AutoCloseStream = false, ContentType = contentType,
        };
        if (sha256 is not null) request.Metadata[Sha256] = sha256;
        return s3.PutObjectAsync(request, cancellation);
    }

    /// <summary>Reads bytes and their type.</summary>
    /// <param name="key">Their name.</param>
    /// <param name="cancellation">Stops the call.</param>
    /// <returns>The bytes; null when there are none of this name.</returns>
    public async Task<(byte[] Bytes, string ContentType)?> FindAsync(string key, CancellationToken cancellation = default)
    {
        try
        {
            using var response = await s3.GetObjectAsync(
                new GetObjectRequest { BucketName = bucket, Key = key }, cancellation).ConfigureAwait(false);
            using var bytes = new MemoryStream();
            await response.ResponseStream.CopyToAsync(bytes, cancellation).ConfigureAwait(false);
            return (bytes.ToArray(), response.Headers.ContentType);
        }
        catch (AmazonS3Exception missing) when (IsMissing(missing))
        {
            return null;
        }
    }

    /// <summary>Looks at a file: its first bytes, without those that follow, and what is told of it.</summary>
    /// <param name="key">Its name.</param>
    /// <param name="count">How many bytes; a shorter file has fewer.</param>
    /// <param name="cancellation">Stops the call.</param>
    /// <returns>What was seen; null when there is no such file.</returns>
    public async Task<BlobLook?> LookAsync(string key, int count, CancellationToken cancellation = default)
    {
        try
        {
            var request = new GetObjectRequest { BucketName = bucket, Key = key, ByteRange = new ByteRange(0, count - 1) };
            using var response = await s3.GetObjectAsync(request, cancellation).ConfigureAwait(false);
            var start = new byte[count];
            var read = await response.ResponseStream.ReadAtLeastAsync(
                start, count, throwOnEndOfStream: false, cancellation).ConfigureAwait(false);
            return new(
                start[..read], SizeOf(response), response.Headers.ContentType, response.Metadata[Sha256], TimeOf(response.LastModified));
        }
        catch (AmazonS3Exception empty) when (empty.StatusCode is HttpStatusCode.RequestedRangeNotSatisfiable)
        {
            // An empty file has no first byte.
            var facts = await s3.GetObjectMetadataAsync(
                new GetObjectMetadataRequest { BucketName = bucket, Key = key }, cancellation).ConfigureAwait(false);
            return new([], 0, facts.Headers.ContentType, facts.Metadata[Sha256], TimeOf(facts.LastModified));
        }
        catch (AmazonS3Exception missing) when (IsMissing(missing))
        {
            return null;
        }
    }

    /// <summary>A stretch of a file that has it.</summary>
    /// <param name="key">Its name.</param>
    /// <param name="from">Its first byte.</param>
    /// <param name="count">How many.</param>
    /// <param name="cancellation">Stops the call.</param>
    /// <exception cref="EndOfStreamException">The file ends before.</exception>
    public async Task<byte[]> ReadAsync(string key, long from, int count, CancellationToken cancellation = default)
    {
        var request = new GetObjectRequest { BucketName = bucket, Key = key, ByteRange = new ByteRange(from, from + count - 1) };
        using var response = await s3.GetObjectAsync(request, cancellation).ConfigureAwait(false);
        var bytes = new byte[count];
        await response.ResponseStream.ReadExactlyAsync(bytes, cancellation).ConfigureAwait(false);
        return bytes;
    }

    /// <summary>Opens a file to read it once, from its first byte to its last.</summary>
    /// <param name="key">Its name.</param>
    /// <param name="cancellation">Stops the call.</param>
    /// <returns>The file, to be disposed; null when there is none of this name.</returns>
    public async Task<OpenBlob?> OpenAsync(string key, CancellationToken cancellation = default)
    {
        try
        {
            return new(await s3.GetObjectAsync(
                new GetObjectRequest { BucketName = bucket, Key = key }, cancellation).ConfigureAwait(false));
        }
        catch (AmazonS3Exception missing) when (IsMissing(missing))
        {
            return null;
        }
    }

    /// <summary>Copies a file within the bucket, if it still is what was read.</summary>
    /// <param name="from">Its name.</param>
    /// <param name="version">The <see cref="OpenBlob.Version"/> that was read.</param>
    /// <param name="to">The copy's name; what is there is replaced.</param>
    /// <param name="contentType">The copy's type.</param>
    /// <param name="sha256">The SHA-256 of its bytes in lower-case hex.</param>
    /// <param name="cancellation">Stops the call.</param>
    /// <returns>Whether it was copied; false when it is another by now, or gone.</returns>
    public async Task<bool> CopyAsync(
        string from, string version, string to, string contentType, string sha256, CancellationToken cancellation = default)
    {
        var request = new CopyObjectRequest
        {
            SourceBucket = bucket, SourceKey = from, ETagToMatch = version, DestinationBucket = bucket, DestinationKey = to,
            ContentType = contentType, MetadataDirective = S3MetadataDirective.REPLACE,
        };
        request.Metadata[Sha256] = sha256;
        try
        {
            await s3.CopyObjectAsync(request, cancellation).ConfigureAwait(false);
            return true;
        }
        catch (AmazonS3Exception other) when (other.StatusCode is HttpStatusCode.PreconditionFailed || IsMissing(other))
        {
            return false;
        }
    }

    /// <summary>How many bytes a file has.</summary>
    /// <param name="key">Its name.</param>
    /// <param name="cancellation">Stops the call.</param>
    /// <returns>The number; null when there is no such file.</returns>
    public async Task<long?> SizeAsync(string key, CancellationToken cancellation = default)
    {
        try
        {
            return (await s3.GetObjectMetadataAsync(
                new GetObjectMetadataRequest { BucketName = bucket, Key = key }, cancellation).ConfigureAwait(false)).ContentLength;
        }
        catch (AmazonS3Exception missing) when (IsMissing(missing))
        {
            return null;
        }
    }

    /// <summary>Deletes a file; one that is not there is deleted already.</summary>
    /// <param name="key">Its name.</param>
    /// <param name="cancellation">Stops the call.</param>
    public Task DeleteAsync(string key, CancellationToken cancellation = default) =>
        s3.DeleteObjectAsync(new DeleteObjectRequest { BucketName = bucket, Key = key }, cancellation);

    /// <summary>A signed link, made without a call: nobody looks whether the file is there.</summary>
    /// <param name="key">Its name.</param>
    /// <param name="life">How long the link opens it; no longer than the credentials that sign it live.</param>
    /// <param name="type">The content type that it is given out with; null for the one that it came with.</param>
    /// <param name="disposition">The <c>Content-Disposition</c> that it is given out with; null for none.</param>
    public Uri LinkTo(string key, TimeSpan life, string? type = null, string? disposition = null)
    {
        var request = LinkRequest(key, HttpVerb.GET, life);
        request.ResponseHeaderOverrides = new() { ContentType = type, ContentDisposition = disposition };
        return new(s3.GetPreSignedURL(request));
    }

    /// <summary>
    /// A signed link under which so many bytes of a type can be put once or several times, made without a call. Length and type are signed:
    /// S3 refuses a request with others. https://docs.aws.amazon.com/AmazonS3/latest/userguide/PresignedUrlUploadObject.html
    /// </summary>
    /// <param name="key">The name.</param>
    /// <param name="life">How long it can be begun.</param>
    /// <param name="bytes">How many bytes.</param>
    /// <param name="contentType">The type.</param>
    public Uri LinkToPut(string key, TimeSpan life, long bytes, string contentType)
    {
        var request = LinkRequest(key, HttpVerb.PUT, life);
        request.Headers.ContentLength = bytes;
        request.Headers.ContentType = contentType;
        return new(s3.GetPreSignedURL(request));
    }

    private GetPreSignedUrlRequest LinkRequest(string key, HttpVerb verb, TimeSpan life) => new()
    {
        BucketName = bucket,
        Key = key,
        Verb = verb,
        Expires = (clock ?? TimeProvider.System).GetUtcNow().UtcDateTime + life,
        Protocol = s3.Config.ServiceURL?.StartsWith("http:", StringComparison.OrdinalIgnoreCase) == true ? Protocol.HTTP : Protocol.HTTPS,
    };

    // Of a part of a file, the length is the part's: RFC 9110, section 14.4.
    private static long SizeOf(GetObjectResponse response) =>
        response.ContentRange is { Length: > 0 } range
        && long.TryParse(range.AsSpan(range.LastIndexOf('/') + 1), System.Globalization.CultureInfo.InvariantCulture, out var size)
            ? size
            : response.ContentLength;

    private static DateTimeOffset TimeOf(DateTime? modified) =>
        new(DateTime.SpecifyKind(modified.GetValueOrDefault().ToUniversalTime(), DateTimeKind.Utc));

    // Without the right to list, S3 says 403 for what is not there: docs.aws.amazon.com/AmazonS3/latest/API/API_HeadObject.html
    private static bool IsMissing(AmazonS3Exception fault) => fault.StatusCode is HttpStatusCode.NotFound or HttpStatusCode.Forbidden;
}

/// <summary>What a look at a file showed.</summary>
/// <param name="Start">Its first bytes.</param>
/// <param name="Bytes">How many it has.</param>
/// <param name="ContentType">The type that it is kept with.</param>
/// <param name="Sha256">The SHA-256 of all of them in lower-case hex; null when nobody said it.</param>
/// <param name="StoredAt">Since when it is there.</param>
public sealed record BlobLook(byte[] Start, long Bytes, string ContentType, string? Sha256, DateTimeOffset StoredAt);

/// <summary>A file that is being read.</summary>
/// <param name="response">The answer that it comes with.</param>
public sealed class OpenBlob(GetObjectResponse response) : IDisposable
{
    /// <summary>What is left of its bytes.</summary>
    public Stream Stream => response.ResponseStream;

    /// <summary>How many bytes it has.</summary>
    public long Bytes => response.ContentLength;

    /// <summary>The type that it is kept with.</summary>
    public string ContentType => response.Headers.ContentType;

    /// <summary>Tells these bytes from others under the same name.</summary>
    public string Version => response.ETag;

    /// <inheritdoc/>
    public void Dispose() => response.Dispose();
}
