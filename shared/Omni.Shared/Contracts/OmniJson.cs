using System.Text.Json;
using System.Text.Json.Serialization;

namespace Omni.Shared;

/// <summary>The JSON of everything that crosses a queue or a table: camelCase, nulls left out, unknown members ignored.</summary>
[JsonSourceGenerationOptions(
    PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase,
    DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull,
    AllowOutOfOrderMetadataProperties = true,
    RespectNullableAnnotations = true)]
[JsonSerializable(typeof(Message))]
[JsonSerializable(typeof(Content))]
[JsonSerializable(typeof(OutboundCommand))]
[JsonSerializable(typeof(BatchTick))]
[JsonSerializable(typeof(InboundEnvelope))]
[JsonSerializable(typeof(IReadOnlyDictionary<string, string>))]
[JsonSerializable(typeof(DeliveryWindow))]
[JsonSerializable(typeof(Pricing))]
[JsonSerializable(typeof(IReadOnlyList<KeywordAnswers>))]
[JsonSerializable(typeof(Referral))]
[JsonSerializable(typeof(FileState))]
[JsonSerializable(typeof(MediaOptions))]
[JsonSerializable(typeof(IReadOnlyList<PreparedFile>))]
[JsonSerializable(typeof(IReadOnlyList<FileLink>))]
[JsonSerializable(typeof(PrepareMedia))]
[JsonSerializable(typeof(FollowPlan))]
[JsonSerializable(typeof(IReadOnlyList<PlannedLeg>))]
[JsonSerializable(typeof(KnownFile))]
[JsonSerializable(typeof(TurnCommand))]
[JsonSerializable(typeof(IReadOnlyList<Choice>))]
[JsonSerializable(typeof(MessageRoute))]
[JsonSerializable(typeof(IReadOnlyList<BatchSender>))]
[JsonSerializable(typeof(IReadOnlyList<RouteRule>))]
public sealed partial class OmniJson : JsonSerializerContext
{
    /// <summary>
    /// The context to use: text is written plainly, not escaped for HTML, so that a queue record is as small as it can be and readable.
    /// </summary>
    /// <remarks>
    /// Made at its first use: only <see cref="Default"/> has the options above, and statics of a type's other files may be made later.
    /// </remarks>
    public static OmniJson Wire => field ??= new(PlainJsonEncoder.Over(Default.Options));
}
