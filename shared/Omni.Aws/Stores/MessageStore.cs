using Amazon.DynamoDBv2;
using Amazon.DynamoDBv2.Model;
using Omni.Shared;
using Columns = Omni.Aws.MessageColumns;

namespace Omni.Aws;

/// <summary>
/// The table of messages. Every decision is a conditional write; a condition that does not hold brings the item back, so that the next try
/// decides on what is there. Safe for any number of callers at once.
/// </summary>
/// <param name="dynamo">The client.</param>
/// <param name="table">The table's name.</param>
/// <param name="clock">The time.</param>
/// <param name="listShards">Over how many keys of the index <c>list</c> a tenant's messages of a day are spread.</param>
/// <param name="days">Takes note of the days with messages; null where nobody lists them.</param>
/// <param name="sessions">Knows who was deleted; null where no message comes but by the API.</param>
public sealed partial class MessageStore(
    IAmazonDynamoDB dynamo,
    string table,
    TimeProvider clock,
    int listShards = Defaults.ListShards,
    ListDays? days = null,
    SessionStore? sessions = null)
{
    /// <summary>Above this many events the timeline goes on in items of its own, so that the message's item stays small.</summary>
    private const int MaxEventsInItem = 40;

    /// <summary>
    /// How often a conditional write is tried again on what stood in its way. Each try sees a later state, and states only rise.
    /// </summary>
    private const int MaxTries = 12;

    /// <summary>A new message's state: accepted, or scheduled when its time is to come.</summary>
    /// <param name="message">The planned message.</param>
    public static MessageRecord NewRecord(Message message)
    {
        var rank = RankKey.Of(message.Direction == Direction.Inbound ? MessageStatus.Received
            : message.ScheduledAt is null ? MessageStatus.Accepted : MessageStatus.Scheduled);
        return new(message, new()
        {
            Rank = rank,
            Parts = [.. message.Parts.Select(_ => new PartState { Rank = rank })],
            DueAt = message.Failover is null ? message.ScheduledAt : Legs.ReceiptDueAt(message, FirstLegOf(message)),
            UpdatedAt = message.CreatedAt,
        });
    }

    /// <summary>
    /// The state of a message that came into its carrier's queue by hand: it was asked for once already, by that record, so the Dispatcher
    /// need not ask again.
    /// </summary>
    /// <param name="message">The planned message.</param>
    public static MessageRecord AdoptedRecord(Message message)
    {
        var record = NewRecord(message);
        return record with { State = record.State with { Dispatch = 1, DueAt = null } };
    }

    /// <summary>
    /// Writes a new message, once; one with a plan together with its first leg. When its id is taken, nothing is written and the message
    /// that has it comes back.
    /// </summary>
    /// <param name="record">The message.</param>
    /// <param name="cancellation">Stops the call.</param>
    /// <returns>Whether it was written, and the message as it is.</returns>
    public async Task<(bool Created, MessageRecord Record)> CreateAsync(MessageRecord record, CancellationToken cancellation = default)
    {
        if (record.Message.Failover is not null) return await CreatePlanAsync(record, cancellation).ConfigureAwait(false);

        var result = await PutNewAsync(record.Message, MessageCodec.ToItem(record, listShards), cancellation).ConfigureAwait(false);
        return (result.Done, MessageCodec.FromItem(result.Item!));
    }

    /// <summary>
    /// Writes the item of a message that came into its carrier's queue by hand, once. One to a person who was deleted since is written as
    /// such, and not sent.
    /// </summary>
    /// <param name="message">The planned message.</param>
    /// <param name="cancellation">Stops the call.</param>
    /// <returns>Whether it was written, and the message as it is.</returns>
    public async Task<(bool Created, MessageRecord Record)> AdoptAsync(Message message, CancellationToken cancellation = default) =>
        await CreateAsync(await AdoptedAsync(message, cancellation).ConfigureAwait(false), cancellation).ConfigureAwait(false);

    private async Task<MessageRecord> AdoptedAsync(Message message, CancellationToken cancellation)
    {
        var record = AdoptedRecord(message);
        var deletedAt = sessions is null
            ? null
            : await sessions.PersonDeletedAtAsync(message.Tenant, message.Conversation.Theirs, cancellation).ConfigureAwait(false);
        return deletedAt >= message.CreatedAt ? WithoutPerson(record, clock.GetUtcNow()) : record;
    }

    /// <summary>Puts a message's item, after its day is noted: a message that is there is in the lists.</summary>
    private async Task<WriteResult> PutNewAsync(Message message, Dictionary<string, AttributeValue> item, CancellationToken cancellation)
    {
        if (days is not null) await days.NoteAsync(message.Tenant, message.CreatedAt, cancellation).ConfigureAwait(false);
        return await PutOnceAsync(item, cancellation).ConfigureAwait(false);
    }

    /// <summary>Keeps a carrier's own words beside a message, once.</summary>
    /// <param name="messageId">The message.</param>
    /// <param name="raw">The words; null when they are too large for the table.</param>
    /// <param name="blob">Where they lie then.</param>
    /// <param name="cancellation">Stops the call.</param>
    /// <returns>Whether there are such; false when they were deleted.</returns>
    public async Task<bool> KeepRawAsync(string messageId, string? raw, string? blob, CancellationToken cancellation = default)
    {
        var item = Attr.Key(messageId, Columns.RawItem);
        if (raw is not null) item["raw"] = Attr.S(raw);
        if (blob is not null) item["blob"] = Attr.S(blob);
        item[Columns.Expires] = Attr.Expiry(clock.GetUtcNow() + Defaults.Retention);
        var kept = await PutOnceAsync(item, cancellation).ConfigureAwait(false);
        return kept.Item?.ContainsKey(Columns.Gone) != true;
    }

    /// <summary>Reads a message, consistently.</summary>
    /// <param name="messageId">Its id.</param>
    /// <param name="cancellation">Stops the call.</param>
    /// <returns>The message; null when there is none.</returns>
    public Task<MessageRecord?> FindAsync(string messageId, CancellationToken cancellation = default) =>
        ReadAsync(messageId, isConsistent: true, cancellation);

    /// <summary>Reads a message as it was a moment ago, for half the price: enough for a condition to be decided on.</summary>
    /// <param name="messageId">Its id.</param>
    /// <param name="cancellation">Stops the call.</param>
    /// <returns>The message; null when there was none.</returns>
    public Task<MessageRecord?> GlanceAsync(string messageId, CancellationToken cancellation = default) =>
        ReadAsync(messageId, isConsistent: false, cancellation);

    private async Task<MessageRecord?> ReadAsync(string messageId, bool isConsistent, CancellationToken cancellation)
    {
        var response = await dynamo.GetItemAsync(
            new GetItemRequest { TableName = table, Key = Attr.Key(messageId, Columns.Main), ConsistentRead = isConsistent },
            cancellation).ConfigureAwait(false);
        return response.Item is { Count: > 0 } item ? MessageCodec.FromItem(item) : null;
    }

    /// <summary>
    /// Everything that happened to a message, in order of time. Events beside its item are read only when there may be some.
    /// </summary>
    /// <param name="record">The message as it was read.</param>
    /// <param name="cancellation">Stops the call.</param>
    public async Task<IReadOnlyList<TimelineEvent>> TimelineAsync(MessageRecord record, CancellationToken cancellation = default)
    {
        // The events of one decision go beside the item together when they do not all fit into it: one for each part at most.
        if (EventsInItem(record) + record.State.Parts.Count <= MaxEventsInItem) return record.State.Timeline;

        var later = await LaterEventsAsync(record.Message.Id, cancellation).ConfigureAwait(false);
        return
        [
            record.State.Timeline[0],
            .. record.State.Timeline.Skip(1).Concat(later).OrderBy(e => e.At).ThenBy(e => e.Id, StringComparer.Ordinal)
        ];
    }

    /// <summary>Reads the events that no longer fit into a message's item.</summary>
    /// <param name="messageId">The message.</param>
    /// <param name="cancellation">Stops the call.</param>
    public async Task<IReadOnlyList<TimelineEvent>> LaterEventsAsync(string messageId, CancellationToken cancellation = default)
    {
        var events = new List<TimelineEvent>();
        Dictionary<string, AttributeValue>? from = null;
        do
        {
            var page = await dynamo.QueryAsync(new QueryRequest
            {
                TableName = table,
                KeyConditionExpression = "pk = :pk AND begins_with(sk, :prefix)",
                ExpressionAttributeValues = new() { [":pk"] = Attr.S(messageId), [":prefix"] = Attr.S(Columns.EventPrefix) },
                ConsistentRead = true,
                ExclusiveStartKey = from,
            }, cancellation).ConfigureAwait(false);
            events.AddRange((page.Items ?? []).Select(item => MessageCodec.Event(item[Columns.Sk].S[Columns.EventPrefix.Length..], item)));
            from = page.LastEvaluatedKey is { Count: > 0 } key ? key : null;
        }
        while (from is not null);
        return events;
    }

    private async Task<WriteResult> PutOnceAsync(Dictionary<string, AttributeValue> item, CancellationToken cancellation)
    {
        try
        {
            await dynamo.PutItemAsync(new PutItemRequest
            {
                TableName = table,
                Item = item,
                ConditionExpression = "attribute_not_exists(pk)",
                ReturnValuesOnConditionCheckFailure = ReturnValuesOnConditionCheckFailure.ALL_OLD,
            }, cancellation).ConfigureAwait(false);
            return new(true, item);
        }
        catch (ConditionalCheckFailedException taken)
        {
            return new(false, taken.Item);
        }
    }

    private ItemUpdate Update(string messageId) =>
        new ItemUpdate(table, messageId, Columns.Main).IfExists(Columns.Pk).Set(Columns.UpdatedAt, Attr.Time(clock.GetUtcNow()));

    private static Path PartPath(int part, string attribute) => new(Columns.Parts, Columns.PartName(part), attribute);

    private static Path EventPath(string eventId) => new(Columns.Timeline, eventId);

    /// <summary>How many events stand in the item: the first of the timeline is not stored.</summary>
    private static int EventsInItem(MessageRecord record) => record.State.Timeline.Count - 1;

    /// <summary>Adds an event to the timeline in the item, or beside it when the item is full.</summary>
    private async Task<ItemUpdate> ListAsync(
        ItemUpdate update, string messageId, TimelineEvent e, bool full, CancellationToken cancellation)
    {
        if (!full)
        {
            return update.Set(EventPath(e.Id), MessageCodec.Entry(e))
                .IfMissing(EventPath(e.Id))
                .IfSize(Columns.Timeline, "<", MaxEventsInItem);
        }

        var item = Attr.Key(messageId, Columns.EventPrefix + e.Id);
        foreach (var (name, value) in MessageCodec.Entry(e).M) item[name] = value;
        item[Columns.Expires] = Attr.Expiry(clock.GetUtcNow() + Defaults.Retention);
        await PutOnceAsync(item, cancellation).ConfigureAwait(false);
        return update;
    }

    private static TimelineEvent Listed(PartEvent e) => new()
    {
        Id = e.Id,
        Type = e.Status.Word(),
        At = e.At,
        Part = e.Part,
        Attempt = e.Attempt,
        Reason = e.Reason,
        CarrierCode = e.CarrierCode,
        CarrierMessageId = e.CarrierMessageId,
    };

    private static RankKey Lowest(IEnumerable<RankKey> ranks) => ranks.Min();
}
