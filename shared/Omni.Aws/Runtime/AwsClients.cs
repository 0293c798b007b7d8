using System.Globalization;
using Amazon;
using Amazon.DynamoDBv2;
using Amazon.Runtime;
using Amazon.S3;
using Amazon.SQS;
using Omni.Shared;

namespace Omni.Aws;

/// <summary>
/// The AWS clients of a function, each made when it is first used. Endpoints can be set by the variables that the AWS SDKs know
/// (<c>AWS_ENDPOINT_URL_DYNAMODB</c>, …), so that the same function runs against the emulators.
/// </summary>
/// <param name="settings">The function's settings.</param>
/// <param name="clock">The time; by default the system's.</param>
public sealed class AwsClients(Settings settings, TimeProvider? clock = null)
{
    private readonly TimeProvider _clock = clock ?? TimeProvider.System;

    /// <summary>DynamoDB.</summary>
    public IAmazonDynamoDB Dynamo
    {
        get =>
            field ??= Make(
                new AmazonDynamoDBConfig(), "DYNAMODB", c => new AmazonDynamoDBClient(c), (key, c) => new AmazonDynamoDBClient(key, c));
        init;
    }

    /// <summary>SQS.</summary>
    public IAmazonSQS Sqs
    {
        get => field ??= Make(new AmazonSQSConfig(), "SQS", c => new AmazonSQSClient(c), (key, c) => new AmazonSQSClient(key, c));
        init;
    }

    /// <summary>S3.</summary>
    public IAmazonS3 S3
    {
        get =>
            field ??= Make(
                new AmazonS3Config { ForcePathStyle = Endpoint("S3") is not null },
                "S3",
                c => new AmazonS3Client(c),
                (key, c) => new AmazonS3Client(key, c));
        init;
    }

    /// <summary>The messages.</summary>
    public MessageStore Messages => field ??= new(Dynamo, Table(SettingNames.MessagesTable), _clock, ListShards, Days, Known);

    /// <summary>The deletion of what messages say.</summary>
    public ContentDeletion Deletion => field ??= new(Messages, Blobs, Media);

    /// <summary>How far deletions of people are.</summary>
    public PersonDeletionStore PersonDeletions => field ??= new(Dynamo, Table(SettingNames.ControlTable), _clock);

    /// <summary>What deletes people.</summary>
    public PersonDeleter PersonDeleter => field ??= new(
        Dynamo,
        new(Table(SettingNames.MessagesTable), Table(SettingNames.SessionsTable)),
        PersonDeletions,
        Messages,
        Deletion,
        Sessions,
        Consents,
        LastSenders,
        _clock);

    /// <summary>The batches.</summary>
    public BatchStore Batches => field ??= new(Dynamo, Table(SettingNames.MessagesTable), _clock);

    /// <summary>What became of the messages of batches.</summary>
    public BatchStatuses BatchStatuses => field ??= new(Dynamo, Table(SettingNames.MessagesTable), _clock);

    /// <summary>The batches that are released through each sender.</summary>
    public BatchShares BatchShares => field ??= new(Dynamo, Table(SettingNames.ControlTable), _clock);

    /// <summary>The indexes over the messages.</summary>
    public MessageQueries Queries => field ??= new(Dynamo, Table(SettingNames.MessagesTable), ListShards, Days);

    /// <summary>What tenants' messages came to.</summary>
    public UsageStore Usage => field ??= new(Dynamo, Table(SettingNames.ControlTable));

    /// <summary>What carriers' templates are.</summary>
    public TemplateStore Templates => field ??= new(Dynamo, Table(SettingNames.ControlTable), _clock);

    /// <summary>What has the carriers of this installation asked for their templates.</summary>
    public TemplateRounds TemplateRounds => field ??= new(
        Templates,
        Queues,
        [.. settings.Carriers().Where(carrier => carrier.ListsTemplates)
            .Select(carrier => (carrier, settings.Require(SettingNames.OutboundQueue(carrier))[0]))],
        _clock);

    /// <summary>What counts tenants' messages.</summary>
    public UsageSums UsageSums => field ??= new(
        Dynamo,
        Table(SettingNames.MessagesTable),
        Usage,
        new ListDays(Dynamo, Table(SettingNames.ControlTable), _clock),
        _clock,
        ListShards);

    /// <summary>The conversations.</summary>
    public SessionStore Sessions => field ??= new(Dynamo, Table(SettingNames.SessionsTable), _clock, Days);

    /// <summary>What processors leave between turns.</summary>
    public DialogStore Dialogs => field ??= new(
        Dynamo, Table(SettingNames.SessionsTable), Table(SettingNames.MessagesTable), _clock, ListShards, Days, Outbox);

    /// <summary>What the Scheduler does for conversations.</summary>
    public WakeRounds WakeRounds => field ??= new(
        Dialogs,
        Queues,
        ProcessorCatalogue.All.ToDictionary(p => p.Name, p => settings.Require(SettingNames.TurnQueue(p))[0]),
        _clock);

    /// <summary>The consents.</summary>
    public ConsentStore Consents => field ??= new(Dynamo, Table(SettingNames.ControlTable), Outbox);

    /// <summary>The people behind conversations and consents.</summary>
    public PersonStore People => field ??= new(Sessions, Consents);

    /// <summary>The limiter of all senders.</summary>
    public RateLimiter Rates => field ??= new(Dynamo, Table(SettingNames.ControlTable), _clock);

    /// <summary>How many calls a key of the API may make; null for any number.</summary>
    /// <exception cref="FormatException">A setting is no number above zero.</exception>
    public CallBudget? Calls => field ??= Positive(SettingNames.ApiRate) is { } rate
        ? new(Rates, _clock, rate, (int)Math.Max(1, Positive(SettingNames.ApiBurst) ?? 2 * rate))
        : null;

    /// <summary>Our own addresses, and whose they are.</summary>
    public SenderStore Senders => field ??= new(Dynamo, Table(SettingNames.ControlTable), _clock);

    /// <summary>The rules by which carriers and senders are chosen.</summary>
    public RouteStore Routes => field ??= new(Dynamo, Table(SettingNames.ControlTable), _clock);

    /// <summary>The senders that people last wrote to.</summary>
    public LastSenderStore LastSenders => field ??= new(Dynamo, Table(SettingNames.ControlTable));

    /// <summary>The meeting points of senders and receipts.</summary>
    public RendezvousStore Rendezvous => field ??= new(Dynamo, Table(SettingNames.ControlTable), _clock);

    /// <summary>The health of carriers.</summary>
    public HealthStore Health => field ??= new(Dynamo, Table(SettingNames.ControlTable), _clock, Outbox);

    /// <summary>The carriers and senders through which nothing is sent for now.</summary>
    public PauseStore Pauses => field ??= new(Dynamo, Table(SettingNames.ControlTable), _clock);

    /// <summary>How far receipts have come back.</summary>
    public WayBackStore WayBack => field ??= new(Dynamo, Table(SettingNames.ControlTable), _clock);

    /// <summary>The log of events.</summary>
    public EventLog Events => field ??= new(Dynamo, Table(SettingNames.EventsTable), _clock);

    /// <summary>How many calls of the API may wait at once; null for any number.</summary>
    public LongPolls? LongPolls => field ??= settings.Find(SettingNames.LongPolls) is { } polls
        ? new(Dynamo, Table(SettingNames.ControlTable), _clock, int.Parse(polls, NumberStyles.None, CultureInfo.InvariantCulture))
        : null;

    /// <summary>The endpoints of clients.</summary>
    public EndpointStore Endpoints => field ??= new(Dynamo, Table(SettingNames.ControlTable), Outbox, _clock);

    /// <summary>How far endpoints were told.</summary>
    public PositionStore Positions => field ??= new(Dynamo, Table(SettingNames.ControlTable));

    /// <summary>What endpoints did not take.</summary>
    public ParkStore Parks => field ??= new(Dynamo, Table(SettingNames.ControlTable));

    /// <summary>What came of calling endpoints.</summary>
    public AttemptStore Attempts => field ??= new(Dynamo, Table(SettingNames.ControlTable), _clock);

    /// <summary>What wakes the workers of endpoints.</summary>
    public EndpointWakes Wakes => field ??= new(
        new EndpointStore(Dynamo, Table(SettingNames.ControlTable), outbox: null, _clock),
        Queues,
        settings.Require(SettingNames.NotifyQueue)[0],
        _clock);

    /// <summary>What the Scheduler does for endpoints.</summary>
    public EndpointRounds Rounds => field ??= new(
        Endpoints, Positions, Events, Queues, settings.Require(SettingNames.NotifyQueue)[0], _clock);

    /// <summary>Where events are put by whoever is not the recorder; null where clients are told of nothing.</summary>
    public EventOutbox? Outbox => field ??= settings.KeepsEvents() ? new(Table(SettingNames.MessagesTable), _clock) : null;

    /// <summary>The answers to requests with an idempotency key.</summary>
    public AnswerStore Answers => field ??= new(Dynamo, Table(SettingNames.ControlTable), _clock);

    /// <summary>What is known of files.</summary>
    public MediaStore Media => field ??= new(Dynamo, Table(SettingNames.ControlTable), _clock);

    /// <summary>The API keys.</summary>
    public ApiKeyStore Keys => field ??= new(Dynamo, Table(SettingNames.ControlTable), _clock);

    /// <summary>The blobs.</summary>
    public BlobStore Blobs => field ??= new(S3, settings.Require(SettingNames.BlobBucket)[0]);

    /// <summary>The queues.</summary>
    public SqsQueues Queues => field ??= new(Sqs);

    /// <summary>What explains and redrives dead letters.</summary>
    public Redriver Redriver => field ??= new(
        Messages, Queues, Outbox, Dynamo, Table(SettingNames.MessagesTable), Batches, BatchStatuses);

    // Whoever makes or lists messages has the control table; the Dispatcher does neither.
    private ListDays? Days => field ??= settings.Find(SettingNames.ControlTable) is { } table ? new(Dynamo, table, _clock) : null;

    // Whoever takes messages in has the table of conversations, and looks there who was deleted.
    private SessionStore? Known => settings.Find(SettingNames.SessionsTable) is null ? null : Sessions;

    private int ListShards => settings.Find(SettingNames.ListShards) switch
    {
        null => Defaults.ListShards,
        var text when int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var shards)
            && shards is > 0 and <= Defaults.MaxListShards => shards,
        _ => throw new FormatException($"{SettingNames.ListShards} is not a number from 1 to {Defaults.MaxListShards}."),
    };

    private double? Positive(string name) => settings.Find(name) switch
    {
        null => null,
        var text when double.TryParse(text, CultureInfo.InvariantCulture, out var number) && double.IsFinite(number) && number > 0 =>
            number,
        _ => throw new FormatException($"{name} is not a number above zero."),
    };

    private string Table(string name) => settings.Require(name)[0];

    private string? Endpoint(string service) => settings.Find("AWS_ENDPOINT_URL_" + service);

    private TClient Make<TClient, TConfig>(
        TConfig config, string service, Func<TConfig, TClient> make, Func<AWSCredentials, TConfig, TClient> makeWith)
        where TConfig : ClientConfig
    {
        // Fail fast and let the queue or the caller try again: a hanging call would eat the function's time.
        config.Timeout = TimeSpan.FromSeconds(5);
        config.MaxErrorRetry = 3;
        if (settings.Find("AWS_REGION") is { } region) config.RegionEndpoint = RegionEndpoint.GetBySystemName(region);
        if (Endpoint(service) is { } endpoint)
        {
            config.ServiceURL = endpoint;
            config.AuthenticationRegion = settings.Find("AWS_REGION") ?? "us-east-1";
        }

        return (settings.Find("AWS_ACCESS_KEY_ID"), settings.Find("AWS_SECRET_ACCESS_KEY")) switch
        {
            ({ } id, { } secret) when Endpoint(service) is not null => makeWith(new BasicAWSCredentials(id, secret), config),
            _ => make(config),
        };
    }
}
