using System.Collections.Concurrent;
using Amazon.DynamoDBv2;
using Amazon.DynamoDBv2.Model;

namespace Omni.Aws;

/// <summary>
/// The batches that are being released through each limited thing, such as a sender: they share its pace. Each says every now and then
/// that it is there; one that no longer does is soon forgotten.
/// </summary>
/// <param name="dynamo">The client.</param>
/// <param name="controlTable">The control table.</param>
/// <param name="clock">The time.</param>
public sealed class BatchShares(IAmazonDynamoDB dynamo, string controlTable, TimeProvider clock)
{
    private static readonly TimeSpan Refresh = TimeSpan.FromSeconds(20);
    private static readonly TimeSpan Forgotten = TimeSpan.FromSeconds(70);
    private const int MaxKnown = 1000;
    private const string At = "at";
    private const string Expires = "ex";

    private readonly ConcurrentDictionary<(string Shared, string BatchId), DateTimeOffset> _said = [];

    /// <summary>Says that a batch is being released, and tells how many are.</summary>
    /// <param name="carrier">The carrier's id.</param>
    /// <param name="name">The limited thing.</param>
    /// <param name="batchId">The batch.</param>
    /// <param name="cancellation">Stops the call.</param>
    /// <returns>How many share the pace, this one included.</returns>
    public async Task<int> EnterAsync(string carrier, string name, string batchId, CancellationToken cancellation = default)
    {
        var now = clock.GetUtcNow();
        var saying = (KeyOf(carrier, name), batchId);
        if (!_said.TryGetValue(saying, out var said) || now - said > Refresh)
        {
            await new ItemUpdate(controlTable, KeyOf(carrier, name), batchId)
                .Set(At, Attr.Time(now)).Set(Expires, Attr.Expiry(now + TimeSpan.FromHours(1)))
                .WriteAsync(dynamo, cancellation).ConfigureAwait(false);
            if (_said.Count >= MaxKnown) _said.Clear();
            _said[saying] = now;
        }

        var listed = await dynamo.QueryAsync(
            new QueryRequest
            {
                TableName = controlTable,
                KeyConditionExpression = "pk = :pk",
                ExpressionAttributeValues = new() { [":pk"] = Attr.S(KeyOf(carrier, name)) },
            }, cancellation).ConfigureAwait(false);
        return Math.Max(1, (listed.Items ?? []).Count(item => item.Moment(At) > now - Forgotten));
    }

    /// <summary>Says that a batch is not being released any more.</summary>
    /// <param name="carrier">The carrier's id.</param>
    /// <param name="name">The limited thing.</param>
    /// <param name="batchId">The batch.</param>
    /// <param name="cancellation">Stops the call.</param>
    public async Task LeaveAsync(string carrier, string name, string batchId, CancellationToken cancellation = default)
    {
        _said.TryRemove((KeyOf(carrier, name), batchId), out _);
        await new ItemUpdate(controlTable, KeyOf(carrier, name), batchId)
            .IfExists(At).Remove(At).Set(Expires, Attr.Expiry(clock.GetUtcNow()))
            .WriteAsync(dynamo, cancellation).ConfigureAwait(false);
    }

    private static string KeyOf(string carrier, string name) => $"batches#{carrier}#{name}";
}
