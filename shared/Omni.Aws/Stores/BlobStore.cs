using Amazon.S3;
using Amazon.S3.Model;

namespace Omni.Aws;

/// <summary>What is too large for a table or a queue, or cannot be parsed.</summary>
/// <param name="s3">The client.</param>
/// <param name="bucket">The bucket.</param>
public sealed class BlobStore(IAmazonS3 s3, string bucket)
{
    /// <summary>Keeps bytes under a name; the same name again replaces them.</summary>
    /// <param name="key">The name.</param>
    /// <param name="bytes">The bytes.</param>
    /// <param name="contentType">Their type, as claimed.</param>
    /// <param name="cancellation">Stops the call.</param>
    public async Task PutAsync(string key, ReadOnlyMemory<byte> bytes, string contentType, CancellationToken cancellation = default)
    {
        using var stream = new MemoryStream(bytes.ToArray(), writable: false);
        await s3.PutObjectAsync(new PutObjectRequest { BucketName = bucket, Key = key, InputStream = stream, ContentType = contentType }, cancellation).ConfigureAwait(false);
    }

    /// <summary>Reads bytes.</summary>
    /// <param name="key">Their name.</param>
    /// <param name="cancellation">Stops the call.</param>
    public async Task<byte[]> GetAsync(string key, CancellationToken cancellation = default)
    {
        using var response = await s3.GetObjectAsync(new GetObjectRequest { BucketName = bucket, Key = key }, cancellation).ConfigureAwait(false);
        using var bytes = new MemoryStream();
        await response.ResponseStream.CopyToAsync(bytes, cancellation).ConfigureAwait(false);
        return bytes.ToArray();
    }
}
