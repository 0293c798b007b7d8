using System.Text.Json.Serialization;
using Amazon.Lambda.DynamoDBEvents;

namespace Omni.EventRecorder;

/// <summary>The JSON of this function's event and answer.</summary>
[JsonSerializable(typeof(DynamoDBEvent))]
[JsonSerializable(typeof(StreamsEventResponse))]
internal sealed partial class LambdaJson : JsonSerializerContext;
