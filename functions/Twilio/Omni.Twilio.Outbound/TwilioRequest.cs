using System.Globalization;
using System.Text.Json;
using Omni.Pipeline;
using Omni.Shared;

namespace Omni.Twilio.Outbound;

/// <summary>What a part becomes in Twilio's form.</summary>
/// <param name="To">The recipient.</param>
/// <param name="From">The sender; null when a messaging service picks it.</param>
/// <param name="MessagingServiceSid">The messaging service; null when there is none.</param>
internal sealed record TwilioRequest(string To, string? From, string? MessagingServiceSid)
{
    // Seconds. https://www.twilio.com/docs/messaging/api/message-resource#create-a-message-resource
    private const int LongestValidity = 36_000;

    /// <summary>The text.</summary>
    public string? Body { get; private init; }

    /// <summary>The files.</summary>
    public IReadOnlyList<Uri> Media { get; private init; } = [];

    /// <summary>The template, whose text is known to Twilio only.</summary>
    public TemplateContent? Template { get; private init; }

    /// <summary>The request for a part; null when Twilio cannot carry its content.</summary>
    /// <param name="part">The part.</param>
    public static TwilioRequest? For(OutboundPart part)
    {
        var (to, from) = (part.Message.To, part.Message.From);
        var request = from.Type == AddressType.SenderPool
            ? new TwilioRequest(Write(to), From: null, from.Value)
            : new TwilioRequest(Write(to), Write(from), MessagingServiceSid: null);
        return part.Content switch
        {
            TextContent text => request with { Body = text.Body },

            // Twilio fetches the files itself: without an address there is nothing to send.
            MediaContent media when Files(media, part.Media) is { } files =>
                request with { Body = media.Caption is { Length: > 0 } caption ? caption : null, Media = files },
            TemplateContent template => request with { Template = template },
            _ => null,
        };
    }

    /// <summary>The fields of the call that creates the message.</summary>
    /// <param name="statusCallback">Where Twilio shall report.</param>
    /// <param name="timeLeft">How long the message is worth anything.</param>
    public IEnumerable<KeyValuePair<string, string>> Fields(string statusCallback, TimeSpan timeLeft)
    {
        yield return new("To", To);
        if (From is not null) yield return new("From", From);
        if (MessagingServiceSid is not null) yield return new("MessagingServiceSid", MessagingServiceSid);
        if (Body is not null) yield return new("Body", Body);
        foreach (var url in Media) yield return new("MediaUrl", url.OriginalString);
        if (Template is not null)
        {
            yield return new("ContentSid", Template.Name);
            if (Template.Variables.Count > 0)
            {
                yield return new(
                    "ContentVariables", JsonSerializer.Serialize(Template.Variables, TwilioJson.Default.IReadOnlyDictionaryStringString));
            }
        }

        // What waits in Twilio's queue expires there when it would have expired here.
        var validity = (int)Math.Clamp(timeLeft.TotalSeconds, 1, LongestValidity);
        yield return new("ValidityPeriod", validity.ToString(CultureInfo.InvariantCulture));
        yield return new("StatusCallback", statusCallback);
    }

    private static Uri[]? Files(MediaContent media, IOutboundMedia at)
    {
        Uri?[] urls = [.. media.Files.Select(at.LinkTo)];
        Uri[] known = [.. urls.OfType<Uri>()];
        return known.Length == urls.Length ? known : null;
    }

    private static string Write(Address address) =>
        address.Type == AddressType.WhatsappUserId ? "whatsapp:" + address.Value : address.Value;
}
