using System.Net;
using System.Text;
using Amazon.DynamoDBv2;
using Amazon.DynamoDBv2.Model;
using Amazon.S3;
using Amazon.S3.Model;
using Amazon.SQS.Model;
using Omni.Emulators;
using Omni.Testing;

namespace Omni.Aws.Tests;

/// <summary>What the stores rely on, seen on the emulators themselves.</summary>
public sealed class EmulatorTests(EmulatorFixture emulators) : IClassFixture<EmulatorFixture>
{
    private const string Table = "messages";

    [Fact]
    public async Task A_stream_gives_every_write_once_and_can_be_read_again_from_any_place()
    {
        var key = EmulatorFixture.NewAccessKey();
        using var dynamo = emulators.NewDynamoDb(key);
        await CreateTableAsync(dynamo);
        foreach (var version in new[] { "1", "2", "3" })
            await dynamo.PutItemAsync(Table, new() { ["pk"] = new("a"), ["v"] = new() { N = version } });
        await dynamo.DeleteItemAsync(Table, new() { ["pk"] = new("a") });

        using var stream = new TableStreamReader(emulators.Emulators.DynamoDb, key, Table, TimeProvider.System);
        var first = await stream.ReadAsync(await stream.StartAsync(), max: 1);
        var rest = await stream.ReadAsync(first.Next, max: 10);
        var again = await stream.ReadAsync(first.Next, max: 1);

        Assert.Equal(
            ["INSERT", "MODIFY", "MODIFY", "REMOVE"], first.Records.Concat(rest.Records).Select(record => (string)record["eventName"]!));
        Assert.Equal((string)rest.Records[0]["eventID"]!, (string)Assert.Single(again.Records)["eventID"]!);

        var change = rest.Records[0];
        Assert.Equal("1", (string)change["dynamodb"]!["OldImage"]!["v"]!["N"]!);
        Assert.Equal("2", (string)change["dynamodb"]!["NewImage"]!["v"]!["N"]!);
        Assert.Equal("a", (string)change["dynamodb"]!["Keys"]!["pk"]!["S"]!);
        Assert.Equal("NEW_AND_OLD_IMAGES", (string)change["dynamodb"]!["StreamViewType"]!);
        Assert.Equal("aws:dynamodb", (string)change["eventSource"]!);
        Assert.Contains($"table/{Table}/stream/", (string)change["eventSourceARN"]!, StringComparison.Ordinal);
        Assert.Equal("us-east-1", (string)change["awsRegion"]!);
        Assert.True((double)change["dynamodb"]!["ApproximateCreationDateTime"]! > 0);
        Assert.True((long)change["dynamodb"]!["SizeBytes"]! > 0);
    }

    [Fact]
    public async Task A_reader_at_the_end_of_a_stream_waits_for_the_next_write()
    {
        var key = EmulatorFixture.NewAccessKey();
        using var dynamo = emulators.NewDynamoDb(key);
        await CreateTableAsync(dynamo);
        using var stream = new TableStreamReader(emulators.Emulators.DynamoDb, key, Table, TimeProvider.System);

        var reading = stream.ReadAsync(await stream.StartAsync(), max: 10);
        await dynamo.PutItemAsync(Table, new() { ["pk"] = new("late") });

        Assert.Equal("late", (string)Assert.Single((await reading).Records)["dynamodb"]!["Keys"]!["pk"]!["S"]!);
    }

    [Fact]
    public async Task A_refused_condition_returns_the_item_that_refused_it()
    {
        using var dynamo = emulators.NewDynamoDb();
        await CreateTableAsync(dynamo);
        var item = new Dictionary<string, AttributeValue> { ["pk"] = new("a"), ["v"] = new() { N = "1" } };
        await dynamo.PutItemAsync(Table, item);

        var put = await Assert.ThrowsAsync<ConditionalCheckFailedException>(() => dynamo.PutItemAsync(new PutItemRequest
        {
            TableName = Table,
            Item = item,
            ConditionExpression = "attribute_not_exists(pk)",
            ReturnValuesOnConditionCheckFailure = ReturnValuesOnConditionCheckFailure.ALL_OLD,
        }));
        var update = await Assert.ThrowsAsync<ConditionalCheckFailedException>(() => dynamo.UpdateItemAsync(new UpdateItemRequest
        {
            TableName = Table,
            Key = new() { ["pk"] = new("a") },
            UpdateExpression = "SET v = :next",
            ConditionExpression = "v > :next",
            ExpressionAttributeValues = new() { [":next"] = new() { N = "2" } },
            ReturnValuesOnConditionCheckFailure = ReturnValuesOnConditionCheckFailure.ALL_OLD,
        }));

        Assert.Equal("1", put.Item["v"].N);
        Assert.Equal("1", update.Item["v"].N);
    }

    [Fact]
    public async Task Each_access_key_has_tables_of_its_own()
    {
        using var one = emulators.NewDynamoDb();
        using var other = emulators.NewDynamoDb();
        await CreateTableAsync(one);

        Assert.Equal([Table], (await one.ListTablesAsync()).TableNames);
        Assert.Empty((await other.ListTablesAsync()).TableNames ?? []);
    }

    [Fact]
    public async Task A_fifo_queue_holds_a_group_back_until_its_message_is_deleted()
    {
        using var sqs = emulators.NewSqs();
        var queue = (await sqs.CreateQueueAsync(new CreateQueueRequest
        {
            QueueName = EmulatorFixture.NewQueuePrefix() + ".fifo",
            Attributes = new() { ["FifoQueue"] = "true" },
        })).QueueUrl;
        foreach (var body in new[] { "1", "2", "2" })
        {
            await sqs.SendMessageAsync(new SendMessageRequest(queue, body) { MessageGroupId = "group", MessageDeduplicationId = body });
        }

        var first = Assert.Single(await ReceiveAsync());
        Assert.Empty(await ReceiveAsync());
        await sqs.DeleteMessageAsync(queue, first.ReceiptHandle);
        var second = Assert.Single(await ReceiveAsync());
        await sqs.DeleteMessageAsync(queue, second.ReceiptHandle);

        Assert.Equal(["1", "2"], [first.Body, second.Body]);
        Assert.Equal("1", first.Attributes["ApproximateReceiveCount"]);
        Assert.Equal("group", first.Attributes["MessageGroupId"]);
        Assert.Empty(await ReceiveAsync());

        async Task<List<Message>> ReceiveAsync() =>
            (await sqs.ReceiveMessageAsync(
                new ReceiveMessageRequest(queue) { MaxNumberOfMessages = 10, MessageSystemAttributeNames = ["All"] })).Messages ?? [];
    }

    [Theory]
    [InlineData(0)]
    [InlineData(1_000)]
    [InlineData(20_000_000)]
    public async Task An_object_is_read_as_it_was_put(int size)
    {
        using var s3 = emulators.NewS3();
        var bucket = EmulatorFixture.NewBucketName();
        await s3.PutBucketAsync(bucket);
        var bytes = new byte[size];
        new Random(size).NextBytes(bytes);

        await s3.PutObjectAsync(new PutObjectRequest
        {
            BucketName = bucket, Key = "a/b c+ü.bin", InputStream = new MemoryStream(bytes), ContentType = "image/png"
        });

        using var got = await s3.GetObjectAsync(bucket, "a/b c+ü.bin");
        using var read = new MemoryStream();
        await got.ResponseStream.CopyToAsync(read);
        Assert.Equal(bytes, read.ToArray());
        Assert.Equal("image/png", got.Headers.ContentType);

        var head = await s3.GetObjectMetadataAsync(bucket, "a/b c+ü.bin");
        Assert.Equal(size, head.ContentLength);
        Assert.Equal("image/png", head.Headers.ContentType);
    }

    [Fact]
    public async Task Objects_are_listed_by_prefix_and_page_and_a_missing_one_is_not_found()
    {
        using var s3 = emulators.NewS3();
        var bucket = EmulatorFixture.NewBucketName();
        await s3.PutBucketAsync(bucket);
        foreach (var name in new[] { "raw/1", "raw/2", "raw/3", "media/1" })
            await s3.PutObjectAsync(new PutObjectRequest { BucketName = bucket, Key = name, ContentBody = name });

        var first = await s3.ListObjectsV2Async(new ListObjectsV2Request { BucketName = bucket, Prefix = "raw/", MaxKeys = 2 });
        var second = await s3.ListObjectsV2Async(
            new ListObjectsV2Request { BucketName = bucket, Prefix = "raw/", ContinuationToken = first.NextContinuationToken });
        var missing = await Assert.ThrowsAnyAsync<AmazonS3Exception>(() => s3.GetObjectMetadataAsync(bucket, "raw/4"));
        await Assert.ThrowsAsync<NoSuchKeyException>(() => s3.GetObjectAsync(bucket, "raw/4"));

        Assert.Equal(["raw/1", "raw/2", "raw/3"], first.S3Objects.Concat(second.S3Objects).Select(o => o.Key));
        Assert.Equal(HttpStatusCode.NotFound, missing.StatusCode);
    }

    [Fact]
    public async Task A_signed_link_serves_the_object()
    {
        using var s3 = emulators.NewS3();
        var bucket = EmulatorFixture.NewBucketName();
        await s3.PutBucketAsync(bucket);
        await s3.PutObjectAsync(new PutObjectRequest { BucketName = bucket, Key = "m.txt", ContentBody = "media" });

        var link = await s3.GetPreSignedURLAsync(new GetPreSignedUrlRequest
        {
            BucketName = bucket, Key = "m.txt", Expires = DateTime.UtcNow.AddMinutes(5), Protocol = Protocol.HTTP
        });
        using var http = new HttpClient();

        Assert.Equal("media", Encoding.UTF8.GetString(await http.GetByteArrayAsync(new Uri(link))));
    }

    private static async Task CreateTableAsync(AmazonDynamoDBClient dynamo) => await dynamo.CreateTableAsync(new CreateTableRequest
    {
        TableName = Table,
        KeySchema = [new("pk", KeyType.HASH)],
        AttributeDefinitions = [new("pk", ScalarAttributeType.S)],
        BillingMode = BillingMode.PAY_PER_REQUEST,
        StreamSpecification = new() { StreamEnabled = true, StreamViewType = StreamViewType.NEW_AND_OLD_IMAGES },
    });
}
