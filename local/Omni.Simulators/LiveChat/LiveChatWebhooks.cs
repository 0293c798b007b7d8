using System.Text;
using System.Text.Json.Nodes;
using Microsoft.AspNetCore.Http;
using Omni.Simulators.Script;
using Omni.Simulators.Webhooks;

namespace Omni.Simulators.LiveChat;

/// <summary>Posts webhooks as LiveChat does: nothing is signed, the secret of the registration stands in the body.</summary>
internal sealed class LiveChatWebhooks(LiveChatAccount account, WebhookClient client, Uri? webhookBaseUrl)
{
    /// <summary>Ten seconds for an answer; then up to three more tries within about a minute.</summary>
    private static readonly RetryPolicy Policy = new(Retries: 3, WebhookFailure.Any, AnswerTimeout: TimeSpan.FromSeconds(10));

    /// <summary>Where the webhooks were registered: at this host unless the options say otherwise.</summary>
    public string TargetOf(HttpRequest request)
    {
        var host = webhookBaseUrl?.ToString().TrimEnd('/') ?? $"{request.Scheme}://{request.Host}";
        return $"{host}/webhooks/{LiveChatSimulator.Name}{(account.Options.WebhookToken is { } token ? "/" + token : "")}";
    }

    public async Task<(JsonObject Body, WebhookAnswer Answer)> PostAsync(
        string target, string action, JsonObject payload, CancellationToken cancellation)
    {
        var body = new JsonObject
        {
            ["webhook_id"] = "wh-" + action, // the registration's, not the call's
            ["secret_key"] = account.Script.Signing is SigningKey.Secondary
                ? account.Options.SecondaryWebhookSecret
                : account.Options.WebhookSecret,
            ["action"] = action,
            ["organization_id"] = account.Options.OrganizationId,
            ["payload"] = payload.DeepClone(),
            ["additional_data"] = new JsonObject(),
        };
        var bytes = Encoding.UTF8.GetBytes(body.ToJsonString());
        var answer = await client.CallAsync(Request, Policy, cancellation);
        body.Remove("secret_key");
        return (body, answer);

        HttpRequestMessage Request() =>
            new(HttpMethod.Post, target) { Content = new ByteArrayContent(bytes) { Headers = { ContentType = new("application/json") } } };
    }
}
