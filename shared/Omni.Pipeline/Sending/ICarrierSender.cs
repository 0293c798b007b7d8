using Omni.Shared;

namespace Omni.Pipeline;

/// <summary>One part of a message on its way to the carrier.</summary>
/// <param name="Message">The message.</param>
/// <param name="Index">Which part, from 0.</param>
/// <param name="Reference">Our reference to this attempt, to travel in the field that the carrier gives back.</param>
public sealed record OutboundPart(Message Message, int Index, AttemptReference Reference)
{
    /// <summary>This part's piece of a text.</summary>
    /// <param name="text">The whole text.</param>
    public string Slice(string text) => Message.Parts[Index].Slice(text);

    /// <summary>Whether the request may have left: from here on a lost answer is unknown, not deferred. <see cref="CarrierHttp"/> sets it.</summary>
    public bool HasLeft { get; internal set; }
}

/// <summary>Makes one attempt at sending one part through one carrier. Retrying belongs to the queue.</summary>
public interface ICarrierSender
{
    /// <summary>Sends a part.</summary>
    /// <param name="part">The part.</param>
    /// <param name="cancellation">Ends the attempt; its outcome is then unknown.</param>
    /// <returns>What the carrier did. Exceptions are bugs.</returns>
    Task<SendOutcome> SendAsync(OutboundPart part, CancellationToken cancellation);
}

/// <summary>A carrier where one can look up what became of a part whose answer was lost.</summary>
public interface ICarrierLookup
{
    /// <summary>Finds messages at the carrier that may be this part.</summary>
    /// <param name="part">The part; its reference names the attempt whose answer was lost.</param>
    /// <param name="since">When that attempt began.</param>
    /// <param name="cancellation">Stops the call.</param>
    /// <returns>The carrier's ids, likeliest first. Some may belong to other messages of ours.</returns>
    Task<IReadOnlyList<string>> FindAsync(OutboundPart part, DateTimeOffset since, CancellationToken cancellation);
}
