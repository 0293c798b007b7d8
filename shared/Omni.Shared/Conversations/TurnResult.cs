using System.Text.Json.Serialization;

namespace Omni.Shared;

/// <summary>What became of the turn that a person's message gives its processor.</summary>
[JsonConverter(typeof(CamelCaseEnumConverter<TurnResult>))]
public enum TurnResult
{
    /// <summary>The processor had its turn.</summary>
    Taken,

    /// <summary>The processor had its turn, and left the message alone.</summary>
    Ignored,

    /// <summary>None: people have the conversation.</summary>
    HandedOff,

    /// <summary>None: two machines seem to talk to each other.</summary>
    Muted,

    /// <summary>The processor failed, as often as it was tried: people have the conversation since.</summary>
    Failed,
}

/// <summary>That people go on with a conversation instead of its processor.</summary>
/// <param name="At">Since when.</param>
/// <param name="Reason">Why, in a word or a sentence of the processor's or of a client's; <c>fault</c> when the processor failed.</param>
/// <param name="ResumeAfter">How long nobody may answer until the processor has turns again.</param>
public sealed record HandOff(DateTimeOffset At, string Reason, TimeSpan ResumeAfter)
{
    /// <summary>A day: <see cref="ResumeAfter"/> where nothing else is said.</summary>
    public static readonly TimeSpan DefaultResumeAfter = TimeSpan.FromHours(24);

    /// <summary>The reason of a processor that failed as often as it was tried.</summary>
    public const string Fault = "fault";
}
