using System.Net;
using System.Text;
using System.Text.Json;
using Amazon.DynamoDBv2;
using Amazon.DynamoDBv2.Model;
using Amazon.Runtime;
using Amazon.S3;
using Amazon.S3.Model;
using Amazon.SQS;
using Omni.Local;
using Omni.Local.Account;
using Omni.Local.Functions;

namespace Omni.EndToEnd.Tests;

/// <summary>A host in which nothing moves by itself, for calls to AWS with the keys of its functions.</summary>
public sealed class StillHost : IAsyncLifetime
{
    private LocalHost? _host;

    internal LocalHost Local => _host!;

    public async Task InitializeAsync() => _host = await StartAsync(new() { Port = 0, Carriers = ["twilio"] });

    public Task DisposeAsync() => _host!.DisposeAsync().AsTask();

    /// <summary>A host with roles that differ from the template's.</summary>
    internal static Task<LocalHost> StartAsync(LocalOptions options, Func<Role, Role>? roles = null) => LocalHost.StartAsync(
        options, new Probe { IsStepped = true, Roles = roles ?? (role => role) }, new Progress<string>(), CancellationToken.None);

    internal StackFunctionClients Clients(string project) => new(Local.Functions.Single(function => function.Project == project).Settings);
}

/// <summary>The clients that a function has.</summary>
internal sealed class StackFunctionClients(IReadOnlyDictionary<string, string> settings)
{
    private BasicAWSCredentials Key { get; } = new(settings["AWS_ACCESS_KEY_ID"], "secret");

    public AmazonDynamoDBClient Dynamo => NewDynamo(Key);

    public AmazonSQSClient Sqs => new(Key, At(new AmazonSQSConfig(), "SQS"));

    public AmazonS3Client S3 => new(Key, At(new AmazonS3Config { ForcePathStyle = true }, "S3"));

    public string Table => settings["DYNAMODB_TABLE_MESSAGES"];

    public string Bucket => settings["S3_BUCKET_BLOBS"];

    public Uri Address => new(settings["AWS_ENDPOINT_URL_S3"]);

    public AmazonDynamoDBClient NewDynamo(AWSCredentials key) => new(key, At(new AmazonDynamoDBConfig(), "DYNAMODB"));

    private TConfig At<TConfig>(TConfig config, string service) where TConfig : ClientConfig
    {
        config.ServiceURL = settings["AWS_ENDPOINT_URL_" + service];
        config.AuthenticationRegion = "us-east-1";
        config.MaxErrorRetry = 0;
        return config;
    }
}

/// <summary>What a function hears that has no right to what it asks: what AWS would say, as its SDK understands it.</summary>
public sealed class GuardTests(StillHost host) : IClassFixture<StillHost>
{
    private const string Api = "Omni.Api";
    private const string Sender = "Omni.Twilio.Outbound";
    private const string Webhook = "Omni.Twilio.Inbound";
    private const string Scheduler = "Omni.Scheduler";

    private static readonly byte[] ListEvent = Encoding.UTF8.GetBytes(
        """
        {"version":"2.0","rawPath":"/api/v1/messages","rawQueryString":"","headers":{"authorization":"Bearer local-dev-key"},
         "requestContext":{"http":{"method":"GET","path":"/api/v1/messages","sourceIp":"127.0.0.1"}},"isBase64Encoded":false}
        """);

    [Fact]
    public async Task A_table_says_who_may_not_do_what()
    {
        var scheduler = host.Clients(Scheduler);
        using var dynamo = scheduler.Dynamo;

        var refusal = await Assert.ThrowsAsync<AmazonDynamoDBException>(
            () => dynamo.PutItemAsync(scheduler.Table, new() { ["pk"] = new("a"), ["sk"] = new("m") }));

        Assert.Equal((HttpStatusCode.BadRequest, "AccessDeniedException"), (refusal.StatusCode, refusal.ErrorCode));
        Assert.Matches(
            "^User: arn:aws:sts::000000000000:assumed-role/[A-Za-z0-9]+/omni-scheduler is not authorized to perform: "
            + "dynamodb:PutItem on resource: arn:aws:dynamodb:us-east-1:000000000000:table/omni-messages "
            + "because no identity-based policy allows the dynamodb:PutItem action$",
            refusal.Message);
        Assert.Contains(
            new Refusal(Scheduler, "dynamodb:PutItem", "arn:aws:dynamodb:us-east-1:000000000000:table/omni-messages"),
            host.Local.Rights.Refused);
    }

    [Fact]
    public async Task A_transaction_is_refused_for_one_of_its_items()
    {
        var api = host.Clients(Api);
        using var dynamo = api.Dynamo;
        var key = new Dictionary<string, AttributeValue> { ["pk"] = new("a"), ["sk"] = new("m") };
        var put = new TransactWriteItem { Put = new() { TableName = api.Table, Item = key } };
        var delete = new TransactWriteItem
        {
            Delete = new() { TableName = api.Table, Key = new() { ["pk"] = new("b"), ["sk"] = new("m") } },
        };

        await dynamo.TransactWriteItemsAsync(new() { TransactItems = [put] });
        var refusal = await Assert.ThrowsAsync<AmazonDynamoDBException>(
            () => dynamo.TransactWriteItemsAsync(new() { TransactItems = [put, delete] }));

        Assert.Contains("dynamodb:DeleteItem", refusal.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_queue_says_it_in_its_own_words()
    {
        using var sqs = host.Clients(Webhook).Sqs;
        var queue = host.Local.QueueUrls["omni-twilio-outbound.fifo"];

        var refusal = await Assert.ThrowsAnyAsync<AmazonSQSException>(() => sqs.SendMessageBatchAsync(queue, [new("0", "a")]));

        Assert.Equal((HttpStatusCode.Forbidden, "AccessDenied"), (refusal.StatusCode, refusal.ErrorCode));
        Assert.Contains(
            "is not authorized to perform: sqs:sendmessage on resource: arn:aws:sqs:us-east-1:000000000000:omni-twilio-outbound.fifo",
            refusal.Message,
            StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_bucket_says_it_in_its_own_words()
    {
        var sender = host.Clients(Sender);
        using var s3 = sender.S3;

        var refusal = await Assert.ThrowsAsync<AmazonS3Exception>(() => s3.GetObjectAsync(sender.Bucket, "raw/of another"));

        Assert.Equal((HttpStatusCode.Forbidden, "AccessDenied"), (refusal.StatusCode, refusal.ErrorCode));
        Assert.Contains(
            $"s3:GetObject on resource: \"arn:aws:s3:::{sender.Bucket}/raw/of another\"", refusal.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Who_may_not_list_a_bucket_is_not_told_what_is_missing()
    {
        var sender = host.Clients(Sender);
        using var s3 = sender.S3;
        await s3.PutObjectAsync(new PutObjectRequest { BucketName = sender.Bucket, Key = "media/there", ContentBody = "here" });

        Assert.Equal(4, (await s3.GetObjectMetadataAsync(sender.Bucket, "media/there")).ContentLength);
        var refusal = await Assert.ThrowsAsync<AmazonS3Exception>(() => s3.GetObjectAsync(sender.Bucket, "media/missing"));
        var silent = await Assert.ThrowsAsync<AmazonS3Exception>(() => s3.GetObjectMetadataAsync(sender.Bucket, "media/missing"));

        Assert.Equal((HttpStatusCode.Forbidden, "AccessDenied"), (refusal.StatusCode, refusal.ErrorCode));
        Assert.Contains("s3:ListBucket", refusal.Message, StringComparison.Ordinal);
        Assert.Equal(HttpStatusCode.Forbidden, silent.StatusCode);
    }

    [Fact]
    public async Task A_signed_link_opens_what_its_signer_may_read()
    {
        var (sender, api) = (host.Clients(Sender), host.Clients(Api));
        using var s3 = sender.S3;
        using var signer = api.S3;
        await s3.PutObjectAsync(new PutObjectRequest { BucketName = sender.Bucket, Key = "media/linked", ContentBody = "here" });
        using var http = new HttpClient();

        Assert.Equal("here", await http.GetStringAsync(Link("media/linked")));
        using var refused = await http.GetAsync(Link("raw/linked"));
        Assert.Equal(HttpStatusCode.Forbidden, refused.StatusCode);
        using var unsigned = await http.GetAsync(new Uri(api.Address, $"{api.Bucket}/media/linked"));
        Assert.Equal(HttpStatusCode.Forbidden, unsigned.StatusCode);

        Uri Link(string key) => new(signer.GetPreSignedURL(new()
        {
            BucketName = api.Bucket,
            Key = key,
            Protocol = Protocol.HTTP,
            Expires = TimeProvider.System.GetUtcNow().UtcDateTime.AddMinutes(5),
        }));
    }

    [Fact]
    public async Task Nobody_else_is_let_in_and_nothing_else_is_done()
    {
        var api = host.Clients(Api);
        using var stranger = api.NewDynamo(new BasicAWSCredentials("AKIASTRANGER", "secret"));
        using var dynamo = api.Dynamo;

        var unknown = await Assert.ThrowsAsync<AmazonDynamoDBException>(() => stranger.ListTablesAsync());
        var other = await Assert.ThrowsAsync<AmazonDynamoDBException>(() => dynamo.DeleteTableAsync(api.Table));

        Assert.Equal("UnrecognizedClientException", unknown.ErrorCode);
        Assert.Equal("UnsupportedOperation", other.ErrorCode);
        Assert.Contains("DeleteTable", other.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task A_function_is_held_to_its_role_in_this_process_and_in_one_of_its_own(bool isIsolated)
    {
        var options = new LocalOptions { Port = 0, Carriers = ["twilio"], IsIsolated = isIsolated };
        await using var bounded = await StillHost.StartAsync(options, role => Without(role, "dynamodb:Query", "/index/list"));

        Assert.NotEqual(200, await ListAsync(bounded));

        Assert.Equal(
            new Refusal(Api, "dynamodb:Query", "arn:aws:dynamodb:us-east-1:000000000000:table/omni-messages/index/list"),
            Assert.Single(bounded.Rights.Refused));
    }

    [Theory]
    [InlineData("sqs:ReceiveMessage", "omni-inbound", "Omni.InboundProcessor")]
    [InlineData("dynamodb:GetRecords", "/stream/local", "Omni.Dispatcher")]
    public async Task A_host_does_not_start_when_a_function_could_not_be_run_or_fed(string action, string resource, string project)
    {
        var refusal = await Assert.ThrowsAsync<UnauthorizedAccessException>(
            () => StillHost.StartAsync(new() { Port = 0, Carriers = ["twilio"] }, role => Without(role, action, resource)));

        Assert.Contains(project, refusal.Message, StringComparison.Ordinal);
        Assert.Contains(action, refusal.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task An_invocation_that_takes_too_long_is_given_up_and_has_failed()
    {
        var api = host.Local.Functions.Single(function => function.Project == Api);
        await using var patient = new InProcessFunction(api);
        await using var hurried = new InProcessFunction(api with { Timeout = TimeSpan.Zero });

        Assert.Equal(200, StatusOf(await patient.InvokeAsync(ListEvent, CancellationToken.None)));
        var result = await hurried.InvokeAsync(ListEvent, CancellationToken.None);

        Assert.Contains(nameof(TimeoutException), result.Error, StringComparison.Ordinal);
        Assert.Empty(result.Payload);
    }

    private static Role Without(Role role, string action, string resource) => role with
    {
        Rights = [.. role.Rights.Where(
            right => right.Action != action || !right.Resource.EndsWith(resource, StringComparison.Ordinal))],
    };

    private static async Task<int> ListAsync(LocalHost host) => StatusOf(await host.InvokeAsync(Api, ListEvent, CancellationToken.None));

    private static int StatusOf(InvocationResult result) =>
        result.IsError ? 500 : JsonDocument.Parse(result.Payload).RootElement.GetProperty("statusCode").GetInt32();
}
