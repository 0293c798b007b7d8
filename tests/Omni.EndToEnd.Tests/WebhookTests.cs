using System.Net;
using System.Net.Http.Headers;
using System.Security.Cryptography;
using System.Text;
using Amazon.Runtime;
using Amazon.S3;
using Amazon.S3.Model;

namespace Omni.EndToEnd.Tests;

/// <summary>The webhook's edge, called as Twilio calls it, with signatures written anew here.</summary>
public sealed class WebhookTests(InProcessHost host) : IClassFixture<InProcessHost>
{
    private Uri Url => new(host.Local.Url, "/webhooks/twilio");

    [Fact]
    public async Task A_signed_call_is_taken_and_a_changed_byte_is_refused()
    {
        var person = Host.NewPerson();
        var form = Form(person, "Hello");
        var signature = Sign(form);

        using var taken = await PostAsync(Encode(form), signature);
        using var changed = await PostAsync(Encode(form).Replace("Hello", "Hellp", StringComparison.Ordinal), signature);
        using var unsigned = await PostAsync(Encode(form), null);

        Assert.Equal((HttpStatusCode.OK, "<Response/>"), (taken.StatusCode, await taken.Content.ReadAsStringAsync()));
        Assert.Equal(HttpStatusCode.Forbidden, changed.StatusCode);
        Assert.Equal(HttpStatusCode.Forbidden, unsigned.StatusCode);
        Assert.Equal(await changed.Content.ReadAsStringAsync(), await unsigned.Content.ReadAsStringAsync());
        Assert.Equal("Hello", (string?)(await host.InboundAsync(person))["content"]!["body"]);
    }

    [Fact]
    public async Task A_repeated_call_is_one_message()
    {
        var person = Host.NewPerson();
        var form = Form(person, "Only once");
        for (var i = 0; i < 3; i++) (await PostAsync(Encode(form), Sign(form))).Dispose();

        await host.InboundAsync(person);
        var last = Form(person, "The end");
        (await PostAsync(Encode(last), Sign(last))).Dispose();
        var all = await Host.UntilAsync(async () =>
            (await host.Client.GetAsync($"/api/v1/messages?direction=inbound&from={Uri.EscapeDataString(person)}"))["data"]!.AsArray() is { Count: >= 2 } two ? two : null);
        Assert.Equal(2, all.Count);
    }

    [Fact]
    public async Task Unknown_fields_are_no_hindrance()
    {
        var person = Host.NewPerson();
        var form = Form(person, "With more");
        form["FieldOfNextYear"] = "x & y = z";

        using var answer = await PostAsync(Encode(form), Sign(form));

        Assert.Equal(HttpStatusCode.OK, answer.StatusCode);
        await host.InboundAsync(person);
    }

    [Fact]
    public async Task A_signed_call_that_cannot_be_read_is_acknowledged_and_kept()
    {
        // A channel that Omni has no address for.
        var marker = Guid.NewGuid().ToString("N");
        var form = Form("messenger:" + marker, "Hello");

        using var answer = await PostAsync(Encode(form), Sign(form));

        Assert.True((int)answer.StatusCode < 300, $"{answer.StatusCode}");
        using var s3 = new AmazonS3Client(
            new BasicAWSCredentials("local", "local"),
            new AmazonS3Config { ServiceURL = host.Local.Sqs.ToString(), AuthenticationRegion = "us-east-1", ForcePathStyle = true });
        var bucket = Assert.Single((await s3.ListBucketsAsync()).Buckets).BucketName;
        var kept = await s3.ListObjectsV2Async(new ListObjectsV2Request { BucketName = bucket, Prefix = "unparsed/twilio/" });
        var bodies = await Task.WhenAll((kept.S3Objects ?? []).Select(async o =>
        {
            using var read = new StreamReader((await s3.GetObjectAsync(bucket, o.Key)).ResponseStream);
            return await read.ReadToEndAsync();
        }));
        Assert.Contains(bodies, body => body.Contains(marker, StringComparison.Ordinal));
    }

    public static TheoryData<string, string?, string> OddCalls() => new()
    {
        { "empty", "application/x-www-form-urlencoded", "" },
        { "malformed", "application/x-www-form-urlencoded", "Body=%ZZ&=&&From" },
        { "large", "application/x-www-form-urlencoded", "Body=" + new string('x', 1024 * 1024) },
        { "json", "application/json", """{"Body":"Hello"}""" },
        { "text", "text/plain", "Hello" },
        { "binary", "application/octet-stream", "\u0000\u0001" },
        { "no type", null, "Hello" },
    };

    [Theory, MemberData(nameof(OddCalls))]
    public async Task An_odd_call_gets_a_clear_answer(string name, string? contentType, string body)
    {
        Assert.NotEmpty(name);
        foreach (var signature in (string?[])[null, "", "!", Sign(new(StringComparer.Ordinal))])
        {
            using var answer = await PostAsync(body, signature, contentType);
            Assert.InRange((int)answer.StatusCode, 200, 499);
        }
    }

    [Fact]
    public async Task A_signed_text_of_a_megabyte_is_not_lost()
    {
        var person = Host.NewPerson();
        var form = Form(person, new string('x', 1024 * 1024));

        using var answer = await PostAsync(Encode(form), Sign(form));

        Assert.Equal(HttpStatusCode.OK, answer.StatusCode);
        await host.InboundAsync(person);
    }

    private static SortedDictionary<string, string> Form(string from, string body) => new(StringComparer.Ordinal)
    {
        ["AccountSid"] = Host.Account,
        ["Body"] = body,
        ["From"] = from,
        ["MessageSid"] = "SM" + Guid.NewGuid().ToString("N"),
        ["To"] = Host.Ours,
    };

    private static string Encode(IEnumerable<KeyValuePair<string, string>> form) =>
        string.Join('&', form.Select(f => $"{WebUtility.UrlEncode(f.Key)}={WebUtility.UrlEncode(f.Value)}"));

    // https://www.twilio.com/docs/usage/security#validating-requests
    [System.Diagnostics.CodeAnalysis.SuppressMessage("Security", "CA5350", Justification = "Twilio signs with HMAC-SHA1.")]
    private string Sign(SortedDictionary<string, string> form) => Convert.ToBase64String(
        HMACSHA1.HashData(Encoding.UTF8.GetBytes(Host.Token), Encoding.UTF8.GetBytes(Url + string.Concat(form.Select(f => f.Key + f.Value)))));

    private async Task<HttpResponseMessage> PostAsync(string body, string? signature, string? contentType = "application/x-www-form-urlencoded")
    {
        using var request = new HttpRequestMessage(HttpMethod.Post, Url) { Content = new ByteArrayContent(Encoding.UTF8.GetBytes(body)) };
        if (contentType is not null) request.Content.Headers.ContentType = new MediaTypeHeaderValue(contentType);
        if (signature is not null) request.Headers.TryAddWithoutValidation("X-Twilio-Signature", signature);
        return await host.Client.Http.SendAsync(request);
    }
}
