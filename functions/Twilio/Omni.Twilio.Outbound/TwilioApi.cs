using System.Text.Json.Serialization;

namespace Omni.Twilio.Outbound;

/// <summary>A message as Twilio's API shows it. https://www.twilio.com/docs/messaging/api/message-resource</summary>
internal sealed record TwilioMessage
{
    /// <summary>Twilio's id, <c>SM…</c> or <c>MM…</c>.</summary>
    [JsonPropertyName("sid")]
    public string? Sid { get; init; }

    /// <summary>Where it is, such as <c>queued</c>.</summary>
    [JsonPropertyName("status")]
    public string? Status { get; init; }

    /// <summary>Why it failed, one of <see cref="TwilioErrors"/> or another.</summary>
    [JsonPropertyName("error_code")]
    public int? ErrorCode { get; init; }

    /// <summary>The text.</summary>
    [JsonPropertyName("body")]
    public string? Body { get; init; }

    /// <summary>How many files it has; Twilio writes this number as text.</summary>
    [JsonPropertyName("num_media")]
    public int? NumMedia { get; init; }

    /// <summary><c>outbound-api</c> for what was sent by a call such as ours.</summary>
    [JsonPropertyName("direction")]
    public string? Direction { get; init; }

    /// <summary>The messaging service that sent it.</summary>
    [JsonPropertyName("messaging_service_sid")]
    public string? MessagingServiceSid { get; init; }

    /// <summary>When Twilio took it: RFC 2822, whole seconds.</summary>
    [JsonPropertyName("date_created")]
    public string? DateCreated { get; init; }
}

/// <summary>A page of messages.</summary>
internal sealed record TwilioPage
{
    /// <summary>The messages.</summary>
    [JsonPropertyName("messages")]
    public IReadOnlyList<TwilioMessage>? Messages { get; init; }
}

/// <summary>A refusal.</summary>
internal sealed record TwilioProblem
{
    /// <summary>Twilio's code, one of <see cref="TwilioErrors"/> or another.</summary>
    [JsonPropertyName("code")]
    public int? Code { get; init; }
}

/// <summary>The JSON of Twilio's API.</summary>
[JsonSourceGenerationOptions(NumberHandling = JsonNumberHandling.AllowReadingFromString)]
[JsonSerializable(typeof(TwilioMessage))]
[JsonSerializable(typeof(TwilioPage))]
[JsonSerializable(typeof(TwilioProblem))]
[JsonSerializable(typeof(TwilioContents))]
[JsonSerializable(typeof(IReadOnlyDictionary<string, string>))]
internal sealed partial class TwilioJson : JsonSerializerContext;
