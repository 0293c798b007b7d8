using System.Text.Json;
using Amazon.Lambda.Core;
using Amazon.Lambda.SQSEvents;
using Omni.Aws;
using Omni.Shared;

namespace Omni.Conversations;

/// <summary>
/// Gives a processor its turns: those of a conversation in their order, conversations side by side. A turn that fails comes again after a
/// while, and holds up its own conversation only; one that fails every time gives the conversation to people.
/// </summary>
/// <param name="processor">The processor.</param>
/// <param name="parts">What its turns are made of.</param>
internal sealed class TurnPipeline(MessageProcessor processor, TurnParts parts)
{
    /// <summary>How often a turn is tried: once, and again after each of the waits.</summary>
    public static readonly int MaxTries = Waits.Length + 1;

    /// <summary>How often a turn is taken again at once because somebody else changed what it began with.</summary>
    private const int MaxConflicts = 10;

    /// <summary>How many messages are looked at for an answer of people.</summary>
    private const int MaxLooked = 100;

    /// <summary>With less time left no turn is begun, and one that runs is asked to stop.</summary>
    private static readonly TimeSpan NeededTime = TimeSpan.FromSeconds(5);

    private static readonly TimeSpan AfterFault = TimeSpan.FromSeconds(2);

    private readonly TurnTaker _taker = new(processor, parts.Processor.Name, parts.LinkTo);

    // Six and a half minutes together: what the person writes meanwhile waits no longer than a quarter of an hour.
    private static TimeSpan[] Waits =>
    [
        TimeSpan.FromSeconds(2), TimeSpan.FromSeconds(8), TimeSpan.FromSeconds(30), TimeSpan.FromSeconds(90), TimeSpan.FromMinutes(4),
    ];

    /// <summary>Handles a batch of the processor's queue.</summary>
    /// <param name="batch">The event.</param>
    /// <param name="context">Tells how much time is left.</param>
    public async Task<SQSBatchResponse> HandleAsync(SQSEvent batch, ILambdaContext context)
    {
        var groups = (batch.Records ?? []).GroupBy(record => record.Group());
        var failed = await Task.WhenAll(
            groups.Select(group => TakeInOrderAsync([.. group], () => context.RemainingTime))).ConfigureAwait(false);
        return new([.. failed.SelectMany(ids => ids).Select(id => new SQSBatchResponse.BatchItemFailure { ItemIdentifier = id })]);
    }

    /// <returns>The ids of the records that are to come again: the first that is not done, and all behind it.</returns>
    private async Task<IEnumerable<string>> TakeInOrderAsync(SQSEvent.SQSMessage[] records, Func<TimeSpan> timeLeft)
    {
        foreach (var (index, record) in records.Index())
        {
            TimeSpan wait;
            try
            {
                if (await TakeAsync(record, timeLeft).ConfigureAwait(false) is not { } later) continue;

                wait = later;
            }
            catch (Exception fault) when (fault is not OutOfMemoryException)
            {
                // Of a table or a queue: nothing of the turn took effect.
                Log.NotTaken(parts.Log, fault, record.MessageId);
                wait = AfterFault;
            }

            await PutOffAsync(records[index..], wait).ConfigureAwait(false);
            return records[index..].Select(left => left.MessageId);
        }

        return [];
    }

    /// <returns>When the record is to come again; null when it is done.</returns>
    private async Task<TimeSpan?> TakeAsync(SQSEvent.SQSMessage record, Func<TimeSpan> timeLeft)
    {
        if (timeLeft() < NeededTime) return TimeSpan.Zero;
        if (Parse(record) is not { } command)
        {
            await SetAsideAsync(record, "The record cannot be read.").ConfigureAwait(false);
            return null;
        }

        var isCounted = false;
        for (var conflicts = 0; conflicts < MaxConflicts; conflicts++)
        {
            var known = await parts.Dialogs.FindAsync(command.ConversationId).ConfigureAwait(false);
            if (known?.LastTurn == command.TurnId) return null;
            if (ConversationOf(command, known) is not { } conversation) return null; // what wakes nobody knows any more

            // Whoever was given it before may have been ended by it: then nobody counted.
            var tries = known?.Faults is { } faults && faults.Turn == command.TurnId ? faults.Count : 0;
            if (record.Receives() > 1 && !isCounted)
            {
                tries = await parts.Dialogs.CountFaultAsync(conversation, command.TurnId).ConfigureAwait(false);
                isCounted = true;
            }

            TurnEffects? effects;
            if (tries > MaxTries)
            {
                effects = await GiveUpAsync(record, command, known, conversation).ConfigureAwait(false);
            }
            else
            {
                var isHandedOff = await IsHandedOffAsync(known).ConfigureAwait(false);
                var (taken, fault) = await TryAsync(command, known, isHandedOff, timeLeft).ConfigureAwait(false);
                if (fault is not null)
                {
                    if (!isCounted) tries = await parts.Dialogs.CountFaultAsync(conversation, command.TurnId).ConfigureAwait(false);
                    isCounted = true;
                    Log.Failed(parts.Log, fault, command.TurnId, tries);
                    if (tries < MaxTries) return Waits[tries - 1] * (0.8 + (0.4 * Random.Shared.NextDouble()));

                    taken = await GiveUpAsync(record, command, known, conversation).ConfigureAwait(false);
                }

                effects = taken;
            }

            if (effects is null) return null;

            var written = await parts.Dialogs.WriteAsync(effects).ConfigureAwait(false);
            if (written == TurnWritten.Conflict) continue;

            Log.Taken(parts.Log, command.TurnId, effects.Result.Word(), effects.Replies.Count, written.Word());
            return null;
        }

        return TimeSpan.Zero;
    }

    /// <summary>Has the processor take the turn. What it throws is its own fault, and counted.</summary>
    private async Task<(TurnEffects? Effects, Exception? Fault)> TryAsync(
        TurnCommand command, Dialog? known, bool isHandedOff, Func<TimeSpan> timeLeft)
    {
        var now = parts.Clock.GetUtcNow();
        using var stop = new CancellationTokenSource(timeLeft() - NeededTime, parts.Clock);
        try
        {
            return command switch
            {
                TurnCommand.Hear heard =>
                    (await _taker.HearAsync(heard, known, isHandedOff, now, stop.Token).ConfigureAwait(false), null),
                TurnCommand.Wake wake => (await _taker.WakeAsync(wake, known, now, stop.Token).ConfigureAwait(false), null),
                _ => throw new System.Diagnostics.UnreachableException(),
            };
        }
        catch (Exception fault) when (fault is not OutOfMemoryException)
        {
            return (null, fault);
        }
    }

    /// <summary>The dead letter first: who stops in between puts it there again, and the hand-over follows.</summary>
    private async Task<TurnEffects> GiveUpAsync(
        SQSEvent.SQSMessage record, TurnCommand command, Dialog? known, Conversation conversation)
    {
        await SetAsideAsync(record, "The processor failed as often as it was tried: people have the conversation.").ConfigureAwait(false);
        return _taker.GiveUp(command, known, conversation, parts.Clock.GetUtcNow());
    }

    private Task SetAsideAsync(SQSEvent.SQSMessage record, string problem) => parts.Queues.SendAsync(
        parts.DeadLetters,
        [new(record.Body, record.Group(), record.MessageId, problem)]);

    /// <summary>
    /// Whether people have the conversation: until they give it back, or none of them has answered for as long as the hand-over says.
    /// </summary>
    private async Task<bool> IsHandedOffAsync(Dialog? known)
    {
        if (known?.HandOff is not { } handOff) return false;

        var (now, since) = (parts.Clock.GetUtcNow(), parts.Clock.GetUtcNow() - handOff.ResumeAfter);
        if (handOff.At > since) return true;

        var late = await parts.Queries.RecentAsync(known.Conversation.Id, now, since, MaxLooked).ConfigureAwait(false);
        return late.Any(record => record.Message is { Direction: Direction.Outbound, Processor: null, Automatic: null });
    }

    private async Task PutOffAsync(SQSEvent.SQSMessage[] records, TimeSpan wait)
    {
        try
        {
            await parts.Queues.PutOffAsync(
                parts.Queue,
                [.. records.Select((record, index) => (record.ReceiptHandle, index == 0 ? wait : TimeSpan.Zero))]).ConfigureAwait(false);
        }
        catch (Exception fault) when (fault is not OutOfMemoryException)
        {
            // They come when their visibility ends.
            Log.NotTaken(parts.Log, fault, records[0].MessageId);
        }
    }

    private static Conversation? ConversationOf(TurnCommand command, Dialog? known) =>
        command is TurnCommand.Hear heard ? heard.Message.Conversation : known?.Conversation;

    private static TurnCommand? Parse(SQSEvent.SQSMessage record)
    {
        try
        {
            var command = JsonSerializer.Deserialize(record.Body, OmniJson.Wire.TurnCommand);
            if (command is TurnCommand.Hear heard)
            {
                JsonLogger.Trace = heard.Message.Trace;
                return CarrierCatalogue.Find(heard.Message.Carrier) is null ? null : command;
            }

            return command;
        }
        catch (Exception unreadable) when (unreadable is JsonException or FormatException or NotSupportedException)
        {
            return null;
        }
    }
}
