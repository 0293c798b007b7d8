using System.Globalization;
using System.Text.Json;
using Amazon.DynamoDBv2.Model;
using Omni.Shared;
using Columns = Omni.Aws.MessageColumns;
using Own = Omni.Aws.BatchColumns;

namespace Omni.Aws;

/// <summary>Turns a batch into a DynamoDB item and back.</summary>
public static class BatchCodec
{
    private const int SchemaVersion = 1;

    /// <summary>Whether an item is a batch.</summary>
    /// <param name="item">The item.</param>
    public static bool IsBatch(IReadOnlyDictionary<string, AttributeValue> item) => item.Text(Columns.Sk) == Columns.BatchItem;

    /// <summary>The batch of an item.</summary>
    /// <param name="item">The item.</param>
    /// <exception cref="FormatException">The item is not a batch of a form that this code knows.</exception>
    public static BatchRecord FromItem(IReadOnlyDictionary<string, AttributeValue> item)
    {
        if (item.Number(Columns.Version) is not SchemaVersion) throw new FormatException("The item is not a batch of a known version.");

        string Need(string name) => item.Text(name) ?? throw new FormatException($"The item has no {name}.");
        long NeedNumber(string name) => item.Number(name) ?? throw new FormatException($"The item has no {name}.");
        DateTimeOffset NeedMoment(string name) => item.Moment(name) ?? throw new FormatException($"The item has no {name}.");
        return new(
            new()
            {
                Id = Need(Columns.Pk),
                Tenant = Need(Columns.Tenant),
                Name = item.Text(Own.Name),
                Carrier = Need(Columns.Carrier),
                From = Address.FromKey(Need(Columns.From)),
                Senders = item.Text(Own.Senders) is { } senders
                    ? JsonSerializer.Deserialize(senders, OmniJson.Wire.IReadOnlyListBatchSender)!
                    : [],
                Label = item.Text(Columns.Label),
                CreatedAt = NeedMoment(Columns.CreatedAt),
                ScheduledAt = item.Moment(Columns.ScheduledAt),
                Total = (int)NeedNumber(Own.Total),
                Segments = NeedNumber(Own.Segments),
                Refused = (int)(item.Number(Own.Refused) ?? 0),
                Duplicates = (int)(item.Number(Own.Duplicates) ?? 0),
                File = Need(Own.File),
                FileIndex = NeedNumber(Own.FileIndex),
                RequestHash = Need(Columns.RequestHash),
                Actor = item.Text(Columns.Actor),
            },
            new()
            {
                Wanted = EnumWords.FromWord<BatchState>(Need(Own.Wanted))
                    ?? throw new FormatException("The item's state is not known."),
                Released = (int)NeedNumber(Own.Released),
                Claimed = (int)NeedNumber(Own.Claimed),
                Open = (int)NeedNumber(Own.Open),
                Dispatch = (int)NeedNumber(Columns.Dispatch),
                Rate = item.GetValueOrDefault(Own.Rate)?.N is { } rate ? double.Parse(rate, CultureInfo.InvariantCulture) : 0,
                ReleasedAt = item.Moment(Own.ReleasedAt),
                DueAt = item.Moment(Columns.DueAt),
                UpdatedAt = NeedMoment(Columns.UpdatedAt),
            });
    }

    internal static AttributeValue RateValue(double rate) => new() { N = rate.ToString("0.###", CultureInfo.InvariantCulture) };

    /// <summary>The item of a new batch.</summary>
    /// <param name="batch">The batch.</param>
    /// <param name="due">When the Scheduler looks whether its release has begun.</param>
    internal static Dictionary<string, AttributeValue> ToItem(Batch batch, DateTimeOffset due)
    {
        var item = Attr.Key(batch.Id, Columns.BatchItem);
        item[Columns.Version] = Attr.N(SchemaVersion);
        item[Columns.Tenant] = Attr.S(batch.Tenant);
        item[Columns.Carrier] = Attr.S(batch.Carrier);
        item[Columns.From] = Attr.S(batch.From.Key);
        item[Columns.CreatedAt] = Attr.Time(batch.CreatedAt);
        item[Columns.UpdatedAt] = Attr.Time(batch.CreatedAt);
        item[Columns.Conversation] = Attr.S(Own.ListKeyOf(batch.Tenant));
        item[Columns.RequestHash] = Attr.S(batch.RequestHash);
        item[Columns.Expires] = Attr.Expiry((batch.ScheduledAt ?? batch.CreatedAt) + Defaults.Retention);
        item[Own.Total] = Attr.N(batch.Total);
        item[Own.Segments] = Attr.N(batch.Segments);
        item[Own.File] = Attr.S(batch.File);
        item[Own.FileIndex] = Attr.N(batch.FileIndex);
        item[Own.Wanted] = Attr.S(BatchState.Running.Word());
        item[Own.Released] = Attr.N(0);
        item[Own.Claimed] = Attr.N(0);
        item[Own.Open] = Attr.N(batch.Chunks);
        item[Columns.Dispatch] = Attr.N(0);
        item[Columns.DueKey] = Attr.S(MessageCodec.DueKey(batch.Id));
        item[Columns.DueAt] = Attr.Time(due);
        if (batch.Name is { } name) item[Own.Name] = Attr.S(name);
        if (batch.Senders.Count > 0)
            item[Own.Senders] = Attr.S(JsonSerializer.Serialize(batch.Senders, OmniJson.Wire.IReadOnlyListBatchSender));
        if (batch.Label is { } label) item[Columns.Label] = Attr.S(label);
        if (batch.ScheduledAt is { } scheduled) item[Columns.ScheduledAt] = Attr.Time(scheduled);
        if (batch.Refused > 0) item[Own.Refused] = Attr.N(batch.Refused);
        if (batch.Duplicates > 0) item[Own.Duplicates] = Attr.N(batch.Duplicates);
        if (batch.Actor is { } actor) item[Columns.Actor] = Attr.S(actor);
        return item;
    }
}
