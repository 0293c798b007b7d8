using Omni.Shared;

namespace Omni.Api;

/// <summary>Why a message did not succeed.</summary>
/// <param name="Code">The reason, the same word for every carrier.</param>
/// <param name="CarrierCode">The carrier's own code.</param>
/// <param name="Detail">The reason as a sentence.</param>
/// <param name="Retryable">Whether the same message, sent anew later, may succeed.</param>
internal sealed record ErrorView(string Code, string? CarrierCode, string Detail, bool Retryable)
{
    public static ErrorView? Of(RankKey rank)
    {
        if (rank.Reason is not { } reason) return null;

        var (detail, retryable) = Explain(reason);
        return new(reason.Code(), rank.CarrierCode, detail, retryable);
    }

    /// <summary>A reason in words, and whether it passes.</summary>
    public static (string Detail, bool Retryable) Explain(FailureReason reason) => reason switch
    {
        FailureReason.Unknown => ("The carrier did not say why, or not in words that are known.", false),
        FailureReason.Auth => ("The carrier refuses Omni's credentials or account.", true),
        FailureReason.Configuration => ("Omni's account or settings at the carrier are wrong.", true),
        FailureReason.RateLimited => ("Too many messages in too short a time.", true),
        FailureReason.CarrierFault => ("The carrier had a fault.", true),
        FailureReason.InvalidRecipient => ("The recipient's address is wrong or cannot take messages.", false),
        FailureReason.SenderMisconfigured => ("The sender is not registered at the carrier, or cannot send this.", false),
        FailureReason.DestinationForbidden => ("The account may not send to that destination.", false),
        FailureReason.BadRequest => ("The carrier found the request wrong.", false),
        FailureReason.OptedOut => ("The recipient opted out.", false),
        FailureReason.MarketingOptedOut => ("The recipient opted out of marketing.", false),
        FailureReason.Unreachable => ("The recipient's device is off or out of reach.", true),
        FailureReason.Blocked => ("The recipient or their network blocks the sender.", false),
        FailureReason.Filtered => ("The message was filtered as unwanted.", false),
        FailureReason.ContentTooLong => ("The text is too long for the carrier.", false),
        FailureReason.ContentRejected => ("The carrier refused the content.", false),
        FailureReason.MediaRejected => ("The carrier could not take or fetch the file.", false),
        FailureReason.MediaTooLarge => ("The file is too large.", false),
        FailureReason.TemplateRejected => ("The template is not known, not approved, or its variables do not fit.", false),
        FailureReason.WindowClosed => ("The carrier's reply window is closed: only a template may be sent.", false),
        FailureReason.Expired => ("Its time to live passed before it could be sent.", true),
        FailureReason.Canceled => ("It was canceled.", false),
        FailureReason.RetriesExhausted => ("It was tried as often as allowed.", true),
        FailureReason.EarlierPartFailed => ("An earlier part of the same message failed, so this part was not sent.", false),
        FailureReason.Unsupported => ("The carrier does not carry this kind of content.", false),
        _ => throw new System.Diagnostics.UnreachableException(),
    };
}
