using System.Globalization;
using Omni.Simulators.Webhooks;

namespace Omni.Simulators.Twilio;

/// <summary>
/// The fragment of a webhook URL tunes Twilio's patience, such as <c>#rc=3&amp;rp=5xx,ct,rt&amp;rt=10000</c>.
/// It is neither sent nor signed:
/// https://www.twilio.com/docs/usage/webhooks/webhooks-connection-overrides
/// </summary>
internal static class ConnectionOverrides
{
    private static readonly RetryPolicy Default = new(Retries: 1, WebhookFailure.Connect, AnswerTimeout: TimeSpan.FromSeconds(15));

    public static (string Url, RetryPolicy Policy) Split(string url)
    {
        var hash = url.IndexOf('#');
        return hash < 0 ? (url, Default) : (url[..hash], Read(url[(hash + 1)..]));
    }

    private static RetryPolicy Read(string fragment)
    {
        var policy = Default;
        foreach (var setting in fragment.Split('&'))
        {
            policy = setting.Split('=', 2) switch
            {
                ["rc", var count] when Number(count) is { } retries => policy with { Retries = Math.Clamp(retries, 0, 5) },
                ["rp", var kinds] => policy with { On = kinds.Split(',').Aggregate(WebhookFailure.None, (all, kind) => all | Kind(kind)) },
                ["rt", var wait] when Number(wait) is { } milliseconds =>
                    policy with { AnswerTimeout = TimeSpan.FromMilliseconds(Math.Clamp(milliseconds, 100, 15_000)) },
                _ => policy,
            };
        }

        return policy;
    }

    private static int? Number(string text) => int.TryParse(text, CultureInfo.InvariantCulture, out var number) ? number : null;

    private static WebhookFailure Kind(string name) => name switch
    {
        "4xx" => WebhookFailure.ClientError,
        "5xx" => WebhookFailure.ServerError,
        "ct" => WebhookFailure.Connect,
        "rt" => WebhookFailure.Timeout,
        "all" => WebhookFailure.Any,
        _ => WebhookFailure.None,
    };
}
