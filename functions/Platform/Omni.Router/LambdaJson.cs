using System.Text.Json.Serialization;
using Amazon.Lambda.SQSEvents;

namespace Omni.Router;

/// <summary>The JSON of this function's event and answer.</summary>
[JsonSerializable(typeof(SQSEvent))]
[JsonSerializable(typeof(SQSBatchResponse))]
internal sealed partial class LambdaJson : JsonSerializerContext;
