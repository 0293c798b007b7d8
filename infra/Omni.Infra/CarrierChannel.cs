using System.Globalization;
using Amazon.CDK;
using Amazon.CDK.AWS.IAM;
using Constructs;
using Omni.Shared;

namespace Omni.Infra;

/// <summary>
/// Everything that one carrier needs: its webhook with its routes, its queues with their sender, their rights and their alarms.
/// </summary>
internal sealed class CarrierChannel : Construct
{
    // A part may be parked a thousand times (its turn, its backoff, its lease), and each parking counts as a receive. What is really
    // broken is counted by the sender itself, which moves it to the dead letters.
    private const int MaxReceiveCount = 1000;

    private const int BatchSize = 10;

    // Of a carrier whose rate nobody knows: its queues are not to take all of the account's concurrency.
    private const int ConcurrencyWithoutRate = 20;

    private static readonly TimeSpan SenderTimeout = TimeSpan.FromSeconds(20);

    // Messages wait up to two seconds for their turn inside the function; with the calls before and after it a batch takes so long.
    private static readonly TimeSpan BatchTime = TimeSpan.FromSeconds(2.5);

    // Invocations beside those that wait for a turn.
    private const int FirstDeliveries = 5;

    private readonly StackContext _context;
    private readonly string _parameterPath;

    public CarrierChannel(Construct scope, StackContext context, Carrier carrier, Storage storage, Intake intake, HttpFront http)
        : base(scope, carrier.Name)
    {
        _context = context;
        _parameterPath = $"/omni/{context.Options.Stage}/{carrier.Id}";
        Carrier = carrier;

        var queues = $"{context.Options.Prefix}-{carrier.Id}-outbound";
        DeadLetters = new DeadLetterQueue(this, "DeadLetters", $"{queues}-dlq.fifo", context);
        // Places are given up to 15 minutes ahead; bulk waits as long as its deadline, 4 hours by default.
        Outbound = MakeQueue("Outbound", $"{queues}.fifo", TimeSpan.FromMinutes(30));
        Bulk = MakeQueue("OutboundBulk", $"{queues}-bulk.fifo", TimeSpan.FromHours(4));

        Webhook = MakeWebhook(storage, intake, http);
        http.Route(WebhookPath, carrier.WebhookMethods, Webhook);
        // For carriers that sign nothing: a secret in the path.
        http.Route($"{WebhookPath}/{{token}}", carrier.WebhookMethods, Webhook);
        context.Alarms.WatchLatency(Webhook);

        Sender = MakeSender(storage, http);
        Sender.ConsumeFrom(Outbound, BatchSize, MaxConcurrency);
        Sender.ConsumeFrom(Bulk, BatchSize, MaxConcurrency);
        context.Alarms.WatchCarrier(carrier);
    }

    public Carrier Carrier { get; }

    public string WebhookPath => $"/webhooks/{Carrier.Id}";

    public DeadLetterQueue DeadLetters { get; }

    public WorkQueue Outbound { get; }

    public WorkQueue Bulk { get; }

    public OmniFunction Webhook { get; }

    public OmniFunction Sender { get; }

    /// <summary>
    /// Tells a function the rate that this deployment was given. What was not given stays the catalogue's, or a parameter's.
    /// </summary>
    public void AddRate(Dictionary<string, string> settings)
    {
        if (!_context.Options.Rates.TryGetValue(Carrier.Id, out var given)) return;

        settings[SettingNames.Rate(Carrier)] = given.ToString(CultureInfo.InvariantCulture);
    }

    private WorkQueue MakeQueue(string id, string name, TimeSpan usualAge) => new(this, id, new WorkQueueShape
    {
        Name = name,
        DeadLetters = DeadLetters,
        MaxReceiveCount = MaxReceiveCount,
        ConsumerTimeout = SenderTimeout,
        UsualAge = usualAge,
    }, _context);

    private OmniFunction MakeWebhook(Storage storage, Intake intake, HttpFront http)
    {
        var webhook = new OmniFunction(this, _context, new FunctionShape
        {
            Project = $"Omni.{Carrier.Name}.Inbound",
            Description = $"Verifies what {Carrier.Name} tells us and puts it into the inbound queue.",
            Timeout = TimeSpan.FromSeconds(10),
            MemoryMegabytes = 512,
            ReservedConcurrency = _context.Options.WebhookConcurrency,
            Settings = WithParameters(new()
            {
                [SettingNames.InboundQueue] = intake.Queue.Queue.QueueUrl,
                [SettingNames.BlobBucket] = storage.Blobs.BucketName,
                [SettingNames.PublicBaseUrl] = http.PublicBaseUrl,
            }),
        });
        webhook.Allow(["sqs:SendMessage"], intake.Queue.Queue.QueueArn);
        webhook.Allow(["s3:PutObject"], storage.Blobs.ArnForObjects("*"));
        AllowParameters(webhook);
        return webhook;
    }

    /// <summary>
    /// The limiter in the control table holds the rate. This lets either queue reach it, with a third to spare, and a few more take what
    /// comes for the first time: what is urgent stands behind it. It bounds what is taken from the account's concurrency. AWS takes 2 to
    /// 1,000: https://docs.aws.amazon.com/lambda/latest/dg/services-sqs-scaling.html
    /// </summary>
    private int MaxConcurrency
    {
        get
        {
            if (Rate is not { } rate) return ConcurrencyWithoutRate;

            var all = rate * _context.Options.Senders.GetValueOrDefault(Carrier.Id, 1);
            return (int)Math.Clamp(FirstDeliveries + Math.Round(1.3 * all * BatchTime.TotalSeconds / BatchSize), 5, 1000);
        }
    }

    private double? Rate => _context.Options.Rates.TryGetValue(Carrier.Id, out var given) ? given : Carrier.Limits.RatePerSecond;

    private OmniFunction MakeSender(Storage storage, HttpFront http)
    {
        var settings = new Dictionary<string, string>
        {
            [SettingNames.MessagesTable] = storage.Messages.TableName,
            [SettingNames.ListShards] = storage.ListShards,
            [SettingNames.SessionsTable] = storage.Sessions.TableName,
            [SettingNames.ControlTable] = storage.Control.TableName,
            [SettingNames.OutboundQueue(Carrier)] = Outbound.Queue.QueueUrl,
            [SettingNames.BulkQueue(Carrier)] = Bulk.Queue.QueueUrl,
            [SettingNames.OutboundDeadLetters(Carrier)] = DeadLetters.Queue.QueueUrl,
            [SettingNames.BlobBucket] = storage.Blobs.BucketName,
            [SettingNames.PublicBaseUrl] = http.PublicBaseUrl,
        };
        AddRate(settings);
        storage.AddEvents(settings);
        var sender = new OmniFunction(this, _context, new FunctionShape
        {
            Project = $"Omni.{Carrier.Name}.Outbound",
            Description = $"Sends messages through {Carrier.Name} and writes what became of them.",
            Timeout = SenderTimeout,
            MemoryMegabytes = 512,
            CallsAnyHost = true,
            Settings = WithParameters(settings),
        });
        // Reconciling looks at the conversation's other messages, whose ids at the carrier are theirs.
        sender.Allow([TableActions.ReadItem, TableActions.ReadItems, TableActions.Put, TableActions.Update], storage.Messages.TableArn);
        sender.Allow([TableActions.Query], storage.MessagesIndexArn(Storage.ConversationIndex));
        sender.Allow([TableActions.ReadItem, TableActions.Update], storage.Sessions.TableArn);
        // Query: a consent can have two items, one for all of our addresses and one for the sender's.
        sender.Allow([TableActions.ReadItem, TableActions.Query, TableActions.Update], storage.Control.TableArn);
        sender.Allow(["sqs:SendMessage"], DeadLetters.Queue.QueueArn);
        // What is not to be done yet is put off.
        sender.Allow(["sqs:ChangeMessageVisibility"], Outbound.Queue.QueueArn, Bulk.Queue.QueueArn);
        // Inbound files are kept; of outbound messages those that Omni keeps are read, or linked to.
        // One that was on its way while its message was deleted goes again.
        sender.Allow(["s3:PutObject", "s3:GetObject", "s3:DeleteObject"], storage.Blobs.ArnForObjects("media/*"));
        AllowParameters(sender);
        return sender;
    }

    // On one machine settings come from the environment alone.
    private Dictionary<string, string> WithParameters(Dictionary<string, string> settings)
    {
        settings[SettingNames.Stage] = _context.Options.Stage;
        if (!_context.Options.IsLocal) settings[SettingNames.ParameterPath] = $"{_parameterPath}/";
        return settings;
    }

    private void AllowParameters(OmniFunction function)
    {
        var stack = Stack.Of(this);
        var parameters = $"arn:{stack.Partition}:ssm:{stack.Region}:{stack.Account}:parameter{_parameterPath}";
        // The path itself is what GetParametersByPath is checked against, with or without the slash at its end.
        function.Allow(["ssm:GetParametersByPath"], parameters, $"{parameters}/*");

        // SecureStrings: the key's id is not known here (AWS's own for SSM, or one of the account's), so what is narrow is the use:
        // only through SSM, and only for this carrier's parameters.
        // docs.aws.amazon.com/kms/latest/developerguide/services-parameter-store.html
        function.Function.AddToRolePolicy(new PolicyStatement(new PolicyStatementProps
        {
            Actions = ["kms:Decrypt"],
            Resources = [$"arn:{stack.Partition}:kms:{stack.Region}:{stack.Account}:key/*"],
            Conditions = new Dictionary<string, object>
            {
                ["StringEquals"] = new Dictionary<string, object> { ["kms:ViaService"] = $"ssm.{stack.Region}.amazonaws.com" },
                ["StringLike"] = new Dictionary<string, object> { ["kms:EncryptionContext:PARAMETER_ARN"] = $"{parameters}/*" },
            },
        }));
    }
}
