using System.Globalization;

namespace Omni.Twilio.Outbound;

/// <summary>Finds out in Twilio's list of messages whether it has a part whose answer was lost: Twilio knows no key of ours to ask for.</summary>
internal static class TwilioLookup
{
    // Twilio's clock and ours, and its times are cut to seconds.
    private static readonly TimeSpan Skew = TimeSpan.FromSeconds(5);

    /// <summary>The query for what was sent from this sender to this person, the newest first.</summary>
    /// <param name="request">What the part was sent as.</param>
    /// <remarks>
    /// Twilio can filter by DateSent too, but a message that waits in its queue has no such date yet, and it is the one that we look for: so the
    /// newest are taken, and dated by when they were created.
    /// </remarks>
    public static string QueryFor(TwilioRequest request)
    {
        var to = $"?To={Uri.EscapeDataString(request.To)}";
        return (request.From is { } from ? $"{to}&From={Uri.EscapeDataString(from)}" : to) + "&PageSize=100";
    }

    /// <summary>The ids of those messages that may be this one, the nearest to the attempt first.</summary>
    /// <param name="page">What Twilio lists.</param>
    /// <param name="request">What the part was sent as.</param>
    /// <param name="since">When the attempt began.</param>
    public static IReadOnlyList<string> Match(TwilioPage page, TwilioRequest request, DateTimeOffset since) =>
    [
        .. from message in page.Messages ?? []
           let created = Time(message.DateCreated)
           where message is { Sid.Length: > 0, Direction: "outbound-api" } && created >= since - Skew
           where request.MessagingServiceSid is null || message.MessagingServiceSid == request.MessagingServiceSid
           where request.Template is not null // Twilio alone knows what it said
               || ((message.Body ?? "") == (request.Body ?? "") && (message.NumMedia ?? 0) == request.Media.Count)
           orderby (created.Value - since).Duration()
           select message.Sid,
    ];

    // RFC 2822, such as Mon, 23 Nov 2026 10:15:00 +0000.
    private static DateTimeOffset? Time(string? text) =>
        DateTimeOffset.TryParseExact(text, "ddd, dd MMM yyyy HH:mm:ss zzz", CultureInfo.InvariantCulture, DateTimeStyles.None, out var time) ? time : null;
}
