using System.Globalization;

namespace Omni.Simulators.Twilio;

/// <summary>A message as Twilio's API shows it; member names become snake_case.</summary>
internal sealed record TwilioMessageResource(
    string Sid,
    string AccountSid,
    string? MessagingServiceSid,
    string? From,
    string To,
    string Body,
    string Status,
    string Direction,
    string NumSegments,
    string NumMedia,
    int? ErrorCode,
    string? ErrorMessage,
    string? DateCreated,
    string? DateUpdated,
    string? DateSent,
    string? Price,
    string PriceUnit,
    string ApiVersion,
    string Uri,
    IReadOnlyDictionary<string, string> SubresourceUris)
{
    public const string Version = "2010-04-01";

    public static TwilioMessageResource Of(TwilioMessage message, string accountSid)
    {
        var path = $"/{Version}/Accounts/{accountSid}/Messages/{message.Sid}";
        return new TwilioMessageResource(
            message.Sid,
            accountSid,
            message.MessagingServiceSid,
            message.SenderIsOpen ? null : message.Sender,
            message.To,
            message.Body,
            message.Status,
            message.Direction,
            // Numbers as text; no segments are counted while the sender is open.
            message.SenderIsOpen ? "0" : message.Segments.ToString(CultureInfo.InvariantCulture),
            message.MediaCount.ToString(CultureInfo.InvariantCulture),
            message.ErrorCode,
            message.ErrorCode is { } code ? $"Error {code}" : null,
            TwilioTime.Write(message.CreatedAt),
            TwilioTime.Write(message.UpdatedAt),
            TwilioTime.Write(message.SentAt),
            Price: null,
            PriceUnit: "USD",
            Version,
            path + ".json",
            new Dictionary<string, string> { ["media"] = path + "/Media.json", ["feedback"] = path + "/Feedback.json" });
    }
}

/// <summary>A page of messages.</summary>
internal sealed record TwilioMessagePage(
    IReadOnlyList<TwilioMessageResource> Messages,
    int Page,
    int PageSize,
    int Start,
    int End,
    string Uri,
    string FirstPageUri,
    string? NextPageUri,
    string? PreviousPageUri);

/// <summary>A message's medium.</summary>
internal sealed record TwilioMediaResource(
    string Sid, string AccountSid, string ParentSid, string ContentType, string? DateCreated, string? DateUpdated, string Uri)
{
    public static TwilioMediaResource Of(TwilioMedia media, string accountSid) => new(
        media.Sid,
        accountSid,
        media.MessageSid,
        media.ContentType,
        TwilioTime.Write(media.CreatedAt),
        TwilioTime.Write(media.CreatedAt),
        $"/{TwilioMessageResource.Version}/Accounts/{accountSid}/Messages/{media.MessageSid}/Media/{media.Sid}.json");
}
