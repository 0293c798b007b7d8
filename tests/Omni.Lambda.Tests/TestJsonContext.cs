using System.Text.Json.Serialization;
using Amazon.Lambda.APIGatewayEvents;
using Amazon.Lambda.DynamoDBEvents;
using Amazon.Lambda.Serialization.SystemTextJson;
using Amazon.Lambda.SQSEvents;

namespace Omni.Lambda.Tests;

// The naming policy must not count: the serializer makes the context with its own options.
[JsonSourceGenerationOptions(PropertyNamingPolicy = JsonKnownNamingPolicy.KebabCaseUpper)]
[JsonSerializable(typeof(string))]
[JsonSerializable(typeof(byte[]))]
[JsonSerializable(typeof(DateTime))]
[JsonSerializable(typeof(Plain))]
[JsonSerializable(typeof(SQSEvent))]
[JsonSerializable(typeof(SQSBatchResponse))]
[JsonSerializable(typeof(DynamoDBEvent))]
[JsonSerializable(typeof(StreamsEventResponse))]
[JsonSerializable(typeof(StreamsEventResponse.BatchItemFailure), TypeInfoPropertyName = "StreamsItemFailure")]
[JsonSerializable(typeof(APIGatewayHttpApiV2ProxyRequest))]
[JsonSerializable(typeof(APIGatewayHttpApiV2ProxyResponse))]
internal sealed partial class TestJsonContext : JsonSerializerContext;

internal sealed record Plain(string? FirstName, string? XAmzId2, DateTime? At);

/// <summary>The serializer that functions use, over text.</summary>
internal static class Json
{
    public static readonly SourceGeneratorLambdaJsonSerializer<TestJsonContext> Serializer = new();

    public static T Read<T>(string json) => Serializer.Deserialize<T>(new MemoryStream(System.Text.Encoding.UTF8.GetBytes(json)));

    public static string Write<T>(T value)
    {
        using var stream = new MemoryStream();
        Serializer.Serialize(value, stream);
        return System.Text.Encoding.UTF8.GetString(stream.ToArray());
    }
}
