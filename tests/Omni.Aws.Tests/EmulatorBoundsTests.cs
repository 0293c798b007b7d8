using Amazon.DynamoDBv2;
using Amazon.DynamoDBv2.Model;
using Amazon.Runtime;
using Amazon.SQS.Model;
using Omni.Testing;

namespace Omni.Aws.Tests;

/// <summary>The emulators refuse what AWS refuses for its size: what passes a test here passes there.</summary>
public sealed class EmulatorBoundsTests(EmulatorFixture emulators) : IClassFixture<EmulatorFixture>
{
    private const string Table = "messages";
    private const int MaxQueueBytes = 1024 * 1024;
    private const int MaxItemBytes = 400 * 1024;
    private const int MaxVisibilitySeconds = 12 * 60 * 60;

    // https://docs.aws.amazon.com/AWSSimpleQueueService/latest/SQSDeveloperGuide/quotas-messages.html

    [Fact]
    public async Task A_queue_takes_a_record_of_a_mebibyte_and_none_with_a_byte_more()
    {
        using var sqs = emulators.NewSqs();
        var queue = await QueueAsync(sqs);

        await sqs.SendMessageAsync(queue, new string('a', MaxQueueBytes));

        await RefusedAsync("InvalidParameterValue", () => sqs.SendMessageAsync(queue, new string('a', MaxQueueBytes + 1)));
        // Bytes, not characters.
        await RefusedAsync("InvalidParameterValue", () => sqs.SendMessageAsync(queue, new string('é', (MaxQueueBytes / 2) + 1)));
    }

    [Fact]
    public async Task A_batch_takes_a_mebibyte_in_all_and_ten_records()
    {
        using var sqs = emulators.NewSqs();
        var queue = await QueueAsync(sqs);

        await sqs.SendMessageBatchAsync(queue, Entries(10, MaxQueueBytes / 10));

        await RefusedAsync("BatchRequestTooLong", () => sqs.SendMessageBatchAsync(queue, Entries(10, (MaxQueueBytes / 10) + 1)));
        await RefusedAsync("TooManyEntriesInBatchRequest", () => sqs.SendMessageBatchAsync(queue, Entries(11, 1)));
    }

    [Fact]
    public async Task A_queue_takes_every_character_of_XML_and_no_other()
    {
        using var sqs = emulators.NewSqs();
        var queue = await QueueAsync(sqs);

        await sqs.SendMessageAsync(queue, "\t\n\r\u007f\ud7ff\ue000\ufffd📦\U0010ffff");
        await sqs.SendMessageBatchAsync(queue, [new("0", "📦")]);

        foreach (var other in (string[])["\u0001", "\ufffe", "\uffff"])
            await RefusedAsync("InvalidMessageContents", () => sqs.SendMessageAsync(queue, other));
    }

    [Fact]
    public async Task A_record_is_put_off_by_twelve_hours_at_most()
    {
        using var sqs = emulators.NewSqs();
        var queue = await QueueAsync(sqs);
        await sqs.SendMessageAsync(queue, "late");
        var record = (await sqs.ReceiveMessageAsync(queue)).Messages[0].ReceiptHandle;

        await RefusedAsync("InvalidParameterValue", () => sqs.ChangeMessageVisibilityAsync(queue, record, MaxVisibilitySeconds + 1));
        var several = await sqs.ChangeMessageVisibilityBatchAsync(
            queue, [new("0", record) { VisibilityTimeout = MaxVisibilitySeconds + 1 }]);
        Assert.Equal("InvalidParameterValue", Assert.Single(several.Failed).Code);

        await sqs.ChangeMessageVisibilityAsync(queue, record, MaxVisibilitySeconds);
    }

    // https://docs.aws.amazon.com/amazondynamodb/latest/developerguide/Constraints.html

    [Fact]
    public async Task An_item_has_four_hundred_kibibytes_at_most_its_names_counted()
    {
        using var dynamo = await TableAsync();

        await dynamo.PutItemAsync(Table, Item("a", MaxItemBytes - "pka".Length - "x".Length));

        await RefusedAsync(
            "ValidationException", () => dynamo.PutItemAsync(Table, Item("a", MaxItemBytes - "pka".Length - "x".Length + 1)));
    }

    [Fact]
    public async Task An_update_that_makes_an_item_too_large_is_refused()
    {
        using var dynamo = await TableAsync();
        await dynamo.PutItemAsync(Table, Item("a", MaxItemBytes - 1000));

        await RefusedAsync("ValidationException", () => dynamo.UpdateItemAsync(new UpdateItemRequest
        {
            TableName = Table,
            Key = new() { ["pk"] = new("a") },
            UpdateExpression = "SET y = :y",
            ExpressionAttributeValues = new() { [":y"] = new(new string('y', 1000)) },
        }));
    }

    [Fact]
    public async Task A_transaction_has_a_hundred_items_at_most()
    {
        using var dynamo = await TableAsync();

        await dynamo.TransactWriteItemsAsync(Transaction(100));

        await RefusedAsync("ValidationException", () => dynamo.TransactWriteItemsAsync(Transaction(101)));
    }

    private static async Task<string> QueueAsync(Amazon.SQS.IAmazonSQS sqs) =>
        (await sqs.CreateQueueAsync(EmulatorFixture.NewQueuePrefix())).QueueUrl;

    private static List<SendMessageBatchRequestEntry> Entries(int count, int bytes) =>
        [.. Enumerable.Range(0, count).Select(i => new SendMessageBatchRequestEntry($"{i}", new string('a', bytes)))];

    private async Task<AmazonDynamoDBClient> TableAsync()
    {
        var dynamo = emulators.NewDynamoDb();
        await dynamo.CreateTableAsync(new CreateTableRequest
        {
            TableName = Table,
            BillingMode = BillingMode.PAY_PER_REQUEST,
            AttributeDefinitions = [new("pk", ScalarAttributeType.S)],
            KeySchema = [new("pk", KeyType.HASH)],
        });
        return dynamo;
    }

    private static Dictionary<string, AttributeValue> Item(string key, int bytes) =>
        new() { ["pk"] = new(key), ["x"] = new(new string('x', bytes)) };

    private static TransactWriteItemsRequest Transaction(int items) => new()
    {
        TransactItems =
        [
            .. Enumerable.Range(0, items).Select(i => new TransactWriteItem { Put = new() { TableName = Table, Item = Item($"{i}", 1) } }),
        ],
    };

    private static async Task RefusedAsync(string code, Func<Task> call)
    {
        var refusal = await Assert.ThrowsAnyAsync<AmazonServiceException>(call);
        Assert.EndsWith(code, refusal.ErrorCode, StringComparison.Ordinal);
    }
}
