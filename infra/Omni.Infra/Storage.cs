using Amazon.CDK;
using Amazon.CDK.AWS.DynamoDB;
using Amazon.CDK.AWS.KMS;
using Amazon.CDK.AWS.Lambda;
using Amazon.CDK.AWS.Lambda.EventSources;
using Amazon.CDK.AWS.S3;
using Constructs;
using Omni.Shared;
using Attribute = Amazon.CDK.AWS.DynamoDB.Attribute;

namespace Omni.Infra;

/// <summary>The tables and the bucket.</summary>
internal sealed class Storage : Construct
{
    public const string ListIndex = "list";
    public const string ConversationIndex = "conversation";
    public const string LabelIndex = "label";
    public const string DueIndex = "due";
    public const string ActiveIndex = "active";
    public const string WakeIndex = "wake";

    private readonly IKey? _key;
    private readonly bool _keepsEvents;

    public Storage(Construct scope, OmniOptions options, IKey? key) : base(scope, "Storage")
    {
        (_key, _keepsEvents) = (key, options.KeepsEvents);
        // The only table with a stream: it is the outbox.
        Messages = MakeTable("Messages", "messages", options, sortKey: Text("sk"), stream: true);
        AddIndex(Messages, ListIndex, "lp", "c");
        AddIndex(Messages, ConversationIndex, "cv", "c");
        AddIndex(Messages, DueIndex, "dp", "da");
        // Sparse: only messages with a label are in it. An update of a stack can add one index to a table, no more.
        AddIndex(Messages, LabelIndex, "lk", "c");
        ListShards = options.ListShards.ToString(System.Globalization.CultureInfo.InvariantCulture);

        Sessions = MakeTable("Sessions", "sessions", options);
        AddIndex(Sessions, ActiveIndex, "ak", "at");
        // Sparse: only conversations whose processor wishes to be woken are in it.
        AddIndex(Sessions, WakeIndex, "wp", "wa");
        Control = MakeTable("Control", "control", options, sortKey: Text("sk"));
        AddIndex(Control, DueIndex, "dp", "da");
        // Segments are numbered. There also where nothing is told: an empty table costs nothing, and one that production keeps could not be
        // made again.
        Events = MakeTable("Events", "events", options, sortKey: Number("sk"));

        Blobs = new Bucket(this, "Blobs", new BucketProps
        {
            BlockPublicAccess = BlockPublicAccess.BLOCK_ALL,
            Encryption = key is null ? BucketEncryption.S3_MANAGED : BucketEncryption.KMS,
            EncryptionKey = key,
            // One data key for many objects: a hundredth of the calls to KMS.
            BucketKeyEnabled = key is null ? null : true,
            Versioned = options.BucketVersioning,
            EnforceSSL = true,
            // As long as a message is kept by default; a half-finished upload is nobody's.
            LifecycleRules =
            [
                new LifecycleRule
                {
                    Expiration = Duration.Days(90),
                    NoncurrentVersionExpiration = options.BucketVersioning ? Duration.Days(30) : null,
                    AbortIncompleteMultipartUploadAfter = Duration.Days(1),
                },
                // What a client uploaded and completed is a file of its own by then.
                new LifecycleRule { Prefix = "uploads/", Expiration = Duration.Days(1) },
            ],
            RemovalPolicy = Removal(options),
        });
    }

    public Table Messages { get; }

    /// <summary>The setting of all who write messages or list them.</summary>
    public string ListShards { get; }

    public Table Sessions { get; }

    public Table Control { get; }

    public Table Events { get; }

    public Bucket Blobs { get; }

    /// <summary>What a query of an index of the messages is granted on.</summary>
    public string MessagesIndexArn(string index) => $"{Messages.TableArn}/index/{index}";

    /// <summary>What a query of the conversations by their last day is granted on.</summary>
    public string SessionsIndexArn => $"{Sessions.TableArn}/index/{ActiveIndex}";

    /// <summary>What a query of the conversations whose processor is to be woken is granted on.</summary>
    public string WakeIndexArn => $"{Sessions.TableArn}/index/{WakeIndex}";

    /// <summary>What a query of the endpoints that are due, or of the newest consents, is granted on.</summary>
    public string ControlDueIndexArn => $"{Control.TableArn}/index/{DueIndex}";

    /// <summary>
    /// The stream of messages for one function, from its oldest record on. A shard has room for two readers. Neither RetryAttempts nor
    /// MaxRecordAge: an accepted message is never given up because a dependency was down.
    /// https://docs.aws.amazon.com/amazondynamodb/latest/developerguide/Streams.html
    /// </summary>
    /// <param name="deadLetters">Where a batch goes that the function cannot be given.</param>
    /// <param name="sortKeys">The kinds of items whose changes it is given.</param>
    public DynamoEventSource MessagesStream(DeadLetterQueue deadLetters, params string[] sortKeys) =>
        new(Messages, new DynamoEventSourceProps
        {
            StartingPosition = StartingPosition.TRIM_HORIZON,
            BatchSize = 100,
            BisectBatchOnError = true,
            ReportBatchItemFailures = true,
            OnFailure = new FailureQueue(deadLetters.Queue),
            Filters =
            [
                FilterCriteria.Filter(new Dictionary<string, object>
                {
                    ["eventName"] = FilterRule.Or("INSERT", "MODIFY"),
                    ["dynamodb"] = new Dictionary<string, object>
                    {
                        ["Keys"] = new Dictionary<string, object>
                        {
                            ["sk"] = new Dictionary<string, object> { ["S"] = FilterRule.Or(sortKeys) }
                        },
                    },
                }),
            ],
        });

    /// <summary>Tells a function whether clients are told of what happens: nothing where they are, which is the default.</summary>
    /// <param name="settings">The function's settings.</param>
    /// <param name="isRead">Whether it reads the log.</param>
    public void AddEvents(Dictionary<string, string> settings, bool isRead = false)
    {
        if (!_keepsEvents) settings[SettingNames.Events] = "off";
        else if (isRead) settings[SettingNames.EventsTable] = Events.TableName;
    }

    private static RemovalPolicy Removal(OmniOptions options) => options.IsProduction ? RemovalPolicy.RETAIN : RemovalPolicy.DESTROY;

    private Table MakeTable(string id, string name, OmniOptions options, Attribute? sortKey = null, bool stream = false) =>
        new(this, id, new TableProps
        {
            TableName = $"{options.Prefix}-{name}",
            PartitionKey = Text("pk"),
            SortKey = sortKey,
            BillingMode = BillingMode.PAY_PER_REQUEST,
            // AWS's own key in KMS: its use shows in CloudTrail, and nobody can delete or lock it. A key of the customer's adds a monthly
            // fee, a policy that can lock everyone out, and a separation of duties that only who runs the account can want: -c kmsKey.
            Encryption = _key is null ? TableEncryption.AWS_MANAGED : TableEncryption.CUSTOMER_MANAGED,
            EncryptionKey = _key,
            TimeToLiveAttribute = "ex",
            PointInTimeRecovery = true,
            Stream = stream ? StreamViewType.NEW_AND_OLD_IMAGES : null,
            DeletionProtection = options.IsProduction,
            RemovalPolicy = Removal(options),
        });

    private static void AddIndex(Table table, string name, string partitionKey, string sortKey) =>
        table.AddGlobalSecondaryIndex(new GlobalSecondaryIndexProps
        {
            IndexName = name,
            PartitionKey = Text(partitionKey),
            SortKey = Number(sortKey),
            ProjectionType = ProjectionType.KEYS_ONLY,
        });

    private static Attribute Text(string name) => new() { Name = name, Type = AttributeType.STRING };

    private static Attribute Number(string name) => new() { Name = name, Type = AttributeType.NUMBER };
}
