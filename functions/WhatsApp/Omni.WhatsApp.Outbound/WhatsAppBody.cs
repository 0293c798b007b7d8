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
internal sealed record TextBody([property: JsonPropertyName("body")] string Body, [property: JsonPropertyName("preview_url")] bool? PreviewUrl);

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
internal sealed record NameBody([property: JsonPropertyName("formatted_name")] string FormattedName, [property: JsonPropertyName("first_name")] string FirstName);

/// <summary>A card's number.</summary>
internal sealed record PhoneBody([property: JsonPropertyName("phone")] string Phone);

/// <summary>A card's e-mail address.</summary>
internal sealed record EmailBody([property: JsonPropertyName("email")] string Email);

/// <summary>A card's company.</summary>
internal sealed record OrganizationBody([property: JsonPropertyName("company")] string Company);

/// <summary>An emoji on a message; an empty one takes it back.</summary>
internal sealed record ReactionBody([property: JsonPropertyName("message_id")] string MessageId, [property: JsonPropertyName("emoji")] string Emoji);

/// <summary>A template with its values.</summary>
internal sealed record TemplateBody(
    [property: JsonPropertyName("name")] string Name,
    [property: JsonPropertyName("language")] LanguageBody Language,
    [property: JsonPropertyName("components")] IReadOnlyList<ComponentBody>? Components);

/// <summary>A language as it was approved.</summary>
internal sealed record LanguageBody([property: JsonPropertyName("code")] string Code);

/// <summary>The values of one component of a template.</summary>
internal sealed record ComponentBody(
    [property: JsonPropertyName("type")] string Type,
    [property: JsonPropertyName("sub_type")] string? SubType,
    [property: JsonPropertyName("index")] string? Index,
    [property: JsonPropertyName("parameters")] IReadOnlyList<ParameterBody> Parameters);

/// <summary>One value of a template. Beside <c>type</c> stands the member of that name.</summary>
internal sealed record ParameterBody([property: JsonPropertyName("type")] string Type)
{
    [JsonPropertyName("parameter_name")]
    public string? ParameterName { get; init; }

    [JsonPropertyName("text")]
    public string? Text { get; init; }

    [JsonPropertyName("payload")]
    public string? Payload { get; init; }

    [JsonPropertyName("coupon_code")]
    public string? CouponCode { get; init; }

    [JsonPropertyName("image")]
    public MediaBody? Image { get; init; }

    [JsonPropertyName("video")]
    public MediaBody? Video { get; init; }

    [JsonPropertyName("document")]
    public MediaBody? Document { get; init; }
}

/// <summary>A text with choices.</summary>
internal sealed record InteractiveBody(
    [property: JsonPropertyName("type")] string Type,
    [property: JsonPropertyName("header")] HeaderBody? Header,
    [property: JsonPropertyName("body")] WordsBody Body,
    [property: JsonPropertyName("footer")] WordsBody? Footer,
    [property: JsonPropertyName("action")] ActionBody Action);

/// <summary>A headline.</summary>
internal sealed record HeaderBody([property: JsonPropertyName("text")] string Text)
{
    [JsonPropertyName("type"), JsonPropertyOrder(-1)]
    public string Type { get; init; } = "text";
}

/// <summary>Words.</summary>
internal sealed record WordsBody([property: JsonPropertyName("text")] string Text);

/// <summary>The choices.</summary>
internal sealed record ActionBody
{
    [JsonPropertyName("name")]
    public string? Name { get; init; }

    [JsonPropertyName("buttons")]
    public IReadOnlyList<ButtonBody>? Buttons { get; init; }

    [JsonPropertyName("button")]
    public string? Button { get; init; }

    [JsonPropertyName("sections")]
    public IReadOnlyList<SectionBody>? Sections { get; init; }

    [JsonPropertyName("parameters")]
    public LinkBody? Parameters { get; init; }
}

/// <summary>A button that answers.</summary>
internal sealed record ButtonBody([property: JsonPropertyName("reply")] ReplyBody Reply)
{
    [JsonPropertyName("type"), JsonPropertyOrder(-1)]
    public string Type { get; init; } = "reply";
}

/// <summary>What a button answers.</summary>
internal sealed record ReplyBody([property: JsonPropertyName("id")] string Id, [property: JsonPropertyName("title")] string Title);

/// <summary>A section of a list.</summary>
internal sealed record SectionBody([property: JsonPropertyName("title")] string? Title, [property: JsonPropertyName("rows")] IReadOnlyList<RowBody> Rows);

/// <summary>A row of a list.</summary>
internal sealed record RowBody(
    [property: JsonPropertyName("id")] string Id, [property: JsonPropertyName("title")] string Title, [property: JsonPropertyName("description")] string? Description);

/// <summary>A page that a button opens.</summary>
internal sealed record LinkBody([property: JsonPropertyName("display_text")] string DisplayText, [property: JsonPropertyName("url")] string Url);
