namespace Omni.Shared;

/// <summary>That a conversation goes on without its processor, as clients see it.</summary>
/// <param name="ConversationId">The conversation.</param>
/// <param name="Carrier">The carrier's id.</param>
/// <param name="Ours">Our address.</param>
/// <param name="Theirs">The person.</param>
/// <param name="Processor">The processor; null when it had no turn yet.</param>
/// <param name="Reason">Why.</param>
/// <param name="At">Since when.</param>
/// <param name="ResumesAt">
/// When the processor has turns again: of a hand-over, when nobody answers until then; each answer of people puts it off.
/// </param>
public sealed record ConversationChangeView(
    string ConversationId,
    string Carrier,
    Address Ours,
    Address Theirs,
    string? Processor,
    string Reason,
    DateTimeOffset At,
    DateTimeOffset ResumesAt);
