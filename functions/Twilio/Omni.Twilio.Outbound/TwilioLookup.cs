using System.Globalization;
using Omni.Pipeline;

namespace Omni.Twilio.Outbound;

/// <summary>
/// Finds out in Twilio's list of messages whether it has a part whose answer was lost: Twilio knows no key of ours to ask for.
/// </summary>
internal static class TwilioLookup
{
    private const int PageSize = 100;

    // Twilio's clock and ours, and its times are cut to seconds.
    private static readonly TimeSpan Skew = TimeSpan.FromSeconds(5);

    /// <summary>The query for what was sent from this sender to this person, the newest first.</summary>
    /// <param name="request">What the part was sent as.</param>
    /// <remarks>
    /// Twilio can filter by DateSent too, but a message that waits in its queue has no such date yet, and it is the one that we look for:
    /// so the newest are taken, and dated by when they were created.
    /// </remarks>
    public static string QueryFor(TwilioRequest request)
    {
        var to = $"?To={Uri.EscapeDataString(request.To)}";
        return (request.From is { } from ? $"{to}&From={Uri.EscapeDataString(from)}" : to) + $"&PageSize={PageSize}";
    }

    /// <summary>What the list tells: the messages since the attempt that say the same, the nearest to it first, and the others.</summary>
    /// <param name="page">What Twilio lists.</param>
    /// <param name="request">What the part was sent as.</param>
    /// <param name="since">When the attempt began.</param>
    /// <returns>Null when it is not there, and the page does not reach back to the attempt.</returns>
    /// <remarks>
    /// Twilio may show a text otherwise than it was sent: with other characters (smart encoding), or not at all (redaction). So one that
    /// says something else is no proof.
    /// </remarks>
    public static LookupAnswer? Match(TwilioPage page, TwilioRequest request, DateTimeOffset since)
    {
        var listed = page.Messages ?? [];
        var sent = (
            from message in listed
            let created = Time(message.DateCreated)
            where message is { Sid.Length: > 0, Direction: "outbound-api" } && created >= since - Skew
            where request.MessagingServiceSid is null || message.MessagingServiceSid == request.MessagingServiceSid
            orderby (created.Value - since).Duration()
            select message).ToLookup(message => SaysTheSame(message, request), message => message.Sid!);
        var answer = new LookupAnswer([.. sent[true]]) { Doubtful = [.. sent[false]] };
        var isCut = listed.Count >= PageSize && listed.All(message => Time(message.DateCreated) >= since - Skew);
        return answer.Ids.Count == 0 && isCut ? null : answer;
    }

    private static bool SaysTheSame(TwilioMessage message, TwilioRequest request) =>
        request.Template is not null // Twilio alone knows what it said
        || ((message.Body ?? "") == (request.Body ?? "") && (message.NumMedia ?? 0) == request.Media.Count);

    // RFC 2822, such as Mon, 23 Nov 2026 10:15:00 +0000.
    private static DateTimeOffset? Time(string? text) =>
        DateTimeOffset.TryParseExact(text, "ddd, dd MMM yyyy HH:mm:ss zzz", CultureInfo.InvariantCulture, DateTimeStyles.None, out var time)
            ? time
            : null;
}
