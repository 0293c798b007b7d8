using System.Text.Json;
using System.Text.Json.Serialization;

namespace Omni.Shared;

/// <summary>The JSON of events, in the log and to clients: as the API writes it.</summary>
[JsonSourceGenerationOptions(
    PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase,
    DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull,
    RespectNullableAnnotations = true,
    Converters = [typeof(UtcConverter)])]
[JsonSerializable(typeof(ClientEvent))]
[JsonSerializable(typeof(IReadOnlyList<ClientEvent>))]
[JsonSerializable(typeof(MessageView))]
[JsonSerializable(typeof(BatchView))]
[JsonSerializable(typeof(ConsentView))]
[JsonSerializable(typeof(CarrierChangeView))]
[JsonSerializable(typeof(ConversationChangeView))]
public sealed partial class EventJson : JsonSerializerContext
{
    /// <summary>The context to use: text is written plainly, not escaped for HTML.</summary>
    /// <remarks>
    /// Made at its first use: only <see cref="Default"/> has the options above, and statics of a type's other files may be made later.
    /// </remarks>
    public static EventJson Wire => field ??= new(PlainJsonEncoder.Over(Default.Options));
}
