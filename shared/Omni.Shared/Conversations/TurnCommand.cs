using System.Text.Json.Serialization;

namespace Omni.Shared;

/// <summary>What gives a processor a turn in a conversation: a record of its queue. The set is closed.</summary>
[JsonPolymorphic(TypeDiscriminatorPropertyName = "type")]
[JsonDerivedType(typeof(Hear), "hear")]
[JsonDerivedType(typeof(Wake), "wake")]
public abstract record TurnCommand
{
    private TurnCommand() { }

    /// <summary>The conversation.</summary>
    [JsonIgnore]
    public abstract string ConversationId { get; }

    /// <summary>
    /// The turn's id: the same however often its record comes. What a processor does elsewhere has it as idempotency key.
    /// </summary>
    [JsonIgnore]
    public abstract string TurnId { get; }

    /// <summary>A person wrote. It carries the whole message, so that the processor reads nothing but the conversation's state.</summary>
    public sealed record Hear : TurnCommand
    {
        /// <summary>The message.</summary>
        public required Message Message { get; init; }

        /// <summary>What became of each of its files: kept, or given up.</summary>
        public IReadOnlyList<FileState>? Files { get; init; }

        /// <inheritdoc/>
        [JsonIgnore]
        public override string ConversationId => Message.ConversationId;

        /// <inheritdoc/>
        [JsonIgnore]
        public override string TurnId => Message.Id;
    }

    /// <summary>A moment came that the processor wished to be woken at.</summary>
    public sealed record Wake : TurnCommand
    {
        /// <summary>The conversation.</summary>
        public required string Conversation { get; init; }

        /// <summary>The processor's name for it.</summary>
        public required string Name { get; init; }

        /// <summary>The moment. A wake that has another by now was moved, and this one is nothing.</summary>
        public required DateTimeOffset DueAt { get; init; }

        /// <inheritdoc/>
        [JsonIgnore]
        public override string ConversationId => Conversation;

        /// <inheritdoc/>
        [JsonIgnore]
        public override string TurnId => Ids.Wake(Conversation, Name, DueAt);
    }
}
