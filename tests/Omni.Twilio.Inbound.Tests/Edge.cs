using System.Text;
using System.Text.Json.Nodes;
using Amazon.Lambda.APIGatewayEvents;
using Amazon.S3;
using Amazon.S3.Model;
using Amazon.SQS;
using Amazon.SQS.Model;
using Microsoft.Extensions.Time.Testing;
using Moq;
using Omni.Aws;
using Omni.Pipeline;

namespace Omni.Twilio.Inbound.Tests;

/// <summary>The function between a gateway that calls it and a queue and a bucket that only remember.</summary>
internal sealed class Edge
{
    public const string Url = "https://omni.example.com/webhooks/twilio";
    public const string Account = "AC00000000000000000000000000000042";
    public const string Token = "0123456789abcdef0123456789abcdef";
    public const string Form = "application/x-www-form-urlencoded; charset=UTF-8";

    private readonly Function _function;
    private readonly StringWriter _log = new();

    public Edge()
    {
        var sqs = new Mock<IAmazonSQS>();
        sqs.Setup(q => q.SendMessageBatchAsync(It.IsAny<SendMessageBatchRequest>(), It.IsAny<CancellationToken>()))
            .Callback((SendMessageBatchRequest batch, CancellationToken _) => Queued.AddRange(batch.Entries.Select(entry => JsonNode.Parse(entry.MessageBody)!)))
            .ReturnsAsync(new SendMessageBatchResponse());
        var s3 = new Mock<IAmazonS3>();
        s3.Setup(s => s.PutObjectAsync(It.IsAny<PutObjectRequest>(), It.IsAny<CancellationToken>()))
            .Callback((PutObjectRequest put, CancellationToken _) => Blobs[put.Key] = new StreamReader(put.InputStream).ReadToEnd())
            .ReturnsAsync(new PutObjectResponse());

        var options = new TwilioOptions(new Settings(Environment));
        var clock = new FakeTimeProvider(new DateTimeOffset(2026, 11, 23, 10, 15, 0, TimeSpan.Zero));
        _function = new Function(new WebhookPipeline(
            new TwilioWebhook(options), new SqsQueues(sqs.Object), "inbound", new BlobStore(s3.Object, "blobs"), "https://omni.example.com", clock,
            new JsonLogger(_log, clock)));
    }

    /// <summary>The function's environment; changes count at once.</summary>
    public Dictionary<string, string> Environment { get; } = new() { ["TWILIO_AUTH_TOKEN"] = Token, ["TWILIO_ACCOUNT_SID"] = Account };

    /// <summary>The records of the inbound queue.</summary>
    public List<JsonNode> Queued { get; } = [];

    /// <summary>What was put into the bucket, by its key.</summary>
    public Dictionary<string, string> Blobs { get; } = [];

    public string Log => _log.ToString();

    /// <summary>A form as Twilio sends it, with its signature unless another one is given.</summary>
    public Task<APIGatewayHttpApiV2ProxyResponse> PostAsync(IEnumerable<KeyValuePair<string, string>> form, string query = "", string? signature = null) =>
        PostAsync(Encode(form), query, signature ?? Signer.Sign(Token, WithQuery(query), form));

    /// <summary>Any body. Like the gateway it passes what is not text in base64, and a form is not text to it.</summary>
    public Task<APIGatewayHttpApiV2ProxyResponse> PostAsync(string body, string query, string? signature, string? contentType = Form)
    {
        var request = new APIGatewayHttpApiV2ProxyRequest
        {
            RawQueryString = query,
            Headers = new Dictionary<string, string>(),
            RequestContext = new() { Http = new() { Method = "POST" } },
            Body = Convert.ToBase64String(Encoding.UTF8.GetBytes(body)),
            IsBase64Encoded = true,
        };
        if (signature is not null) request.Headers["X-Twilio-Signature"] = signature;
        if (contentType is not null) request.Headers["Content-Type"] = contentType;
        return _function.HandleAsync(request, null!);
    }

    public static string WithQuery(string query) => query.Length > 0 ? $"{Url}?{query}" : Url;

    public static string Encode(IEnumerable<KeyValuePair<string, string>> form) =>
        string.Join('&', form.Select(field => $"{Escape(field.Key)}={Escape(field.Value)}"));

    private static string Escape(string text) => Uri.EscapeDataString(text).Replace("%20", "+", StringComparison.Ordinal);
}
