using System.Globalization;
using System.Text.Json;
using Amazon.DynamoDBv2.Model;
using Omni.Aws;
using Omni.Shared;

namespace Omni.Dispatcher;

/// <summary>A record for a queue of work, made of a change in the table of messages.</summary>
/// <param name="Queue">The setting with the queue's URL.</param>
/// <param name="CreatedAt">When the message was taken: a batch of the stream is enqueued in this order.</param>
/// <param name="Entry">The record.</param>
internal sealed record Dispatch(string Queue, DateTimeOffset CreatedAt, QueueEntry Entry)
{
    /// <summary>The attribute that counts how often a message was asked to be sent.</summary>
    private const string Count = "dn";

    /// <summary>The attribute that names a processor.</summary>
    private const string TurnOf = "ps";

    /// <summary>The attribute that names the replies that follow.</summary>
    private const string Followers = "fo";

    /// <summary>
    /// What a change asks for; nothing for most. A new message is sent unless it waits for its time, and an inbound one's files are
    /// fetched; later each raise of the counter asks once more. So it is with batches, whose counter asks for the next step of their
    /// release. Whatever a leg rises to is told to who follows its plan. An inbound message gives its processor a turn, once its files are
    /// there. Nobody else enqueues.
    /// </summary>
    /// <param name="before">The item before the change; empty for a new one.</param>
    /// <param name="after">The item after it.</param>
    /// <param name="carriers">The carriers of this installation.</param>
    /// <exception cref="FormatException">The item cannot be read, or its carrier is not one of them.</exception>
    public static IReadOnlyList<Dispatch> Of(
        IReadOnlyDictionary<string, AttributeValue> before, Dictionary<string, AttributeValue> after, IReadOnlyList<Carrier> carriers) =>
        [.. OfLeg(before, after), .. OfCount(before, after, carriers)];

    private static IReadOnlyList<Dispatch> OfCount(
        IReadOnlyDictionary<string, AttributeValue> before, Dictionary<string, AttributeValue> after, IReadOnlyList<Carrier> carriers)
    {
        var count = CountOf(after);
        var isAsked = before.Count == 0 ? count == 0 : count != CountOf(before);
        var turn = OfTurn(isAsked, before, after);
        if (!isAsked) return turn;

        if (BatchCodec.IsBatch(after)) return [OfBatch(BatchCodec.FromItem(after))];

        var record = MessageCodec.FromItem(after);

        // A plan is sent by its legs; it is asked for when it is to be looked at.
        if (record.Message is { Failover: not null } plan)
            return before.Count == 0 ? [] : [OfPlan(plan.Id, $"{plan.Id}:{record.State.Dispatch}", plan.CreatedAt)];

        return before.Count == 0 && record.Status == MessageStatus.Scheduled ? [] : [.. Of(record, carriers), .. turn];
    }

    /// <summary>What is to be done for a message now.</summary>
    /// <param name="record">The message.</param>
    /// <param name="carriers">The carriers of this installation.</param>
    /// <exception cref="FormatException">Its carrier is not one of them.</exception>
    public static IReadOnlyList<Dispatch> Of(MessageRecord record, IReadOnlyList<Carrier> carriers)
    {
        var message = record.Message;

        OutboundCommand[] commands = [.. message.Direction == Direction.Inbound ? OfInbound(record) : [OfOutbound(record)]];
        if (commands.Length == 0) return [];
        if (carriers.FirstOrDefault(c => c.Id == message.Carrier) is not { } carrier)
            throw new FormatException("The message's carrier is not available.");

        if (message.Direction == Direction.Outbound && message.AwaitsMedia) return [OfMedia(record)];

        var queue = message.Priority == Priority.Bulk ? SettingNames.BulkQueue(carrier) : SettingNames.OutboundQueue(carrier);
        return
        [
            .. commands.Select(command => new Dispatch(queue, message.CreatedAt, OutboundQueueing.EntryOf(record, command))),
        ];
    }

    /// <summary>
    /// The replies that follow a reply of the same turn, once that is on its way: they ask for nothing themselves, for the changes of one
    /// transaction may be seen apart. Behind a reply whose files are not made yet they wait for those.
    /// </summary>
    /// <param name="before">The item before the change; empty for a new one.</param>
    /// <param name="after">The item after it.</param>
    /// <returns>Their ids, in order; empty when there are none, or it is not their time.</returns>
    public static IReadOnlyList<string> FollowersOf(
        IReadOnlyDictionary<string, AttributeValue> before, Dictionary<string, AttributeValue> after)
    {
        if (!after.ContainsKey(Followers) || MessageCodec.FromItem(after) is not { Message.Followers: { } followers } record) return [];

        var wasHeldUp = before.Count == 0 ? record.State.Dispatch == 0 : IsHeldUp(MessageCodec.FromItem(before));
        return wasHeldUp && !IsHeldUp(record) ? followers : [];
    }

    /// <summary>Whether what follows a reply has to wait for its files.</summary>
    /// <param name="record">The reply.</param>
    public static bool IsHeldUp(MessageRecord record) => record.Message.AwaitsMedia && record.Status < MessageStatus.Canceled;

    private static IReadOnlyList<Dispatch> OfTurn(
        bool isAsked, IReadOnlyDictionary<string, AttributeValue> before, Dictionary<string, AttributeValue> after)
    {
        if (!after.ContainsKey(TurnOf) || MessageCodec.FromItem(after) is not { Message.Direction: Direction.Inbound } record) return [];

        var (message, state) = record;
        if (IsIncomplete(record) || state is not { Turn: null, ContentDeletedAt: null, PersonDeletedAt: null }) return [];
        if (!isAsked && !IsIncomplete(MessageCodec.FromItem(before))) return [];

        var processor = ProcessorCatalogue.Find(message.Processor)
            ?? throw new FormatException("The message's processor is not available.");
        var heard = new TurnCommand.Hear { Message = message, Files = state.Files.Count > 0 ? state.Files : null };
        return [new(SettingNames.TurnQueue(processor), message.CreatedAt, WakeRounds.EntryOf(heard))];
    }

    private static bool IsIncomplete(MessageRecord record) => record.State.Files.Any(file => file.Status == FileStatus.Pending);

    private static IEnumerable<Dispatch> OfLeg(
        IReadOnlyDictionary<string, AttributeValue> before, Dictionary<string, AttributeValue> after)
    {
        if (before.Count == 0 || MessageCodec.LegOf(after) is not { Rank: { } rank } leg) yield break;
        if (MessageCodec.LegOf(before)?.Rank == rank) yield break;

        // A rank holds a carrier's code, which may have any length.
        yield return OfPlan(leg.Parent, Ids.Hash(after["pk"].S, rank), MessageCodec.FromItem(after).Message.CreatedAt);
    }

    private static Dispatch OfPlan(string parentId, string deduplicationId, DateTimeOffset createdAt) => new(
        SettingNames.RouterQueue,
        createdAt,
        new(JsonSerializer.Serialize(new FollowPlan(parentId), OmniJson.Wire.FollowPlan), parentId, deduplicationId));

    private static Dispatch OfBatch(BatchRecord record)
    {
        var tick = new BatchTick(record.Batch.Id, record.Progress.Dispatch);
        return new(
            SettingNames.BatchQueue,
            record.Batch.CreatedAt,
            new(
                JsonSerializer.Serialize(tick, OmniJson.Wire.BatchTick),
                tick.BatchId,
                string.Create(CultureInfo.InvariantCulture, $"{tick.BatchId}:{tick.Dispatch}")));
    }

    // Whoever makes its files fit raises the counter then.
    private static Dispatch OfMedia(MessageRecord record) => new(
        SettingNames.MediaQueue,
        record.Message.CreatedAt,
        new(
            JsonSerializer.Serialize(new PrepareMedia(record.Message.Id), OmniJson.Wire.PrepareMedia),
            OutboundQueueing.MediaGroupOf(record.Message),
            string.Create(CultureInfo.InvariantCulture, $"{record.Message.Id}:{record.State.Dispatch}")));

    private static OutboundCommand OfOutbound(MessageRecord record) => record.State.Parts.Any(p => p.Rank.Status == MessageStatus.Unknown)
        ? new OutboundCommand.Reconcile { Message = record.Message }
        : new OutboundCommand.Send { Message = record.Message };

    private static IEnumerable<OutboundCommand> OfInbound(MessageRecord record)
    {
        var (message, state) = record;
        if (state.Files.Any(file => file.Status == FileStatus.Pending))
            yield return new OutboundCommand.FetchMedia { MessageId = message.Id };

        if (state.ReadAsked && !state.Timeline.Any(e => e.Type is MessageStore.ReadMarked or MessageStore.ReadMarkRefused))
        {
            yield return new OutboundCommand.MarkRead { MessageId = message.Id, CarrierMessageId = message.CarrierMessageId ?? "" };
        }
    }

    private static int CountOf(IReadOnlyDictionary<string, AttributeValue> item) =>
        item.GetValueOrDefault(Count)?.N is { } n ? int.Parse(n, NumberStyles.None, CultureInfo.InvariantCulture) : 0;
}
