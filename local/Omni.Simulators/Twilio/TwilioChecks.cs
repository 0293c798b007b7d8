using System.Globalization;

namespace Omni.Simulators.Twilio;

/// <summary>What Twilio looks at before it takes a message: https://www.twilio.com/docs/messaging/api/message-resource</summary>
internal sealed class TwilioChecks(TwilioOptions options, TwilioOptOuts optOuts, TimeProvider clock)
{
    private const int MaxBodyCharacters = 1600, MaxMedia = 10;
    private static readonly TimeSpan EarliestSchedule = TimeSpan.FromSeconds(300), LatestSchedule = TimeSpan.FromDays(35);

    /// <summary>The sender that will carry the message, or the code of the refusal.</summary>
    public (string? Sender, int? Refusal) Check(TwilioSend send)
    {
        if ((Recipient(send) ?? Content(send) ?? Settings(send)) is { } refusal) return (null, refusal);

        var (sender, unusable) = SenderOf(send);
        if (sender is null) return (null, unusable);
        return optOuts.Blocks(sender, send.To!) ? (null, 21610) : (sender, null);
    }

    private static int? Recipient(TwilioSend send) => send switch
    {
        { To: null } => 21604,
        { From: null, MessagingServiceSid: null } => 21603,
        { To: var to } when !TwilioAddress.IsRecipient(to) => 21211,
        { To: var to } when TwilioNumbers.RefusedRecipients.TryGetValue(to, out var code) => code,
        _ => null,
    };

    private int? Content(TwilioSend send)
    {
        var mediaAllowed = TwilioAddress.ChannelOf(send.To!) is "whatsapp" ? 1 : MaxMedia;
        return send switch
        {
            { Body: null, MediaUrls: [], ContentSid: null } => send.ContentVariables is null ? 21602 : 21654,
            { Body.Length: > MaxBodyCharacters } => 21617,
            { MediaUrls: var media } when media.Count > mediaAllowed => 21623,
            { MediaUrls: var media } when !media.All(IsWebUrl) => 21620,
            { ContentSid: null, ContentVariables: not null } => 21654,
            { ContentSid: { } sid } when !TwilioSid.IsA("HX", sid) || !options.ContentTemplates.ContainsKey(sid) => 21655,
            _ when send.Variables() is null => 21656,
            _ => null,
        };
    }

    private int? Settings(TwilioSend send) => send switch
    {
        { StatusCallback: { } callback } when !IsWebUrl(callback) || new Uri(callback).Host.Contains('_') => 21609,
        { ValidityPeriod: { } period } when !int.TryParse(period, NumberStyles.None, CultureInfo.InvariantCulture, out var seconds)
            || seconds is < 1 or > 36_000 => 21624,
        { ScheduleType: null, SendAt: null } => null,
        { ScheduleType: not "fixed" } => 35126,
        { MessagingServiceSid: null } => 35118,
        { SendAt: null } => 35111,
        _ when !IsSchedulable(send.SendAt) => 35114,
        _ => null,
    };

    private (string? Sender, int? Refusal) SenderOf(TwilioSend send)
    {
        var channel = TwilioAddress.ChannelOf(send.To!);
        if (send.From is { } from)
        {
            if (!TwilioAddress.IsSender(from)) return (null, 21212);
            if (TwilioNumbers.RefusedSenders.TryGetValue(from, out var refusal)) return (null, refusal);
            if (!options.OwnNumbers.Contains(from)) return (null, TwilioAddress.ChannelOf(from) is TwilioAddress.Sms ? 21606 : 63007);
            if (TwilioAddress.ChannelOf(from) != channel) return (null, 21612);
        }

        if (send.MessagingServiceSid is not { } sid) return (send.From, null);

        if (options.Services.FirstOrDefault(service => service.Sid == sid) is not { } owner) return (null, 21705);
        if (owner.Pool is []) return (null, 21704);
        if (send.From is not null) return owner.Pool.Contains(send.From) ? (send.From, null) : (null, 21606);

        // The same sender for the same recipient, as with Twilio's sticky sender.
        string[] usable = [.. owner.Pool.Where(sender => TwilioAddress.ChannelOf(sender) == channel)];
        return usable is [] ? (null, 21703) : (usable[send.To![^1] % usable.Length], null);
    }

    private bool IsSchedulable(string? sendAt) =>
        TwilioTime.TryReadInstant(sendAt, out var at)
        && at >= clock.GetUtcNow() + EarliestSchedule
        && at <= clock.GetUtcNow() + LatestSchedule;

    private static bool IsWebUrl(string text) =>
        Uri.TryCreate(text, UriKind.Absolute, out var url) && url.Scheme is "http" or "https" && url.Host.Length > 0;
}
