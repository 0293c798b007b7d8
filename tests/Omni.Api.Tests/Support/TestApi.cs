using System.Net;
using System.Text.Json;
using Amazon.DynamoDBv2.Model;
using Amazon.Lambda.APIGatewayEvents;
using Amazon.Lambda.Core;
using Amazon.S3;
using Amazon.S3.Model;
using Amazon.SQS;
using Amazon.SQS.Model;
using Microsoft.Extensions.Time.Testing;
using Moq;
using Omni.Aws;
using Omni.Shared;
using Omni.Testing.Simulation;
using Message = Omni.Shared.Message;

namespace Omni.Api.Tests;

/// <summary>
/// The function over fake tables and queues, with keys for two tenants.
/// Every answer is checked against the OpenAPI document on its way to the test.
/// </summary>
internal sealed class TestApi
{
    public const string Key = "key-of-default";
    public const string OtherTenantsKey = "key-of-another";
    public const string ReadOnlyKey = "key-that-reads";
    public const string Text = "The secret code is 481516";

    private readonly Mock<IAmazonSQS> _sqs = new(MockBehavior.Strict);
    private readonly Mock<IAmazonS3> _s3 = new(MockBehavior.Strict);
    private readonly Mock<ILambdaContext> _context = new();
    private readonly Function _function;

    /// <param name="clock">The time.</param>
    /// <param name="isLocal">Whether it is the stage on a single machine.</param>
    /// <param name="events">The log of events; null for a stage without one.</param>
    /// <param name="polls">How many calls may wait at once; null for any number.</param>
    /// <param name="calls">How many calls a key may make; null for any number.</param>
    /// <param name="health">The health of carriers; null for what the tables say.</param>
    /// <param name="onlyRegisteredSenders">Whether the default tenant too sends from registered senders only.</param>
    public TestApi(
        FakeTimeProvider? clock = null,
        bool isLocal = false,
        EventLog? events = null,
        LongPolls? polls = null,
        CallBudget? calls = null,
        HealthStore? health = null,
        bool onlyRegisteredSenders = false)
    {
        Clock = clock ?? new FakeTimeProvider(Noon);
        Endpoints = new(
            new Settings(new Dictionary<string, string>
            {
                [SettingNames.MessagesTable] = "messages", [SettingNames.ControlTable] = "control", [SettingNames.EventsTable] = "events",
            }),
            Clock) { Dynamo = new MemoryDynamoDb(EndpointTables, () => Task.CompletedTask) };
        Keys = new(Tables.Client, "control", Clock);
        Senders = new(Tables.Client, "control", Clock);
        LastSenders = new(Tables.Client, "control");
        string[] all =
        [
            Scopes.MessagesWrite, Scopes.MessagesRead, Scopes.ConsentsRead, Scopes.ConsentsWrite, Scopes.PeopleRead,
            Scopes.PeopleWrite, Scopes.CarriersRead, Scopes.EventsRead, Scopes.EndpointsRead, Scopes.EndpointsWrite,
            Scopes.KeysRead, Scopes.KeysWrite, Scopes.SendersRead, Scopes.SendersWrite, Scopes.Admin,
        ];
        AddKey(Key, "key_1", "default", all);
        AddKey(OtherTenantsKey, "key_2", "another", all);
        AddKey(ReadOnlyKey, "key_3", "default", Scopes.MessagesRead);
        _sqs.Setup(c => c.GetQueueAttributesAsync(It.IsAny<GetQueueAttributesRequest>(), It.IsAny<CancellationToken>()))
            .Returns((GetQueueAttributesRequest r, CancellationToken stop) => Queue(r.QueueUrl, stop));
        _sqs.Setup(c => c.SendMessageBatchAsync(It.IsAny<SendMessageBatchRequest>(), It.IsAny<CancellationToken>()))
            .Callback((SendMessageBatchRequest r, CancellationToken _) =>
            {
                Woken.AddRange(r.Entries.Select(e => e.MessageGroupId));
                Sent.AddRange(r.Entries.Select(e => (r.QueueUrl, e)));
                foreach (var entry in r.Entries) OnSent(entry);
            })
            .ReturnsAsync(new SendMessageBatchResponse());
        _sqs.Setup(c => c.ReceiveMessageAsync(It.IsAny<ReceiveMessageRequest>(), It.IsAny<CancellationToken>()))
            .Callback((ReceiveMessageRequest r, CancellationToken _) => Hidden = r.VisibilityTimeout)
            .ReturnsAsync((ReceiveMessageRequest r, CancellationToken _) => new()
            {
                Messages = [.. Dead.Where(d => d.Queue == r.QueueUrl && !Taken.Contains(d.Record.MessageId)).Select(d => d.Record)
                    .Take(r.MaxNumberOfMessages!.Value).Where(record => r.VisibilityTimeout == 0 || Taken.Add(record.MessageId))],
            });
        _sqs.Setup(c => c.DeleteMessageAsync(It.IsAny<string>(), It.IsAny<string>(), It.IsAny<CancellationToken>()))
            .ReturnsAsync((string queue, string handle, CancellationToken _) =>
            {
                Assert.Equal(1, Dead.RemoveAll(d => d.Queue == queue && d.Record.ReceiptHandle == handle));
                return new();
            });
        _sqs.Setup(c => c.ChangeMessageVisibilityBatchAsync(It.IsAny<ChangeMessageVisibilityBatchRequest>(), It.IsAny<CancellationToken>()))
            .Callback((ChangeMessageVisibilityBatchRequest r, CancellationToken _) =>
                Taken.ExceptWith(r.Entries.Where(e => e.VisibilityTimeout == 0).Select(e => e.ReceiptHandle)))
            .ReturnsAsync(new ChangeMessageVisibilityBatchResponse());
        _s3.Setup(c => c.GetObjectMetadataAsync(It.IsAny<GetObjectMetadataRequest>(), It.IsAny<CancellationToken>()))
            .Callback((GetObjectMetadataRequest r, CancellationToken _) => FilesAskedFor.Add(r.Key))
            .Returns((GetObjectMetadataRequest r, CancellationToken _) => Files.TryGetValue(r.Key, out var bytes)
                ? Task.FromResult(new GetObjectMetadataResponse { ContentLength = bytes })
                : Task.FromException<GetObjectMetadataResponse>(
                    new AmazonS3Exception("Not Found") { StatusCode = HttpStatusCode.NotFound }));
        _s3.Setup(c => c.GetObjectAsync(It.IsAny<GetObjectRequest>(), It.IsAny<CancellationToken>()))
            .Returns((GetObjectRequest r, CancellationToken _) => r.Key.StartsWith(BlobStore.BatchPrefix, StringComparison.Ordinal)
                && Contents.TryGetValue(r.Key, out var kept)
                ? Task.FromResult(new GetObjectResponse
                {
                    ResponseStream = r.ByteRange is { } range
                        ? new MemoryStream(kept.Bytes, (int)range.Start, (int)(range.End - range.Start + 1))
                        : new MemoryStream(kept.Bytes),
                })
                : Files.TryGetValue(r.Key, out var bytes)
                ? Task.FromResult(Opened(r, bytes))
                : Task.FromException<GetObjectResponse>(new AmazonS3Exception("Not Found") { StatusCode = HttpStatusCode.NotFound }));
        _s3.Setup(c => c.PutObjectAsync(It.IsAny<PutObjectRequest>(), It.IsAny<CancellationToken>()))
            .Callback((PutObjectRequest r, CancellationToken _) =>
            {
                using var copy = new MemoryStream();
                r.InputStream.CopyTo(copy);
                Upload(r.Key, copy.ToArray(), r.ContentType, r.Metadata["sha256"]);
            })
            .ReturnsAsync(new PutObjectResponse());
        _s3.Setup(c => c.CopyObjectAsync(It.IsAny<CopyObjectRequest>(), It.IsAny<CancellationToken>()))
            .Returns((CopyObjectRequest r, CancellationToken _) =>
            {
                OnCopy();
                if (r.ETagToMatch != VersionOf(Contents[r.SourceKey].Bytes))
                {
                    return Task.FromException<CopyObjectResponse>(
                        new AmazonS3Exception("At least one of the pre-conditions") { StatusCode = HttpStatusCode.PreconditionFailed });
                }

                Upload(r.DestinationKey, Contents[r.SourceKey].Bytes, r.ContentType, r.Metadata["sha256"]);
                return Task.FromResult(new CopyObjectResponse());
            });
        _s3.Setup(c => c.DeleteObjectAsync(It.IsAny<DeleteObjectRequest>(), It.IsAny<CancellationToken>()))
            .Callback((DeleteObjectRequest r, CancellationToken _) => Files.Remove(r.Key))
            .ReturnsAsync(new DeleteObjectResponse());
        _s3.Setup(c => c.GetPreSignedURL(It.IsAny<GetPreSignedUrlRequest>()))
            .Returns((GetPreSignedUrlRequest r) => $"https://{r.BucketName}.example/{r.Key}?expires={r.Expires:HH:mm:ss}"
                + (r.Verb == HttpVerb.PUT
                    ? $"&put={r.Headers.ContentType}&length={r.Headers.ContentLength}"
                    : $"&type={r.ResponseHeaderOverrides.ContentType}&disposition={r.ResponseHeaderOverrides.ContentDisposition}"));
        _s3.SetupGet(c => c.Config).Returns(new AmazonS3Config());
        var days = new ListDays(Tables.Client, "control", Clock);
        days.NoteAsync(Defaults.Tenant, Clock.GetUtcNow()).Wait(); // as a process that has taken a message today
        Consents = new(Tables.Client, "control");
        Messages = new(Tables.Client, "messages", Clock, Defaults.ListShards, days);
        var sessions = new SessionStore(Tables.Client, "sessions", Clock, days);
        var deletion = new ContentDeletion(Messages, new(_s3.Object, "blobs", Clock), new(Tables.Client, "control", Clock));
        var people = new PersonDeletionStore(Tables.Client, "control", Clock);
        _function = new(new ApiParts
        {
            Keys = Keys,
            Messages = Messages,
            Deletion = deletion,
            PersonDeletions = people,
            PersonDeleter = new(
                Tables.Client, new("messages", "sessions"), people, Messages, deletion, sessions, Consents, LastSenders, Clock),
            Queries = new(Tables.Client, "messages", Defaults.ListShards, days),
            Batches = Batches = new(Tables.Client, "messages", Clock),
            BatchStatuses = Statuses = new(Tables.Client, "messages", Clock),
            Usage = new(Tables.Client, "control"),
            Templates = new(Tables.Client, "control", Clock),
            Sessions = sessions,
            Dialogs = Dialogs = new(Tables.Client, "sessions", "messages", Clock, Defaults.ListShards, days, new("messages", Clock)),
            Consents = Consents,
            People = new(sessions, Consents),
            Media = new(Tables.Client, "control", Clock),
            PublicBaseUrl = "https://omni.example.com",
            Blobs = Blobs = new(_s3.Object, "blobs", Clock),
            Events = events,
            LongPolls = polls,
            Calls = calls,
            Senders = Senders,
            Routes = new(Tables.Client, "control", Clock),
            LastSenders = LastSenders,
            OnlyRegisteredSenders = onlyRegisteredSenders,
            Answers = Endpoints.Answers,
            Pauses = Endpoints.Pauses,
            Health = health ?? new(Tables.Client, "control", Clock),
            Rates = new(Tables.Client, "control", Clock),
            RateOf = new Settings(Settings).RateOf,
            Endpoints = new()
            {
                Events = Endpoints.Events,
                Endpoints = Endpoints.Endpoints,
                Positions = Endpoints.Positions,
                Attempts = Endpoints.Attempts,
                Client = new(new HttpClient(new Called(this)), Clock),
                Queues = new(_sqs.Object),
                NotifyQueue = "q-notify",
                IsLocal = isLocal,
                Clock = Clock,
            },
            Queues = new(_sqs.Object),
            // All but one, so that there is a carrier without functions.
            CarrierQueues = CarrierCatalogue.All.Where(carrier => carrier.Id != "inteliquent").ToDictionary(
                carrier => carrier.Id, _ => new CarrierQueues("q-out", "q-bulk", "q-dead")),
            DeadLetters = DeadLetterQueues,
            Redriver = new(Messages, new(_sqs.Object), new("messages", Clock), Tables.Client, "messages", Batches, Statuses),
            IsLocal = isLocal,
            Clock = Clock,
            Log = new JsonLogger(LogLines, Clock),
        });
        _context.SetupGet(c => c.AwsRequestId).Returns("invocation-1");
        _context.SetupGet(c => c.RemainingTime).Returns(() => RemainingTime);
        Tables.Forget();
    }

    /// <summary>The queues of dead letters: one of each kind.</summary>
    public static DeadLetterQueue[] DeadLetterQueues { get; } =
    [
        new(DeadLetterKind.Commands, "https://sqs/1/q-dead.fifo", CarrierCatalogue.Get("twilio"), "q-out.fifo", "q-bulk.fifo"),
        new(DeadLetterKind.Inbound, "https://sqs/1/q-inbound-dead", null, "q-inbound"),
        new(DeadLetterKind.Changes, "https://sqs/1/q-changes-dead", null),
        new(DeadLetterKind.Events, "https://sqs/1/q-events-dead", null),
        new(DeadLetterKind.Wakes, "https://sqs/1/q-wakes-dead.fifo", null, "q-notify.fifo"),
        new(DeadLetterKind.Batches, "https://sqs/1/q-batches-dead.fifo", null, "q-batches.fifo"),
        new(DeadLetterKind.Media, "https://sqs/1/q-media-dead.fifo", null),
    ];

    public static DateTimeOffset Noon { get; } = new(2026, 3, 14, 12, 0, 0, 123, TimeSpan.Zero);

    public FakeTimeProvider Clock { get; }

    public FakeTables Tables { get; } = new();

    /// <summary>The tables of webhook endpoints, and the log.</summary>
    public MemoryTables EndpointTables { get; } = new();

    public AwsClients Endpoints { get; }

    /// <summary>The groups of the workers that were woken.</summary>
    public List<string> Woken { get; } = [];

    /// <summary>What was put into queues.</summary>
    public List<(string Queue, SendMessageBatchRequestEntry Entry)> Sent { get; } = [];

    /// <summary>What becomes of a record that was put into a queue.</summary>
    public Action<SendMessageBatchRequestEntry> OnSent { get; set; } = _ => { };

    /// <summary>The dead letters that there are.</summary>
    public List<(string Queue, Amazon.SQS.Model.Message Record)> Dead { get; } = [];

    /// <summary>The ids of those that are hidden.</summary>
    public HashSet<string> Taken { get; } = [];

    /// <summary>How long the last records that were taken are hidden.</summary>
    public int? Hidden { get; private set; }

    /// <summary>What a client's endpoint answers when it is called.</summary>
    public Func<HttpRequestMessage, HttpResponseMessage> Endpoint { get; set; } = _ => new(HttpStatusCode.NoContent);

    /// <summary>The files that are kept, by name, with their sizes.</summary>
    public Dictionary<string, long> Files { get; } = [];

    /// <summary>Those whose bytes are known, with their types and the hashes that are kept with them.</summary>
    public Dictionary<string, (byte[] Bytes, string Type, string? Sha256)> Contents { get; } = [];

    /// <summary>What happens before a file is copied.</summary>
    public Action OnCopy { get; set; } = () => { };

    /// <summary>How every other file begins.</summary>
    public byte[] FileStart { get; set; } = [0xFF, 0xD8, 0xFF, 0xE0];

    /// <summary>The names of the files that were asked for.</summary>
    public List<string> FilesAskedFor { get; } = [];

    public ApiKeyStore Keys { get; }

    public SenderStore Senders { get; }

    public LastSenderStore LastSenders { get; }

    public MessageStore Messages { get; }

    public ConsentStore Consents { get; }

    public DialogStore Dialogs { get; }

    public BatchStore Batches { get; }

    public BatchStatuses Statuses { get; }

    public BlobStore Blobs { get; }

    public StringWriter LogLines { get; } = new();

    public TimeSpan RemainingTime { get; set; } = TimeSpan.FromSeconds(29);

    /// <summary>The function's settings.</summary>
    public Dictionary<string, string> Settings { get; } = [];

    /// <summary>How full a queue is.</summary>
    public Func<string, CancellationToken, Task<GetQueueAttributesResponse>> Queue { get; set; } = (_, _) => Task.FromResult(Depth("0"));

    public static GetQueueAttributesResponse Depth(string waiting) => new()
    {
        Attributes = new()
        {
            ["ApproximateNumberOfMessages"] = waiting,
            ["ApproximateNumberOfMessagesNotVisible"] = "2",
            ["ApproximateNumberOfMessagesDelayed"] = "1",
        },
    };

    /// <summary>Puts a template into the list that a carrier gave.</summary>
    public void StoreTemplate(string carrier, string name, string language, string[] variables, bool isGone = false)
    {
        var item = new Dictionary<string, AttributeValue>
        {
            ["pk"] = new("templates#" + carrier),
            ["sk"] = new($"t#{name}#{language}"),
            ["js"] = new(JsonSerializer.Serialize(new { name, language, text = "The text.", variables })),
        };
        if (isGone) item["go"] = new() { BOOL = true };
        Tables.Store("control", item);
    }

    /// <summary>Puts a file into the bucket, as who has a signed link does.</summary>
    public void Upload(string key, byte[] bytes, string type, string? sha256 = null) =>
        (Files[key], Contents[key]) = (bytes.Length, (bytes, type, sha256));

    private static string VersionOf(byte[] bytes) => Convert.ToHexStringLower(System.Security.Cryptography.SHA256.HashData(bytes));

    private GetObjectResponse Opened(GetObjectRequest request, long size)
    {
        var (bytes, type, sha256) = Contents.GetValueOrDefault(request.Key, (FileStart, "application/octet-stream", null));
        var asked = request.ByteRange is { } range ? bytes[..(int)Math.Min(bytes.Length, range.End + 1)] : bytes;
        var opened = new GetObjectResponse
        {
            ResponseStream = new MemoryStream(asked), ContentLength = request.ByteRange is null ? size : asked.Length,
            ContentRange = request.ByteRange is null ? null : $"bytes 0-{asked.Length - 1}/{size}",
            ETag = VersionOf(bytes), LastModified = Noon.UtcDateTime,
        };
        opened.Headers.ContentType = type;
        if (sha256 is not null) opened.Metadata["sha256"] = sha256;
        return opened;
    }

    public static string Body(object? changes = null) => JsonSerializer.Serialize(
        new Dictionary<string, object?>(
            JsonSerializer.SerializeToElement(changes ?? new { }).EnumerateObject().ToDictionary(p => p.Name, p => (object?)p.Value)
                .UnionBy(
                [
                    new("carrier", "twilio"),
                    new("to", "+14155550123"),
                    new("from", "+12065550100"),
                    new("content", new { type = "text", body = Text }),
                ], p => p.Key)));

    /// <summary>A request to a carrier whose recipients and senders are phone numbers, whatever the content.</summary>
    public Task<Reply> SendAsync(string carrier, object content, string? idempotencyKey = null) =>
        SendAsync(new { carrier, content }, idempotencyKey);

    public Task<Reply> SendAsync(object? changes = null, string? idempotencyKey = null, string key = Key) =>
        SendBodyAsync(Body(changes), idempotencyKey, key);

    public Task<Reply> SendBodyAsync(string body, string? idempotencyKey = null, string key = Key) =>
        CallAsync("POST", "/api/v1/messages/send", key, body, idempotencyKey is null ? [] : new() { ["idempotency-key"] = idempotencyKey });

    public Task<Reply> GetAsync(string pathAndQuery, string? key = Key, Dictionary<string, string>? headers = null) =>
        CallAsync("GET", pathAndQuery, key, body: null, headers);

    public async Task<Reply> CallAsync(
        string method,
        string pathAndQuery,
        string? key = Key,
        string? body = null,
        Dictionary<string, string>? headers = null,
        bool base64 = false)
    {
        var pieces = pathAndQuery.Split('?', 2);
        var all = new Dictionary<string, string>();
        if (body is not null) all["content-type"] = "application/json";
        if (key is not null) all["authorization"] = "Bearer " + key;
        foreach (var (name, value) in headers ?? []) all[name] = value;
        var response = await _function.HandleAsync(
            new ApiEvent
            {
                RawPath = pieces[0],
                RawQueryString = pieces.Length > 1 ? pieces[1] : "",
                Headers = all,
                Body = body,
                IsBase64Encoded = base64,
                RequestContext = new() { DomainName = "omni.example", Http = new() { Method = method, Path = pieces[0] } },
            },
            _context.Object);
        var reply = new Reply(response);
        Contract.Check(method, pieces[0], reply);
        return reply;
    }

    /// <summary>Invokes the function as who may do so by their rights in the account.</summary>
    public async Task<Reply> InvokeAsync(ApiEvent wish) => new(await _function.HandleAsync(wish, _context.Object));

    /// <summary>Makes a key that was used today already, by another process.</summary>
    public void AddKey(string key, string id, string tenant, params string[] scopes)
    {
        var others = new ApiKeyStore(Tables.Client, "control", Clock);
        others.AddAsync(key, new(id, tenant, scopes.ToHashSet()) { Name = "tests", CreatedAt = Clock.GetUtcNow() }).Wait();
        others.FindAsync(key).Wait();
    }

    /// <summary>Puts a message into the table as if it had come another way.</summary>
    public MessageRecord Store(
        string id,
        DateTimeOffset? createdAt = null,
        string tenant = "default",
        RankKey? rank = null,
        string to = "+14155550123",
        Direction direction = Direction.Outbound,
        string from = "+12065550100",
        params TimelineEvent[] timeline)
    {
        var message = new Message
        {
            Id = id,
            Direction = direction,
            Carrier = "twilio",
            Tenant = tenant,
            To = Address.Phone(to),
            From = Address.Phone(from),
            Content = new TextContent { Body = Text },
            Parts = direction == Direction.Outbound ? [new PlannedPart { Encoding = SmsEncoding.Gsm7 }] : [],
            CreatedAt = createdAt ?? Noon,
            CarrierMessageId = direction == Direction.Inbound ? "SM1" : null,
        };
        var record = MessageStore.NewRecord(message);
        if (rank is { } raised)
        {
            var state = record.State with
            {
                Rank = raised,
                Parts = [.. record.State.Parts.Select(p => p with { Rank = raised })],
                Timeline = timeline,
                UpdatedAt = Clock.GetUtcNow()
            };
            record = record with { State = state };
        }

        Tables.Store("messages", MessageCodec.ToItem(record));
        return record;
    }

    /// <summary>Puts an inbound message into the table, and beside what the codec writes some further attributes.</summary>
    public Message StoreInbound(
        string id, string carrier, Content content, Func<Message, Message>? change = null, params (string Name, string Value)[] more)
    {
        var message = new Message
        {
            Id = id, Direction = Direction.Inbound, Carrier = carrier, To = Address.Phone("+12065550100"),
            From = Address.Phone("+14155550123"), Content = content,
            CreatedAt = Noon, CarrierMessageId = "carrier-" + id,
        };
        message = change?.Invoke(message) ?? message;
        var item = MessageCodec.ToItem(MessageStore.NewRecord(message));
        foreach (var (name, value) in more) item[name] = new(value);
        Tables.Store("messages", item);
        return message;
    }

    /// <summary>Puts a conversation with a person into the table, as it is after their last message.</summary>
    public string StoreSession(
        string carrier,
        Address theirs,
        DateTimeOffset? windowExpiresAt = null,
        string tenant = "default",
        params (string Name, string Value)[] more) =>
        StoreSession(carrier, theirs, windowExpiresAt, tenant, Address.Phone("+12065550100"), more);

    /// <summary>The same with another address of ours.</summary>
    public string StoreSession(
        string carrier,
        Address theirs,
        DateTimeOffset? windowExpiresAt,
        string tenant,
        Address ours,
        params (string Name, string Value)[] more)
    {
        var id = Ids.Conversation(tenant, carrier, Defaults.Account, ours, theirs);
        var item = new Dictionary<string, AttributeValue>
        {
            ["pk"] = new(id), ["ca"] = new(carrier), ["tn"] = new(tenant), ["us"] = new(ours.Key), ["th"] = new(theirs.Key),
        };
        if (windowExpiresAt is { } end) item["wx"] = new() { N = end.ToUnixTimeMilliseconds().ToString() };
        foreach (var (name, value) in more) item[name] = name == "ln" ? new([value]) : new(value);
        Tables.Store("sessions", item);
        return id;
    }

    /// <summary>Puts a conversation into the lists, as it is when something came from the person at a moment.</summary>
    public string Activate(string id, DateTimeOffset at)
    {
        var item = new Dictionary<string, AttributeValue>(Tables.Items("sessions").Single(i => i["pk"].S == id));
        item["ak"] = new(FormattableString.Invariant($"{item["tn"].S}#{at.UtcDateTime:yyyyMMdd}#{Shards.Of(id, 8)}"));
        item["at"] = new() { N = at.ToUnixTimeMilliseconds().ToString() };
        var person = "per_" + Ids.Hash(item["tn"].S, item["th"].S);
        var known = Tables.Items("sessions").SingleOrDefault(i => i["pk"].S == person)?["cs"].SS ?? [];
        Tables.Store("sessions", item);
        Tables.Store("sessions", new() { ["pk"] = new(person), ["cs"] = new([.. known.Append(id).Distinct()]) });
        new ListDays(Tables.Client, "control", Clock).NoteAsync(item["tn"].S, at).Wait();
        return id;
    }
}

/// <summary>Where clients' endpoints are called.</summary>
file sealed class Called(TestApi api) : HttpMessageHandler
{
    protected override Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, CancellationToken cancellationToken) =>
        Task.FromResult(api.Endpoint(request));
}

/// <summary>An answer, as a client sees it.</summary>
internal sealed class Reply(APIGatewayHttpApiV2ProxyResponse response)
{
    public int Status => response.StatusCode;

    public string? Text => response.Body;

    public JsonElement Json { get; } = response.Body is null ? default : JsonDocument.Parse(response.Body).RootElement;

    public string? Header(string name) => response.Headers.TryGetValue(name, out var value) ? value : null;

    public string? this[string member] => Json.TryGetProperty(member, out var value) ? value.ToString() : null;

    /// <summary>The fields that a problem names, with their codes.</summary>
    public IEnumerable<string> Errors =>
        Json.TryGetProperty("errors", out var errors)
            ? errors.EnumerateArray().Select(e => $"{e.GetProperty("field").GetString()} {e.GetProperty("code").GetString()}")
            : [];
}
