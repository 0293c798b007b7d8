using System.Globalization;
using Microsoft.AspNetCore.Http;

namespace Omni.Simulators.Bandwidth;

/// <summary>The search for messages: by numbers, times and statuses, never by text or tag, which it does not know.</summary>
internal static class BandwidthSearch
{
    private const int DefaultLimit = 100, MaxLimit = 1000;

    private static readonly string[] Filters =
        [
            "messageId", "sourceTn", "destinationTn", "messageStatus", "messageDirection", "messageType", "errorCode", "fromDateTime",
            "toDateTime"
        ];

    public static IResult Answer(HttpRequest request, BandwidthAccount account)
    {
        var asked = Filters.Where(name => request.Query.ContainsKey(name))
            .ToDictionary(name => name, name => request.Query[name].ToString());
        if (asked.Count == 0) return BandwidthError.Invalid("At least one filter is required").ToResult();

        foreach (var name in (string[])["fromDateTime", "toDateTime"])
        {
            if (asked.TryGetValue(name, out var text) && Moment(text) is null)
                return BandwidthError.Invalid($"{name} is not valid", [new(name, "must be a time")]).ToResult();
        }

        var limit = Number(request.Query["limit"]) ?? DefaultLimit;
        if (limit is < 1 or > MaxLimit)
            return BandwidthError.Invalid("limit is not valid", [new("limit", $"must be 1 to {MaxLimit}")]).ToResult();

        var start = Number(request.Query["pageToken"]) ?? 0;
        BandwidthMessage[] found =
            [.. account.Messages.All().Reverse().Where(message => asked.All(filter => Matches(message, filter.Key, filter.Value)))];
        BandwidthMessage[] page = [.. found.Skip(start).Take(limit)];
        return BandwidthJson.Result(new
        {
            totalCount = found.Length,
            pageInfo = new { nextPageToken = start + page.Length < found.Length ? $"{start + page.Length}" : null },
            messages = page.Select(message => new
            {
                messageId = message.Id,
                accountId = account.Options.AccountId,
                sourceTn = message.From,
                destinationTn = message.To[0],
                messageStatus = StatusOf(message),
                messageDirection = message.IsOutbound ? "OUTBOUND" : "INBOUND",
                messageType = TypeOf(message),
                segmentCount = message.Segments,
                message.ErrorCode,
                receiveTime = BandwidthJson.Time(message.CreatedAt),
            }),
        });
    }

    private static bool Matches(BandwidthMessage message, string filter, string value) => filter switch
    {
        "messageId" => message.Id == value,
        "sourceTn" => message.From == value,
        "destinationTn" => message.To.Contains(value),
        "messageStatus" => StatusOf(message) == value,
        "messageDirection" => (message.IsOutbound ? "OUTBOUND" : "INBOUND") == value,
        "messageType" => TypeOf(message) == value,
        "errorCode" => message.ErrorCode?.ToString(CultureInfo.InvariantCulture) == value,
        "fromDateTime" => message.CreatedAt >= Moment(value),
        _ => message.CreatedAt <= Moment(value),
    };

    private static string StatusOf(BandwidthMessage message) => message.Status switch
    {
        _ when !message.IsOutbound => "RECEIVED",
        "message-sending" => "SENDING",
        "message-sent" => "SENT",
        "message-delivered" or "message-read" => "DELIVERED",
        "message-failed" => "FAILED",
        _ => "QUEUED",
    };

    private static string TypeOf(BandwidthMessage message) => message.IsMms ? "mms" : "sms";

    private static int? Number(string? text) =>
        int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var number) ? number : null;

    private static DateTimeOffset? Moment(string text) =>
        DateTimeOffset.TryParse(text, CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal, out var at) ? at : null;
}
