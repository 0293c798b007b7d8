using System.Text.Json;
using System.Text.Json.Serialization;
using Omni.Shared;

namespace Omni.Bandwidth.Outbound;

/// <summary>A token. RFC 6749, section 5.1.</summary>
internal sealed record BandwidthToken
{
    /// <summary>The token.</summary>
    [JsonPropertyName("access_token")]
    public string? AccessToken { get; init; }

    /// <summary>How long it lives, in seconds.</summary>
    [JsonPropertyName("expires_in")]
    public double? ExpiresIn { get; init; }
}

/// <summary>A message that was taken.</summary>
internal sealed record BandwidthTaken
{
    /// <summary>Bandwidth's id.</summary>
    [JsonPropertyName("id")]
    public string? Id { get; init; }
}

/// <summary>A refusal. That of an unknown path has another shape and none of these.</summary>
internal sealed record BandwidthProblem
{
    /// <summary>What kind it is, one of <see cref="BandwidthErrors"/> or another.</summary>
    [JsonPropertyName("type")]
    public string? Type { get; init; }

    /// <summary>The fields that are wrong.</summary>
    [JsonPropertyName("fieldErrors")]
    public IReadOnlyList<BandwidthFieldError>? FieldErrors { get; init; }
}

/// <summary>One field that is wrong.</summary>
internal sealed record BandwidthFieldError
{
    /// <summary>Its name.</summary>
    [JsonPropertyName("fieldName")]
    public string? FieldName { get; init; }
}

/// <summary>The JSON of Bandwidth's API.</summary>
[JsonSourceGenerationOptions(
    NumberHandling = JsonNumberHandling.AllowReadingFromString, DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull)]
[JsonSerializable(typeof(BandwidthRequest))]
[JsonSerializable(typeof(BandwidthToken))]
[JsonSerializable(typeof(BandwidthTaken))]
[JsonSerializable(typeof(BandwidthProblem))]
internal sealed partial class BandwidthJson : JsonSerializerContext
{
    /// <summary>For what is sent: text is written plainly, not escaped for HTML.</summary>
    /// <remarks>
    /// Made at its first use: only <see cref="Default"/> has the options above, and statics of a type's other files may be made later.
    /// </remarks>
    public static BandwidthJson Wire => field ??= new(PlainJsonEncoder.Over(Default.Options));
}
