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

    /// <summary>The name of a kept file. It holds the tenant, so that nobody reads another's file by its id.</summary>
    /// <param name="tenant">Whose file.</param>
    /// <param name="mediaId">Its id, <c>med_…</c>.</param>
    public static string MediaKey(string tenant, string mediaId) => $"{MediaPrefix}{tenant}/{mediaId}";

    /// <summary>Keeps bytes under a name; the same name again replaces them.</summary>
    /// <param name="key">The name.</param>
    /// <param name="bytes">The bytes.</param>
    /// <param name="contentType">Their type, as claimed.</param>
    /// <param name="cancellation">Stops the call.</param>
    public async Task PutAsync(string key, ReadOnlyMemory<byte> bytes, string contentType, CancellationToken cancellation = default)
    {
        using var stream = new MemoryStream(bytes.ToArray(), writable: false);
        await PutAsync(key, stream, contentType, cancellation).ConfigureAwait(false);
    }

    /// <summary>Keeps what a stream holds, from its present position, under a name.</summary>
    /// <param name="key">The name.</param>
    /// <param name="stream">The bytes; it is left open.</param>
    /// <param name="contentType">Their type, as claimed.</param>
    /// <param name="cancellation">Stops the call.</param>
    public Task PutAsync(string key, Stream stream, string contentType, CancellationToken cancellation = default) =>
        s3.PutObjectAsync(
            new PutObjectRequest
            {
                BucketName = bucket, Key = key, InputStream = stream, AutoCloseStream = false, ContentType = contentType
            },
            cancellation);

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

    /// <summary>Begins to read a file; whoever gets the stream disposes of it.</summary>
    /// <param name="key">Its name.</param>
    /// <param name="cancellation">Stops the call.</param>
    /// <returns>Its bytes; null when there is no such file.</returns>
    public async Task<Stream?> OpenAsync(string key, CancellationToken cancellation = default)
    {
        try
        {
            return (await s3.GetObjectAsync(
                new GetObjectRequest { BucketName = bucket, Key = key }, cancellation).ConfigureAwait(false)).ResponseStream;
        }
        catch (AmazonS3Exception missing) when (IsMissing(missing))
        {
            return null;
        }
    }

    /// <summary>The first bytes of a file, without those that follow.</summary>
    /// <param name="key">Its name.</param>
    /// <param name="count">How many; a shorter file has fewer.</param>
    /// <param name="cancellation">Stops the call.</param>
    /// <returns>The bytes; null when there is no such file.</returns>
    public async Task<byte[]?> StartAsync(string key, int count, CancellationToken cancellation = default)
    {
        try
        {
            var request = new GetObjectRequest { BucketName = bucket, Key = key, ByteRange = new ByteRange(0, count - 1) };
            using var response = await s3.GetObjectAsync(request, cancellation).ConfigureAwait(false);
            var bytes = new byte[count];
            return bytes[..await response.ResponseStream.ReadAtLeastAsync(
                bytes, count, throwOnEndOfStream: false, cancellation).ConfigureAwait(false)];
        }
        catch (AmazonS3Exception empty) when (empty.StatusCode is HttpStatusCode.RequestedRangeNotSatisfiable)
        {
            return []; // an empty file has no first byte
        }
        catch (AmazonS3Exception missing) when (IsMissing(missing))
        {
            return null;
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

    /// <summary>A signed link, made without a call: nobody looks whether the file is there.</summary>
    /// <param name="key">Its name.</param>
    /// <param name="life">How long the link opens it; no longer than the credentials that sign it live.</param>
    /// <param name="type">The content type that it is given out with; null for the one that it came with.</param>
    /// <param name="disposition">The <c>Content-Disposition</c> that it is given out with; null for none.</param>
    public Uri LinkTo(string key, TimeSpan life, string? type = null, string? disposition = null) =>
        new(s3.GetPreSignedURL(new GetPreSignedUrlRequest
        {
            ResponseHeaderOverrides = new() { ContentType = type, ContentDisposition = disposition },
            BucketName = bucket,
            Key = key,
            Verb = HttpVerb.GET,
            Expires = (clock ?? TimeProvider.System).GetUtcNow().UtcDateTime + life,
            Protocol =
                s3.Config.ServiceURL?.StartsWith("http:", StringComparison.OrdinalIgnoreCase) == true ? Protocol.HTTP : Protocol.HTTPS,
        }));

    // Without the right to list, S3 says 403 for what is not there: docs.aws.amazon.com/AmazonS3/latest/API/API_HeadObject.html
    private static bool IsMissing(AmazonS3Exception fault) => fault.StatusCode is HttpStatusCode.NotFound or HttpStatusCode.Forbidden;
}
