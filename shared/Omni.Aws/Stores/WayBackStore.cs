using System.Collections.Concurrent;
using Amazon.DynamoDBv2;
using Amazon.DynamoDBv2.Model;
using Omni.Shared;

namespace Omni.Aws;

/// <summary>
/// How far the receipts of a sender's messages have come back: the latest send that was reported as sent. Where receipts are prompt, an
/// earlier send without one was not taken. One small item a sender; what is missed makes it older than the truth, never newer.
/// </summary>
/// <param name="dynamo">The client.</param>
/// <param name="controlTable">The control table.</param>
/// <param name="clock">The time.</param>
public sealed class WayBackStore(IAmazonDynamoDB dynamo, string controlTable, TimeProvider clock)
{
    /// <summary>How often a process writes about one sender: a receipt is no reason for a write of its own.</summary>
    private static readonly TimeSpan Resolution = TimeSpan.FromSeconds(5);

    /// <summary>Longer than any message may be tried for.</summary>
    private static readonly TimeSpan Life = TimeSpan.FromDays(4);

    private const string SentAt = "sa";

    private readonly ConcurrentDictionary<string, DateTimeOffset> _notedAt = new(StringComparer.Ordinal);

    /// <summary>Notes that a message was reported as sent. Written at most every few seconds and process.</summary>
    /// <param name="message">The message.</param>
    /// <param name="begunAt">When its call to the carrier was begun.</param>
    /// <param name="cancellation">Stops the call.</param>
    public async Task NoteAsync(Message message, DateTimeOffset begunAt, CancellationToken cancellation = default)
    {
        var (key, now) = (Key(message), clock.GetUtcNow());
        if (_notedAt.TryGetValue(key, out var noted) && now - noted < Resolution) return;

        _notedAt[key] = now;
        try
        {
            await new ItemUpdate(controlTable, key, "*")
                .Set(SentAt, Attr.Time(begunAt)).IfMissingOr(SentAt, "<", Attr.Time(begunAt))
                .Set("ex", Attr.Expiry(now + Life))
                .WriteAsync(dynamo, cancellation).ConfigureAwait(false);
        }
        catch (Exception fault) when (fault is not OutOfMemoryException)
        {
            // The next receipt tells as much, and this one is written; the table's own faults have their alarms.
        }
    }

    /// <summary>When the latest send of a message's sender that was reported as sent was begun; null when none was of late.</summary>
    /// <param name="message">The message.</param>
    /// <param name="cancellation">Stops the call.</param>
    public async Task<DateTimeOffset?> ReadAsync(Message message, CancellationToken cancellation = default)
    {
        var response = await dynamo.GetItemAsync(
            new GetItemRequest { TableName = controlTable, Key = Attr.Key(Key(message), "*") }, cancellation).ConfigureAwait(false);
        return response.Item?.Moment(SentAt);
    }

    private static string Key(Message message) => $"wayback#{message.Carrier}#{message.Account}#{message.From.Key}";
}
