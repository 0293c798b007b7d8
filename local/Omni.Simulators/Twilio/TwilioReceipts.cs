using System.Globalization;
using Omni.Simulators.Files;
using Omni.Simulators.Script;
using Omni.Simulators.Webhooks;

namespace Omni.Simulators.Twilio;

/// <summary>Walks accepted messages along their path and posts the status callbacks.</summary>
internal sealed class TwilioReceipts(
    TwilioAccount account, TwilioWebhooks webhooks, WebhookClient client, BackgroundWork background, TimeSpan pause)
{
    private const int UnknownFailure = 30008;

    public void Start(TwilioMessage message, ReceiptRule? rule) => background.Run(cancellation => PlayAsync(message, rule, cancellation));

    public async Task PlayAsync(TwilioMessage message, ReceiptRule? rule, CancellationToken cancellation)
    {
        if (message.SendAt is { } due && !await WaitForAsync(message, due, cancellation)) return;

        var files = await client.FetchAsync(message.Parameters.GetValueOrDefault("MediaUrl", []), cancellation);
        var (path, errorCode, silent) = Plan(message, TwilioFiles.Refuse(files), rule);
        var delay = rule?.DelayMs is { } milliseconds ? TimeSpan.FromMilliseconds(milliseconds) : pause;
        foreach (var position in ReceiptRule.Order(rule, path))
        {
            await Task.Delay(delay, account.Clock, cancellation);
            var status = path[position];
            int? code = status is "failed" or "undelivered" ? errorCode ?? UnknownFailure : null;
            message.Advance(position, status, code, account.Clock.GetUtcNow());
            if (!silent) await PostAsync(message, status, code, cancellation);
        }
    }

    /// <summary>Posts one receipt; null when nobody asked for any.</summary>
    public async Task<TwilioCallback?> PostAsync(TwilioMessage message, string status, int? errorCode, CancellationToken cancellation)
    {
        var service = account.Options.Services.FirstOrDefault(service => service.Sid == message.MessagingServiceSid);
        if ((message.StatusCallback ?? service?.StatusCallback) is not { } url) return null;

        var at = account.Clock.GetUtcNow();
        var form = Form(message, status, errorCode, at);
        var (signature, answer) = await webhooks.PostAsync(url, form, cancellation);
        var callback = new TwilioCallback(at, url, form, signature, answer);
        message.AddCallback(callback);
        return callback;
    }

    private async Task<bool> WaitForAsync(TwilioMessage message, DateTimeOffset due, CancellationToken cancellation)
    {
        var wait = due - account.Clock.GetUtcNow();
        if (wait > TimeSpan.Zero) await Task.Delay(wait, account.Clock, cancellation);
        return message.TryLeaveSchedule("accepted", account.Clock.GetUtcNow());
    }

    private (IReadOnlyList<string> Path, int? ErrorCode, bool Silent) Plan(
        TwilioMessage message, int? fileFault, ReceiptRule? rule)
    {
        int? ruled = int.TryParse(rule?.ErrorCode, CultureInfo.InvariantCulture, out var code) ? code : null;
        if (rule?.Path is { } path) return (path, ruled, rule.Lost);

        var ending = ruled is not null ? new TwilioEnding(["sent", "undelivered"], ruled)
            : fileFault is not null ? new TwilioEnding(["failed"], fileFault)
            : account.EndingOf(message);

        // The create answer of a messaging service said `accepted`, so `queued` is still news.
        IReadOnlyList<string> usual = message.MessagingServiceSid is null ? ending.Path : ["queued", .. ending.Path];
        return (usual, ending.ErrorCode, ending.Silent || rule is { Lost: true });
    }

    private Dictionary<string, string> Form(TwilioMessage message, string status, int? errorCode, DateTimeOffset at)
    {
        var form = new Dictionary<string, string>
        {
            ["MessageSid"] = message.Sid,
            ["SmsSid"] = message.Sid,
            ["MessageStatus"] = status,
            ["SmsStatus"] = status,
            ["AccountSid"] = account.Options.AccountSid,
            ["From"] = message.Sender,
            ["To"] = message.To,
            ["ApiVersion"] = TwilioMessageResource.Version,
        };
        if (message.MessagingServiceSid is { } service) form["MessagingServiceSid"] = service;
        if (errorCode is { } code) form["ErrorCode"] = code.ToString(CultureInfo.InvariantCulture);

        var channel = TwilioAddress.ChannelOf(message.To);
        if (channel is TwilioAddress.Sms)
        {
            if (status is "delivered" or "undelivered")
                form["RawDlrDoneDate"] = at.UtcDateTime.ToString("yyMMddHHmm", CultureInfo.InvariantCulture);
        }
        else
        {
            form["ChannelPrefix"] = channel;
            form["ChannelInstallSid"] = "XE" + account.Options.AccountSid[2..];
            if (status is "read") form["EventType"] = "READ";
            if (errorCode is not null) form["ChannelStatusMessage"] = $"Error {errorCode}";
        }

        return form;
    }
}
