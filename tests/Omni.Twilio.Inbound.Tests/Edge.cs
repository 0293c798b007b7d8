using System.Text;
using System.Text.Json.Nodes;
using Amazon.Lambda.APIGatewayEvents;
using Omni.Testing;

namespace Omni.Twilio.Inbound.Tests;

/// <summary>The function at its edge, with calls as Twilio makes them.</summary>
internal sealed class Edge
{
    public const string Url = WebhookEdge.PublicBaseUrl + "/webhooks/twilio";
    public const string Account = "AC00000000000000000000000000000042";
    public const string Token = "0123456789abcdef0123456789abcdef";
    public const string Form = "application/x-www-form-urlencoded; charset=UTF-8";

    private readonly WebhookEdge _edge = New();

    public Dictionary<string, string> Environment => _edge.Environment;

    public List<JsonNode> Queued => _edge.Queued;

    public JsonArray Events => _edge.Events;

    public Dictionary<string, string> Blobs => _edge.Blobs;

    public string Log => _edge.Log;

    public static WebhookEdge New() => new(
        settings => new TwilioWebhook(new TwilioOptions(settings)),
        new Dictionary<string, string> { ["TWILIO_AUTH_TOKEN"] = Token, ["TWILIO_ACCOUNT_SID"] = Account });

    /// <summary>A form as Twilio sends it, with its signature unless another one is given.</summary>
    public Task<APIGatewayHttpApiV2ProxyResponse> PostAsync(
        IEnumerable<KeyValuePair<string, string>> form, string query = "", string? signature = null) =>
        PostAsync(Encode(form), query, signature ?? Signer.Sign(Token, WithQuery(query), form));

    /// <summary>Any body.</summary>
    public Task<APIGatewayHttpApiV2ProxyResponse> PostAsync(string body, string query, string? signature, string? contentType = Form) =>
        _edge.CallAsync(Call(body, query, signature, contentType));

    public static WebhookCall Call(string body, string query, string? signature, string? contentType = Form)
    {
        var headers = new Dictionary<string, string>();
        if (signature is not null) headers["X-Twilio-Signature"] = signature;
        if (contentType is not null) headers["Content-Type"] = contentType;
        return new(Encoding.UTF8.GetBytes(body), headers) { Query = query };
    }

    public static string WithQuery(string query) => query.Length > 0 ? $"{Url}?{query}" : Url;

    public static string Encode(IEnumerable<KeyValuePair<string, string>> form) =>
        string.Join('&', form.Select(field => $"{Escape(field.Key)}={Escape(field.Value)}"));

    private static string Escape(string text) => Uri.EscapeDataString(text).Replace("%20", "+", StringComparison.Ordinal);
}
