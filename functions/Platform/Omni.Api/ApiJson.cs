using System.Text.Json;
using System.Text.Json.Serialization;
using Omni.Aws;
using Omni.Shared;

namespace Omni.Api;

/// <summary>The JSON of the API: camelCase, what is not there is left out, times as RFC 3339 in UTC.</summary>
[JsonSourceGenerationOptions(
    PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase,
    DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull,
    Converters = [typeof(UtcConverter)])]
[JsonSerializable(typeof(SendRequest))]
[JsonSerializable(typeof(SendAccepted))]
[JsonSerializable(typeof(ValidationView))]
[JsonSerializable(typeof(MessageView))]
[JsonSerializable(typeof(MessageListView))]
[JsonSerializable(typeof(StatusView))]
[JsonSerializable(typeof(TimelineView))]
[JsonSerializable(typeof(ReadAccepted))]
[JsonSerializable(typeof(CancelView))]
[JsonSerializable(typeof(BulkAccepted))]
[JsonSerializable(typeof(BatchView))]
[JsonSerializable(typeof(BatchListView))]
[JsonSerializable(typeof(DeletionView))]
[JsonSerializable(typeof(PersonDeletionView))]
[JsonSerializable(typeof(UsageView))]
[JsonSerializable(typeof(SessionView))]
[JsonSerializable(typeof(SessionListView))]
[JsonSerializable(typeof(PersonConsentsView))]
[JsonSerializable(typeof(ConsentListView))]
[JsonSerializable(typeof(MediaFactsView))]
[JsonSerializable(typeof(UploadView))]
[JsonSerializable(typeof(CarrierListView))]
[JsonSerializable(typeof(CarrierStatusView))]
[JsonSerializable(typeof(CarrierSwitchView))]
[JsonSerializable(typeof(DeadLetterListView))]
[JsonSerializable(typeof(RedriveView))]
[JsonSerializable(typeof(TemplateListView))]
[JsonSerializable(typeof(EventListView))]
[JsonSerializable(typeof(EndpointView))]
[JsonSerializable(typeof(EndpointListView))]
[JsonSerializable(typeof(AttemptView))]
[JsonSerializable(typeof(AttemptListView))]
[JsonSerializable(typeof(KeyView))]
[JsonSerializable(typeof(KeyListView))]
[JsonSerializable(typeof(RegisteredSenderView))]
[JsonSerializable(typeof(RegisteredSenderListView))]
[JsonSerializable(typeof(IReadOnlyList<RouteRule>))]
[JsonSerializable(typeof(DateTimeOffset))]
[JsonSerializable(typeof(HealthView))]
[JsonSerializable(typeof(ProblemView))]
[JsonSerializable(typeof(ProblemKindView))]
internal sealed partial class ApiJson : JsonSerializerContext
{
    /// <summary>
    /// The context to use: text is written plainly. The answer's content type is JSON, so nothing in it is ever read as HTML.
    /// </summary>
    /// <remarks>
    /// Made at its first use: only <see cref="Default"/> has the options above, and statics of a type's other files may be made later.
    /// </remarks>
    public static ApiJson Wire => field ??= new(PlainJsonEncoder.Over(Default.Options));
}

/// <summary>A problem document: RFC 9457, with what a program needs to decide.</summary>
internal sealed record ProblemView
{
    public required string Type { get; init; }

    public required string Title { get; init; }

    public required int Status { get; init; }

    public required string Detail { get; init; }

    public required string Code { get; init; }

    /// <summary>The first of what is wrong, field by field.</summary>
    public IReadOnlyList<FieldError>? Errors { get; init; }

    /// <summary>How much is wrong in all.</summary>
    public int? ErrorCount { get; init; }

    public required string RequestId { get; init; }

    public required bool Retryable { get; init; }
}
