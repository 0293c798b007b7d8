using System.Text.Json;

namespace Omni.Simulators.Bandwidth;

/// <summary>The body of a submission, as it came.</summary>
internal sealed record BandwidthSend(JsonElement Body)
{
    public string? ApplicationId => One("applicationId");
    public string? From => One("from");
    public string? Text => One("text");
    public string? Tag => One("tag");
    public string? Priority => One("priority");
    public string? Expiration => One("expiration");
    public IReadOnlyList<string>? To => Many("to");
    public IReadOnlyList<string> Media => Many("media") ?? [];

    /// <summary>The members that are there and of the wrong kind.</summary>
    public IEnumerable<string> Misshapen()
    {
        foreach (var name in (string[])["applicationId", "from", "text", "tag", "priority", "expiration"])
        {
            if (Body.TryGetProperty(name, out var value) && value.ValueKind is not (JsonValueKind.String or JsonValueKind.Null))
                yield return name;
        }

        foreach (var name in (string[])["to", "media"])
        {
            if (Body.TryGetProperty(name, out var value) && value.ValueKind is not JsonValueKind.Null && Many(name) is null)
                yield return name;
        }
    }

    private string? One(string name) =>
        Body.TryGetProperty(name, out var value) && value.ValueKind is JsonValueKind.String ? value.GetString() : null;

    // A bare string was taken in earlier days, and still is.
    private string[]? Many(string name) => !Body.TryGetProperty(name, out var value) ? null : value.ValueKind switch
    {
        JsonValueKind.String => [value.GetString()!],
        JsonValueKind.Array when value.EnumerateArray().All(item => item.ValueKind is JsonValueKind.String) =>
            [.. value.EnumerateArray().Select(item => item.GetString()!)],
        _ => null,
    };
}
