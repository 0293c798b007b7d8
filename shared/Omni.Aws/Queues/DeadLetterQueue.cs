using System.Text.Json.Serialization;
using Omni.Shared;

namespace Omni.Aws;

/// <summary>What a dead-letter queue holds.</summary>
[JsonConverter(typeof(CamelCaseEnumConverter<DeadLetterKind>))]
public enum DeadLetterKind
{
    /// <summary>What a carrier's sender was to do.</summary>
    Commands,

    /// <summary>What webhooks took.</summary>
    Inbound,

    /// <summary>Changes of messages that the Dispatcher could not make work of.</summary>
    Changes,

    /// <summary>Changes of messages that the recorder could not tell clients of.</summary>
    Events,

    /// <summary>What wakes the workers of clients' endpoints.</summary>
    Wakes,

    /// <summary>What asks for a step of a batch's release.</summary>
    Batches,

    /// <summary>Messages whose files were to be made into what their carriers take.</summary>
    Media,

    /// <summary>What was to give a processor a turn.</summary>
    Turns,

    /// <summary>What asks that a message's plan of legs be followed.</summary>
    Plans,
}

/// <summary>A queue of what our own faults left behind.</summary>
/// <param name="Kind">What it holds.</param>
/// <param name="Url">Its URL.</param>
/// <param name="Carrier">The carrier whose sender it belongs to; null for none.</param>
/// <param name="Sources">
/// The URLs of the queues that its records were in: of a sender's, that for bulk comes second. Empty for a stream's.
/// </param>
public sealed record DeadLetterQueue(DeadLetterKind Kind, string Url, Carrier? Carrier, params IReadOnlyList<string> Sources)
{
    /// <summary>Its name, as AWS shows it.</summary>
    public string Name => Url[(Url.LastIndexOf('/') + 1)..];
}

/// <summary>A dead letter, as far as it can be shown: nothing of what it says.</summary>
/// <param name="Id">The queue's id of it.</param>
/// <param name="What">What it is: a command's type, an event's; <c>unreadable</c>.</param>
/// <param name="Subject">The message, event or endpoint that it is about; null where that cannot be read.</param>
/// <param name="Problem">Why it is here.</param>
/// <param name="Since">When it was put here. In a queue that keeps no order: when it was first put into its own.</param>
/// <param name="Bytes">How long it is.</param>
public sealed record DeadLetter(string Id, string What, string? Subject, string Problem, DateTimeOffset Since, int Bytes);

/// <summary>What became of a dead letter that was to be redriven.</summary>
public enum Redriven
{
    /// <summary>It is on its way again.</summary>
    Again,

    /// <summary>There is nothing left to do for it.</summary>
    Finished,

    /// <summary>It stays: what it is about cannot be read yet.</summary>
    Kept,
}
