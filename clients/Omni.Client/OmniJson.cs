using System.Globalization;
using System.Text.Json;
using System.Text.Json.Serialization;

namespace Omni.Client;

/// <summary>How the model is read and written as JSON: generated, so that it needs no reflection.</summary>
[JsonSourceGenerationOptions(
    PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase,
    DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull,
    AllowOutOfOrderMetadataProperties = true,
    Converters = [typeof(TimeConverter)])]
[JsonSerializable(typeof(SendRequest))]
[JsonSerializable(typeof(AnswerRequest))]
[JsonSerializable(typeof(ResendRequest))]
[JsonSerializable(typeof(BulkRequest))]
[JsonSerializable(typeof(BulkAccepted))]
[JsonSerializable(typeof(Page<Batch>))]
[JsonSerializable(typeof(Validation))]
[JsonSerializable(typeof(Cancellation))]
[JsonSerializable(typeof(ReadAccepted))]
[JsonSerializable(typeof(CurrentStatus))]
[JsonSerializable(typeof(Timeline))]
[JsonSerializable(typeof(Page<Message>))]
[JsonSerializable(typeof(Page<Session>))]
[JsonSerializable(typeof(Page<Consent>))]
[JsonSerializable(typeof(PersonConsents))]
[JsonSerializable(typeof(OptOut))]
[JsonSerializable(typeof(Page<Carrier>))]
[JsonSerializable(typeof(CarrierStatus))]
[JsonSerializable(typeof(HandOffSession))]
[JsonSerializable(typeof(ConversationChange))]
[JsonSerializable(typeof(PauseCarrier))]
[JsonSerializable(typeof(CarrierSwitch))]
[JsonSerializable(typeof(CarrierChange))]
[JsonSerializable(typeof(Page<CarrierTemplate>))]
[JsonSerializable(typeof(Usage))]
[JsonSerializable(typeof(Page<Event>))]
[JsonSerializable(typeof(Deletion))]
[JsonSerializable(typeof(PersonDeletion))]
[JsonSerializable(typeof(MediaFacts))]
[JsonSerializable(typeof(NewUpload))]
[JsonSerializable(typeof(Upload))]
[JsonSerializable(typeof(NewWebhookEndpoint))]
[JsonSerializable(typeof(WebhookEndpointChange))]
[JsonSerializable(typeof(RotateWebhookSecret))]
[JsonSerializable(typeof(ReplayWebhookEndpoint))]
[JsonSerializable(typeof(Page<WebhookEndpoint>))]
[JsonSerializable(typeof(Page<WebhookAttempt>))]
[JsonSerializable(typeof(PutSender))]
[JsonSerializable(typeof(Page<RegisteredSender>))]
[JsonSerializable(typeof(IReadOnlyList<RouteRule>))]
[JsonSerializable(typeof(NewApiKey))]
[JsonSerializable(typeof(Page<ApiKey>))]
[JsonSerializable(typeof(Page<DeadLetterQueue>))]
[JsonSerializable(typeof(RedriveDeadLetters))]
[JsonSerializable(typeof(Redrive))]
[JsonSerializable(typeof(Health))]
[JsonSerializable(typeof(Problem))]
[JsonSerializable(typeof(ProblemKind))]
public sealed partial class OmniJson : JsonSerializerContext;

/// <summary>Times as the API writes them: in UTC, with milliseconds.</summary>
internal sealed class TimeConverter : JsonConverter<DateTimeOffset>
{
    public const string Format = "yyyy-MM-dd'T'HH:mm:ss.fff'Z'";

    public override DateTimeOffset Read(ref Utf8JsonReader reader, Type typeToConvert, JsonSerializerOptions options) =>
        reader.GetDateTimeOffset();

    public override void Write(Utf8JsonWriter writer, DateTimeOffset value, JsonSerializerOptions options) =>
        writer.WriteStringValue(value.UtcDateTime.ToString(Format, CultureInfo.InvariantCulture));
}
