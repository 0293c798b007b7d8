using System.Net.Http.Headers;
using Omni.Simulators.Script;
using Omni.Simulators.Webhooks;

namespace Omni.Simulators.Twilio;

/// <summary>Posts signed forms, as Twilio does for inbound messages and receipts.</summary>
internal sealed class TwilioWebhooks(TwilioOptions options, BehaviourScript script, WebhookClient client)
{
    public async Task<(string Signature, WebhookAnswer Answer)> PostAsync(
        string target, IReadOnlyDictionary<string, string> form, CancellationToken cancellation)
    {
        var (url, policy) = ConnectionOverrides.Split(target);
        var signature = TwilioSigner.Sign(
            script.Signing is SigningKey.Secondary ? options.SecondaryAuthToken : options.AuthToken, url, form);
        var idempotencyToken = Guid.CreateVersion7().ToString();
        return (signature, await client.CallAsync(Request, policy, cancellation));

        HttpRequestMessage Request()
        {
            // What is signed is what is sent: Uri must not tidy the path and the query.
            var uri = new Uri(url, new UriCreationOptions { DangerousDisablePathAndQueryCanonicalization = true });
            var content = new FormUrlEncodedContent(form);
            content.Headers.ContentType = MediaTypeHeaderValue.Parse("application/x-www-form-urlencoded; charset=UTF-8");
            return new HttpRequestMessage(HttpMethod.Post, uri)
            {
                Content = content,
                Headers =
                {
                    { TwilioSigner.Header, signature },
                    { "I-Twilio-Idempotency-Token", idempotencyToken },
                    { "User-Agent", "TwilioProxy/1.1" },
                    { "Accept", "*/*" },
                },
            };
        }
    }
}
