using System.Text.Json;
using System.Text.Json.Serialization;
using Omni.Pipeline;
using Omni.Shared;

namespace Omni.WhatsApp.Outbound;

/// <summary>The answer to a send.</summary>
internal sealed record SendAnswer(
    [property: JsonPropertyName("messaging_product")] string? MessagingProduct,
    [property: JsonPropertyName("contacts")] SentContact?[]? Contacts,
    [property: JsonPropertyName("messages")] SentMessage?[]? Messages);

/// <summary>The person as WhatsApp knows them. Ids have been seen as numbers.</summary>
internal sealed record SentContact(
    [property: JsonPropertyName("wa_id"), JsonConverter(typeof(WebhookText))] string? WaId,
    [property: JsonPropertyName("user_id"), JsonConverter(typeof(WebhookText))] string? UserId,
    [property: JsonPropertyName("parent_user_id"), JsonConverter(typeof(WebhookText))] string? ParentUserId);

/// <summary>A message that was taken.</summary>
/// <param name="Id">Its id.</param>
/// <param name="Status">Of a template: <c>accepted</c>, <c>held_for_quality_assessment</c> or <c>paused</c>.</param>
internal sealed record SentMessage(
    [property: JsonPropertyName("id")] string? Id, [property: JsonPropertyName("message_status")] string? Status);

/// <summary>A refusal.</summary>
internal sealed record ErrorAnswer([property: JsonPropertyName("error")] ErrorBody? Error);

/// <summary>What is wrong. Titles and sub-codes come and go: only the code is read.</summary>
internal sealed record ErrorBody([property: JsonPropertyName("code")] int? Code);

/// <summary>A file that was put there.</summary>
internal sealed record UploadAnswer([property: JsonPropertyName("id")] string? Id);

/// <summary>Where a file is, for five minutes.</summary>
internal sealed record MediaAddress(
    [property: JsonPropertyName("url")] string? Url,
    [property: JsonPropertyName("mime_type")] string? MimeType,
    [property: JsonPropertyName("sha256")] string? Sha256);

/// <summary>The JSON of Meta's API.</summary>
[JsonSourceGenerationOptions(
    NumberHandling = JsonNumberHandling.AllowReadingFromString, DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull)]
[JsonSerializable(typeof(SendBody))]
[JsonSerializable(typeof(ReadBody))]
[JsonSerializable(typeof(SendAnswer))]
[JsonSerializable(typeof(ErrorAnswer))]
[JsonSerializable(typeof(UploadAnswer))]
[JsonSerializable(typeof(MediaAddress))]
[JsonSerializable(typeof(TemplatesAnswer))]
internal sealed partial class WhatsAppJson : JsonSerializerContext
{
    /// <summary>The context to write with: text as it is, not escaped for HTML.</summary>
    public static WhatsAppJson Wire => field ??= new(PlainJsonEncoder.Over(Default.Options));
}
