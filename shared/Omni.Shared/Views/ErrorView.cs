namespace Omni.Shared;

/// <summary>Why a message did not succeed, or waits.</summary>
/// <param name="Code">The reason, the same word for every carrier.</param>
/// <param name="CarrierCode">The carrier's own code.</param>
/// <param name="Detail">The reason as a sentence.</param>
/// <param name="Help">What to do about it, as a sentence.</param>
/// <param name="Retryable">Whether the same message, sent anew later, may succeed.</param>
/// <param name="Link">The carrier's page that explains its code; null where it gave none or explains none.</param>
public sealed record ErrorView(string Code, string? CarrierCode, string Detail, string Help, bool Retryable, Uri? Link)
{
    /// <summary>Why a message or part is where it is; null when it did not fail.</summary>
    /// <param name="rank">Where it is.</param>
    /// <param name="carrier">The carrier's id.</param>
    public static ErrorView? Of(RankKey rank, string carrier)
    {
        if (rank.Reason is not { } reason) return null;

        var (detail, help, retryable) = Explain(reason);
        return new(reason.Code(), rank.CarrierCode, detail, help, retryable, CarrierCatalogue.Find(carrier)?.ErrorPageOf(rank.CarrierCode));
    }

    /// <summary>
    /// Why a message is where it is; null when it did not fail. Of a file that cannot go, it is said what is wrong with it.
    /// </summary>
    /// <param name="record">The message.</param>
    public static ErrorView? Of(MessageRecord record) =>
        Of(record.State.Rank, record.StatusCarrier) is { } error
            ? error with { Detail = record.State.MediaProblem ?? error.Detail }
            : null;

    /// <summary>Why a part waits to be tried again; null when it was never put off, or is past that.</summary>
    /// <param name="part">The part.</param>
    /// <param name="carrier">The carrier's id.</param>
    public static ErrorView? OfDeferral(PartState part, string carrier) =>
        part is { Deferral: { } deferral, Rank.Status: < MessageStatus.Unknown } ? Of(deferral, carrier) : null;

    /// <summary>Why a message waits to be tried again: the first of its parts that does.</summary>
    /// <param name="record">The message.</param>
    public static ErrorView? OfDeferral(MessageRecord record) =>
        record.State.Parts.Select(part => OfDeferral(part, record.Message.Carrier)).FirstOrDefault(deferral => deferral is not null);

    /// <summary>A reason in words, what to do about it, and whether it passes.</summary>
    /// <param name="reason">The reason.</param>
    public static (string Detail, string Help, bool Retryable) Explain(FailureReason reason) => reason switch
    {
        FailureReason.Unknown => (
            "The carrier did not say why, or not in words that are known.",
            "Look the carrier's code up, or ask the carrier.",
            false),
        FailureReason.Auth => (
            "The carrier refuses Omni's credentials or account.",
            "Set the credentials or the account right; what waits then goes by itself.",
            true),
        FailureReason.Configuration => (
            "Omni's account or settings at the carrier are wrong.",
            "Set right what the carrier's code names; what waits then goes by itself.",
            true),
        FailureReason.PaymentRequired => (
            "The account at the carrier has no balance, or its payment fails.",
            "Top up the account or mend its payment; what waits then goes by itself.",
            true),
        FailureReason.RateLimited => (
            "Too many messages in too short a time.",
            "Send more slowly, or have the carrier raise the rate; Omni waits and tries again while there is time.",
            true),
        FailureReason.CarrierFault => (
            "The carrier had a fault.",
            "Look at the carrier's status page, and send it anew when the fault has passed.",
            true),
        FailureReason.InvalidRecipient => (
            "The recipient's address is wrong or cannot take messages.",
            "Check the address, and do not write to it again as it is.",
            false),
        FailureReason.SenderMisconfigured => (
            "The sender is not registered at the carrier, or cannot send this.",
            "Register the sender at the carrier for this, or send from another.",
            false),
        FailureReason.DestinationForbidden => (
            "The account may not send to that destination.",
            "Have the carrier allow the destination to the account.",
            false),
        FailureReason.BadRequest => (
            "The carrier found the request wrong.",
            "Change what the carrier's code names; unchanged it is refused again.",
            false),
        FailureReason.OptedOut => (
            "The recipient opted out.",
            "Do not write to them until they opt in again.",
            false),
        FailureReason.MarketingOptedOut => (
            "The recipient opted out of marketing.",
            "Send them no marketing; other messages may go on.",
            false),
        FailureReason.Unreachable => (
            "The recipient's device is off or out of reach.",
            "Send it anew later, or through another carrier.",
            true),
        FailureReason.Blocked => (
            "The recipient or their network blocks the sender.",
            "Do not repeat it: more of the same harms the sender's standing.",
            false),
        FailureReason.Withheld => (
            "The carrier holds messages like it back from this person for a time.",
            "Wait a day or longer before you send them anything like it.",
            true),
        FailureReason.Filtered => (
            "The message was filtered as unwanted.",
            "Change the text and check the sender's registration; the same text is filtered again.",
            false),
        FailureReason.ContentTooLong => (
            "The text is too long for the carrier.",
            "Shorten the text.",
            false),
        FailureReason.ContentRejected => (
            "The carrier refused the content.",
            "Change what the carrier's code names in the content.",
            false),
        FailureReason.MediaRejected => (
            "The carrier could not take or fetch the file.",
            "Check that everybody can fetch the file, and that the carrier takes its type.",
            false),
        FailureReason.MediaTooLarge => (
            "The file is too large.",
            "Make the file smaller: the limits are in GET /api/v1/carriers.",
            false),
        FailureReason.TemplateRejected => (
            "The template is not known, not approved, or its variables do not fit.",
            "Compare name, language and variables with what the carrier approved.",
            false),
        FailureReason.WindowClosed => (
            "The carrier's reply window is closed: only a template may be sent.",
            "Send a template, or wait until the person writes.",
            false),
        FailureReason.Expired => (
            "Its time to live passed before it could be sent.",
            "See in the timeline what held it, then send it anew or with a longer ttlSeconds.",
            true),
        FailureReason.Canceled => (
            "It was canceled.",
            "Send it anew if it is wanted after all.",
            false),
        FailureReason.RetriesExhausted => (
            "It was tried as often as allowed.",
            "See in the timeline what held it, and send it anew when that has passed.",
            true),
        FailureReason.EarlierPartFailed => (
            "An earlier part of the same message failed, so this part was not sent.",
            "See why that part failed.",
            false),
        FailureReason.Unsupported => (
            "The carrier does not carry this kind of content.",
            "Send another kind of content, or let adapt make text of it.",
            false),
        _ => throw new System.Diagnostics.UnreachableException(),
    };
}
