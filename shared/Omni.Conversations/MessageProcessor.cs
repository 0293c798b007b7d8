using System.Text.Json;
using System.Text.Json.Serialization.Metadata;

namespace Omni.Conversations;

/// <summary>What every processor is, whatever it keeps.</summary>
public abstract class MessageProcessor
{
    private protected MessageProcessor() { }

    /// <summary>Takes a turn.</summary>
    /// <param name="start">What it begins with.</param>
    /// <param name="cancellation">Stops it.</param>
    /// <returns>The turn, and the state to keep, as JSON.</returns>
    internal abstract ValueTask<(Turn Turn, byte[] State)> TakeAsync(TurnStart start, CancellationToken cancellation);
}

/// <summary>
/// Business logic that answers people, written once for all carriers. Each message, and each wake, is given to it until a turn of it took
/// effect; that is once. Turns of one conversation follow each other, those of several run side by side: an instance keeps nothing of a
/// conversation in its fields.
/// </summary>
/// <param name="stateJson">How the state is written: of a <c>JsonSerializerContext</c> of the processor's own.</param>
/// <typeparam name="TState">What is kept of a conversation between turns. A new one is what a conversation begins with.</typeparam>
public abstract class MessageProcessor<TState>(JsonTypeInfo<TState> stateJson) : MessageProcessor where TState : class, new()
{
    /// <summary>A person wrote.</summary>
    /// <param name="turn">The message and the state; what is to happen is said here.</param>
    /// <param name="cancellation">Stops it when the function's time is nearly over: the turn is tried again then.</param>
    protected abstract ValueTask OnMessageAsync(Turn<TState> turn, CancellationToken cancellation);

    /// <summary>A moment came that <see cref="Turn.WakeAfter"/> named.</summary>
    /// <param name="turn">The state; what is to happen is said here.</param>
    /// <param name="name">The wake's name.</param>
    /// <param name="cancellation">Stops it when the function's time is nearly over: the turn is tried again then.</param>
    protected virtual ValueTask OnWakeAsync(Turn<TState> turn, string name, CancellationToken cancellation) => default;

    internal sealed override async ValueTask<(Turn Turn, byte[] State)> TakeAsync(TurnStart start, CancellationToken cancellation)
    {
        var kept = start.Dialog.State is { } json ? JsonSerializer.Deserialize(json, stateJson) : null;
        var turn = new Turn<TState>(start, kept ?? new TState());
        if (start.Wake is { } name) await OnWakeAsync(turn, name, cancellation).ConfigureAwait(false);
        else await OnMessageAsync(turn, cancellation).ConfigureAwait(false);
        turn.Close();
        return (turn, JsonSerializer.SerializeToUtf8Bytes(turn.State, stateJson));
    }
}
