using System.Text.Json.Serialization;

namespace Omni.Conversations.Tests;

/// <summary>What the scripted processor keeps.</summary>
public sealed record Notes
{
    public int Turns { get; init; }

    public string Text { get; init; } = "";
}

[JsonSerializable(typeof(Notes))]
internal sealed partial class ScriptedJson : JsonSerializerContext;

/// <summary>A processor that does what a test says.</summary>
public sealed class Scripted(
    Action<Turn<Notes>>? onMessage = null, Action<Turn<Notes>, string>? onWake = null)
    : MessageProcessor<Notes>(ScriptedJson.Default.Notes)
{
    protected override ValueTask OnMessageAsync(Turn<Notes> turn, CancellationToken cancellation)
    {
        onMessage?.Invoke(turn);
        return default;
    }

    protected override ValueTask OnWakeAsync(Turn<Notes> turn, string name, CancellationToken cancellation)
    {
        onWake?.Invoke(turn, name);
        return default;
    }
}
