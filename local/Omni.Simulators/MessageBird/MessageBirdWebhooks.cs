using System.Net.Http.Headers;
using System.Text;
using Omni.Simulators.Script;
using Omni.Simulators.Webhooks;

namespace Omni.Simulators.MessageBird;

/// <summary>Makes signed calls of webhooks: GET with everything in the query, or POST of a form or of JSON.</summary>
internal sealed class MessageBirdWebhooks(MessageBirdAccount account, WebhookClient client)
{
    public const string Form = "application/x-www-form-urlencoded", Json = "application/json";

    // MessageBird does not say how often it calls again, nor how long it waits: at least once, in any order.
    private static readonly RetryPolicy Policy = new(Retries: 3, WebhookFailure.Any, TimeSpan.FromSeconds(10));

    public Task<WebhookAnswer> GetAsync(string url, CancellationToken cancellation) =>
        CallAsync(HttpMethod.Get, url, null, null, cancellation);

    public Task<WebhookAnswer> PostAsync(string url, string body, string contentType, CancellationToken cancellation) =>
        CallAsync(HttpMethod.Post, url, body, contentType, cancellation);

    /// <summary>The pairs of a form or a query, as MessageBird encodes them.</summary>
    public static string Encode(IEnumerable<(string Name, string Value)> fields) =>
        string.Join('&', fields.Select(field => $"{Escape(field.Name)}={Escape(field.Value)}"));

    private Task<WebhookAnswer> CallAsync(HttpMethod method, string url, string? body, string? contentType, CancellationToken cancellation)
    {
        var bytes = Encoding.UTF8.GetBytes(body ?? "");
        return client.CallAsync(Request, Policy, cancellation);

        // Each try has a token of its own.
        HttpRequestMessage Request()
        {
            // What is signed is what is sent: Uri must not tidy the path and the query.
            var request = new HttpRequestMessage(
                method, new Uri(url, new UriCreationOptions { DangerousDisablePathAndQueryCanonicalization = true }));
            if (contentType is not null)
                request.Content = new ByteArrayContent(bytes) { Headers = { ContentType = MediaTypeHeaderValue.Parse(contentType) } };

            var key = account.Script.Signing is SigningKey.Secondary ? account.Options.PreviousSigningKey : account.Options.SigningKey;
            foreach (var (name, value) in MessageBirdSigner.Headers(account.Scheme, key, url, bytes, account.Clock.GetUtcNow()))
                request.Headers.TryAddWithoutValidation(name, value);
            return request;
        }
    }

    private static string Escape(string text) => Uri.EscapeDataString(text).Replace("%20", "+", StringComparison.Ordinal);
}
