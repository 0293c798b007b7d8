using System.Net.Http.Headers;
using System.Text.Json;
using System.Text.Json.Serialization.Metadata;
using Omni.Pipeline;
using Omni.Shared;

namespace Omni.WhatsApp.Outbound;

/// <summary>
/// Sends through WhatsApp's Cloud API, which has no key against sending twice and nothing to look up what was sent.
/// https://developers.facebook.com/documentation/business-messaging/whatsapp/messages/send-messages
/// </summary>
/// <param name="http">The call.</param>
/// <param name="options">Where and as whom.</param>
internal sealed class WhatsAppSender(CarrierHttp http, WhatsAppOptions options)
    : ICarrierSender, ICarrierMedia, ICarrierReadMarker, ICarrierTemplates
{
    private readonly WhatsAppMedia _media = new(http, options);
    private readonly WhatsAppTemplates _templates = new(http, options);

    /// <summary>WhatsApp's entry in the catalogue.</summary>
    public static Carrier Carrier { get; } = CarrierCatalogue.Get("whatsapp");

    /// <inheritdoc/>
    public async Task<SendOutcome> SendAsync(OutboundPart part, CancellationToken cancellation)
    {
        if (options.NumberId(part.Message.From) is not { } numberId)
            return new SendOutcome.Rejected(FailureReason.SenderMisconfigured, "from_not_listed");
        if (part.Content is TemplateContent { Language: null })
            return new SendOutcome.Rejected(FailureReason.BadRequest, "template_language");

        MediaBody? file = null;
        if (ContentFiles.Of(part.Content).FirstOrDefault() is { } named)
        {
            (file, var refusal) = await _media.PlaceAsync(part.Media, named, numberId, cancellation).ConfigureAwait(false);
            if (refusal is not null) return refusal;
        }

        if (WhatsAppRequest.For(part, file) is not { } body) return new SendOutcome.Rejected(FailureReason.Unsupported, "content");

        using var request = Post(options.MessagesUrl(numberId), body, WhatsAppJson.Wire.SendBody);
        var (reply, outcome) = await http.SendAsync(part, request, cancellation).ConfigureAwait(false);
        if (reply is { IsSuccess: false } && file is { IsRemembered: true } && WhatsAppRefusal.IsOfFile(reply))
        {
            // The next attempt uploads it again.
            await part.Media.SetUploadAsync(ContentFiles.Of(part.Content).First().File, numberId, null, cancellation).ConfigureAwait(false);
            return new SendOutcome.Deferred(DeferralCause.Media, "media_forgotten");
        }

        return reply switch
        {
            null => outcome!,
            { IsSuccess: true } => Taken(reply),
            _ => WhatsAppRefusal.OfSend(reply, part.Reference.Attempt),
        };
    }

    /// <inheritdoc/>
    public Task<IReadOnlyList<CarrierTemplate>?> ListAsync(CancellationToken cancellation) => _templates.ListAsync(cancellation);

    /// <inheritdoc/>
    public async Task<SendOutcome> MarkReadAsync(Message inbound, CancellationToken cancellation)
    {
        if (inbound.CarrierMessageId is not { } id) return new SendOutcome.Rejected(FailureReason.BadRequest, "no_carrier_id");

        using var request = Post(
            options.MessagesUrl(options.NumberIdOrDefault(inbound.To)), new ReadBody { MessageId = id }, WhatsAppJson.Wire.ReadBody);
        var reply = await http.CallAsync(request, cancellation).ConfigureAwait(false);
        return reply.IsSuccess ? new SendOutcome.Accepted(id) : WhatsAppRefusal.OfRepeatable(reply);
    }

    /// <inheritdoc/>
    public Task<MediaAnswer> OpenAsync(MediaItem file, CancellationToken cancellation) => _media.OpenAsync(file, cancellation);

    // The id may be missing in an answer that is Meta's all the same; our reference then finds the message in its statuses.
    private static SendOutcome Taken(CarrierReply reply)
    {
        if (reply.Read(WhatsAppJson.Default.SendAnswer) is not { MessagingProduct: "whatsapp" } answer)
            return new SendOutcome.Unknown("unreadable");

        // Answers come from the number as WhatsApp knows it, such as a Brazilian one without its mobile 9, or from the user id.
        var person = answer.Contacts?.FirstOrDefault();
        var names = WhatsAppNames.Of(person?.WaId, person?.UserId, person?.ParentUserId);
        var message = answer.Messages?.FirstOrDefault();
        return new SendOutcome.Accepted(
            message?.Id is { Length: > 0 } id ? id : null,
            names.Length > 0 ? names : null,
            // taken, and perhaps held: no status says that again
            CarrierCode: message?.Status is { Length: > 0 } status and not "accepted" ? status : null);
    }

    private HttpRequestMessage Post<T>(string url, T body, JsonTypeInfo<T> type) => new(HttpMethod.Post, url)
    {
        Headers = { Authorization = options.Authorization },
        Content = new ByteArrayContent(JsonSerializer.SerializeToUtf8Bytes(body, type))
        {
            Headers = { ContentType = new MediaTypeHeaderValue("application/json") }
        },
    };
}
