using Omni.Shared;

namespace Omni.Aws;

/// <summary>A text that a person wrote, by its hash: enough to hear that it is the same again.</summary>
/// <param name="At">When, in whole seconds.</param>
/// <param name="Text">The hash; 0 for what is no text.</param>
public readonly record struct HeardText(DateTimeOffset At, int Text);

/// <summary>What a conversation's processor left between two turns: an item of its own, beside the conversation's.</summary>
public sealed record Dialog
{
    /// <summary>The conversation.</summary>
    public required Conversation Conversation { get; init; }

    /// <summary>The processor that had the last turn; null when people took the conversation before the first one.</summary>
    public string? Processor { get; init; }

    /// <summary>Counts its writes: a turn is written only over what it began with. 0 for one that is not written yet.</summary>
    public long Version { get; init; }

    /// <summary>The processor's own state, as JSON; null for none.</summary>
    public string? State { get; init; }

    /// <summary>When the processor is to be woken, by the names that it gave.</summary>
    public IReadOnlyDictionary<string, DateTimeOffset> Wakes { get; init; } = new Dictionary<string, DateTimeOffset>();

    /// <summary>The choices that the person was last offered, in the order of their numbers.</summary>
    public IReadOnlyList<Choice> Menu { get; init; } = [];

    /// <summary>When the person last wrote, by the carrier's clock where it tells.</summary>
    public DateTimeOffset? LastInboundAt { get; init; }

    /// <summary>What was heard of late, for the loop guard.</summary>
    public IReadOnlyList<HeardText> Heard { get; init; } = [];

    /// <summary>Until when there are no turns, because two machines seem to talk to each other; null when they do not.</summary>
    public DateTimeOffset? MutedUntil { get; init; }

    /// <summary>That people have the conversation; null when the processor has it.</summary>
    public HandOff? HandOff { get; init; }

    /// <summary>The turn that was written last; null for none.</summary>
    public string? LastTurn { get; init; }

    /// <summary>The turn that failed last, and how often it did; null when the last one did not.</summary>
    public (string Turn, int Count)? Faults { get; init; }

    /// <summary>The same in people's hands: nobody is woken meanwhile, and what the processor knew stays.</summary>
    /// <param name="handOff">The hand-over.</param>
    /// <param name="turnId">The turn that gives it away; of people's wish, whatever tells it from others.</param>
    public Dialog GivenAway(HandOff handOff, string turnId) =>
        this with { HandOff = handOff, Wakes = new Dictionary<string, DateTimeOffset>(), LastTurn = turnId, Faults = null };
}

/// <summary>What clients are told of conversations that go on without their processor.</summary>
public static class DialogEvents
{
    /// <summary>That people have it.</summary>
    /// <param name="dialog">What is left for them.</param>
    /// <param name="turnId">What tells this hand-over from others of the conversation.</param>
    public static ClientEvent HandedOff(Dialog dialog, string turnId) => Of(
        dialog, EventTypes.ConversationHandedOff, turnId, dialog.HandOff!.Reason, dialog.HandOff.At,
        dialog.HandOff.At + dialog.HandOff.ResumeAfter);

    /// <summary>That two machines seem to talk to each other.</summary>
    /// <param name="dialog">What is left: there are no turns until <see cref="Dialog.MutedUntil"/>.</param>
    /// <param name="turnId">The turn that was not taken.</param>
    /// <param name="reason">What tells that they do.</param>
    /// <param name="now">The time.</param>
    public static ClientEvent LoopStopped(Dialog dialog, string turnId, string reason, DateTimeOffset now) =>
        Of(dialog, EventTypes.ConversationLoopStopped, turnId, reason, now, dialog.MutedUntil!.Value);

    private static ClientEvent Of(
        Dialog dialog, string type, string turnId, string reason, DateTimeOffset at, DateTimeOffset resumesAt)
    {
        var conversation = dialog.Conversation;
        return new()
        {
            Id = Ids.Event(conversation.Id, type, turnId),
            Type = type,
            Timestamp = at,
            Tenant = conversation.Tenant,
            Data = EventData.Of(
                new ConversationChangeView(
                    conversation.Id, conversation.Carrier, conversation.Ours, conversation.Theirs, dialog.Processor, reason, at, resumesAt),
                EventJson.Wire.ConversationChangeView),
        };
    }
}

/// <summary>What a turn does, all of it at once.</summary>
/// <param name="TurnId">The turn.</param>
/// <param name="Dialog">What is left for the next one, over the version that the turn began with; null to leave it as it is.</param>
/// <param name="MessageId">The person's message, which has no second turn; null for a wake.</param>
/// <param name="Result">What became of it.</param>
/// <param name="Replies">The replies, planned, in order.</param>
/// <param name="Event">What clients are told of; null for nothing.</param>
public sealed record TurnEffects(
    string TurnId, Dialog? Dialog, string? MessageId, TurnResult Result, IReadOnlyList<Message> Replies, ClientEvent? Event);

/// <summary>What became of the writing of a turn.</summary>
public enum TurnWritten
{
    /// <summary>All of it is written.</summary>
    Done,

    /// <summary>Nothing is written: the message had its turn, or is not there any more.</summary>
    HadItsTurn,

    /// <summary>Nothing is written: somebody else changed what the turn began with. It is to be taken again.</summary>
    Conflict,
}
