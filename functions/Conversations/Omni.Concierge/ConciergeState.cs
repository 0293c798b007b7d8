using System.Text.Json.Serialization;

namespace Omni.Concierge;

/// <summary>What the concierge remembers of a conversation.</summary>
public sealed record ConciergeState
{
    /// <summary>Whether the person was greeted.</summary>
    public bool Greeted { get; init; }

    /// <summary>How many messages in a row it did not understand.</summary>
    public int Misses { get; init; }
}

/// <summary>The JSON of the concierge: what it remembers, and what it says.</summary>
[JsonSourceGenerationOptions(
    PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase,
    DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingDefault,
    UnmappedMemberHandling = JsonUnmappedMemberHandling.Disallow)]
[JsonSerializable(typeof(ConciergeState))]
[JsonSerializable(typeof(ConciergeTexts))]
internal sealed partial class ConciergeJson : JsonSerializerContext;
