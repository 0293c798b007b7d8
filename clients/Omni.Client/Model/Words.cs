namespace Omni.Client;

// Words of the API, as constants: more may come with any version of the service, and a word that is not here is as good as one that is.

/// <summary>The carriers that Omni knows.</summary>
public static class CarrierId
{
    /// <summary>WhatsApp.</summary>
    public const string Whatsapp = "whatsapp";

    /// <summary>Bandwidth.</summary>
    public const string Bandwidth = "bandwidth";

    /// <summary>Twilio.</summary>
    public const string Twilio = "twilio";

    /// <summary>LiveChat.</summary>
    public const string Livechat = "livechat";

    /// <summary>MessageBird.</summary>
    public const string Messagebird = "messagebird";

    /// <summary>Inteliquent.</summary>
    public const string Inteliquent = "inteliquent";
}

/// <summary>How urgent a message is.</summary>
public static class Priority
{
    /// <summary>In its turn.</summary>
    public const string Normal = "normal";

    /// <summary>In a lane of its own, for codes to log in.</summary>
    public const string High = "high";

    /// <summary>Never holds the others up, for campaigns.</summary>
    public const string Bulk = "bulk";
}

/// <summary>What to do with a message when the carrier's answer was lost.</summary>
public static class UnknownOutcomePolicy
{
    /// <summary>Sent again if the carrier shows that it did not take it, otherwise held.</summary>
    public const string Auto = "auto";

    /// <summary>Never twice, perhaps not at all.</summary>
    public const string Hold = "hold";

    /// <summary>Surely once, perhaps twice.</summary>
    public const string Resend = "resend";
}

/// <summary>What the next leg of a message follows on.</summary>
public static class LegEnd
{
    /// <summary>The leg failed, expired, was rejected or reported undelivered; not when the person opted out.</summary>
    public const string Failed = "failed";

    /// <summary>No delivery receipt came in time.</summary>
    public const string NoReceipt = "noReceipt";
}

/// <summary>Which way a message goes.</summary>
public static class Direction
{
    /// <summary>To a person.</summary>
    public const string Outbound = "outbound";

    /// <summary>From a person.</summary>
    public const string Inbound = "inbound";
}

/// <summary>Where a message is, in rising order: it only ever moves up.</summary>
public static class MessageStatus
{
    /// <summary>Taken and stored.</summary>
    public const string Accepted = "accepted";

    /// <summary>Waits for its time.</summary>
    public const string Scheduled = "scheduled";

    /// <summary>Waits for its turn under a rate limit, or was released from its schedule.</summary>
    public const string Queued = "queued";

    /// <summary>A call to the carrier is under way or will be tried again.</summary>
    public const string Sending = "sending";

    /// <summary>The call left and its answer was lost. It is being reconciled, and visible until it is known.</summary>
    public const string Unknown = "unknown";

    /// <summary>The carrier took it.</summary>
    public const string Sent = "sent";

    /// <summary>Canceled by you, or at the carrier.</summary>
    public const string Canceled = "canceled";

    /// <summary>Refused by a rule of Omni: opted out, not carried, no window.</summary>
    public const string Rejected = "rejected";

    /// <summary>Its time to live passed before it could be sent.</summary>
    public const string Expired = "expired";

    /// <summary>Refused by the carrier.</summary>
    public const string Failed = "failed";

    /// <summary>Reported undelivered after the carrier had taken it.</summary>
    public const string Undelivered = "undelivered";

    /// <summary>Reported delivered to the device.</summary>
    public const string Delivered = "delivered";

    /// <summary>Reported read by the person.</summary>
    public const string Read = "read";

    /// <summary>Inbound messages only: it reached Omni.</summary>
    public const string Received = "received";
}

/// <summary>The types of address.</summary>
public static class AddressType
{
    /// <summary>A phone number in international form.</summary>
    public const string Phone = "phone";

    /// <summary>A WhatsApp user who need not have a phone number.</summary>
    public const string WhatsappUserId = "whatsappUserId";

    /// <summary>A LiveChat chat.</summary>
    public const string LivechatChat = "livechatChat";

    /// <summary>A LiveChat customer.</summary>
    public const string LivechatCustomer = "livechatCustomer";

    /// <summary>A LiveChat license: our side of its chats.</summary>
    public const string LivechatLicense = "livechatLicense";

    /// <summary>A sender's name.</summary>
    public const string Alphanumeric = "alphanumeric";

    /// <summary>3 to 8 digits.</summary>
    public const string ShortCode = "shortCode";

    /// <summary>A carrier's pool of senders, which picks the number itself.</summary>
    public const string SenderPool = "senderPool";
}

/// <summary>Why a message did not arrive, in the same words for every carrier.</summary>
public static class FailureReason
{
    /// <summary>The carrier did not say why, or not in words that are known.</summary>
    public const string Unknown = "unknown";

    /// <summary>The carrier refuses Omni's credentials or account.</summary>
    public const string Auth = "auth";

    /// <summary>Omni's account or settings at the carrier are wrong.</summary>
    public const string Configuration = "configuration";

    /// <summary>The account at the carrier has no balance, or its payment fails.</summary>
    public const string PaymentRequired = "payment_required";

    /// <summary>Too many messages in too short a time.</summary>
    public const string RateLimited = "rate_limited";

    /// <summary>The carrier had a fault.</summary>
    public const string CarrierFault = "carrier_fault";

    /// <summary>The recipient's address is wrong or cannot take messages.</summary>
    public const string InvalidRecipient = "invalid_recipient";

    /// <summary>The sender is not registered at the carrier, or cannot send this.</summary>
    public const string SenderMisconfigured = "sender_misconfigured";

    /// <summary>The account may not send to that destination.</summary>
    public const string DestinationForbidden = "destination_forbidden";

    /// <summary>The carrier found the request wrong.</summary>
    public const string BadRequest = "bad_request";

    /// <summary>The recipient opted out.</summary>
    public const string OptedOut = "opted_out";

    /// <summary>The recipient opted out of marketing.</summary>
    public const string MarketingOptedOut = "marketing_opted_out";

    /// <summary>The recipient's device is off or out of reach.</summary>
    public const string Unreachable = "unreachable";

    /// <summary>The recipient or their network blocks the sender.</summary>
    public const string Blocked = "blocked";

    /// <summary>The carrier holds messages like it back from this person for a time.</summary>
    public const string Withheld = "withheld";

    /// <summary>The message was filtered as unwanted.</summary>
    public const string Filtered = "filtered";

    /// <summary>The text is too long for the carrier.</summary>
    public const string ContentTooLong = "content_too_long";

    /// <summary>The carrier refused the content.</summary>
    public const string ContentRejected = "content_rejected";

    /// <summary>The carrier could not take or fetch the file.</summary>
    public const string MediaRejected = "media_rejected";

    /// <summary>The file is too large.</summary>
    public const string MediaTooLarge = "media_too_large";

    /// <summary>The template is not known, not approved, or its variables do not fit.</summary>
    public const string TemplateRejected = "template_rejected";

    /// <summary>The carrier's reply window is closed: only a template may be sent.</summary>
    public const string WindowClosed = "window_closed";

    /// <summary>Its time to live passed before it could be sent.</summary>
    public const string Expired = "expired";

    /// <summary>It was canceled.</summary>
    public const string Canceled = "canceled";

    /// <summary>It was tried as often as allowed.</summary>
    public const string RetriesExhausted = "retries_exhausted";

    /// <summary>An earlier part of the same message failed, so this part was not sent.</summary>
    public const string EarlierPartFailed = "earlier_part_failed";

    /// <summary>The carrier does not carry this kind of content.</summary>
    public const string Unsupported = "unsupported";
}

/// <summary>The kinds of content.</summary>
public static class ContentType
{
    /// <summary>A text.</summary>
    public const string Text = "text";

    /// <summary>A picture.</summary>
    public const string Image = "image";

    /// <summary>A film.</summary>
    public const string Video = "video";

    /// <summary>A sound.</summary>
    public const string Audio = "audio";

    /// <summary>A document.</summary>
    public const string Document = "document";

    /// <summary>A sticker.</summary>
    public const string Sticker = "sticker";

    /// <summary>A place.</summary>
    public const string Location = "location";

    /// <summary>Cards of people.</summary>
    public const string Contacts = "contacts";

    /// <summary>A template that the carrier approved.</summary>
    public const string Template = "template";

    /// <summary>A text with choices, or what was chosen.</summary>
    public const string Interactive = "interactive";

    /// <summary>An emoji on an earlier message.</summary>
    public const string Reaction = "reaction";

    /// <summary>Something that this version does not know; inbound only.</summary>
    public const string Unsupported = "unsupported";
}

/// <summary>The kinds of choice.</summary>
public static class ChoiceKind
{
    /// <summary>Buttons to tap.</summary>
    public const string Buttons = "buttons";

    /// <summary>A list to choose from.</summary>
    public const string List = "list";

    /// <summary>A button that opens an address.</summary>
    public const string CtaUrl = "ctaUrl";

    /// <summary>Answers to tap, which go away after.</summary>
    public const string QuickReplies = "quickReplies";

    /// <summary>Cards beside each other.</summary>
    public const string Cards = "cards";
}

/// <summary>How far a batch is.</summary>
public static class BatchState
{
    /// <summary>It waits for its time.</summary>
    public const string Scheduled = "scheduled";

    /// <summary>Its messages are being released.</summary>
    public const string Running = "running";

    /// <summary>It rests.</summary>
    public const string Paused = "paused";

    /// <summary>What had not left never will.</summary>
    public const string Canceled = "canceled";

    /// <summary>Nothing of it is left to send.</summary>
    public const string Completed = "completed";
}

/// <summary>How a text is encoded on the air.</summary>
public static class SegmentEncoding
{
    /// <summary>GSM 03.38, 160 characters a segment.</summary>
    public const string Gsm7 = "gsm7";

    /// <summary>UCS-2, 70 characters a segment.</summary>
    public const string Ucs2 = "ucs2";
}

/// <summary>What makes a row of usage.</summary>
public static class UsageKind
{
    /// <summary>A day.</summary>
    public const string Day = "day";

    /// <summary>A carrier.</summary>
    public const string Carrier = "carrier";

    /// <summary>A sender, at its carrier.</summary>
    public const string Sender = "sender";

    /// <summary>A status.</summary>
    public const string Status = "status";
}

/// <summary>What can happen.</summary>
public static class EventType
{
    /// <summary>It was taken and waits for its time.</summary>
    public const string MessageScheduled = "message.scheduled";

    /// <summary>The carrier's answer was lost, and is being found out.</summary>
    public const string MessageUnknown = "message.unknown";

    /// <summary>The carrier took it.</summary>
    public const string MessageSent = "message.sent";

    /// <summary>It was taken back.</summary>
    public const string MessageCanceled = "message.canceled";

    /// <summary>A rule of Omni refused it.</summary>
    public const string MessageRejected = "message.rejected";

    /// <summary>Its time was over before it could be sent.</summary>
    public const string MessageExpired = "message.expired";

    /// <summary>The carrier refused it.</summary>
    public const string MessageFailed = "message.failed";

    /// <summary>It could not be delivered.</summary>
    public const string MessageUndelivered = "message.undelivered";

    /// <summary>The carrier says that it was delivered.</summary>
    public const string MessageDelivered = "message.delivered";

    /// <summary>The carrier says that it was read.</summary>
    public const string MessageRead = "message.read";

    /// <summary>A person wrote.</summary>
    public const string MessageReceived = "message.received";

    /// <summary>A file of theirs can be had.</summary>
    public const string MessageMediaStored = "message.media.stored";

    /// <summary>A file of theirs cannot be had.</summary>
    public const string MessageMediaFailed = "message.media.failed";

    /// <summary>A person opted out or in.</summary>
    public const string ConsentChanged = "consent.changed";

    /// <summary>Every message of a batch is decided.</summary>
    public const string BatchCompleted = "batch.completed";

    /// <summary>A batch was paused.</summary>
    public const string BatchPaused = "batch.paused";

    /// <summary>A batch was canceled.</summary>
    public const string BatchCanceled = "batch.canceled";

    /// <summary>A conversation was handed over to people.</summary>
    public const string ConversationHandedOff = "conversation.handedOff";

    /// <summary>Two machines answered each other, and were stopped.</summary>
    public const string ConversationLoopStopped = "conversation.loopStopped";

    /// <summary>A carrier has a fault.</summary>
    public const string CarrierDegraded = "carrier.degraded";

    /// <summary>It is well again.</summary>
    public const string CarrierRecovered = "carrier.recovered";

    /// <summary>An endpoint is told of nothing more.</summary>
    public const string EndpointDisabled = "endpoint.disabled";
}

/// <summary>How a webhook endpoint is.</summary>
public static class EndpointState
{
    /// <summary>It is told of what happens.</summary>
    public const string Enabled = "enabled";

    /// <summary>It does not answer as it should; it is tried again.</summary>
    public const string Failing = "failing";

    /// <summary>It is told of nothing.</summary>
    public const string Disabled = "disabled";
}

/// <summary>Why a webhook endpoint is not told.</summary>
public static class EndpointCause
{
    /// <summary>Five events in a row failed.</summary>
    public const string Failures = "failures";

    /// <summary>A thousand events wait to be tried again.</summary>
    public const string TooManyWaiting = "tooManyWaiting";

    /// <summary>It failed for five days.</summary>
    public const string FailedForDays = "failedForDays";

    /// <summary>It answered 410.</summary>
    public const string Gone = "gone";

    /// <summary>You switched it off.</summary>
    public const string Client = "client";
}

/// <summary>What a sender carries.</summary>
public static class SenderChannel
{
    /// <summary>Text messages.</summary>
    public const string Sms = "sms";

    /// <summary>Messages with files.</summary>
    public const string Mms = "mms";

    /// <summary>WhatsApp.</summary>
    public const string Whatsapp = "whatsapp";

    /// <summary>Chats.</summary>
    public const string Chat = "chat";
}

/// <summary>What decided between the senders of a rule.</summary>
public static class RouteReason
{
    /// <summary>The person wrote to this one last.</summary>
    public const string Sticky = "sticky";

    /// <summary>The same person, the same sender.</summary>
    public const string Hash = "hash";

    /// <summary>There was no other.</summary>
    public const string Only = "only";
}

/// <summary>Whether a sender sends.</summary>
public static class SenderState
{
    /// <summary>It sends.</summary>
    public const string Active = "active";

    /// <summary>Its messages wait.</summary>
    public const string Paused = "paused";
}

/// <summary>What Omni answers by itself.</summary>
public static class AutomaticAnswer
{
    /// <summary>An answer to who opted out.</summary>
    public const string OptOut = "optOut";

    /// <summary>An answer to who asked for help.</summary>
    public const string Help = "help";
}

/// <summary>What an API key may do.</summary>
public static class Scope
{
    /// <summary>Change messages, conversations and files.</summary>
    public const string MessagesWrite = "messages:write";

    /// <summary>Read messages, conversations and files.</summary>
    public const string MessagesRead = "messages:read";

    /// <summary>Read opt-outs.</summary>
    public const string ConsentsRead = "consents:read";

    /// <summary>Change opt-outs.</summary>
    public const string ConsentsWrite = "consents:write";

    /// <summary>Read deletions of people.</summary>
    public const string PeopleRead = "people:read";

    /// <summary>Change deletions of people.</summary>
    public const string PeopleWrite = "people:write";

    /// <summary>Read carriers and templates.</summary>
    public const string CarriersRead = "carriers:read";

    /// <summary>Read the feed of events.</summary>
    public const string EventsRead = "events:read";

    /// <summary>Read webhook endpoints.</summary>
    public const string EndpointsRead = "endpoints:read";

    /// <summary>Change webhook endpoints.</summary>
    public const string EndpointsWrite = "endpoints:write";

    /// <summary>Read API keys.</summary>
    public const string KeysRead = "keys:read";

    /// <summary>Change API keys.</summary>
    public const string KeysWrite = "keys:write";

    /// <summary>Read our own addresses.</summary>
    public const string SendersRead = "senders:read";

    /// <summary>Change our own addresses.</summary>
    public const string SendersWrite = "senders:write";

    /// <summary>Look after the installation.</summary>
    public const string Admin = "admin";
}

/// <summary>Why the API refused.</summary>
public static class ProblemCode
{
    /// <summary>The body is not readable JSON.</summary>
    public const string InvalidJson = "invalid_json";

    /// <summary>Fields of the request are wrong.</summary>
    public const string InvalidRequest = "invalid_request";

    /// <summary>Query parameters are wrong.</summary>
    public const string InvalidParameter = "invalid_parameter";

    /// <summary>The cursor does not belong to this list.</summary>
    public const string InvalidCursor = "invalid_cursor";

    /// <summary>The idempotency key is malformed.</summary>
    public const string InvalidIdempotencyKey = "invalid_idempotency_key";

    /// <summary>A valid API key is needed.</summary>
    public const string Unauthorized = "unauthorized";

    /// <summary>The API key has expired.</summary>
    public const string KeyExpired = "key_expired";

    /// <summary>The API key was deleted.</summary>
    public const string KeyDeleted = "key_deleted";

    /// <summary>The API key may not do this.</summary>
    public const string InsufficientScope = "insufficient_scope";

    /// <summary>There is no such path.</summary>
    public const string NotFound = "not_found";

    /// <summary>There is no such message.</summary>
    public const string MessageNotFound = "message_not_found";

    /// <summary>There is no such batch.</summary>
    public const string BatchNotFound = "batch_not_found";

    /// <summary>There is no such conversation.</summary>
    public const string SessionNotFound = "session_not_found";

    /// <summary>There is no such file.</summary>
    public const string MediaNotFound = "media_not_found";

    /// <summary>There is no such carrier.</summary>
    public const string CarrierNotFound = "carrier_not_found";

    /// <summary>There is no such webhook endpoint.</summary>
    public const string EndpointNotFound = "endpoint_not_found";

    /// <summary>There is no such API key.</summary>
    public const string KeyNotFound = "key_not_found";

    /// <summary>There is no such sender.</summary>
    public const string SenderNotFound = "sender_not_found";

    /// <summary>The person was not asked to be deleted.</summary>
    public const string DeletionNotFound = "deletion_not_found";

    /// <summary>This stage keeps no events.</summary>
    public const string EventsOff = "events_off";

    /// <summary>The path does not know this method.</summary>
    public const string MethodNotAllowed = "method_not_allowed";

    /// <summary>The message has left already.</summary>
    public const string TooLate = "too_late";

    /// <summary>The message is a leg of another one.</summary>
    public const string LegOfAnother = "leg_of_another";

    /// <summary>Nothing of the batch is left to send.</summary>
    public const string BatchOver = "batch_over";

    /// <summary>The message arrived, or still may.</summary>
    public const string NotFailed = "not_failed";

    /// <summary>The message was sent again already.</summary>
    public const string AlreadyResent = "already_resent";

    /// <summary>There are as many webhook endpoints as there may be.</summary>
    public const string TooManyEndpoints = "too_many_endpoints";

    /// <summary>There are as many API keys as there may be.</summary>
    public const string TooManyKeys = "too_many_keys";

    /// <summary>The sender belongs to another tenant.</summary>
    public const string SenderTaken = "sender_taken";

    /// <summary>The endpoint did not take a test event.</summary>
    public const string EndpointNotAnswering = "endpoint_not_answering";

    /// <summary>The endpoint was enabled a short while ago.</summary>
    public const string EnabledRecently = "enabled_recently";

    /// <summary>The events from there on are no longer kept.</summary>
    public const string PositionExpired = "position_expired";

    /// <summary>Something else changed it at the same time.</summary>
    public const string ChangedMeanwhile = "changed_meanwhile";

    /// <summary>The same request is being handled.</summary>
    public const string RequestInProgress = "request_in_progress";

    /// <summary>What the message said was deleted.</summary>
    public const string ContentDeleted = "content_deleted";

    /// <summary>Events that followed on the cursor are gone.</summary>
    public const string CursorExpired = "cursor_expired";

    /// <summary>It was changed since it was read.</summary>
    public const string PreconditionFailed = "precondition_failed";

    /// <summary>The body is too large.</summary>
    public const string BodyTooLarge = "body_too_large";

    /// <summary>The body is of a type that is not taken here.</summary>
    public const string UnsupportedMediaType = "unsupported_media_type";

    /// <summary>The carrier cannot carry this message.</summary>
    public const string NotCarried = "not_carried";

    /// <summary>Recipients of the batch cannot be sent to.</summary>
    public const string RecipientsRefused = "recipients_refused";

    /// <summary>The message needs more segments than it may have.</summary>
    public const string TooManySegments = "too_many_segments";

    /// <summary>The delivery window is never open.</summary>
    public const string NeverOpen = "never_open";

    /// <summary>This version cannot send through the carrier.</summary>
    public const string CarrierNotAvailable = "carrier_not_available";

    /// <summary>The carrier's reply window is closed.</summary>
    public const string WindowClosed = "window_closed";

    /// <summary>The file is not what it is said to be.</summary>
    public const string MediaMismatch = "media_mismatch";

    /// <summary>The message that is named does not exist.</summary>
    public const string UnknownMessage = "unknown_message";

    /// <summary>The file that is named does not exist.</summary>
    public const string UnknownMedia = "unknown_media";

    /// <summary>The sender is not registered to the tenant.</summary>
    public const string UnknownSender = "unknown_sender";

    /// <summary>The message that is named was not sent yet.</summary>
    public const string NotSentYet = "not_sent_yet";

    /// <summary>No sender can take the message.</summary>
    public const string NoRoute = "no_route";

    /// <summary>The idempotency key belongs to another request.</summary>
    public const string IdempotencyKeyReused = "idempotency_key_reused";

    /// <summary>What was read must be named.</summary>
    public const string PreconditionRequired = "precondition_required";

    /// <summary>More calls than the API key may make.</summary>
    public const string TooManyCalls = "too_many_calls";

    /// <summary>A fault of Omni.</summary>
    public const string InternalError = "internal_error";

    /// <summary>Too much at once.</summary>
    public const string Busy = "busy";

    /// <summary>Something that Omni needs does not answer.</summary>
    public const string DependencyUnavailable = "dependency_unavailable";
}
