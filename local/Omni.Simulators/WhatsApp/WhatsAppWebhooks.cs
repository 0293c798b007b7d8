using System.Globalization;
using System.Net.Http.Headers;
using System.Security.Cryptography;
using System.Text;
using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Nodes;
using System.Text.RegularExpressions;
using Omni.Simulators.Script;
using Omni.Simulators.Webhooks;

namespace Omni.Simulators.WhatsApp;

/// <summary>A piece of news about one number.</summary>
/// <param name="Number">The number.</param>
/// <param name="Field">What kind of news: <c>messages</c> or another field of the subscription.</param>
/// <param name="Value">What it says, beside the number's metadata.</param>
internal sealed record WhatsAppChange(WhatsAppNumber Number, string Field, JsonObject Value);

/// <summary>Calls the app's webhook with signed JSON, again and again until it is answered with 200, for seven days.</summary>
internal sealed partial class WhatsAppWebhooks(WhatsAppAccount account, WebhookClient client, BackgroundWork background)
{
    private static readonly TimeSpan GivesUpAfter = TimeSpan.FromDays(7);
    private static readonly RetryPolicy Once = new(Retries: 0, WebhookFailure.None, AnswerTimeout: TimeSpan.FromSeconds(10));
    private static readonly JsonSerializerOptions Plain = new() { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    /// <summary>Asks the question that Meta asks when the webhook is set up.</summary>
    public async Task<(string Challenge, WebhookAnswer Answer)> VerifyAsync(string? token, CancellationToken cancellation)
    {
        var challenge = RandomNumberGenerator.GetString("0123456789", 10);
        var url = $"{account.WebhookUrl}?hub.mode=subscribe&hub.challenge={challenge}"
            + $"&hub.verify_token={Uri.EscapeDataString(token ?? account.Options.VerifyToken)}";
        return (challenge, await client.CallAsync(() => new(HttpMethod.Get, url), Once, cancellation));
    }

    /// <summary>Makes one call of several changes, each in an entry of its own.</summary>
    /// <param name="changes">The changes.</param>
    /// <param name="rawUnicode">Sends text as it is, and signs it escaped: one of the two ways that have been seen.</param>
    /// <param name="cancellation">Ends the first call.</param>
    public async Task<WhatsAppDelivery> PostAsync(IEnumerable<WhatsAppChange> changes, bool rawUnicode, CancellationToken cancellation)
    {
        var plain = Envelope(changes).ToJsonString(Plain);
        var escaped = Escape(plain);
        var body = rawUnicode ? plain : escaped;
        var (signature, answer) = await TryAsync(body, escaped, cancellation);
        if (answer.Status is not 200) background.Run(stopping => RepeatAsync(body, escaped, stopping));
        return new(body, signature, answer);
    }

    private async Task RepeatAsync(string body, string signed, CancellationToken cancellation)
    {
        var (pause, waited) = (account.Options.RetryPause, TimeSpan.Zero);
        while (waited < GivesUpAfter)
        {
            await Task.Delay(pause, account.Clock, cancellation);
            if ((await TryAsync(body, signed, cancellation)).Answer.Status is 200) return;
            (waited, pause) = (waited + pause, pause * 2);
        }
    }

    private async Task<(string Signature, WebhookAnswer Answer)> TryAsync(string body, string signed, CancellationToken cancellation)
    {
        var secret = account.Script.Signing is SigningKey.Secondary ? account.Options.PreviousAppSecret : account.Options.AppSecret;
        var signature = "sha256="
            + Convert.ToHexStringLower(HMACSHA256.HashData(Encoding.UTF8.GetBytes(secret), Encoding.UTF8.GetBytes(signed)));
        return (signature, await client.CallAsync(Request, Once, cancellation));

        HttpRequestMessage Request()
        {
            var content = new ByteArrayContent(Encoding.UTF8.GetBytes(body))
            {
                Headers = { ContentType = new MediaTypeHeaderValue("application/json") }
            };
            return new(HttpMethod.Post, account.WebhookUrl)
            {
                Content = content,
                Headers = { { "X-Hub-Signature-256", signature }, { "User-Agent", "facebookexternalua" }, { "Accept", "*/*" } },
            };
        }
    }

    private JsonObject Envelope(IEnumerable<WhatsAppChange> changes)
    {
        var entries = new JsonArray();
        foreach (var (number, field, value) in changes)
        {
            var whole = new JsonObject
            {
                ["messaging_product"] = "whatsapp",
                ["metadata"] = new JsonObject { ["display_phone_number"] = number.Display, ["phone_number_id"] = number.Id },
            };
            foreach (var (name, member) in value) whole[name] = member?.DeepClone();
            entries.Add(new JsonObject
            {
                ["id"] = account.Options.AccountId,
                ["changes"] = new JsonArray(new JsonObject { ["field"] = field, ["value"] = whole }),
            });
        }

        return new() { ["object"] = "whatsapp_business_account", ["entry"] = entries };
    }

    // As Meta writes: nothing but ASCII, small hex digits, and a backslash before each slash, which only stands inside strings.
    private static string Escape(string json) => EscapedOrToEscape().Replace(json, match => match.Value switch
    {
        "/" => @"\/",
        { Length: 6 } escape => escape.ToLowerInvariant(), // the serialiser's own, in capitals
        { Length: 2 } escape => escape,
        [var unit] => string.Create(CultureInfo.InvariantCulture, $@"\u{(int)unit:x4}"),
        var other => other,
    });

    [GeneratedRegex(@"\\u[0-9A-F]{4}|\\.|[/\u007f-\uffff]")]
    private static partial Regex EscapedOrToEscape();
}
