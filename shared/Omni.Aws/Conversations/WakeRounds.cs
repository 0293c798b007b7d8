using System.Text.Json;
using Omni.Shared;

namespace Omni.Aws;

/// <summary>
/// What the Scheduler does for conversations every minute: it gives processors the turns that they asked to be woken for. It removes
/// nothing: the turn does, in its transaction, so that a wake that was lost comes again.
/// </summary>
/// <param name="dialogs">What processors left between turns.</param>
/// <param name="queues">The queues.</param>
/// <param name="queueUrls">The processors' queues, by their names.</param>
/// <param name="clock">The time.</param>
public sealed class WakeRounds(
    DialogStore dialogs, SqsQueues queues, IReadOnlyDictionary<string, string> queueUrls, TimeProvider clock)
{
    /// <summary>The conversations that a round looks at.</summary>
    /// <param name="shard">The shard, 0 to <see cref="DialogStore.WakeShards"/> − 1.</param>
    /// <param name="cancellation">Stops the call.</param>
    public IAsyncEnumerable<string> DueAsync(int shard, CancellationToken cancellation = default) =>
        dialogs.DueAsync(shard, cancellation);

    /// <summary>Gives the turns of a conversation whose moment has come.</summary>
    /// <param name="conversationId">The conversation, as <see cref="DueAsync"/> found it.</param>
    /// <param name="cancellation">Stops the call.</param>
    /// <returns>How many there are.</returns>
    public async Task<int> WakeAsync(string conversationId, CancellationToken cancellation = default)
    {
        // The index may lag behind: the item decides.
        if (await dialogs.FindAsync(conversationId, cancellation).ConfigureAwait(false) is not { Processor: { } processor } dialog)
            return 0;
        if (!queueUrls.TryGetValue(processor, out var queueUrl))
            throw new InvalidOperationException($"There is no processor {processor} any more.");

        var now = clock.GetUtcNow();
        TurnCommand[] due =
        [
            .. dialog.Wakes.Where(wake => wake.Value <= now).OrderBy(wake => wake.Value)
                .Select(wake => new TurnCommand.Wake { Conversation = conversationId, Name = wake.Key, DueAt = wake.Value }),
        ];
        await queues.SendAsync(queueUrl, [.. due.Select(EntryOf)], cancellation).ConfigureAwait(false);
        return due.Length;
    }

    /// <summary>
    /// The record that gives a turn: those of a conversation keep their order, and a turn that is given twice is given once.
    /// </summary>
    /// <param name="command">What gives it.</param>
    public static QueueEntry EntryOf(TurnCommand command) => new(
        JsonSerializer.Serialize(command, OmniJson.Wire.TurnCommand), command.ConversationId, command.TurnId);
}
