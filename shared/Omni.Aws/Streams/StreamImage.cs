using LambdaValue = Amazon.Lambda.DynamoDBEvents.DynamoDBEvent.AttributeValue;
using Value = Amazon.DynamoDBv2.Model.AttributeValue;

namespace Omni.Aws;

/// <summary>
/// Turns the image of a stream record into an item as the tables' code reads it: the two have types of their own for the same thing.
/// </summary>
internal static class StreamImage
{
    public static Dictionary<string, Value> ToItem(Dictionary<string, LambdaValue>? image) =>
        image?.ToDictionary(a => a.Key, a => ToValue(a.Value)) ?? [];

    private static Value ToValue(LambdaValue value) => value switch
    {
        { S: { } text } => new() { S = text },
        { N: { } number } => new() { N = number },
        { BOOL: { } flag } => new() { BOOL = flag },
        { M: { } map } => new() { M = ToItem(map) },
        { L: { } list } => new() { L = [.. list.Select(ToValue)] },
        { SS: { } set } => new() { SS = set },
        { NS: { } set } => new() { NS = set },
        _ => new() { NULL = true },
    };
}
