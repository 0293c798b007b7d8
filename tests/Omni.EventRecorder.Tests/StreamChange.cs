using System.Text.Json;
using System.Text.Json.Nodes;
using Amazon.Lambda.DynamoDBEvents;
using Amazon.Lambda.Serialization.SystemTextJson;

namespace Omni.EventRecorder.Tests;

/// <summary>Makes events of the stream, as Lambda delivers them, of the images in the fixtures.</summary>
internal static class StreamChange
{
    public static JsonNode Fixture(string name) => JsonNode.Parse(File.ReadAllText($"Fixtures/{name}.json"))!;

    /// <summary>A record.</summary>
    /// <param name="sequenceNumber">Its number.</param>
    /// <param name="before">The item before the change; null for a new one.</param>
    /// <param name="after">The item after it.</param>
    public static JsonObject Record(string sequenceNumber, JsonNode? before, JsonNode after) => new()
    {
        ["eventName"] = before is null ? "INSERT" : "MODIFY",
        ["dynamodb"] = new JsonObject
        {
            ["SequenceNumber"] = sequenceNumber,
            ["Keys"] = new JsonObject { ["pk"] = after["pk"]!.DeepClone(), ["sk"] = after["sk"]!.DeepClone() },
            ["OldImage"] = before?.DeepClone(),
            ["NewImage"] = after.DeepClone(),
        },
    };

    public static DynamoDBEvent Batch(params IEnumerable<JsonObject> records)
    {
        var json = new JsonObject { ["Records"] = new JsonArray([.. records.Select(record => record.DeepClone())]) };
        using var stream = new MemoryStream(JsonSerializer.SerializeToUtf8Bytes<JsonNode>(json));
        return new SourceGeneratorLambdaJsonSerializer<LambdaJson>().Deserialize<DynamoDBEvent>(stream);
    }
}
