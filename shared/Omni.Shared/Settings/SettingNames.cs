namespace Omni.Shared;

/// <summary>The names of settings that the infrastructure gives to functions. One list for both sides.</summary>
public static class SettingNames
{
    /// <summary>The table of messages.</summary>
    public const string MessagesTable = "DYNAMODB_TABLE_MESSAGES";

    /// <summary>The table of conversations.</summary>
    public const string SessionsTable = "DYNAMODB_TABLE_SESSIONS";

    /// <summary>The table of lines, consents, keys and health.</summary>
    public const string ControlTable = "DYNAMODB_TABLE_CONTROL";

    /// <summary>Whether clients are told of what happens: <c>on</c>, the default, or <c>off</c>.</summary>
    public const string Events = "OMNI_EVENTS";

    /// <summary>
    /// From which addresses the default tenant may send: <c>any</c>, the default, or <c>registered</c>. Other tenants send from registered
    /// ones only.
    /// </summary>
    public const string Senders = "OMNI_SENDERS";

    /// <summary>How many calls a second each key of the API may make. Unset: any number.</summary>
    public const string ApiRate = "OMNI_API_RATE";

    /// <summary>How many calls each key of the API may make at once, after a pause. Unset: those of two seconds.</summary>
    public const string ApiBurst = "OMNI_API_BURST";

    /// <summary>How many calls of the API may wait for something at once. Unset: any number.</summary>
    public const string LongPolls = "OMNI_LONG_POLLS";

    /// <summary>The table of the log of events.</summary>
    public const string EventsTable = "DYNAMODB_TABLE_EVENTS";

    /// <summary>The address under which carriers reach the webhooks, without a slash at its end.</summary>
    public const string PublicBaseUrl = "PUBLIC_BASE_URL";

    /// <summary>The URL of the queue from the webhooks to the InboundProcessor.</summary>
    public const string InboundQueue = "SQS_QUEUE_INBOUND";

    /// <summary>The URL of its dead-letter queue.</summary>
    public const string InboundDeadLetters = "SQS_QUEUE_INBOUND_DLQ";

    /// <summary>The URL of the Dispatcher's dead-letter queue.</summary>
    public const string DispatcherDeadLetters = "SQS_QUEUE_DISPATCHER_DLQ";

    /// <summary>The URL of the queue of batches to be released.</summary>
    public const string BatchQueue = "SQS_QUEUE_BATCHES";

    /// <summary>The URL of its dead-letter queue.</summary>
    public const string BatchDeadLetters = "SQS_QUEUE_BATCHES_DLQ";

    /// <summary>The URL of the queue of messages whose plans of legs are to be followed.</summary>
    public const string RouterQueue = "SQS_QUEUE_ROUTER";

    /// <summary>The URL of its dead-letter queue.</summary>
    public const string RouterDeadLetters = "SQS_QUEUE_ROUTER_DLQ";

    /// <summary>The URL of the queue of messages whose files are made into what their carriers take.</summary>
    public const string MediaQueue = "SQS_QUEUE_MEDIA";

    /// <summary>The URL of its dead-letter queue.</summary>
    public const string MediaDeadLetters = "SQS_QUEUE_MEDIA_DLQ";

    /// <summary>Where the program ffmpeg lies, which converts sound and film. Unset: there is none.</summary>
    public const string FfmpegPath = "FFMPEG_PATH";

    /// <summary>The URL of the queue that wakes the workers of clients' endpoints.</summary>
    public const string NotifyQueue = "SQS_QUEUE_NOTIFY";

    /// <summary>The URL of its dead-letter queue.</summary>
    public const string NotifyDeadLetters = "SQS_QUEUE_NOTIFY_DLQ";

    /// <summary>The URL of the recorder's dead-letter queue.</summary>
    public const string RecorderDeadLetters = "SQS_QUEUE_RECORDER_DLQ";

    /// <summary>The bucket of what is too large for a table or a queue.</summary>
    public const string BlobBucket = "S3_BUCKET_BLOBS";

    /// <summary>
    /// The path of the SSM parameters that a function reads; the last piece of each name is a setting's name. Unset: environment only.
    /// </summary>
    public const string ParameterPath = "OMNI_PARAMETER_PATH";

    /// <summary>The ids of the carriers of this installation, with commas between them. Unset: all that are available.</summary>
    public const string Carriers = "OMNI_CARRIERS";

    /// <summary>The shards of a tenant's list of a day, for all who write messages or list them. Only ever raised: docs/scale.md.</summary>
    public const string ListShards = "OMNI_LIST_SHARDS";

    /// <summary>The stage, such as <c>dev</c> or <c>prod</c>.</summary>
    public const string Stage = "OMNI_STAGE";

    /// <summary>The processor of messages to senders that name none. Unset: nobody has a turn because of them.</summary>
    public const string Processor = "OMNI_PROCESSOR";

    /// <summary>The URL of a processor's queue.</summary>
    /// <param name="processor">The processor.</param>
    public static string TurnQueue(Processor processor) => $"SQS_QUEUE_{processor.SettingPrefix}_TURNS";

    /// <summary>The URL of its dead-letter queue.</summary>
    /// <param name="processor">The processor.</param>
    public static string TurnDeadLetters(Processor processor) => $"SQS_QUEUE_{processor.SettingPrefix}_TURNS_DLQ";

    /// <summary>The URL of a carrier's outbound queue.</summary>
    /// <param name="carrier">The carrier.</param>
    public static string OutboundQueue(Carrier carrier) => $"SQS_QUEUE_{carrier.SettingPrefix}_OUTBOUND";

    /// <summary>The URL of a carrier's outbound queue for bulk.</summary>
    /// <param name="carrier">The carrier.</param>
    public static string BulkQueue(Carrier carrier) => $"SQS_QUEUE_{carrier.SettingPrefix}_OUTBOUND_BULK";

    /// <summary>The URL of the dead-letter queue of both.</summary>
    /// <param name="carrier">The carrier.</param>
    public static string OutboundDeadLetters(Carrier carrier) => $"SQS_QUEUE_{carrier.SettingPrefix}_OUTBOUND_DLQ";

    /// <summary>Where a carrier's API is called, when not at its usual address: regions, simulators, contract tests.</summary>
    /// <param name="carrier">The carrier.</param>
    public static string BaseUrl(Carrier carrier) => $"{carrier.SettingPrefix}_BASE_URL";

    /// <summary>Messages (SMS: segments) per second at a carrier, of a sender or of the account, when not the catalogue's figure.</summary>
    /// <param name="carrier">The carrier.</param>
    public static string Rate(Carrier carrier) => $"{carrier.SettingPrefix}_RATE";
}
