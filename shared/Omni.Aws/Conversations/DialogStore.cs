using Amazon.DynamoDBv2;
using Amazon.DynamoDBv2.Model;
using Omni.Shared;
using Columns = Omni.Aws.MessageColumns;

namespace Omni.Aws;

/// <summary>
/// What processors leave between turns, in the table of conversations. A turn is one transaction: the state over the version that it began
/// with, the mark on the person's message that it had its turn, the replies, and what clients are told. Before it nothing was done, after
/// it nothing is done twice.
/// </summary>
/// <param name="dynamo">The client.</param>
/// <param name="sessionsTable">The table of conversations.</param>
/// <param name="messagesTable">The table of messages.</param>
/// <param name="clock">The time.</param>
/// <param name="listShards">Over how many keys of the index <c>list</c> a tenant's messages of a day are spread.</param>
/// <param name="days">Takes note of the days with messages; null where nobody lists them.</param>
/// <param name="outbox">Where events are put; null where clients are told of nothing.</param>
public sealed class DialogStore(
    IAmazonDynamoDB dynamo,
    string sessionsTable,
    string messagesTable,
    TimeProvider clock,
    int listShards = Defaults.ListShards,
    ListDays? days = null,
    EventOutbox? outbox = null)
{
    /// <summary>
    /// Over how many keys of the index <c>wake</c> conversations are spread. No setting: a shard that nobody reads never wakes.
    /// </summary>
    public const int WakeShards = 16;

    /// <summary>The sparse index of conversations by their earliest wake.</summary>
    public const string WakeIndex = "wake";

    // Two at one item at the same moment: one of them is refused, and may come again at once.
    private const int MaxTries = 5;

    private static readonly TimeSpan Pause = TimeSpan.FromMilliseconds(50);

    /// <summary>Reads what the last turn left, consistently.</summary>
    /// <param name="conversationId">The conversation.</param>
    /// <param name="cancellation">Stops the call.</param>
    /// <returns>What it left; null when there was no turn yet.</returns>
    public async Task<Dialog?> FindAsync(string conversationId, CancellationToken cancellation = default)
    {
        var response = await dynamo.GetItemAsync(
            new GetItemRequest
            {
                TableName = sessionsTable, Key = Attr.Key(DialogCodec.KeyOf(conversationId), null), ConsistentRead = true,
            },
            cancellation).ConfigureAwait(false);
        return response.Item is { Count: > 0 } item ? DialogCodec.FromItem(item) : null;
    }

    /// <summary>Writes a turn: all of it or nothing.</summary>
    /// <param name="effects">What it does.</param>
    /// <param name="cancellation">Stops the call.</param>
    /// <exception cref="TransactionCanceledException">The database was in its way: nothing is written.</exception>
    public async Task<TurnWritten> WriteAsync(TurnEffects effects, CancellationToken cancellation = default)
    {
        var items = new List<TransactWriteItem>(effects.Replies.Count + 3);
        if (effects.MessageId is { } messageId) items.Add(Mark(messageId, effects.Result));
        if (effects.Dialog is { } dialog) items.Add(Keep(dialog));
        if (effects.Event is { } e && outbox is not null) items.Add(outbox.Put(e));
        foreach (var (index, reply) in effects.Replies.Index())
        {
            if (days is not null) await days.NoteAsync(reply.Tenant, reply.CreatedAt, cancellation).ConfigureAwait(false);
            items.Add(Put(reply, isFirst: index == 0));
        }

        for (var tries = 1; ; tries++)
        {
            try
            {
                await dynamo.TransactWriteItemsAsync(
                    new TransactWriteItemsRequest { TransactItems = items }, cancellation).ConfigureAwait(false);
                return TurnWritten.Done;
            }
            catch (TransactionCanceledException refused) when (refused.CancellationReasons is { Count: > 0 } reasons)
            {
                // Whoever had its turn has also written the state: the mark tells more.
                var isMarked = effects.MessageId is not null;
                if (isMarked && reasons[0].Code == "ConditionalCheckFailed") return TurnWritten.HadItsTurn;
                if (effects.Dialog is not null && reasons[isMarked ? 1 : 0].Code == "ConditionalCheckFailed") return TurnWritten.Conflict;
                if (tries == MaxTries || reasons.All(reason => reason.Code != "TransactionConflict")) throw;
            }

            await Task.Delay(Pause * (tries + Random.Shared.NextDouble()), clock, cancellation).ConfigureAwait(false);
        }
    }

    /// <summary>Counts that a turn failed. It changes nothing that another turn looks at.</summary>
    /// <param name="conversation">The conversation.</param>
    /// <param name="turnId">The turn.</param>
    /// <param name="cancellation">Stops the call.</param>
    /// <returns>How often it failed, this time included.</returns>
    public async Task<int> CountFaultAsync(Conversation conversation, string turnId, CancellationToken cancellation = default)
    {
        var again = await Item(conversation)
            .Increment(DialogCodec.FaultCount)
            .If(DialogCodec.FaultTurn, "=", Attr.S(turnId))
            .WriteAsync(dynamo, cancellation).ConfigureAwait(false);
        if (again.Done) return (int)(again.Item!.Number(DialogCodec.FaultCount) ?? 1);

        await Item(conversation)
            .Set(DialogCodec.FaultTurn, Attr.S(turnId))
            .Set(DialogCodec.FaultCount, Attr.N(1))
            .WriteAsync(dynamo, cancellation).ConfigureAwait(false);
        return 1;
    }

    /// <summary>The conversations that the Scheduler must look at, earliest first in each of the shards.</summary>
    /// <param name="shard">The shard, 0 to <see cref="WakeShards"/> − 1.</param>
    /// <param name="cancellation">Stops the call.</param>
    public async IAsyncEnumerable<string> DueAsync(
        int shard, [System.Runtime.CompilerServices.EnumeratorCancellation] CancellationToken cancellation = default)
    {
        Dictionary<string, AttributeValue>? from = null;
        do
        {
            var page = await dynamo.QueryAsync(new QueryRequest
            {
                TableName = sessionsTable,
                IndexName = WakeIndex,
                KeyConditionExpression = "wp = :shard AND wa <= :now",
                ExpressionAttributeValues = new() { [":shard"] = Attr.S(ShardKey(shard)), [":now"] = Attr.Time(clock.GetUtcNow()) },
                ExclusiveStartKey = from,
            }, cancellation).ConfigureAwait(false);
            foreach (var item in page.Items ?? []) yield return item["pk"].S[DialogCodec.Prefix.Length..];
            from = page.LastEvaluatedKey is { Count: > 0 } key ? key : null;
        }
        while (from is not null);
    }

    /// <summary>The key of the index for a shard.</summary>
    internal static string ShardKey(int shard) => string.Create(System.Globalization.CultureInfo.InvariantCulture, $"w{shard:00}");

    // What is deleted meanwhile has no turn any more; what had one has no second.
    private TransactWriteItem Mark(string messageId, TurnResult result) => new ItemUpdate(messagesTable, messageId, Columns.Main)
        .Set(Columns.Turn, Attr.S(result.Word()))
        .IfExists(Columns.Pk)
        .IfMissing(Columns.Turn)
        .IfMissing(Columns.Gone)
        .AsPart();

    private TransactWriteItem Keep(Dialog dialog)
    {
        var put = new Put
        {
            TableName = sessionsTable,
            Item = DialogCodec.ToItem(dialog with { Version = dialog.Version + 1 }, clock.GetUtcNow()),
        };
        if (dialog.Version == 0)
        {
            // There may be the count of a fault.
            put.ConditionExpression = "attribute_not_exists(#v)";
            put.ExpressionAttributeNames = new() { ["#v"] = DialogCodec.Version };
        }
        else
        {
            put.ConditionExpression = "#v = :v";
            put.ExpressionAttributeNames = new() { ["#v"] = DialogCodec.Version };
            put.ExpressionAttributeValues = new() { [":v"] = Attr.N(dialog.Version) };
        }

        return new() { Put = put };
    }

    // The first one asks for all of them; the others are put as if they had been asked for already.
    private TransactWriteItem Put(Message reply, bool isFirst) => new()
    {
        Put = new()
        {
            TableName = messagesTable,
            Item = MessageCodec.ToItem(isFirst ? MessageStore.NewRecord(reply) : MessageStore.AdoptedRecord(reply), listShards),
            ConditionExpression = "attribute_not_exists(pk)",
        },
    };

    private ItemUpdate Item(Conversation conversation) => new ItemUpdate(sessionsTable, DialogCodec.KeyOf(conversation.Id), null)
        .Set("tn", Attr.S(conversation.Tenant))
        .Set("ca", Attr.S(conversation.Carrier))
        .Set("ac", Attr.S(conversation.Account))
        .Set("us", Attr.S(conversation.Ours.Key))
        .Set("th", Attr.S(conversation.Theirs.Key))
        .Set("ex", Attr.Expiry(clock.GetUtcNow() + Defaults.Retention));
}
