using System.Net.Http.Headers;
using System.Text;
using System.Text.Json;
using Omni.Simulators.Script;
using Omni.Simulators.Webhooks;

namespace Omni.Simulators.Bandwidth;

/// <summary>
/// Makes callbacks. Where the application has credentials for them, the first call goes without; only a 401 that asks for Basic brings the
/// second, with them. What is not answered 2xx in the end is repeated for a day, then lost.
/// https://dev.bandwidth.com/docs/messaging/webhooks
/// </summary>
internal sealed class BandwidthCallbacks(BandwidthAccount account, WebhookClient client, BackgroundWork background, Uri? webhookBaseUrl)
{
    private static readonly RetryPolicy Once = new(Retries: 0, WebhookFailure.None, AnswerTimeout: TimeSpan.FromSeconds(10));
    private static readonly TimeSpan LongestWait = TimeSpan.FromHours(1), GivesUpAfter = TimeSpan.FromHours(24);

    /// <summary>Where callbacks go.</summary>
    /// <param name="host">How this host was addressed, where nobody named another place.</param>
    public string UrlFor(string host)
    {
        if (account.Options.CallbackUrl is { } url) return url.ToString();
        var route = $"{(webhookBaseUrl?.ToString() ?? host).TrimEnd('/')}/webhooks/{BandwidthSimulator.Name}";
        return account.Options.CallbackToken is { } token ? $"{route}/{token}" : route;
    }

    /// <summary>Calls once, and goes on in the background when that was not taken.</summary>
    public async Task<WebhookAnswer> DeliverAsync(string url, JsonElement body, CancellationToken cancellation)
    {
        var answer = await CallAsync(url, body, cancellation);
        if (!IsTaken(answer)) background.Run(again => RepeatAsync(url, body, again));
        return answer;
    }

    private async Task RepeatAsync(string url, JsonElement body, CancellationToken cancellation)
    {
        var wait = account.Options.CallbackRetry;
        for (var waited = wait; waited < GivesUpAfter; waited += wait)
        {
            await Task.Delay(wait, account.Clock, cancellation);
            if (IsTaken(await CallAsync(url, body, cancellation))) return;
            wait = wait * 2 < LongestWait ? wait * 2 : LongestWait;
        }
    }

    private async Task<WebhookAnswer> CallAsync(string url, JsonElement body, CancellationToken cancellation)
    {
        var options = account.Options;
        var bytes = Encoding.UTF8.GetBytes(body.GetRawText());
        if (options.CallbackUser is not { } user) return await client.CallAsync(() => Request(url, bytes, null), Once, cancellation);

        var first = await client.CallAsync(() => Request(url, options.FirstCallHasBody ? bytes : [], null), Once, cancellation);
        if (first is not { Status: 401, Challenge: { } challenge } || !challenge.StartsWith("Basic realm=\"", StringComparison.Ordinal))
            return first;

        var password = account.Script.Signing is SigningKey.Secondary ? options.SecondaryCallbackPassword : options.CallbackPassword;
        var credentials = new AuthenticationHeaderValue("Basic", Convert.ToBase64String(Encoding.UTF8.GetBytes($"{user}:{password}")));
        return await client.CallAsync(() => Request(url, bytes, credentials), Once, cancellation) with { Attempts = 2 };
    }

    private static bool IsTaken(WebhookAnswer answer) => answer.Status is >= 200 and < 300;

    private static HttpRequestMessage Request(string url, byte[] body, AuthenticationHeaderValue? credentials)
    {
        var content = new ByteArrayContent(body);
        content.Headers.ContentType = MediaTypeHeaderValue.Parse("application/json; charset=utf-8");
        var request = new HttpRequestMessage(HttpMethod.Post, url)
        {
            Content = content, Headers = { { "User-Agent", "BandwidthAPI/v2" }, { "Accept", "*/*" } }
        };
        request.Headers.Authorization = credentials;
        return request;
    }
}
