namespace Omni.Api;

/// <summary>A kind of problem. Codes are stable: clients decide by them.</summary>
/// <param name="Code">Its code.</param>
/// <param name="Status">The HTTP status it travels with.</param>
/// <param name="Title">What it means, in a few words.</param>
/// <param name="Retryable">Whether the same request may succeed later.</param>
internal sealed record ProblemKind(string Code, int Status, string Title, bool Retryable = false)
{
    /// <summary>The path under which the API itself explains it.</summary>
    public string Path => ReadProblem.PathOf(Code);

    public ApiResult.Refusal Because(string detail, IReadOnlyList<FieldError>? errors = null) => new(this, detail, errors);

    /// <summary>The refusal of fields, all named at once.</summary>
    public ApiResult.Refusal Because(IReadOnlyList<FieldError> errors) =>
        new(
            this,
            errors is [var only] ? $"{only.Field}: {only.Detail}" : $"{errors.Count} things are wrong; errors names them all.",
            errors);
}

/// <summary>The catalogue of problems.</summary>
internal static class Problems
{
    public static readonly ProblemKind InvalidJson = new("invalid_json", 400, "The body is not readable JSON");
    public static readonly ProblemKind InvalidRequest = new("invalid_request", 400, "Fields of the request are wrong");
    public static readonly ProblemKind InvalidParameter = new("invalid_parameter", 400, "Query parameters are wrong");
    public static readonly ProblemKind InvalidCursor = new("invalid_cursor", 400, "The cursor does not belong to this list");
    public static readonly ProblemKind InvalidIdempotencyKey = new("invalid_idempotency_key", 400, "The idempotency key is malformed");
    public static readonly ProblemKind Unauthorized = new("unauthorized", 401, "A valid API key is needed");
    public static readonly ProblemKind KeyExpired = new("key_expired", 401, "The API key has expired");
    public static readonly ProblemKind KeyDeleted = new("key_deleted", 401, "The API key was deleted");
    public static readonly ProblemKind InsufficientScope = new("insufficient_scope", 403, "The API key may not do this");
    public static readonly ProblemKind NotFound = new("not_found", 404, "There is no such path");
    public static readonly ProblemKind MessageNotFound = new("message_not_found", 404, "There is no such message");
    public static readonly ProblemKind BatchNotFound = new("batch_not_found", 404, "There is no such batch");
    public static readonly ProblemKind SessionNotFound = new("session_not_found", 404, "There is no such conversation");
    public static readonly ProblemKind MediaNotFound = new("media_not_found", 404, "There is no such file");
    public static readonly ProblemKind CarrierNotFound = new("carrier_not_found", 404, "There is no such carrier");
    public static readonly ProblemKind EndpointNotFound = new("endpoint_not_found", 404, "There is no such webhook endpoint");
    public static readonly ProblemKind KeyNotFound = new("key_not_found", 404, "There is no such API key");
    public static readonly ProblemKind SenderNotFound = new("sender_not_found", 404, "There is no such sender");
    public static readonly ProblemKind DeletionNotFound = new("deletion_not_found", 404, "The person was not asked to be deleted");
    public static readonly ProblemKind EventsOff = new("events_off", 404, "This stage keeps no events");
    public static readonly ProblemKind MethodNotAllowed = new("method_not_allowed", 405, "The path does not know this method");
    public static readonly ProblemKind TooLate = new("too_late", 409, "The message has left already");
    public static readonly ProblemKind LegOfAnother = new("leg_of_another", 409, "The message is a leg of another one");
    public static readonly ProblemKind BatchOver = new("batch_over", 409, "Nothing of the batch is left to send");
    public static readonly ProblemKind NotFailed = new("not_failed", 409, "The message arrived, or still may");
    public static readonly ProblemKind AlreadyResent = new("already_resent", 409, "The message was sent again already");
    public static readonly ProblemKind TooManyEndpoints = new(
        "too_many_endpoints", 409, "There are as many webhook endpoints as there may be");
    public static readonly ProblemKind TooManyKeys = new("too_many_keys", 409, "There are as many API keys as there may be");
    public static readonly ProblemKind SenderTaken = new("sender_taken", 409, "The sender belongs to another tenant");
    public static readonly ProblemKind EndpointNotAnswering = new(
        "endpoint_not_answering", 409, "The endpoint did not take a test event", Retryable: true);
    public static readonly ProblemKind EnabledRecently = new(
        "enabled_recently", 409, "The endpoint was enabled a short while ago", Retryable: true);
    public static readonly ProblemKind PositionExpired = new("position_expired", 409, "The events from there on are no longer kept");
    public static readonly ProblemKind ChangedMeanwhile = new(
        "changed_meanwhile", 409, "Something else changed it at the same time", Retryable: true);
    public static readonly ProblemKind RequestInProgress = new(
        "request_in_progress", 409, "The same request is being handled", Retryable: true);
    public static readonly ProblemKind ContentDeleted = new("content_deleted", 410, "What the message said was deleted");
    public static readonly ProblemKind CursorExpired = new("cursor_expired", 410, "Events that followed on the cursor are gone");
    public static readonly ProblemKind PreconditionFailed = new(
        "precondition_failed", 412, "It was changed since it was read");
    public static readonly ProblemKind BodyTooLarge = new("body_too_large", 413, "The body is too large");
    public static readonly ProblemKind UnsupportedMediaType = new(
        "unsupported_media_type", 415, "The body is of a type that is not taken here");
    public static readonly ProblemKind NotCarried = new("not_carried", 422, "The carrier cannot carry this message");
    public static readonly ProblemKind RecipientsRefused = new(
        "recipients_refused", 422, "Recipients of the batch cannot be sent to");
    public static readonly ProblemKind TooManySegments = new(
        "too_many_segments", 422, "The message needs more segments than it may have");
    public static readonly ProblemKind NeverOpen = new("never_open", 422, "The delivery window is never open");
    public static readonly ProblemKind CarrierNotAvailable = new(
        "carrier_not_available", 422, "This version cannot send through the carrier");
    public static readonly ProblemKind WindowClosed = new("window_closed", 422, "The carrier's reply window is closed");
    public static readonly ProblemKind MediaMismatch = new("media_mismatch", 422, "The file is not what it is said to be");
    public static readonly ProblemKind UnknownMessage = new("unknown_message", 422, "The message that is named does not exist");
    public static readonly ProblemKind UnknownMedia = new("unknown_media", 422, "The file that is named does not exist");
    public static readonly ProblemKind UnknownSender = new("unknown_sender", 422, "The sender is not registered to the tenant");
    public static readonly ProblemKind NotSentYet = new("not_sent_yet", 422, "The message that is named was not sent yet", Retryable: true);
    public static readonly ProblemKind NoRoute = new("no_route", 422, "No sender can take the message");
    public static readonly ProblemKind IdempotencyKeyReused = new(
        "idempotency_key_reused", 422, "The idempotency key belongs to another request");
    public static readonly ProblemKind PreconditionRequired = new(
        "precondition_required", 428, "What was read must be named");
    public static readonly ProblemKind TooManyCalls = new("too_many_calls", 429, "More calls than the API key may make", Retryable: true);
    public static readonly ProblemKind InternalError = new("internal_error", 500, "A fault of Omni");
    public static readonly ProblemKind Busy = new("busy", 503, "Too much at once", Retryable: true);
    public static readonly ProblemKind DependencyUnavailable = new(
        "dependency_unavailable", 503, "Something that Omni needs does not answer", Retryable: true);

    public static IReadOnlyList<ProblemKind> All { get; } =
    [
        InvalidJson,
        InvalidRequest,
        InvalidParameter,
        InvalidCursor,
        InvalidIdempotencyKey,
        Unauthorized,
        KeyExpired,
        KeyDeleted,
        InsufficientScope,
        NotFound,
        MessageNotFound,
        BatchNotFound,
        SessionNotFound,
        MediaNotFound,
        CarrierNotFound,
        EndpointNotFound,
        KeyNotFound,
        SenderNotFound,
        DeletionNotFound,
        EventsOff,
        MethodNotAllowed,
        TooLate,
        LegOfAnother,
        BatchOver,
        NotFailed,
        AlreadyResent,
        TooManyEndpoints,
        TooManyKeys,
        SenderTaken,
        EndpointNotAnswering,
        EnabledRecently,
        PositionExpired,
        ChangedMeanwhile,
        RequestInProgress,
        ContentDeleted,
        CursorExpired,
        PreconditionFailed,
        BodyTooLarge,
        UnsupportedMediaType,
        NotCarried,
        RecipientsRefused,
        TooManySegments,
        NeverOpen,
        CarrierNotAvailable,
        WindowClosed,
        MediaMismatch,
        UnknownMessage,
        UnknownMedia,
        UnknownSender,
        NotSentYet,
        NoRoute,
        IdempotencyKeyReused,
        PreconditionRequired,
        TooManyCalls,
        InternalError,
        Busy,
        DependencyUnavailable,
    ];
}
