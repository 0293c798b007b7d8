using System.Text.Json;
using System.Text.Json.Serialization;

namespace Omni.Scheduler;

/// <summary>The JSON of this function's event, which it does not look at, and its report.</summary>
[JsonSerializable(typeof(JsonElement))]
[JsonSerializable(typeof(SchedulerReport))]
internal sealed partial class LambdaJson : JsonSerializerContext;
