using System.Globalization;
using System.Security.Cryptography;
using Microsoft.AspNetCore.Http;
using Omni.Simulators.Script;

namespace Omni.Simulators.Inteliquent;

/// <summary>
/// Walks accepted messages along their path and tells of it in the form that SMPP 3.4 gives a receipt (appendix B): a line of text.
/// </summary>
internal sealed class InteliquentReceipts(InteliquentAccount account, InteliquentWebhook webhook, BackgroundWork background, TimeSpan pause)
{
    private const int QuotedCharacters = 20;

    public string UrlFor(HttpRequest request) => webhook.UrlFor(request);

    public void Start(IEnumerable<InteliquentMessage> messages, ReceiptRule? rule)
    {
        foreach (var message in messages) background.Run(cancellation => PlayAsync(message, rule, cancellation));
    }

    public async Task PlayAsync(InteliquentMessage message, ReceiptRule? rule, CancellationToken cancellation)
    {
        var (path, error) = Plan(message, rule);
        var delay = rule?.DelayMs is { } milliseconds ? TimeSpan.FromMilliseconds(milliseconds) : pause;
        foreach (var position in ReceiptRule.Order(rule, path))
        {
            await Task.Delay(delay, account.Clock, cancellation);
            message.Advance(position, path[position]);
            if (rule is not { Lost: true })
                await PostAsync(message, path[position], position == path.Count - 1 ? error : "000", cancellation);
        }
    }

    /// <summary>Posts one receipt.</summary>
    public async Task<InteliquentCallback> PostAsync(InteliquentMessage message, string state, string error, CancellationToken cancellation)
    {
        var at = account.Clock.GetUtcNow();
        var body = InteliquentJson.Text(new
        {
            referenceId = message.ReferenceId,

            // The other way round, as SMPP has it: the receipt comes from whom the message went to.
            from = message.To,
            to = (string[])[message.From],
            text = Text(message, state, error, at),
            deliveryReceipt = true,
        });
        var callback = new InteliquentCallback(
            at, message.WebhookUrl, body, await webhook.PostAsync(message.WebhookUrl, body, cancellation));
        message.AddCallback(callback);
        return callback;
    }

    // The id in the text is that of the network behind, not the referenceId.
    private static string Text(InteliquentMessage message, string state, string error, DateTimeOffset at)
    {
        var id = RandomNumberGenerator.GetString("0123456789", 10);
        var delivered = state is "DELIVRD" ? "001" : "000";
        var quoted = message.Text.Length > QuotedCharacters ? message.Text[..QuotedCharacters] : message.Text;
        return $"id:{id} sub:001 dlvrd:{delivered} submit date:{Date(message.CreatedAt)} done date:{Date(at)} stat:{state} err:{error} "
            + $"text:{quoted}";
    }

    private static string Date(DateTimeOffset at) => at.UtcDateTime.ToString("yyMMddHHmm", CultureInfo.InvariantCulture);

    private static (IReadOnlyList<string> Path, string Error) Plan(InteliquentMessage message, ReceiptRule? rule)
    {
        if (rule?.Path is { } path) return (path, rule.ErrorCode ?? "000");
        if (rule?.ErrorCode is { } error) return (["UNDELIV"], error);

        var ending = InteliquentNumbers.Endings.GetValueOrDefault(message.To, InteliquentNumbers.Delivered);
        return (ending.Path, ending.Error);
    }
}
