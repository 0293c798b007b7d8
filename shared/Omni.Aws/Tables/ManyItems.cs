using Amazon.DynamoDBv2;
using Amazon.DynamoDBv2.Model;

namespace Omni.Aws;

/// <summary>Reads many items of a table by their keys.</summary>
internal static class ManyItems
{
    // https://docs.aws.amazon.com/amazondynamodb/latest/APIReference/API_BatchGetItem.html
    private const int AtOnce = 100;

    /// <summary>Reads them, consistently.</summary>
    /// <returns>Those that exist, in no order.</returns>
    public static async Task<List<Dictionary<string, AttributeValue>>> ReadManyAsync(
        this IAmazonDynamoDB dynamo,
        string table,
        IEnumerable<Dictionary<string, AttributeValue>> wanted,
        CancellationToken cancellation)
    {
        var found = new List<Dictionary<string, AttributeValue>>();
        foreach (var chunk in wanted.Chunk(AtOnce))
        {
            var keys = chunk.ToList();
            while (keys.Count > 0)
            {
                var response = await dynamo.BatchGetItemAsync(
                    new BatchGetItemRequest { RequestItems = new() { [table] = new() { Keys = keys, ConsistentRead = true } } },
                    cancellation).ConfigureAwait(false);
                found.AddRange(response.Responses?.GetValueOrDefault(table) ?? []);
                keys = response.UnprocessedKeys?.GetValueOrDefault(table)?.Keys ?? [];
            }
        }

        return found;
    }
}
