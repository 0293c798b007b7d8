using System.Text.Json.Serialization;

namespace Omni.MessageBird.Outbound;

/// <summary>An SMS to send. https://developers.messagebird.com/api/sms-messaging/#send-outbound-sms</summary>
internal sealed record MessageBirdSms
{
    /// <summary>The sender: digits, or a name.</summary>
    [JsonPropertyName("originator")]
    public required string Originator { get; init; }

    /// <summary>The recipient. One only: a request has one id, however many they are.</summary>
    [JsonPropertyName("recipients")]
    public required string[] Recipients { get; init; }

    /// <summary>The text.</summary>
    [JsonPropertyName("body")]
    public required string Body { get; init; }

    /// <summary>Our reference. Without it nothing is reported.</summary>
    [JsonPropertyName("reference")]
    public required string Reference { get; init; }

    /// <summary>Where MessageBird reports.</summary>
    [JsonPropertyName("reportUrl")]
    public required string ReportUrl { get; init; }

    /// <summary>The alphabet.</summary>
    [JsonPropertyName("datacoding")]
    public required string Datacoding { get; init; }

    /// <summary>For how many seconds it is worth anything.</summary>
    [JsonPropertyName("validity")]
    public required int Validity { get; init; }
}

/// <summary>
/// An MMS to send. It knows neither <c>reportUrl</c> nor <c>validity</c>. https://developers.messagebird.com/api/mms-messaging
/// </summary>
internal sealed record MessageBirdMms
{
    /// <summary>The sender: digits.</summary>
    [JsonPropertyName("originator")]
    public required string Originator { get; init; }

    /// <summary>The recipient.</summary>
    [JsonPropertyName("recipients")]
    public required string[] Recipients { get; init; }

    /// <summary>The text beside the files.</summary>
    [JsonPropertyName("body")]
    public string? Body { get; init; }

    /// <summary>Where MessageBird fetches the files.</summary>
    [JsonPropertyName("mediaUrls")]
    public required string[] MediaUrls { get; init; }

    /// <summary>Our reference. Without it nothing is reported.</summary>
    [JsonPropertyName("reference")]
    public required string Reference { get; init; }
}

/// <summary>A message that MessageBird took. Of an SMS's list entry the reference matters, else the id.</summary>
internal sealed record MessageBirdTaken
{
    /// <summary>Its id.</summary>
    [JsonPropertyName("id")]
    public string? Id { get; init; }

    /// <summary>Our reference.</summary>
    [JsonPropertyName("reference")]
    public string? Reference { get; init; }
}

/// <summary>A page of messages.</summary>
internal sealed record MessageBirdPage
{
    /// <summary>How many there are, on this page and others.</summary>
    [JsonPropertyName("totalCount")]
    public int TotalCount { get; init; }

    /// <summary>The messages.</summary>
    [JsonPropertyName("items")]
    public IReadOnlyList<MessageBirdTaken>? Items { get; init; }
}

/// <summary>A refusal.</summary>
internal sealed record MessageBirdRefusal
{
    /// <summary>What is wrong; may be empty.</summary>
    [JsonPropertyName("errors")]
    public IReadOnlyList<MessageBirdProblem>? Errors { get; init; }
}

/// <summary>One thing that is wrong.</summary>
internal sealed record MessageBirdProblem
{
    /// <summary>MessageBird's code, one of <see cref="MessageBirdErrors.Api"/> or another.</summary>
    [JsonPropertyName("code")]
    public int? Code { get; init; }

    /// <summary>What it is about.</summary>
    [JsonPropertyName("parameter")]
    public string? Parameter { get; init; }
}

/// <summary>The JSON of MessageBird's APIs.</summary>
[JsonSourceGenerationOptions(
    DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull, NumberHandling = JsonNumberHandling.AllowReadingFromString)]
[JsonSerializable(typeof(MessageBirdSms))]
[JsonSerializable(typeof(MessageBirdMms))]
[JsonSerializable(typeof(MessageBirdConversation))]
[JsonSerializable(typeof(MessageBirdTaken))]
[JsonSerializable(typeof(MessageBirdPage))]
[JsonSerializable(typeof(MessageBirdRefusal))]
[JsonSerializable(typeof(MessageBirdListedTemplates))]
internal sealed partial class MessageBirdJson : JsonSerializerContext;
