namespace Omni.Shared;

/// <summary>What a carrier did with one part. The set is closed: the pipeline switches on it.</summary>
public abstract record SendOutcome
{
    private SendOutcome() { }

    /// <summary>The carrier took the part.</summary>
    /// <param name="CarrierMessageId">The carrier's id; null when its answer could not be read.</param>
    /// <param name="KnownAs">
    /// The addresses that the carrier names the person by, first the one that it knows them by: their answers come from there. The one that
    /// we wrote to may be among them; null where the carrier names none.
    /// </param>
    /// <param name="Thread">The carrier's id of the stretch of conversation that it went into, where the carrier has such.</param>
    /// <param name="CarrierCode">
    /// The carrier's word for what it does with the part before it sends it on, such as a hold; null when it just sends it.
    /// </param>
    public sealed record Accepted(
        string? CarrierMessageId, IReadOnlyList<Address>? KnownAs = null, string? Thread = null, string? CarrierCode = null) : SendOutcome;

    /// <summary>Permanent: sending the same part again gives the same answer.</summary>
    /// <param name="Reason">Why, in our words.</param>
    /// <param name="CarrierCode">The carrier's own code.</param>
    /// <param name="CarrierMessageId">The carrier's id, where it kept the part that it refused; null when it did not.</param>
    public sealed record Rejected(FailureReason Reason, string CarrierCode, string? CarrierMessageId = null) : SendOutcome;

    /// <summary>Transient, and surely not taken: try again.</summary>
    /// <param name="Cause">What kind of hindrance it was.</param>
    /// <param name="CarrierCode">The carrier's own code, or a word for what happened.</param>
    /// <param name="RetryAfter">The wait that the carrier named; null when it named none.</param>
    public sealed record Deferred(DeferralCause Cause, string CarrierCode, TimeSpan? RetryAfter = null) : SendOutcome
    {
        /// <summary>Why, in our words: by default what the cause says, where a code is known what the code says.</summary>
        public FailureReason Reason { get; init; } = Cause switch
        {
            DeferralCause.Throttled or DeferralCause.RecipientThrottled => FailureReason.RateLimited,
            DeferralCause.OurFault => FailureReason.Auth,
            DeferralCause.Media => FailureReason.MediaRejected,
            _ => FailureReason.CarrierFault,
        };
    }

    /// <summary>The request left and the answer was lost: it may have been sent. Reconciled, never repeated blindly.</summary>
    /// <param name="Cause">What happened to the answer.</param>
    public sealed record Unknown(string Cause) : SendOutcome;
}

/// <summary>Why a send was put off.</summary>
public enum DeferralCause
{
    /// <summary>The carrier was not reached, or refused for a passing fault of its own.</summary>
    CarrierUnavailable,

    /// <summary>Too fast for the carrier: the sender's line is held.</summary>
    Throttled,

    /// <summary>Too fast for this one person: only this conversation waits.</summary>
    RecipientThrottled,

    /// <summary>Our credentials or settings are refused. The message stays until they are mended; an alarm tells.</summary>
    OurFault,

    /// <summary>
    /// The file that the message names could not be fetched from its own host: no fault of the carrier, and tried a few times only.
    /// </summary>
    Media,
}
