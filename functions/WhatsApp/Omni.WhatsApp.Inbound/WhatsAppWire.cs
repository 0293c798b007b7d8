using System.Text.Json;
using System.Text.Json.Serialization;
using Omni.Pipeline;

namespace Omni.WhatsApp.Inbound;

// What Meta posts. Lists hold their items unread: one that has another shape than expected must not take the others with it.
// https://developers.facebook.com/documentation/business-messaging/whatsapp/webhooks/reference/messages

/// <summary>A call.</summary>
internal sealed record WireCall(
    [property: JsonPropertyName("object")] string? Object,
    [property: JsonPropertyName("entry")] JsonElement Entry);

/// <summary>The news about one business account.</summary>
internal sealed record WireEntry([property: JsonPropertyName("changes")] JsonElement Changes);

/// <summary>One piece of news.</summary>
internal sealed record WireChange(
    [property: JsonPropertyName("field")] string? Field,
    [property: JsonPropertyName("value")] WireValue? Value);

/// <summary>What it says about one number.</summary>
internal sealed record WireValue
{
    [JsonPropertyName("metadata")]
    public WireMetadata? Metadata { get; init; }

    [JsonPropertyName("contacts")]
    public JsonElement Contacts { get; init; }

    [JsonPropertyName("messages")]
    public JsonElement Messages { get; init; }

    [JsonPropertyName("statuses")]
    public JsonElement Statuses { get; init; }

    [JsonPropertyName("user_preferences")]
    public JsonElement UserPreferences { get; init; }

    [JsonPropertyName("errors")]
    public JsonElement Errors { get; init; }
}

/// <summary>Our number.</summary>
/// <param name="DisplayPhoneNumber">The number, written with spaces and a plus at times.</param>
/// <param name="PhoneNumberId">Meta's id of it.</param>
internal sealed record WireMetadata(
    [property: JsonPropertyName("display_phone_number")] string? DisplayPhoneNumber,
    [property: JsonPropertyName("phone_number_id")] string? PhoneNumberId);

/// <summary>A person.</summary>
internal sealed record WireContact(
    [property: JsonPropertyName("wa_id")] string? WaId,
    [property: JsonPropertyName("user_id")] string? UserId,
    [property: JsonPropertyName("parent_user_id")] string? ParentUserId,
    [property: JsonPropertyName("profile")] WireProfile? Profile);

/// <summary>A person's profile.</summary>
internal sealed record WireProfile([property: JsonPropertyName("name")] string? Name);

/// <summary>A report on a message of ours.</summary>
internal sealed record WireStatus
{
    [JsonPropertyName("id")]
    public string? Id { get; init; }

    [JsonPropertyName("status")]
    public string? Status { get; init; }

    /// <summary><c>individual</c> where it is missing, or <c>group</c>.</summary>
    [JsonPropertyName("recipient_type")]
    public string? RecipientType { get; init; }

    [JsonPropertyName("recipient_id")]
    public string? RecipientId { get; init; }

    [JsonPropertyName("recipient_user_id")]
    public string? RecipientUserId { get; init; }

    [JsonPropertyName("parent_recipient_user_id")]
    public string? ParentRecipientUserId { get; init; }

    [JsonPropertyName("biz_opaque_callback_data")]
    public string? CallbackData { get; init; }

    [JsonPropertyName("pricing")]
    public WirePricing? Pricing { get; init; }

    [JsonPropertyName("errors")]
    public WireError[]? Errors { get; init; }
}

/// <summary>What a message costs.</summary>
internal sealed record WirePricing(
    [property: JsonPropertyName("billable")] bool? Billable,
    [property: JsonPropertyName("pricing_model")] string? Model,
    [property: JsonPropertyName("type")] string? Type,
    [property: JsonPropertyName("category")] string? Category);

/// <summary>A fault. Its words may repeat what a person wrote: only the code is read.</summary>
internal sealed record WireError([property: JsonPropertyName("code")] string? Code);

/// <summary>A person's own switch.</summary>
internal sealed record WirePreference(
    [property: JsonPropertyName("wa_id")] string? WaId,
    [property: JsonPropertyName("user_id")] string? UserId,
    [property: JsonPropertyName("parent_user_id")] string? ParentUserId,
    [property: JsonPropertyName("category")] string? Category,
    [property: JsonPropertyName("value")] string? Value);

/// <summary>The JSON of Meta's webhook.</summary>
[JsonSourceGenerationOptions(
    Converters = [typeof(WebhookText)], NumberHandling = JsonNumberHandling.AllowReadingFromString, PropertyNameCaseInsensitive = false)]
[JsonSerializable(typeof(WireCall))]
[JsonSerializable(typeof(WireEntry))]
[JsonSerializable(typeof(WireChange))]
[JsonSerializable(typeof(WireContact))]
[JsonSerializable(typeof(WireMessage))]
[JsonSerializable(typeof(WireStatus))]
[JsonSerializable(typeof(WirePreference))]
[JsonSerializable(typeof(WireError))]
[JsonSerializable(typeof(WireOrder))]
internal sealed partial class WhatsAppJson : JsonSerializerContext;
