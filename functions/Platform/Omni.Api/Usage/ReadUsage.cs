using System.Text.Json.Serialization;
using Omni.Aws;
using Omni.Shared;

namespace Omni.Api;

/// <summary>What makes a row of usage.</summary>
[JsonConverter(typeof(CamelCaseEnumConverter<UsageKind>))]
internal enum UsageKind
{
    /// <summary>A day.</summary>
    Day,

    /// <summary>A carrier.</summary>
    Carrier,

    /// <summary>An address of ours at a carrier.</summary>
    Sender,

    /// <summary>A status.</summary>
    Status,
}

/// <summary>Adds up what a tenant's messages came to. The Scheduler has counted them; nothing is counted here.</summary>
internal sealed class ReadUsage(UsageStore usage, TimeProvider clock)
{
    public static readonly string[] Parameters = ["from", "to", "by"];

    private const int DefaultDays = 30;
    private const int MaxDays = 366;

    public async Task<ApiResult> HandleAsync(ApiCall call, CancellationToken cancellation)
    {
        var query = call.Query;
        var today = DateOnly.FromDateTime(clock.GetUtcNow().UtcDateTime);
        var by = query.Word<UsageKind>("by") ?? default;
        var to = query.Day("to") ?? today;
        var from = query.Day("from") ?? to.AddDays(-Math.Min(DefaultDays - 1, to.DayNumber));
        if (from > to) query.Refuse("from", "invalid_value", "It is no later than to.");
        else if (to.DayNumber - from.DayNumber >= MaxDays)
            query.Refuse("from", "invalid_value", $"From it to the last day there are at most {MaxDays} days.");
        if (query.Errors.Count > 0) return Problems.InvalidParameter.Because(query.Errors);

        var shards = await usage.ReadAsync(call.Tenant, from, to, cancellation);
        var rows = shards
            .SelectMany(shard => shard.Counts.Select(count => (Key: KeyOf(by, shard.Day, count), Count: count)))
            .GroupBy(found => found.Key, found => found.Count)
            .Select(group => UsageRow.Of(group.Key, [.. group]))
            .OrderBy(row => row.Day)
            .ThenBy(row => row.Carrier, StringComparer.Ordinal)
            .ThenBy(row => row.Sender?.Key, StringComparer.Ordinal)
            .ThenBy(row => row.Status);
        return ApiResult.Ok(
            new UsageView
            {
                From = from,
                To = to,
                By = by,
                Data = [.. rows],
                CountedAt = shards.Where(shard => shard.Day == shards[^1].Day).Select(shard => (DateTimeOffset?)shard.SummedAt).Min(),
            },
            ApiJson.Wire.UsageView);
    }

    private static UsageKey KeyOf(UsageKind by, DateOnly day, UsageCount count) => by switch
    {
        UsageKind.Day => new(Day: day),
        UsageKind.Carrier => new(Carrier: count.Carrier),
        UsageKind.Sender => new(Carrier: count.Carrier, Sender: count.Sender),
        UsageKind.Status => new(Status: count.Status),
        _ => throw new System.Diagnostics.UnreachableException(),
    };
}

/// <summary>What the messages of a row have in common.</summary>
internal readonly record struct UsageKey(
    DateOnly? Day = null, string? Carrier = null, Address? Sender = null, MessageStatus? Status = null);

/// <summary>What messages came to.</summary>
internal sealed record UsageView
{
    public required DateOnly From { get; init; }

    public required DateOnly To { get; init; }

    public required UsageKind By { get; init; }

    public required IReadOnlyList<UsageRow> Data { get; init; }

    /// <summary>When the youngest day that was counted was; null when none was.</summary>
    public DateTimeOffset? CountedAt { get; init; }
}

/// <summary>What the messages came to that have something in common.</summary>
internal sealed record UsageRow
{
    public DateOnly? Day { get; init; }

    public string? Carrier { get; init; }

    public Address? Sender { get; init; }

    public MessageStatus? Status { get; init; }

    public required long Outbound { get; init; }

    public required long Inbound { get; init; }

    public required long Segments { get; init; }

    public required IReadOnlyList<UsagePrice> Prices { get; init; }

    public static UsageRow Of(UsageKey key, IReadOnlyList<UsageCount> counts) => new()
    {
        Day = key.Day,
        Carrier = key.Carrier,
        Sender = key.Sender,
        Status = key.Status,
        Outbound = counts.Where(count => count.Direction == Direction.Outbound).Sum(count => count.Messages),
        Inbound = counts.Where(count => count.Direction == Direction.Inbound).Sum(count => count.Messages),
        Segments = counts.Sum(count => count.Segments),
        Prices =
        [
            .. counts.SelectMany(count => count.Prices)
                .GroupBy(price => price.Key, price => price.Value)
                .OrderBy(prices => prices.Key, StringComparer.Ordinal)
                .Select(prices => new UsagePrice(prices.Key, prices.Sum())),
        ],
    };
}

/// <summary>What carriers charge.</summary>
/// <param name="Currency">ISO 4217.</param>
/// <param name="Amount">The amount in it.</param>
internal sealed record UsagePrice(string Currency, decimal Amount);
