using Amazon.Runtime;
using Amazon.S3;
using Amazon.S3.Model;

namespace Omni.EndToEnd.Tests;

/// <summary>The webhook's edge, whatever the carrier: what cannot be read, and what is large.</summary>
public sealed class WebhookTests(SharedHost shared) : IClassFixture<SharedHost>
{
    private static readonly Scene Twilio = Scene.Of("twilio");

    private readonly Host _host = shared.Host;

    [Fact]
    public async Task A_signed_call_that_cannot_be_read_is_acknowledged_and_kept()
    {
        // A channel that Omni has no address for.
        var marker = Guid.NewGuid().ToString("N");

        var answer = await Twilio.Calls(_host, [new("messenger:" + marker, Twilio.Ours[0], "Hello")], []).Single().MakeAsync(_host);

        Assert.True((int)answer.Status < 300, $"{answer.Status}");
        using var s3 = new AmazonS3Client(
            new BasicAWSCredentials("local", "local"),
            new AmazonS3Config { ServiceURL = _host.Local.Sqs.ToString(), AuthenticationRegion = "us-east-1", ForcePathStyle = true });
        var bucket = Assert.Single((await s3.ListBucketsAsync()).Buckets).BucketName;
        var kept = await s3.ListObjectsV2Async(new ListObjectsV2Request { BucketName = bucket, Prefix = "unparsed/twilio/" });
        var bodies = await Task.WhenAll((kept.S3Objects ?? []).Select(async o =>
        {
            using var read = new StreamReader((await s3.GetObjectAsync(bucket, o.Key)).ResponseStream);
            return await read.ReadToEndAsync();
        }));
        Assert.Contains(bodies, body => body.Contains(marker, StringComparison.Ordinal));
    }

    [Fact]
    public async Task A_signed_text_of_a_megabyte_is_not_lost()
    {
        var person = Host.NewPhone();

        var answer = await Twilio.Calls(_host, [new(person, Twilio.Ours[0], new string('x', 1024 * 1024))], []).Single().MakeAsync(_host);

        Assert.True((int)answer.Status < 300, $"{answer.Status}");
        await _host.InboundAsync(person, 1);
    }
}
