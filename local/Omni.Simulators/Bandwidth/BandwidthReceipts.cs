using System.Globalization;
using System.Text.Json;
using Omni.Simulators.Files;
using Omni.Simulators.Script;
using Omni.Simulators.Webhooks;

namespace Omni.Simulators.Bandwidth;

/// <summary>Walks accepted messages along their path and makes the callbacks, one for each recipient of a group.</summary>
internal sealed class BandwidthReceipts(
    BandwidthAccount account, BandwidthCallbacks callbacks, WebhookClient client, BackgroundWork background, TimeSpan pause)
{
    private const string Failed = "message-failed";
    private const int UnknownFailure = 9999;

    public void Start(BandwidthMessage message, ReceiptRule? rule) =>
        background.Run(cancellation => PlayAsync(message, rule, cancellation));

    public async Task PlayAsync(BandwidthMessage message, ReceiptRule? rule, CancellationToken cancellation)
    {
        var delay = rule?.DelayMs is { } milliseconds ? TimeSpan.FromMilliseconds(milliseconds) : pause;
        var files = await client.FetchAsync(message.Media.Where(url => !account.IsUploaded(url)), cancellation);
        var fileFault = BandwidthFiles.Refuse(files, message.From);
        foreach (var to in message.To)
        {
            var (path, errorCode) = Plan(message, to, fileFault, rule);
            foreach (var position in ReceiptRule.Order(rule, path))
            {
                await Task.Delay(delay, account.Clock, cancellation);
                var type = path[position];
                int? code = type is Failed ? errorCode ?? UnknownFailure : null;
                message.Advance(position, type, code, account.Clock.GetUtcNow());
                if (rule is not { Lost: true } && account.Options.CallbackTypes.Contains(type))
                    await PostAsync(message, to, type, code, cancellation);
            }
        }
    }

    /// <summary>Makes one callback.</summary>
    public async Task<BandwidthCallback> PostAsync(
        BandwidthMessage message, string to, string type, int? errorCode, CancellationToken cancellation)
    {
        var now = account.Clock.GetUtcNow();
        var url = callbacks.UrlFor(message.Host);
        var body = JsonSerializer.SerializeToElement((object[])[Event(message, to, type, errorCode, now)], BandwidthJson.Options);
        var callback = new BandwidthCallback(now, url, body, await callbacks.DeliverAsync(url, body, cancellation));
        message.AddCallback(callback);
        return callback;
    }

    private (IReadOnlyList<string> Path, int? ErrorCode) Plan(
        BandwidthMessage message, string to, int? fileFault, ReceiptRule? rule)
    {
        int? ruled = int.TryParse(rule?.ErrorCode, CultureInfo.InvariantCulture, out var code) ? code : null;
        if (rule?.Path is { } path) return (path, ruled);
        if ((ruled ?? account.FailureOf(message, to) ?? fileFault) is { } failure) return ([Failed], failure);
        return (message.IsMms ? ["message-sending", "message-sent", "message-delivered"] : ["message-sent", "message-delivered"], null);
    }

    private object Event(BandwidthMessage message, string to, string type, int? errorCode, DateTimeOffset now) => new
    {
        type,
        time = BandwidthJson.Time(now),
        eventTime = type is "message-read" ? BandwidthJson.Time(now) : null,
        description = Describe(type, errorCode),
        to,
        errorCode,
        message = new
        {
            message.Id,
            time = BandwidthJson.Time(message.CreatedAt),
            message.To,
            message.From,
            text = "", // it is not kept
            account.Options.ApplicationId,
            message.Tag,
            media = message.Media.Count > 0 ? message.Media : null,
            owner = message.From,
            direction = "out",
            segmentCount = message.Segments,
        },
    };

    private static string Describe(string type, int? errorCode) => (type, errorCode) switch
    {
        ("message-delivered", _) => "Message delivered to carrier.",
        (Failed, 4406) => "rejected-unallocated-to-number",
        (Failed, 4407) => "rejected-from-number-not-on-account",
        (Failed, 4720) => "invalid-destination-address",
        (Failed, 4775) => "destination-opted-out",
        (Failed, 9902) => "delivery-receipt-expired",
        (Failed, _) => $"error-{errorCode}",
        _ => "ok",
    };
}
