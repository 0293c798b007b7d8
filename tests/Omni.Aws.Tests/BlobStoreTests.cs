using System.Web;
using Amazon.Runtime;
using Amazon.S3;

namespace Omni.Aws.Tests;

/// <summary>Signed links, which are made without a call.</summary>
public sealed class BlobStoreTests
{
    private static readonly BlobStore Blobs = new(
        new AmazonS3Client(
            new BasicAWSCredentials("AKIA", "secret"), new AmazonS3Config { RegionEndpoint = Amazon.RegionEndpoint.EUWest1 }),
        "blobs");

    [Fact]
    public void A_link_to_put_a_file_is_signed_for_its_length_and_type()
    {
        var link = Blobs.LinkToPut("uploads/default/upl_1", TimeSpan.FromMinutes(15), 18, "text/plain");

        var query = HttpUtility.ParseQueryString(link.Query);
        Assert.Equal("content-length;content-type;host", query["X-Amz-SignedHeaders"]);
        Assert.InRange(int.Parse(query["X-Amz-Expires"]!, null), 15 * 60 - 5, 15 * 60);
        Assert.EndsWith("uploads/default/upl_1", link.AbsolutePath, StringComparison.Ordinal);

        var other = Blobs.LinkToPut("uploads/default/upl_1", TimeSpan.FromMinutes(15), 19, "text/plain");
        Assert.NotEqual(query["X-Amz-Signature"], HttpUtility.ParseQueryString(other.Query)["X-Amz-Signature"]);
    }
}
