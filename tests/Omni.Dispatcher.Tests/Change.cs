using Amazon.Lambda.DynamoDBEvents;
using Omni.Aws;
using Omni.Shared;
using LambdaValue = Amazon.Lambda.DynamoDBEvents.DynamoDBEvent.AttributeValue;
using Value = Amazon.DynamoDBv2.Model.AttributeValue;

namespace Omni.Dispatcher.Tests;

/// <summary>Makes stream records of messages.</summary>
internal static class Change
{
    public static readonly DateTimeOffset Start = new(2026, 1, 2, 3, 4, 5, TimeSpan.Zero);

    public static Message Message(string id, Priority priority = Priority.Normal) => MessagePlanner.Plan(new Message
    {
        Id = id,
        Carrier = "twilio",
        To = Address.Phone("+14155550123"),
        From = Address.Phone("+12065550100"),
        Content = new TextContent { Body = "Hello" },
        Priority = priority,
        CreatedAt = Start,
    }).Message!;

    public static DynamoDBEvent Batch(params IEnumerable<DynamoDBEvent.DynamodbStreamRecord> records) => new() { Records = [.. records] };

    public static DynamoDBEvent.DynamodbStreamRecord Insert(string sequenceNumber, Message message) =>
        Insert(sequenceNumber, ToImage(MessageCodec.ToItem(MessageStore.NewRecord(message))));

    public static DynamoDBEvent.DynamodbStreamRecord Insert(string sequenceNumber, Dictionary<string, Value> item) =>
        Insert(sequenceNumber, ToImage(item));

    public static DynamoDBEvent.DynamodbStreamRecord Modify(
        string sequenceNumber, Dictionary<string, Value> before, Dictionary<string, Value> after)
    {
        var record = Insert(sequenceNumber, ToImage(after));
        record.EventName = "MODIFY";
        record.Dynamodb.OldImage = ToImage(before);
        return record;
    }

    /// <summary>A change of a batch's counter; from null for a new one.</summary>
    public static DynamoDBEvent.DynamodbStreamRecord OfBatch(string sequenceNumber, string id, int? from, int to)
    {
        Dictionary<string, LambdaValue> Image(int dispatch) => new()
        {
            ["pk"] = new() { S = id }, ["sk"] = new() { S = "b" }, ["v"] = new() { N = "1" }, ["tn"] = new() { S = "default" },
            ["ca"] = new() { S = "twilio" }, ["fr"] = new() { S = "phone:+12065550100" }, ["c"] = new() { N = "1767323045000" },
            ["u"] = new() { N = "1767323045000" }, ["n"] = new() { N = "100" }, ["sg"] = new() { N = "100" }, ["ob"] = new() { S = "file" },
            ["ox"] = new() { N = "0" }, ["rh"] = new() { S = "hash" }, ["st"] = new() { S = "running" }, ["rl"] = new() { N = "0" },
            ["cl"] = new() { N = "0" }, ["op"] = new() { N = "2" }, ["dn"] = new() { N = $"{dispatch}" },
        };

        var record = Insert(sequenceNumber, Image(to));
        if (from is not { } before) return record;

        record.EventName = "MODIFY";
        record.Dynamodb.OldImage = Image(before);
        return record;
    }

    public static DynamoDBEvent.DynamodbStreamRecord Unreadable(string sequenceNumber) =>
        Insert(sequenceNumber, new Dictionary<string, LambdaValue> { ["pk"] = new() { S = sequenceNumber } });

    private static DynamoDBEvent.DynamodbStreamRecord Insert(string sequenceNumber, Dictionary<string, LambdaValue> image) => new()
    {
        EventName = "INSERT",
        Dynamodb = new() { SequenceNumber = sequenceNumber, Keys = new() { ["pk"] = image["pk"] }, NewImage = image },
    };

    private static Dictionary<string, LambdaValue> ToImage(Dictionary<string, Value> item) =>
        item.ToDictionary(
            a => a.Key,
            a => new LambdaValue
            {
                S = a.Value.S, N = a.Value.N, BOOL = a.Value.BOOL, M = a.Value.M is { } map ? ToImage(map) : null,
                L = a.Value.L is { Count: > 0 } list ? [.. list.Select(one => new LambdaValue { S = one.S })] : null,
            });
}
