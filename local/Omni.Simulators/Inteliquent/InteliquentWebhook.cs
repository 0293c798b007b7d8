using System.Net.Http.Headers;
using System.Security.Cryptography;
using System.Text;
using Microsoft.AspNetCore.Http;
using Omni.Simulators.Script;
using Omni.Simulators.Webhooks;

namespace Omni.Simulators.Inteliquent;

/// <summary>
/// Calls the one webhook of the account, for messages and receipts alike. The carrier does not say when it calls again; here it does twice,
/// after a 5xx, a lost connection or no answer, each time with a new <c>messageID</c>.
/// </summary>
internal sealed class InteliquentWebhook(InteliquentAccount account, WebhookClient client, Uri? webhookBaseUrl)
{
    private static readonly RetryPolicy Policy =
        new(
            Retries: 2,
            WebhookFailure.ServerError | WebhookFailure.Connect | WebhookFailure.Timeout,
            AnswerTimeout: TimeSpan.FromSeconds(10));

    /// <summary>Where it was registered.</summary>
    /// <param name="request">A call to this host, by whose address it is known where nobody named another.</param>
    public string UrlFor(HttpRequest request)
    {
        var host = (webhookBaseUrl?.ToString() ?? $"{request.Scheme}://{request.Host}").TrimEnd('/');
        var route = $"{host}/webhooks/{InteliquentSimulator.Name}";
        return account.Options.PathToken is { } token ? $"{route}/{token}" : route;
    }

    public Task<WebhookAnswer> PostAsync(string url, string body, CancellationToken cancellation) => client.CallAsync(
        () =>
        {
            var request = new HttpRequestMessage(HttpMethod.Post, url)
            {
                Content = new ByteArrayContent(Encoding.UTF8.GetBytes(body))
                {
                    Headers = { ContentType = new MediaTypeHeaderValue("application/json") }
                },
            };
            if (account.Options.HeaderName is { } name) request.Headers.TryAddWithoutValidation(name, account.Options.HeaderValue);
            if (account.Options.WebhookKey is { } primary)
            {
                var messageId = RandomNumberGenerator.GetHexString(32, lowercase: true);
                var key = account.Script.Signing is SigningKey.Secondary ? account.Options.SecondaryWebhookKey : primary;
                request.Headers.Add("messageID", messageId);
                request.Headers.Add("verificationToken", Token(account.Hash, key, messageId));
            }

            return request;
        },
        Policy,
        cancellation);

    /// <summary>The hash of the random token. It covers nothing of the body.</summary>
    public static string Token(InteliquentHash hash, string key, string messageId) => Convert.ToHexStringLower(
        hash is InteliquentHash.Hmac
            ? HMACSHA256.HashData(Encoding.UTF8.GetBytes(key), Encoding.UTF8.GetBytes(messageId))
            : SHA256.HashData(Encoding.UTF8.GetBytes(key + messageId)));
}
