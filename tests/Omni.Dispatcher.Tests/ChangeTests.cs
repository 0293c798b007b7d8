using System.Text.Json;
using System.Text.Json.Nodes;
using Amazon.Lambda.DynamoDBEvents;
using Amazon.Lambda.Serialization.SystemTextJson;

namespace Omni.Dispatcher.Tests;

/// <summary>What each kind of change in the table asks for: one file a kind, with the event as Lambda delivers it.</summary>
public sealed class ChangeTests
{
    public static TheoryData<string> Fixtures() =>
        [.. Directory.EnumerateFiles("Fixtures", "*.json").Select(path => Path.GetFileNameWithoutExtension(path))];

    [Theory, MemberData(nameof(Fixtures))]
    public async Task A_change_asks_for_what_its_fixture_says(string fixture)
    {
        var json = JsonNode.Parse(await File.ReadAllTextAsync($"Fixtures/{fixture}.json"))!;
        using var stream = new MemoryStream(JsonSerializer.SerializeToUtf8Bytes(json["event"]));
        var queues = new FakeQueues();

        var answer = await queues.Function()
            .HandleAsync(new SourceGeneratorLambdaJsonSerializer<LambdaJson>().Deserialize<DynamoDBEvent>(stream), null!);

        Assert.Null(answer.BatchItemFailures);
        var sent = new[] { "outbound-bulk", "outbound" }.SelectMany(queue => queues.In(queue).Select(entry => new JsonObject
        {
            ["queue"] = queue,
            ["group"] = entry.MessageGroupId,
            ["deduplication"] = entry.MessageDeduplicationId,
            ["command"] = (string?)JsonNode.Parse(entry.MessageBody)!["type"],
        }));
        Assert.Equal(Lines(json["sent"]!.AsArray()), Lines(sent));
        Assert.Equal(
            json["setAside"]!.AsArray().Select(number => (string?)number),
            queues.In("dead-letters").Select(entry => (string?)JsonNode.Parse(entry.MessageBody)!["sequenceNumber"]));
    }

    private static IEnumerable<string> Lines(IEnumerable<JsonNode?> nodes) => nodes.Select(node => node!.ToJsonString());
}
