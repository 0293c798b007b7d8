using System.Text;
using System.Text.Json.Nodes;
using Omni.Testing;

namespace Omni.Bandwidth.Inbound.Tests;

/// <summary>Bandwidth's side: the settings of both sides, and calls as it makes them.</summary>
internal static class Bandwidth
{
    public const string Application = "5c1d7a52-0b3e-4f0a-9f57-0c6c2f7d1e11";
    public const string User = "omni-callbacks";
    public const string Password = "a:password-with-a-colon";
    public const string Token = "5f1d3a5be2cf4b1a9d0c7e8f60718293";

    public static readonly IReadOnlyDictionary<string, string> Settings = new Dictionary<string, string>
    {
        ["BANDWIDTH_APPLICATION_ID"] = Application,
        ["BANDWIDTH_WEBHOOK_USER"] = User,
        ["BANDWIDTH_WEBHOOK_SECRET"] = Password,
        ["BANDWIDTH_WEBHOOK_TOKEN"] = Token,
    };

    public static WebhookEdge NewEdge(IReadOnlyDictionary<string, string>? settings = null) =>
        new(given => new BandwidthWebhook(new BandwidthOptions(given)), settings ?? Settings);

    /// <summary>A call with its body, without anything that proves who makes it.</summary>
    public static WebhookCall Bare(string body, string pathToken = "") =>
        new(Encoding.UTF8.GetBytes(body), new Dictionary<string, string>
        {
            ["Content-Type"] = "application/json; charset=utf-8", ["User-Agent"] = "BandwidthAPI/v2"
        })
        {
            PathToken = pathToken,
        };

    /// <summary>The call that follows the challenge.</summary>
    public static WebhookCall SignedIn(string body, string user = User, string password = Password, string pathToken = "") =>
        WithHeader(Bare(body, pathToken), "Basic " + Convert.ToBase64String(Encoding.UTF8.GetBytes($"{user}:{password}")));

    public static WebhookCall WithHeader(WebhookCall call, string authorization) =>
        call with { Headers = new Dictionary<string, string>(call.Headers) { ["Authorization"] = authorization } };

    /// <summary>An inbound message.</summary>
    public static string Sms(string text = "Hi!", string id = "a1b2c3d4-0000") => new JsonArray(new JsonObject
    {
        ["type"] = "message-received",
        ["time"] = "2026-11-23T10:14:59.500Z",
        ["description"] = "Incoming message received",
        ["to"] = "+12065550100",
        ["message"] = new JsonObject
        {
            ["id"] = id,
            ["time"] = "2026-11-23T10:14:59.400Z",
            ["to"] = new JsonArray("+12065550100"),
            ["from"] = "+14155550123",
            ["text"] = text,
            ["applicationId"] = Application,
            ["owner"] = "+12065550100",
            ["direction"] = "in",
            ["segmentCount"] = 1,
        },
    }).ToJsonString();

    /// <summary>The events of the fixtures, one a body.</summary>
    public static IEnumerable<JsonNode> Bodies() =>
        Directory.EnumerateFiles(Path.Combine("Fixtures", "Calls"), "*.json").Order(StringComparer.Ordinal)
            .Select(path => JsonNode.Parse(File.ReadAllText(path))!["body"]!)
            .SelectMany(body => body is JsonArray events ? events.OfType<JsonObject>() : [body.AsObject()])
            .Select(e => e.DeepClone());
}
