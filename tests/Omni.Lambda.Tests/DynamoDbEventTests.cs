using System.Globalization;
using Amazon.Lambda.DynamoDBEvents;
using Amazon.Lambda.Serialization.SystemTextJson;

namespace Omni.Lambda.Tests;

public sealed class DynamoDbEventTests
{
    [Theory]
    [InlineData("1480642020", "2016-12-02T01:27:00Z")]
    [InlineData("1480642020.5", "2016-12-02T01:27:00.5Z")]
    [InlineData("1480642020000", "2016-12-02T01:27:00Z")]
    [InlineData("\"2026-01-02T03:04:05Z\"", "2026-01-02T03:04:05Z")]
    public void Times_come_in_several_forms(string json, string expected)
    {
        var time = ReadTime(json);

        Assert.Equal(DateTimeKind.Utc, time.Kind);
        Assert.Equal(DateTime.Parse(expected, CultureInfo.InvariantCulture, DateTimeStyles.AdjustToUniversal), time);
    }

    [Theory]
    [InlineData("null")]
    [InlineData("true")]
    [InlineData("\"x\"")]
    public void What_is_no_time_is_refused(string json) => Assert.Throws<JsonSerializerException>(() => ReadTime(json));

    [Fact]
    public void A_record_is_read_from_its_wire_names()
    {
        var record = Assert.Single(Json.Read<DynamoDBEvent>(
            """
            {"Records":[{"eventID":"e","eventName":"REMOVE","eventSource":"aws:dynamodb","eventSourceARN":"arn:t","eventVersion":"1.1",
            "awsRegion":"eu-west-1",
            "userIdentity":{"type":"Service","principalId":"dynamodb.amazonaws.com"},
            "dynamodb":{"Keys":{"pk":{"S":"k"}},"OldImage":{"pk":{"S":"k"},"b":{"B":"AQI="},"ss":{"SS":["x"]},"ns":{"NS":["1"]},
            "bs":{"BS":["AQ=="]}},
            "SequenceNumber":"4421584500000000017450439091","SizeBytes":26,"StreamViewType":"NEW_AND_OLD_IMAGES"}}]}
            """).Records);

        Assert.Equal(
            ["e", "REMOVE", "aws:dynamodb", "arn:t", "1.1", "eu-west-1", "Service", "dynamodb.amazonaws.com"],
            [
                record.EventID, record.EventName, record.EventSource, record.EventSourceArn, record.EventVersion, record.AwsRegion,
                record.UserIdentity.Type, record.UserIdentity.PrincipalId,
            ]);
        var change = record.Dynamodb;
        Assert.Equal(
            ("4421584500000000017450439091", 26, "NEW_AND_OLD_IMAGES"), (change.SequenceNumber, change.SizeBytes, change.StreamViewType));
        Assert.Equal("""{"pk":"k","b":"AQI=","ss":["x"],"ns":[1],"bs":["AQ=="]}""", change.OldImage.ToJson());
        Assert.Null(change.NewImage);
        Assert.Null(change.Keys["pk"].L);
        Assert.Null(change.Keys["pk"].NULL);
    }

    [Fact]
    public void An_image_keeps_what_is_empty_and_how_numbers_are_written()
    {
        var image = Json.Read<DynamoDBEvent>(
            """{"Records":[{"dynamodb":{"NewImage":{"s":{"S":""},"n":{"N":"1.50"},"l":{"L":[{"S":"q"},{"NULL":true}]},"m":{"M":{"z":"""
                + """{"BOOL":false}}},"e":{"L":[]}}}}]}""").Records[0].Dynamodb.NewImage;

        Assert.Equal(("", "1.50", true), (image["s"].S, image["n"].N, image["l"].L[1].NULL));
        Assert.Equal("""{"s":"","n":1.50,"l":["q",null],"m":{"z":false},"e":[]}""", image.ToJson());
        Assert.Contains("\n  \"n\": 1.50", image.ToJsonPretty(), StringComparison.Ordinal);
    }

    [Fact]
    public void Responses_have_their_own_names()
    {
        Assert.Equal("{}", Json.Write(new StreamsEventResponse()));
        Assert.Equal("""{"batchItemFailures":[]}""", Json.Write(new StreamsEventResponse { BatchItemFailures = [] }));
        Assert.Equal(
            """{"batchItemFailures":[{"itemIdentifier":"111"}]}""",
            Json.Write(new StreamsEventResponse { BatchItemFailures = [new() { ItemIdentifier = "111" }] }));
    }

    private static DateTime ReadTime(string json) =>
        Json.Read<DynamoDBEvent>(
            """{"Records":[{"dynamodb":{"ApproximateCreationDateTime":""" + json + "}}]}").Records[0].Dynamodb.ApproximateCreationDateTime;
}
