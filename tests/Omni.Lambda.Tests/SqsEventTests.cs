using Amazon.Lambda.SQSEvents;

namespace Omni.Lambda.Tests;

public sealed class SqsEventTests
{
    [Fact]
    public void A_record_is_read_from_its_wire_names()
    {
        var record = Assert.Single(Json.Read<SQSEvent>(
            """
            {"Records":[{"messageId":"m","receiptHandle":"r","body":"b","md5OfBody":"5","md5OfMessageAttributes":"6",
            "eventSource":"aws:sqs",
            "eventSourceARN":"arn:q","awsRegion":"eu-west-1","attributes":{"ApproximateReceiveCount":"1"},
            "messageAttributes":{"a":{"binaryValue":"AQI=","dataType":"Binary"},"t":{"stringValue":"s","dataType":"Number.int",
            "stringListValues":[]}}}]}
            """).Records);

        Assert.Equal(
            ["m", "r", "b", "5", "6", "aws:sqs", "arn:q", "eu-west-1", "1"],
            [
                record.MessageId, record.ReceiptHandle, record.Body, record.Md5OfBody, record.Md5OfMessageAttributes,
                record.EventSource, record.EventSourceArn, record.AwsRegion, record.Attributes["ApproximateReceiveCount"],
            ]);
        Assert.Equal([1, 2], record.MessageAttributes["a"].BinaryValue.ToArray());
        Assert.Equal(0, record.MessageAttributes["a"].BinaryValue.Position);
        Assert.Null(record.MessageAttributes["a"].StringListValues);
        Assert.Equal(("s", "Number.int"), (record.MessageAttributes["t"].StringValue, record.MessageAttributes["t"].DataType));
        Assert.Empty(record.MessageAttributes["t"].StringListValues);
    }

    [Fact]
    public void Responses_have_their_own_names()
    {
        Assert.Equal("""{"batchItemFailures":[]}""", Json.Write(new SQSBatchResponse()));
        Assert.Equal("{}", Json.Write(new SQSBatchResponse(null)));
        Assert.Equal(
            """{"batchItemFailures":[{"itemIdentifier":"a"}]}""", Json.Write(new SQSBatchResponse([new() { ItemIdentifier = "a" }])));
    }

    [Fact]
    public void A_written_event_has_names_as_declared() => Assert.Equal(
        """{"Records":[{"MessageId":"m","MessageAttributes":{"a":{"BinaryValue":"AQI="}}}]}""",
        Json.Write(new SQSEvent
        {
            Records = [new() { MessageId = "m", MessageAttributes = new() { ["a"] = new() { BinaryValue = new([1, 2]) } } }]
        }));
}
