using System.Text.Json.Serialization;

namespace Omni.WhatsApp.Outbound;

// What Meta takes. https://developers.facebook.com/documentation/business-messaging/whatsapp/messages/send-messages

/// <summary>A message. Beside <c>type</c> stands the member of that name.</summary>
internal sealed record SendBody
{
    [JsonPropertyName("messaging_product")]
    public string MessagingProduct { get; init; } = "whatsapp";

    [JsonPropertyName("recipient_type")]
    public string RecipientType { get; init; } = "individual";

    /// <summary>The person's number, with its plus: without it, Meta may put our own country code in front.</summary>
    [JsonPropertyName("to")]
    public string? To { get; init; }

    /// <summary>In its place, the user id of a person whose number we do not know.</summary>
    [JsonPropertyName("recipient")]
    public string? Recipient { get; init; }

    [JsonPropertyName("context")]
    public QuoteBody? Context { get; init; }

    /// <summary>Comes back in every status of the message.</summary>
    [JsonPropertyName("biz_opaque_callback_data")]
    public required string CallbackData { get; init; }

    [JsonPropertyName("type")]
    public string Type { get; init; } = "text";

    [JsonPropertyName("text")]
    public TextBody? Text { get; init; }

    [JsonPropertyName("image")]
    public MediaBody? Image { get; init; }

    [JsonPropertyName("video")]
    public MediaBody? Video { get; init; }

    [JsonPropertyName("audio")]
    public MediaBody? Audio { get; init; }

    [JsonPropertyName("document")]
    public MediaBody? Document { get; init; }

    [JsonPropertyName("sticker")]
    public MediaBody? Sticker { get; init; }

    [JsonPropertyName("location")]
    public LocationBody? Location { get; init; }

    [JsonPropertyName("contacts")]
    public IReadOnlyList<ContactBody>? Contacts { get; init; }

    [JsonPropertyName("reaction")]
    public ReactionBody? Reaction { get; init; }

    [JsonPropertyName("template")]
    public TemplateBody? Template { get; init; }

    [JsonPropertyName("interactive")]
    public InteractiveBody? Interactive { get; init; }
}

/// <summary>The mark that an inbound message was read; those before it count as read with it.</summary>
internal sealed record ReadBody
{
    [JsonPropertyName("messaging_product")]
    public string MessagingProduct { get; init; } = "whatsapp";

    [JsonPropertyName("status")]
    public string Status { get; init; } = "read";

    [JsonPropertyName("message_id")]
    public required string MessageId { get; init; }
}

/// <summary>The message that this one answers.</summary>
internal sealed record QuoteBody([property: JsonPropertyName("message_id")] string MessageId);

/// <summary>A text.</summary>
internal sealed record TextBody(
    [property: JsonPropertyName("body")] string Body, [property: JsonPropertyName("preview_url")] bool? PreviewUrl);

/// <summary>A file: by its id at Meta, or by an address that Meta fetches.</summary>
internal sealed record MediaBody
{
    [JsonPropertyName("id")]
    public string? Id { get; init; }

    [JsonPropertyName("link")]
    public string? Link { get; init; }

    [JsonPropertyName("caption")]
    public string? Caption { get; init; }

    [JsonPropertyName("filename")]
    public string? Filename { get; init; }

    /// <summary>Whether sound plays where it stands, as what phones record does; null for a file.</summary>
    [JsonPropertyName("voice")]
    public bool? Voice { get; init; }

    /// <summary>Whether its id is that of an earlier upload, which Meta may have forgotten.</summary>
    [JsonIgnore]
    public bool IsRemembered { get; init; }
}

/// <summary>A place.</summary>
internal sealed record LocationBody(
    [property: JsonPropertyName("latitude")] double Latitude,
    [property: JsonPropertyName("longitude")] double Longitude,
    [property: JsonPropertyName("name")] string? Name,
    [property: JsonPropertyName("address")] string? Address);

/// <summary>A contact card.</summary>
internal sealed record ContactBody(
    [property: JsonPropertyName("name")] NameBody Name,
    [property: JsonPropertyName("phones")] IReadOnlyList<PhoneBody>? Phones,
    [property: JsonPropertyName("emails")] IReadOnlyList<EmailBody>? Emails,
    [property: JsonPropertyName("org")] OrganizationBody? Org);

/// <summary>A card's name. Meta wants one part of it beside the whole.</summary>
internal sealed record NameBody(
    [property: JsonPropertyName("formatted_name")] string FormattedName, [property: JsonPropertyName("first_name")] string FirstName);

/// <summary>A card's number.</summary>
internal sealed record PhoneBody([property: JsonPropertyName("phone")] string Phone);

/// <summary>A card's e-mail address.</summary>
internal sealed record EmailBody([property: JsonPropertyName("email")] string Email);

/// <summary>A card's company.</summary>
internal sealed record OrganizationBody([property: JsonPropertyName("company")] string Company);

/// <summary>An emoji on a message; an empty one takes it back.</summary>
internal sealed record ReactionBody(
    [property: JsonPropertyName("message_id")] string MessageId, [property: JsonPropertyName("emoji")] string Emoji);
