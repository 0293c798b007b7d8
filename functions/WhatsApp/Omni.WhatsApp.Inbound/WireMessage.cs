using System.Text.Json;
using System.Text.Json.Serialization;
using Omni.Shared;

namespace Omni.WhatsApp.Inbound;

/// <summary>What a person sent.</summary>
internal sealed record WireMessage
{
    [JsonPropertyName("id")]
    public string? Id { get; init; }

    /// <summary>Their number's digits; missing where it is hidden, and at times a user id.</summary>
    [JsonPropertyName("from")]
    public string? From { get; init; }

    [JsonPropertyName("from_user_id")]
    public string? FromUserId { get; init; }

    [JsonPropertyName("from_parent_user_id")]
    public string? FromParentUserId { get; init; }

    /// <summary>Unix seconds; milliseconds have been seen.</summary>
    [JsonPropertyName("timestamp")]
    public string? Timestamp { get; init; }

    [JsonPropertyName("group_id")]
    public string? GroupId { get; init; }

    [JsonPropertyName("context")]
    public WireContext? Context { get; init; }

    /// <summary>The advertisement or the post that they came from.</summary>
    [JsonPropertyName("referral")]
    public WireReferral? Referral { get; init; }

    [JsonPropertyName("type")]
    public string? Type { get; init; }

    [JsonPropertyName("text")]
    public WireText? Text { get; init; }

    [JsonPropertyName("image")]
    public WireMedia? Image { get; init; }

    [JsonPropertyName("video")]
    public WireMedia? Video { get; init; }

    [JsonPropertyName("audio")]
    public WireMedia? Audio { get; init; }

    /// <summary>What voice notes were before they became <c>audio</c>.</summary>
    [JsonPropertyName("voice")]
    public WireMedia? Voice { get; init; }

    [JsonPropertyName("document")]
    public WireMedia? Document { get; init; }

    [JsonPropertyName("sticker")]
    public WireMedia? Sticker { get; init; }

    [JsonPropertyName("location")]
    public WireLocation? Location { get; init; }

    [JsonPropertyName("contacts")]
    public WireCard[]? Contacts { get; init; }

    [JsonPropertyName("interactive")]
    public WireInteractive? Interactive { get; init; }

    [JsonPropertyName("button")]
    public WireButton? Button { get; init; }

    [JsonPropertyName("reaction")]
    public WireReaction? Reaction { get; init; }

    [JsonPropertyName("order")]
    public JsonElement Order { get; init; }

    [JsonPropertyName("system")]
    public WireKind? System { get; init; }

    [JsonPropertyName("unsupported")]
    public WireKind? Unsupported { get; init; }

    [JsonPropertyName("edit")]
    public WireEdit? Edit { get; init; }

    [JsonPropertyName("revoke")]
    public WireEdit? Revoke { get; init; }
}

/// <summary>Where a message comes from: the one that it answers, or somebody else.</summary>
internal sealed record WireContext(
    [property: JsonPropertyName("id")] string? Id,
    [property: JsonPropertyName("forwarded")] bool? Forwarded,
    [property: JsonPropertyName("frequently_forwarded")] bool? FrequentlyForwarded);

/// <summary>An advertisement or a post.</summary>
internal sealed record WireReferral
{
    [JsonPropertyName("source_url")]
    public string? SourceUrl { get; init; }

    [JsonPropertyName("source_id")]
    public string? SourceId { get; init; }

    [JsonPropertyName("source_type")]
    public string? SourceType { get; init; }

    [JsonPropertyName("headline")]
    public string? Headline { get; init; }

    [JsonPropertyName("body")]
    public string? Body { get; init; }

    [JsonPropertyName("media_type")]
    public string? MediaType { get; init; }

    [JsonPropertyName("image_url")]
    public string? ImageUrl { get; init; }

    [JsonPropertyName("video_url")]
    public string? VideoUrl { get; init; }

    [JsonPropertyName("thumbnail_url")]
    public string? ThumbnailUrl { get; init; }

    [JsonPropertyName("ctwa_clid")]
    public string? ClickId { get; init; }

    /// <summary>The same in our words.</summary>
    public Referral ToReferral() => new()
    {
        SourceType = SourceType,
        SourceId = SourceId,
        SourceUrl = SourceUrl,
        Headline = Headline,
        Body = Body,
        MediaType = MediaType,
        MediaUrl = ImageUrl ?? VideoUrl,
        ThumbnailUrl = ThumbnailUrl,
        ClickId = ClickId,
    };
}

/// <summary>A text.</summary>
internal sealed record WireText([property: JsonPropertyName("body")] string? Body);

/// <summary>A file.</summary>
internal sealed record WireMedia(
    [property: JsonPropertyName("id")] string? Id,
    [property: JsonPropertyName("mime_type")] string? MimeType,
    [property: JsonPropertyName("sha256")] string? Sha256,
    [property: JsonPropertyName("caption")] string? Caption,
    [property: JsonPropertyName("filename")] string? Filename);

/// <summary>A place.</summary>
internal sealed record WireLocation(
    [property: JsonPropertyName("latitude")] double? Latitude,
    [property: JsonPropertyName("longitude")] double? Longitude,
    [property: JsonPropertyName("name")] string? Name,
    [property: JsonPropertyName("address")] string? Address);

/// <summary>A contact card.</summary>
internal sealed record WireCard(
    [property: JsonPropertyName("name")] WireName? Name,
    [property: JsonPropertyName("phones")] WirePhone[]? Phones,
    [property: JsonPropertyName("emails")] WireEmail[]? Emails,
    [property: JsonPropertyName("org")] WireOrganization? Org);

/// <summary>A card's name.</summary>
internal sealed record WireName(
    [property: JsonPropertyName("formatted_name")] string? FormattedName,
    [property: JsonPropertyName("first_name")] string? FirstName,
    [property: JsonPropertyName("last_name")] string? LastName);

/// <summary>A card's number.</summary>
internal sealed record WirePhone([property: JsonPropertyName("phone")] string? Phone, [property: JsonPropertyName("wa_id")] string? WaId);

/// <summary>A card's e-mail address.</summary>
internal sealed record WireEmail([property: JsonPropertyName("email")] string? Email);

/// <summary>A card's company.</summary>
internal sealed record WireOrganization([property: JsonPropertyName("company")] string? Company);

/// <summary>The answer to a message with choices.</summary>
internal sealed record WireInteractive(
    [property: JsonPropertyName("type")] string? Type,
    [property: JsonPropertyName("button_reply")] WireChoice? ButtonReply,
    [property: JsonPropertyName("list_reply")] WireChoice? ListReply,
    [property: JsonPropertyName("nfm_reply")] WireForm? FormReply,
    [property: JsonPropertyName("call_permission_reply")] WirePermission? CallPermissionReply);

/// <summary>What was chosen.</summary>
internal sealed record WireChoice(
    [property: JsonPropertyName("id")] string? Id,
    [property: JsonPropertyName("title")] string? Title,
    [property: JsonPropertyName("description")] string? Description);

/// <summary>A form that was filled in.</summary>
/// <param name="Name">What it was: <c>flow</c> or <c>address_message</c>.</param>
/// <param name="Body">What the person saw of it afterwards.</param>
/// <param name="Response">The fields: JSON in a text, and not always an object.</param>
internal sealed record WireForm(
    [property: JsonPropertyName("name")] string? Name,
    [property: JsonPropertyName("body")] string? Body,
    [property: JsonPropertyName("response_json")] string? Response);

/// <summary>Whether we may call.</summary>
internal sealed record WirePermission([property: JsonPropertyName("response")] string? Response);

/// <summary>A tap on a template's quick reply.</summary>
internal sealed record WireButton(
    [property: JsonPropertyName("payload")] string? Payload, [property: JsonPropertyName("text")] string? Text);

/// <summary>An emoji on a message; none takes it back.</summary>
internal sealed record WireReaction(
    [property: JsonPropertyName("message_id")] string? MessageId, [property: JsonPropertyName("emoji")] string? Emoji);

/// <summary>An order out of a catalogue, as far as it is shown; the whole goes on as it came.</summary>
internal sealed record WireOrder([property: JsonPropertyName("text")] string? Text);

/// <summary>A kind of something.</summary>
internal sealed record WireKind([property: JsonPropertyName("type")] string? Type);

/// <summary>A change of an earlier message, or the end of it.</summary>
internal sealed record WireEdit(
    [property: JsonPropertyName("original_message_id")] string? OriginalMessageId,
    [property: JsonPropertyName("message")] WireMessage? Message);
