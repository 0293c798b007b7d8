using System.Text;
using System.Text.Json;
using Omni.Aws;
using Omni.Shared;

namespace Omni.Conversations;

/// <summary>
/// Takes a turn, and tells what it does. It writes nothing and calls nobody but the processor: a turn that is taken again tells the same,
/// as far as the processor does.
/// </summary>
/// <param name="processor">The processor.</param>
/// <param name="name">Its name.</param>
/// <param name="linkTo">Makes a link to a person's kept file: the tenant and the file's id.</param>
internal sealed class TurnTaker(MessageProcessor processor, string name, Func<string, string, Uri>? linkTo = null)
{
    /// <summary>Takes the turn that a person's message gives.</summary>
    /// <param name="heard">The message.</param>
    /// <param name="known">What the last turn left; null before the first one.</param>
    /// <param name="isHandedOff">Whether people have the conversation still.</param>
    /// <param name="now">The time.</param>
    /// <param name="cancellation">Stops it.</param>
    /// <exception cref="TurnException">The processor asked for what cannot be.</exception>
    public async Task<TurnEffects> HearAsync(
        TurnCommand.Hear heard, Dialog? known, bool isHandedOff, DateTimeOffset now, CancellationToken cancellation)
    {
        var message = heard.Message;
        if (isHandedOff) return new(heard.TurnId, null, message.Id, TurnResult.HandedOff, [], null);
        if (known?.MutedUntil > now) return new(heard.TurnId, null, message.Id, TurnResult.Muted, [], null);

        var dialog = Begin(known, message.Conversation);
        var text = message.Content is TextContent { Body: var body } ? body : null;
        var (late, loop) = LoopGuard.Hear(dialog.Heard, text, now);
        var wroteAt = message.SentAt ?? message.CreatedAt;
        dialog = dialog with { Heard = late, LastInboundAt = wroteAt > dialog.LastInboundAt ? wroteAt : dialog.LastInboundAt ?? wroteAt };
        if (loop is not null)
        {
            var muted = dialog with { Heard = [], MutedUntil = now + LoopGuard.Span, LastTurn = heard.TurnId, Faults = null };
            return new(
                heard.TurnId, muted, message.Id, TurnResult.Muted, [],
                DialogEvents.LoopStopped(muted, heard.TurnId, loop, now));
        }

        var start = new TurnStart
        {
            Id = heard.TurnId,
            Dialog = dialog,
            Message = PersonMessage.Of(heard, dialog.Menu, linkTo is null ? null : id => linkTo(message.Tenant, id)),
            Now = now,
        };
        return await TakeAsync(start, message.Id, cancellation).ConfigureAwait(false);
    }

    /// <summary>Takes the turn that a wake gives.</summary>
    /// <param name="wake">The wake.</param>
    /// <param name="known">What the last turn left.</param>
    /// <param name="now">The time.</param>
    /// <param name="cancellation">Stops it.</param>
    /// <returns>What it does; null when the wake is gone or was moved.</returns>
    /// <exception cref="TurnException">The processor asked for what cannot be.</exception>
    public async Task<TurnEffects?> WakeAsync(TurnCommand.Wake wake, Dialog? known, DateTimeOffset now, CancellationToken cancellation)
    {
        if (known is null || known.Processor != name) return null;
        if (!known.Wakes.TryGetValue(wake.Name, out var dueAt) || dueAt != wake.DueAt) return null;

        var left = known.Wakes.Where(other => other.Key != wake.Name).ToDictionary();
        var start = new TurnStart { Id = wake.TurnId, Dialog = known with { Wakes = left }, Wake = wake.Name, Now = now };
        return await TakeAsync(start, messageId: null, cancellation).ConfigureAwait(false);
    }

    /// <summary>Gives a conversation to people because the processor failed as often as it was tried.</summary>
    /// <param name="command">What gave the turn.</param>
    /// <param name="known">What the last turn left; null before the first one.</param>
    /// <param name="conversation">The conversation.</param>
    /// <param name="now">The time.</param>
    public TurnEffects GiveUp(TurnCommand command, Dialog? known, Conversation conversation, DateTimeOffset now)
    {
        var handOff = new HandOff(now, HandOff.Fault, HandOff.DefaultResumeAfter);
        var given = Begin(known, conversation).GivenAway(handOff, command.TurnId);
        return new(
            command.TurnId, given, (command as TurnCommand.Hear)?.Message.Id, TurnResult.Failed, [],
            DialogEvents.HandedOff(given, command.TurnId));
    }

    private static readonly Dictionary<string, DateTimeOffset> NoWakes = [];

    private async Task<TurnEffects> TakeAsync(TurnStart start, string? messageId, CancellationToken cancellation)
    {
        var (turn, state) = await processor.TakeAsync(start, cancellation).ConfigureAwait(false);
        var left = start.Dialog with { HandOff = null, MutedUntil = null, LastTurn = start.Id, Faults = null };
        if (turn.IsIgnored) return new(start.Id, left, messageId, TurnResult.Ignored, [], null);

        var after = turn.IsEnded
            ? left with { State = null, Wakes = NoWakes, Menu = [] }
            : left with { State = Encoding.UTF8.GetString(state), Wakes = turn.Wakes, Menu = turn.Menu };
        Measure(after);
        if (turn.HandedOff is { } handOff) after = after.GivenAway(handOff, start.Id);
        return new(
            start.Id, after, messageId, TurnResult.Taken, Chain(turn.Replies),
            turn.HandedOff is null ? null : DialogEvents.HandedOff(after, start.Id));
    }

    /// <summary>The first reply names the others: whoever sends it off sends them after it.</summary>
    private static IReadOnlyList<Message> Chain(IReadOnlyList<Message> replies) =>
        [.. replies.Select((reply, index) => index < replies.Count - 1
            ? reply with { Followers = [.. replies.Skip(index + 1).Select(later => later.Id)] }
            : reply)];

    private static void Measure(Dialog dialog)
    {
        var bytes = Encoding.UTF8.GetByteCount(dialog.State ?? "")
            + JsonSerializer.SerializeToUtf8Bytes(dialog.Menu, OmniJson.Wire.IReadOnlyListChoice).Length
            + dialog.Wakes.Keys.Sum(Encoding.UTF8.GetByteCount);
        if (bytes > Turn.MaxStateBytes)
            throw new TurnException($"What is kept of a conversation has at most {Turn.MaxStateBytes} bytes; this has {bytes}.");
    }

    /// <summary>
    /// What a turn begins with. Another processor than the last one begins anew; who has the conversation stays as it is.
    /// </summary>
    private Dialog Begin(Dialog? known, Conversation conversation)
    {
        var dialog = known ?? new Dialog { Conversation = conversation };
        return dialog.Processor == name
            ? dialog
            : dialog with { Processor = name, State = null, Wakes = NoWakes, Menu = [] };
    }
}
