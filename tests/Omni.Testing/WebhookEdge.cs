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

namespace Omni.Testing;

/// <summary>A carrier's call of a webhook.</summary>
/// <param name="Body">The body's bytes; empty for none.</param>
/// <param name="Headers">The headers.</param>
public sealed record WebhookCall(byte[] Body, IReadOnlyDictionary<string, string> Headers)
{
    public string Method { get; init; } = "POST";

    /// <summary>The query string, without the question mark.</summary>
    public string Query { get; init; } = "";

    /// <summary>What stands behind the route in the path; empty for nothing.</summary>
    public string PathToken { get; init; } = "";

    public string Text => Encoding.UTF8.GetString(Body);
}

/// <summary>A carrier's webhook function between a gateway that calls it and a queue and a bucket that only remember.</summary>
public sealed class WebhookEdge
{
    public const string PublicBaseUrl = "https://omni.example.com";

    /// <summary>When all calls come in.</summary>
    public static readonly DateTimeOffset Now = new(2026, 11, 23, 10, 15, 0, TimeSpan.Zero);

    private readonly WebhookPipeline _pipeline;
    private readonly string _carrier;
    private readonly StringWriter _log = new();

    /// <summary>An edge of a carrier.</summary>
    /// <param name="make">Makes its webhook from the function's settings.</param>
    /// <param name="environment">The function's environment; changes count at once.</param>
    public WebhookEdge(Func<Settings, ICarrierWebhook> make, IEnumerable<KeyValuePair<string, string>> environment)
    {
        Environment = new(environment);
        var sqs = new Mock<IAmazonSQS>();
        sqs.Setup(q => q.SendMessageBatchAsync(It.IsAny<SendMessageBatchRequest>(), It.IsAny<CancellationToken>()))
            .Callback((SendMessageBatchRequest batch, CancellationToken _) => Queued.AddRange(
                batch.Entries.Select(entry => JsonNode.Parse(entry.MessageBody)!)))
            .ReturnsAsync(new SendMessageBatchResponse());
        var s3 = new Mock<IAmazonS3>();
        s3.Setup(s => s.PutObjectAsync(It.IsAny<PutObjectRequest>(), It.IsAny<CancellationToken>()))
            .Callback((PutObjectRequest put, CancellationToken _) => Blobs[put.Key] = new StreamReader(put.InputStream).ReadToEnd())
            .ReturnsAsync(new PutObjectResponse());

        var webhook = make(new Settings(Environment));
        _carrier = webhook.Carrier.Id;
        Clock = new(Now);
        _pipeline = new(
            webhook,
            new SqsQueues(sqs.Object),
            "inbound",
            new BlobStore(s3.Object, "blobs"),
            PublicBaseUrl,
            Clock,
            new JsonLogger(_log, Clock));
    }

    public FakeTimeProvider Clock { get; }

    public Dictionary<string, string> Environment { get; }

    /// <summary>The records of the inbound queue.</summary>
    public List<JsonNode> Queued { get; } = [];

    /// <summary>The events in them; what a message says about consent follows it.</summary>
    public JsonArray Events => [.. Queued.SelectMany(record => (IEnumerable<JsonNode>)
        [record["event"]!.DeepClone(), .. (record["consents"]?.AsArray() ?? []).Select(consent => new JsonObject(
            [KeyValuePair.Create("type", (JsonNode?)"consentChanged"), .. consent!.DeepClone().AsObject().ToArray().Select(Detached)]))])];

    private static KeyValuePair<string, JsonNode?> Detached(KeyValuePair<string, JsonNode?> member) =>
        KeyValuePair.Create(member.Key, member.Value?.DeepClone());

    /// <summary>What was put into the bucket, by its key.</summary>
    public Dictionary<string, string> Blobs { get; } = [];

    public string Log => _log.ToString();

    /// <summary>Where the carrier was told to call.</summary>
    public string Url => $"{PublicBaseUrl}/webhooks/{_carrier}";

    /// <summary>Makes a call. Like the gateway it passes bodies of types that are not text in base64.</summary>
    public Task<APIGatewayHttpApiV2ProxyResponse> CallAsync(WebhookCall call)
    {
        var type = call.Headers.FirstOrDefault(h => h.Key.Equals("content-type", StringComparison.OrdinalIgnoreCase)).Value ?? "";
        var isText = type.StartsWith("text/", StringComparison.Ordinal) || type.StartsWith("application/json", StringComparison.Ordinal);
        return _pipeline.HandleAsync(new APIGatewayHttpApiV2ProxyRequest
        {
            RawPath = $"/webhooks/{_carrier}{(call.PathToken.Length > 0 ? "/" + call.PathToken : "")}",
            RawQueryString = call.Query,
            Headers = new Dictionary<string, string>(call.Headers),
            RequestContext = new() { Http = new() { Method = call.Method } },
            Body = call.Body.Length == 0 ? null : isText ? call.Text : Convert.ToBase64String(call.Body),
            IsBase64Encoded = call.Body.Length > 0 && !isText,
        });
    }
}
