using System.Collections.Concurrent;
using System.Globalization;
using Amazon.DynamoDBv2;
using Amazon.DynamoDBv2.Model;
using Omni.Shared;

namespace Omni.Aws;

/// <summary>A limited thing, such as a sender of a carrier's account, and its rate.</summary>
/// <param name="Carrier">The carrier.</param>
/// <param name="Name">Which of the carrier's: account and, where the rate is of each, sender.</param>
/// <param name="PerSecond">The rate that is configured, in segments a second.</param>
public sealed record RateKey(string Carrier, string Name, double PerSecond)
{
    /// <summary>The highest pace.</summary>
    public double Most => PerSecond * RateLine.Headroom;
}

/// <summary>How a limited thing is.</summary>
/// <param name="Name">Which it is.</param>
/// <param name="PerSecond">Its pace by now, in segments a second.</param>
/// <param name="Refused">The pace at which the carrier refused lately; null when it did not.</param>
/// <param name="Ahead">How far ahead places are given.</param>
/// <param name="RefusalsInLastMinute">How many messages the carrier refused for their speed in about the last minute.</param>
public sealed record RateState(string Name, double PerSecond, double? Refused, TimeSpan Ahead, long RefusalsInLastMinute);

/// <summary>
/// One limiter for all senders: an item per limited thing holds its line (<see cref="RateLine"/>), and one conditional write gives the
/// messages of a whole batch their places. What is remembered here is a view of it, and whoever decides by an old one is refused by the
/// condition.
/// </summary>
/// <param name="dynamo">The client.</param>
/// <param name="controlTable">The control table.</param>
/// <param name="clock">The time.</param>
public sealed partial class RateLimiter(IAmazonDynamoDB dynamo, string controlTable, TimeProvider clock)
{
    /// <summary>How old a view may be when a message leaves by it.</summary>
    public static readonly TimeSpan ViewAge = TimeSpan.FromMilliseconds(200);

    /// <summary>How long refusals are gathered before they are written together; the first is written at once.</summary>
    private static readonly TimeSpan Gathering = TimeSpan.FromMilliseconds(100);

    /// <summary>How long a line is kept that nobody stands in.</summary>
    private static readonly TimeSpan Kept = TimeSpan.FromDays(2);

    private const int MaxTries = 12;

    private readonly ConcurrentDictionary<string, Watch> _watches = new(StringComparer.Ordinal);

    /// <summary>The name of what a carrier limits for messages: one of its senders, or its account.</summary>
    /// <param name="carrier">The carrier.</param>
    /// <param name="account">The carrier's sub-account.</param>
    /// <param name="from">Our address.</param>
    public static string NameOf(Carrier carrier, string account, Address from) =>
        carrier.Limits.RateScope == RateScope.Account ? account : $"{account}#{from.Key}";

    /// <summary>
    /// Gives messages places at the end of the line, as far as they may reach. When the line is idle the first gets one in any case.
    /// </summary>
    /// <param name="key">The limited thing.</param>
    /// <param name="segments">What each message costs, in the order in which they are to go.</param>
    /// <param name="ahead">How far ahead of now their turns may be.</param>
    /// <param name="cancellation">Stops the call.</param>
    /// <returns>A slot for each, in order; those that are missing at the end got none.</returns>
    public async Task<IReadOnlyList<Slot>> ReserveAsync(
        RateKey key, IReadOnlyList<int> segments, TimeSpan ahead, CancellationToken cancellation = default)
    {
        var watch = WatchOf(key);
        var costs = Costs(segments);
        for (var tries = 0; tries < MaxTries; tries++)
        {
            if (watch.Line is not { } seen)
            {
                await LookAsync(key, watch, cancellation).ConfigureAwait(false);
                continue;
            }

            var now = Now();
            var line = seen.Grown(now, key.Most);
            var (first, count) = line.Fit(costs, Micros(ahead), now);
            if (count == 0)
            {
                if (watch.Age(clock) <= ViewAge) return [];

                await LookAsync(key, watch, cancellation).ConfigureAwait(false);
                continue;
            }

            // Two ways that exclude each other: somebody stands in the line, or nobody does.
            // A race can turn one into the other, so it is tried again.
            var total = costs.Take(count).Sum();
            var update = Write(key, seen, line).Increment(RateLineItem.Given, total);
            if (line.IsBusy(now))
            {
                update.Increment(RateLineItem.Next, total)
                    .If(RateLineItem.Next, ">=", Attr.N(line.Due(now)))
                    .If(RateLineItem.Next, "<=", Attr.N(line.Due(now + Micros(ahead)) - total));
            }
            else
            {
                update.Set(RateLineItem.Next, Attr.N(first + total)).If(RateLineItem.Next, "<", Attr.N(line.Due(now)));
            }

            if (await TryAsync(watch, update, cancellation).ConfigureAwait(false) is not { } after) continue;

            return Slots(costs.AsSpan(0, count), after.Next - total, isFront: false);
        }

        return [];
    }

    /// <summary>
    /// Lets messages in front of the line, or to its end when that is as near. Those who ask at once in one process are written together:
    /// each write moves the line, and refuses whoever decides by an older view.
    /// </summary>
    /// <param name="key">The limited thing.</param>
    /// <param name="segments">What each message costs, in the order in which they are to go.</param>
    /// <param name="cancellation">Stops the call.</param>
    /// <returns>A slot for each; none when the line changed at every try.</returns>
    public async Task<IReadOnlyList<Slot>> LetInFrontAsync(
        RateKey key, IReadOnlyList<int> segments, CancellationToken cancellation = default)
    {
        var watch = WatchOf(key);
        var wish = new Wish(segments);
        lock (watch) watch.Wishes.Add(wish);
        while (wish.Slots is null) await watch.Letting.JoinAsync(() => FulfilAsync(key, watch, cancellation)).ConfigureAwait(false);
        return wish.Slots;
    }

    private async Task FulfilAsync(RateKey key, Watch watch, CancellationToken cancellation)
    {
        while (true)
        {
            Wish[] wishes;
            lock (watch)
            {
                wishes = [.. watch.Wishes];
                watch.Wishes.Clear();
            }

            if (wishes.Length == 0) return;

            IReadOnlyList<Slot> slots = [];
            try
            {
                slots = await LetInAsync(key, watch, [.. wishes.SelectMany(w => w.Segments)], cancellation).ConfigureAwait(false);
            }
            finally
            {
                var given = 0;
                foreach (var wish in wishes)
                {
                    wish.Slots = slots.Count == 0 ? [] : [.. slots.Skip(given).Take(wish.Segments.Count)];
                    given += wish.Segments.Count;
                }
            }
        }
    }

    private async Task<IReadOnlyList<Slot>> LetInAsync(RateKey key, Watch watch, int[] segments, CancellationToken cancellation)
    {
        var costs = Costs(segments);
        for (var tries = 0; tries < MaxTries; tries++)
        {
            if (tries > 1)
                await Task.Delay(TimeSpan.FromMilliseconds(Random.Shared.Next(1, 10 * tries)), clock, cancellation).ConfigureAwait(false);
            if (watch.Line is not { } seen)
            {
                await LookAsync(key, watch, cancellation).ConfigureAwait(false);
                continue;
            }

            var now = Now();
            var line = seen.Grown(now, key.Most);
            if (line.AheadAtEnd(costs.Sum(), now) is { } ahead)
            {
                var places = await ReserveAsync(key, segments, TimeSpan.FromMicroseconds(ahead), cancellation).ConfigureAwait(false);
                if (places.Count == segments.Length) return places;
                continue;
            }

            var (after, first) = line.LetInFront(costs.Sum(), now);
            var update = Write(key, seen, after).Increment(RateLineItem.Given, costs.Sum());
            if (await TryAsync(watch, update, cancellation).ConfigureAwait(false) is null) continue;

            return Slots(costs, first, isFront: true);
        }

        return [];
    }

    /// <summary>When a slot's turn is, by a view that is not older than asked.</summary>
    /// <param name="key">The limited thing.</param>
    /// <param name="slot">The slot.</param>
    /// <param name="age">How old the view may be.</param>
    /// <param name="cancellation">Stops the call.</param>
    /// <returns>When it is, and when it can be at the soonest if the line goes faster meanwhile.</returns>
    public async Task<(DateTimeOffset Turn, DateTimeOffset Soonest)> TurnAsync(
        RateKey key, Slot slot, TimeSpan age, CancellationToken cancellation = default)
    {
        var watch = WatchOf(key);
        if (watch.Line is null || watch.Age(clock) > age) await LookAsync(key, watch, cancellation).ConfigureAwait(false);
        var now = Now();
        var line = watch.Line ?? RateLine.New(key.Most, now);
        return (Time(line.TurnOf(slot)), Time(line.SoonestOf(slot, now, key.Most)));
    }

    /// <summary>Whether whoever has a slot finds out if a throttled carrier takes messages again.</summary>
    /// <param name="key">The limited thing.</param>
    /// <param name="slot">The slot.</param>
    public bool IsProbe(RateKey key, Slot slot) => WatchOf(key).Line?.IsProbe(slot) == true;

    /// <summary>How late a message may leave and still keep its slot.</summary>
    /// <param name="key">The limited thing.</param>
    public TimeSpan Tolerance(RateKey key) => TimeSpan.FromMicroseconds((WatchOf(key).Line ?? RateLine.New(key.Most, 0)).Tolerance);

    /// <summary>
    /// The carrier refused a message for its speed. It returns when that is written down, together with others of these moments.
    /// </summary>
    /// <param name="key">The limited thing.</param>
    /// <param name="wait">The wait that it asked for.</param>
    /// <param name="isProbe">Whether the message was the probe.</param>
    public Task RefusedAsync(RateKey key, TimeSpan wait, bool isProbe)
    {
        var watch = WatchOf(key);
        lock (watch)
        {
            watch.Refusals++;
            watch.Wait = Math.Max(watch.Wait, Micros(wait));
            watch.ProbeRefused |= isProbe;
        }

        return watch.Writing.JoinAsync(() => WriteRefusalsAsync(key, watch));
    }

    /// <summary>The names of the limited things of a carrier, up to 100 of them.</summary>
    /// <param name="carrier">The carrier.</param>
    /// <param name="cancellation">Stops the call.</param>
    public async Task<IReadOnlyList<string>> NamesAsync(string carrier, CancellationToken cancellation = default)
    {
        var listed = await dynamo.QueryAsync(
            new QueryRequest
            {
                TableName = controlTable,
                KeyConditionExpression = "pk = :pk",
                ExpressionAttributeValues = new() { [":pk"] = Attr.S(ListOf(carrier)) },
                Limit = 100,
            }, cancellation).ConfigureAwait(false);
        return [.. (listed.Items ?? []).Select(item => item["sk"].S)];
    }

    /// <summary>How limited things of a carrier are, by name.</summary>
    /// <param name="carrier">The carrier.</param>
    /// <param name="rates">Which, and the rate of each that is configured, in segments a second: what its pace grows to.</param>
    /// <param name="cancellation">Stops the call.</param>
    public async Task<IReadOnlyList<RateState>> StatesAsync(
        string carrier, IReadOnlyDictionary<string, double> rates, CancellationToken cancellation = default)
    {
        var lines = await dynamo.ReadManyAsync(
            controlTable, rates.Keys.Select(name => Attr.Key(KeyOf(carrier, name), "*")), cancellation).ConfigureAwait(false);
        var now = Now();
        return
        [
            .. from item in lines
               let name = item["pk"].S[KeyOf(carrier, "").Length..]
               let line = RateLineItem.Read(item).Grown(now, rates[name] * RateLine.Headroom)
               let ahead = Math.Max(0, line.TurnOf(new Slot(line.Next)) - now)
               orderby name
               select new RateState(
                   name, Math.Round(line.Rate, 3), line.Ceiling, TimeSpan.FromMicroseconds(ahead), line.RefusalsInLastMinute(now)),
        ];
    }
}
