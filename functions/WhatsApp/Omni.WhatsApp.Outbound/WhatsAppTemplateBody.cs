using System.Text.Json.Serialization;

namespace Omni.WhatsApp.Outbound;

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
