using System.Text.Json;
using Omni.Pipeline;
using Omni.Shared;

namespace Omni.MessageBird.Outbound;

/// <summary>What a part becomes: a call of one of three APIs, which the sender and the content decide.</summary>
/// <param name="Url">Where it is posted.</param>
/// <param name="Body">The JSON.</param>
internal sealed record MessageBirdRequest(string Url, byte[] Body)
{
    /// <summary>The request for a part, or why MessageBird cannot carry it.</summary>
    /// <param name="part">The part.</param>
    /// <param name="options">Where it goes.</param>
    /// <param name="timeLeft">How long the message is worth anything.</param>
    public static (MessageBirdRequest? Request, SendOutcome? Refusal) For(
        OutboundPart part, MessageBirdOptions options, TimeSpan timeLeft) =>
        (part.Message.From.Type, part.Content) switch
        {
            (AddressType.SenderPool, var content) => Channel(part, content, options),
            (_, TextContent text) => (Sms(part, text, options, timeLeft), null),
            (not AddressType.Alphanumeric, MediaContent media) => Mms(part, media, options),
            _ => (null, Unsupported("content")),
        };

    /// <summary>An address of the phone world as MessageBird writes it: digits without their plus, or a name.</summary>
    /// <param name="address">The address.</param>
    public static string Write(Address address) => address.Value.TrimStart('+');

    private static MessageBirdRequest Sms(OutboundPart part, TextContent text, MessageBirdOptions options, TimeSpan timeLeft) => new(
        options.MessagesUrl,
        JsonSerializer.SerializeToUtf8Bytes(
            new MessageBirdSms
            {
                Originator = Write(part.Message.From),
                Recipients = [Write(part.Message.To)],
                Body = text.Body,
                Reference = part.Reference.ToString(),
                ReportUrl = options.ReportUrl,

                // The default, plain, drops what GSM 03.38 does not have. With auto MessageBird itself takes unicode as soon as a character
                // needs it, by the table that it encodes with: nothing is lost, even where that table is not quite the one that the message
                // was planned by.
                Datacoding = "auto",

                // What waits at MessageBird expires there when it would have expired here. Whole seconds.
                Validity = (int)Math.Clamp(timeLeft.TotalSeconds, 1, int.MaxValue),
            },
            MessageBirdJson.Default.MessageBirdSms));

    private static (MessageBirdRequest?, SendOutcome?) Mms(OutboundPart part, MediaContent media, MessageBirdOptions options)
    {
        // MessageBird fetches the files itself: without an address there is nothing to send.
        string?[] urls = [.. media.Files.Select(file => part.Media.LinkTo(file)?.OriginalString)];
        if (urls.Contains(null)) return (null, NoFile);

        var mms = new MessageBirdMms
        {
            Originator = Write(part.Message.From),
            Recipients = [Write(part.Message.To)],
            Body = media.Caption is { Length: > 0 } caption ? caption : null,
            MediaUrls = urls!,
            Reference = part.Reference.ToString(),
        };
        return (new(options.MmsUrl, JsonSerializer.SerializeToUtf8Bytes(mms, MessageBirdJson.Default.MessageBirdMms)), null);
    }

    private static (MessageBirdRequest?, SendOutcome?) Channel(OutboundPart part, Content content, MessageBirdOptions options)
    {
        var (type, written, refusal) = Write(part, content, options);
        if (refusal is not null) return (null, refusal);

        var message = new MessageBirdConversation
        {
            To = Write(part.Message.To),
            From = part.Message.From.Value,
            Type = type,
            Content = written,
            ReportUrl = $"{options.ReportUrl}?ref={part.Reference}",
            Source = new(part.Reference.ToString()),
        };
        return (new(options.SendUrl, JsonSerializer.SerializeToUtf8Bytes(message, MessageBirdJson.Default.MessageBirdConversation)), null);
    }

    private static (string Type, MessageBirdContent Content, SendOutcome? Refusal) Write(
        OutboundPart part, Content content, MessageBirdOptions options)
    {
        switch (content)
        {
            case TextContent text:
                return ("text", new() { Text = text.Body }, null);

            // A channel takes one file a message, and of a place no more than where it is. Better refused than half of it sent.
            case MediaContent { More.Count: > 0 }:
                return Refuse(Unsupported("more_files"));
            case LocationContent { Name.Length: > 0 } or LocationContent { Address.Length: > 0 }:
                return Refuse(Unsupported("place_name"));
            case LocationContent place:
                return ("location", new() { Location = new(place.Latitude, place.Longitude) }, null);
            case TemplateContent template:
                var (hsm, refusal) = MessageBirdTemplates.Write(template, part.Media, options.TemplateNamespace);
                return ("hsm", new() { Template = hsm }, refusal);
            case MediaContent media when part.Media.LinkTo(media.Files[0]) is { } url:
                var file = new MessageBirdFile(url.OriginalString, media.Caption is { Length: > 0 } caption ? caption : null);
                return media switch
                {
                    ImageContent => ("image", new() { Image = file }, null),
                    VideoContent => ("video", new() { Video = file }, null),
                    AudioContent => ("audio", new() { Audio = file }, null),
                    DocumentContent => ("file", new() { File = file }, null),
                    _ => Refuse(Unsupported("content")),
                };
            case MediaContent:
                return Refuse(NoFile);
            default:
                return Refuse(Unsupported("content"));
        }
    }

    private static (string, MessageBirdContent, SendOutcome?) Refuse(SendOutcome refusal) => ("", new(), refusal);

    private static SendOutcome.Rejected NoFile => new(FailureReason.MediaRejected, "media");

    private static SendOutcome.Rejected Unsupported(string what) => new(FailureReason.Unsupported, what);
}
