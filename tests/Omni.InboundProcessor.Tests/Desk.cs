using System.Text.Json;
using System.Text.Json.Nodes;
using Amazon.Lambda.Serialization.SystemTextJson;
using Amazon.Lambda.SQSEvents;
using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Time.Testing;
using Omni.Aws;
using Omni.Shared;
using Omni.Testing;

namespace Omni.InboundProcessor.Tests;

/// <summary>The InboundProcessor at work over tables.</summary>
internal sealed class Desk(OmniTables tables, AwsClients? over = null, TimeProvider? clock = null)
{
    public static readonly TimeSpan Lease = TimeSpan.FromSeconds(12);

    /// <summary>Handles records as Lambda delivers them from the queue.</summary>
    /// <returns>The positions of those that are reported as failed.</returns>
    public async Task<int[]> HandleAsync(params IEnumerable<string> bodies)
    {
        var records = bodies.Select((body, i) => new JsonObject
        {
            ["messageId"] = $"{i}",
            ["receiptHandle"] = "AQEBwJnKyrHigUMZj6rYigCgxlaS3SLy0a",
            ["body"] = body,
            ["attributes"] = new JsonObject
            {
                ["ApproximateReceiveCount"] = "1",
                ["SentTimestamp"] = "1767323045000",
                ["SenderId"] = "AIDAIENQZJOLO23YVJ4VO",
                ["ApproximateFirstReceiveTimestamp"] = "1767323045001",
            },
            ["messageAttributes"] = new JsonObject(),
            ["md5OfBody"] = "e4e68fb7bd0e697a0ae8f1bb342846b3",
            ["eventSource"] = "aws:sqs",
            ["eventSourceARN"] = "arn:aws:sqs:us-east-1:123456789012:omni-inbound",
            ["awsRegion"] = "us-east-1",
        });
        using var json = new MemoryStream(
            JsonSerializer.SerializeToUtf8Bytes<JsonNode>(new JsonObject { ["Records"] = new JsonArray([.. records]) }));
        var batch = new SourceGeneratorLambdaJsonSerializer<LambdaJson>().Deserialize<SQSEvent>(json);
        var writer = new EventWriter(over ?? tables.Aws, clock ?? TimeProvider.System, NullLogger.Instance);
        var answer = await new Function(writer, NullLogger.Instance).HandleAsync(batch, null!);
        return [.. answer.BatchItemFailures.Select(failure => int.Parse(failure.ItemIdentifier, null))];
    }

    public Task<int[]> HandleAsync(params IEnumerable<InboundEnvelope> envelopes) =>
        HandleAsync(envelopes.Select(envelope => JsonSerializer.Serialize(envelope, OmniJson.Wire.InboundEnvelope)));

    /// <summary>The stores at a moment: what a sender wrote then.</summary>
    public MessageStore At(DateTimeOffset moment) => new(tables.Dynamo, OmniTables.Messages, new FakeTimeProvider(moment));

    /// <summary>A message whose parts were called in, one a moment, and are open until an outcome is written.</summary>
    public async Task<Message> SendingAsync(
        string id, string carrier, Address to, Address from, string body, DateTimeOffset createdAt, DateTimeOffset begunAt)
    {
        var message = new Message
        {
            Id = id, Carrier = carrier, To = to, From = from, Content = new TextContent { Body = body }, CreatedAt = createdAt
        };
        message = MessagePlanner.Plan(message).Message ?? throw new InvalidOperationException("The message cannot be planned.");
        var (_, record) = await At(createdAt).CreateAsync(MessageStore.NewRecord(message));
        for (var part = 0; part < message.Parts.Count; part++)
        {
            record = Assert.IsType<Opening.Opened>(await At(begunAt).OpenAttemptAsync(message, part, record, Lease)).Record;
        }

        return message;
    }
}
