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
/// One limiter for all senders: an item per limited thing holds its line (<see cref="RateLine"/>), and one conditional write gives the messages of a whole
/// batch their places. What is remembered here is a view of it, and whoever decides by an old one is refused by the condition.
/// </summary>
/// <param name="dynamo">The client.</param>
/// <param name="controlTable">The control table.</param>
/// <param name="clock">The time.</param>
public sealed class RateLimiter(IAmazonDynamoDB dynamo, string controlTable, TimeProvider clock)
{
    /// <summary>How old a view may be when a message leaves by it.</summary>
    public static readonly TimeSpan ViewAge = TimeSpan.FromMilliseconds(200);

    /// <summary>How long refusals are gathered before they are written together; the first is written at once.</summary>
    private static readonly TimeSpan Gathering = TimeSpan.FromMilliseconds(100);

    /// <summary>How long a line is kept that nobody stands in.</summary>
    private static readonly TimeSpan Kept = TimeSpan.FromDays(2);

    private const int MaxTries = 12;

    private readonly ConcurrentDictionary<string, Watch> _watches = new(StringComparer.Ordinal);

    /// <summary>Gives messages places at the end of the line, as far as they may reach. When the line is idle the first gets one in any case.</summary>
    /// <param name="key">The limited thing.</param>
    /// <param name="segments">What each message costs, in the order in which they are to go.</param>
    /// <param name="ahead">How far ahead of now their turns may be.</param>
    /// <param name="cancellation">Stops the call.</param>
    /// <returns>A slot for each, in order; those that are missing at the end got none.</returns>
    public async Task<IReadOnlyList<Slot>> ReserveAsync(RateKey key, IReadOnlyList<int> segments, TimeSpan ahead, CancellationToken cancellation = default)
    {
        var watch = WatchOf(key);
        var costs = Costs(segments);
        for (var tries = 0; tries < MaxTries; tries++)
        {
            var now = Now();
            var seen = watch.Line;
            var line = (seen ?? RateLine.New(key.Most, now)).Grown(now, key.Most);
            var (first, count) = line.Fit(costs, Micros(ahead), now);
            if (count == 0)
            {
                if (watch.Age(clock) <= ViewAge) return [];

                await LookAsync(key, watch, cancellation).ConfigureAwait(false);
                continue;
            }

            var total = costs.Take(count).Sum();
            var update = Write(key, seen, line);
            if (seen is null) update.Set(Names.Next, Attr.N(first + total));
            else if (line.IsBusy(now)) update.Increment(Names.Next, total).If(Names.Next, ">=", Attr.N(line.Due(now))).If(Names.Next, "<=", Attr.N(line.Due(now + Micros(ahead)) - total));
            else update.Set(Names.Next, Attr.N(first + total)).If(Names.Next, "<", Attr.N(line.Due(now)));
            if (await TryAsync(key, watch, update, isNew: seen is null, cancellation).ConfigureAwait(false) is not { } after) continue;

            return Slots(costs.AsSpan(0, count), after.Next - total, isFront: false);
        }

        return [];
    }

    /// <summary>
    /// Lets messages in front of the line, or to its end when that is as near. Those who ask at once in one process are written together: each write moves the
    /// line, and refuses whoever decides by an older view.
    /// </summary>
    /// <param name="key">The limited thing.</param>
    /// <param name="segments">What each message costs, in the order in which they are to go.</param>
    /// <param name="cancellation">Stops the call.</param>
    /// <returns>A slot for each; none when the line changed at every try.</returns>
    public async Task<IReadOnlyList<Slot>> LetInFrontAsync(RateKey key, IReadOnlyList<int> segments, CancellationToken cancellation = default)
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
            if (tries > 1) await Task.Delay(TimeSpan.FromMilliseconds(Random.Shared.Next(1, 10 * tries)), clock, cancellation).ConfigureAwait(false);
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
            if (await TryAsync(key, watch, Write(key, seen, after), isNew: false, cancellation).ConfigureAwait(false) is not null) return Slots(costs, first, isFront: true);
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

    /// <summary>The carrier refused a message for its speed. It returns when that is written down, together with others of these moments.</summary>
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

    /// <summary>How the limited things of a carrier are, by name.</summary>
    /// <param name="carrier">The carrier.</param>
    /// <param name="cancellation">Stops the call.</param>
    public async Task<IReadOnlyList<RateState>> StatesAsync(string carrier, CancellationToken cancellation = default)
    {
        var listed = await dynamo.QueryAsync(
            new QueryRequest
            {
                TableName = controlTable,
                KeyConditionExpression = "pk = :pk",
                ExpressionAttributeValues = new() { [":pk"] = Attr.S(ListOf(carrier)) },
                Limit = 100,
            }, cancellation).ConfigureAwait(false);
        string[] names = [.. (listed.Items ?? []).Select(item => item["sk"].S)];
        if (names.Length == 0) return [];

        var request = new BatchGetItemRequest
        {
            RequestItems = new() { [controlTable] = new() { Keys = [.. names.Select(name => Attr.Key(KeyOf(carrier, name), "*"))] } },
        };
        var lines = (await dynamo.BatchGetItemAsync(request, cancellation).ConfigureAwait(false)).Responses.GetValueOrDefault(controlTable) ?? [];
        var now = Now();
        return
        [
            .. from item in lines
               let line = Names.Read(item)
               let name = item["pk"].S[KeyOf(carrier, "").Length..]
               orderby name
               select new RateState(
                   name, Math.Round(line.Rate, 3), line.Ceiling, TimeSpan.FromMicroseconds(Math.Max(0, line.TurnOf(new Slot(line.Next)) - now)), line.RefusalsInLastMinute(now)),
        ];
    }

    private async Task WriteRefusalsAsync(RateKey key, Watch watch)
    {
        if (watch.RefusedAt is { } last && clock.GetElapsedTime(last) < Gathering) await Task.Delay(Gathering, clock).ConfigureAwait(false);

        watch.Writing.Close();
        int count;
        long wait;
        bool isProbe;
        lock (watch)
        {
            (count, wait, isProbe) = (watch.Refusals, watch.Wait, watch.ProbeRefused);
            (watch.Refusals, watch.Wait, watch.ProbeRefused) = (0, 0, false);
            watch.RefusedAt = clock.GetTimestamp();
        }

        for (var tries = 0; tries < MaxTries; tries++)
        {
            var now = Now();
            if (watch.Line is not { } seen)
            {
                await LookAsync(key, watch, CancellationToken.None).ConfigureAwait(false);
                continue;
            }

            var update = Write(key, seen, seen.Refused(count, wait, isProbe, now, key.Most));
            if (await TryAsync(key, watch, update, isNew: false, CancellationToken.None).ConfigureAwait(false) is not null) return;
        }
    }

    /// <summary>Looks at the line anew; several who ask at once share one look. Growth that is due is written down.</summary>
    private Task LookAsync(RateKey key, Watch watch, CancellationToken cancellation) => watch.Looking.JoinAsync(() => LookOnceAsync(key, watch, cancellation));

    private async Task LookOnceAsync(RateKey key, Watch watch, CancellationToken cancellation)
    {
        var response = await dynamo.GetItemAsync(
            new GetItemRequest { TableName = controlTable, Key = Attr.Key(KeyOf(key.Carrier, key.Name), "*"), ConsistentRead = true }, cancellation).ConfigureAwait(false);
        var now = Now();
        if (response.Item is not { Count: > 0 } item)
        {
            await TryAsync(key, watch, Write(key, null, RateLine.New(key.Most, now)).Set(Names.Next, Attr.N(0)), isNew: true, cancellation).ConfigureAwait(false);
            return;
        }

        var line = Names.Read(item);
        watch.See(line, clock);
        var grown = line.Grown(now, key.Most);
        if (!ReferenceEquals(grown, line)) await TryAsync(key, watch, Write(key, line, grown), isNew: false, cancellation).ConfigureAwait(false);
    }

    /// <summary>Writes a line over the view that it came from.</summary>
    private ItemUpdate Write(RateKey key, RateLine? seen, RateLine line)
    {
        var update = new ItemUpdate(controlTable, KeyOf(key.Carrier, key.Name), "*").Set("ex", Attr.Expiry(clock.GetUtcNow() + Kept));
        if (seen is null) update.IfMissing(Names.Epoch);
        else update.If(Names.Epoch, "=", Attr.N(seen.Epoch));
        if (!ReferenceEquals(seen, line)) Names.Write(update, line);
        return update;
    }

    /// <returns>The line afterwards; null when another was faster: the view is new then.</returns>
    private async Task<RateLine?> TryAsync(RateKey key, Watch watch, ItemUpdate update, bool isNew, CancellationToken cancellation)
    {
        var result = await update.WriteAsync(dynamo, cancellation).ConfigureAwait(false);
        if (result.Item is null)
        {
            // It was there, and its time passed.
            watch.Forget();
            return null;
        }

        var line = Names.Read(result.Item);
        watch.See(line, clock);
        if (!result.Done) return null;
        if (isNew) await ListAsync(key, cancellation).ConfigureAwait(false);
        return line;
    }

    // Once in a line's life: so that a carrier's lines can be found.
    private Task ListAsync(RateKey key, CancellationToken cancellation) =>
        new ItemUpdate(controlTable, ListOf(key.Carrier), key.Name).Set("ex", Attr.Expiry(clock.GetUtcNow() + TimeSpan.FromDays(90))).WriteAsync(dynamo, cancellation);

    private Watch WatchOf(RateKey key) => _watches.GetOrAdd(KeyOf(key.Carrier, key.Name), static _ => new Watch());

    private static string KeyOf(string carrier, string name) => $"slot#{carrier}#{name}";

    private static string ListOf(string carrier) => "slots#" + carrier;

    private static Slot[] Slots(ReadOnlySpan<long> costs, long place, bool isFront)
    {
        var slots = new Slot[costs.Length];
        for (var i = 0; i < slots.Length; place += costs[i], i++) slots[i] = new(place, isFront);
        return slots;
    }

    private static long[] Costs(IReadOnlyList<int> segments) => [.. segments.Select(s => s * RateLine.Segment)];

    private long Now() => Micros(clock.GetUtcNow() - DateTimeOffset.UnixEpoch);

    private static long Micros(TimeSpan time) => time.Ticks / TimeSpan.TicksPerMicrosecond;

    private static DateTimeOffset Time(long micros) => DateTimeOffset.UnixEpoch.AddMicroseconds(micros);

    /// <summary>What a process last saw of a line, and the refusals that it has not written down yet.</summary>
    private sealed class Watch
    {
        private long _seenAt;

        public RateLine? Line { get; private set; }

        public Shared Looking { get; } = new();

        public Shared Letting { get; } = new();

        public List<Wish> Wishes { get; } = [];

        public Shared Writing { get; } = new();

        public int Refusals { get; set; }

        public long Wait { get; set; }

        public bool ProbeRefused { get; set; }

        public long? RefusedAt { get; set; }

        public TimeSpan Age(TimeProvider clock) => Line is null ? TimeSpan.MaxValue : clock.GetElapsedTime(_seenAt);

        // Answers may overtake each other: an older one tells nothing new.
        public void See(RateLine line, TimeProvider clock)
        {
            lock (this)
            {
                if (Line is { } known && known.Epoch > line.Epoch) return;

                (Line, _seenAt) = (line, clock.GetTimestamp());
            }
        }

        public void Forget()
        {
            lock (this) Line = null;
        }
    }

    /// <summary>The wish of one caller to be let in front.</summary>
    private sealed class Wish(IReadOnlyList<int> segments)
    {
        public IReadOnlyList<int> Segments => segments;

        public IReadOnlyList<Slot>? Slots { get; set; }
    }

    /// <summary>Work that several wait for and the first of them does.</summary>
    private sealed class Shared
    {
        private readonly Lock _lock = new();
        private List<TaskCompletionSource>? _waiters;

        public async Task JoinAsync(Func<Task> work)
        {
            List<TaskCompletionSource> waiters;
            TaskCompletionSource? turn = null;
            lock (_lock)
            {
                if (_waiters is null) _waiters = waiters = [];
                else (waiters = _waiters).Add(turn = new());
            }

            if (turn is not null)
            {
                await turn.Task.ConfigureAwait(false);
                return;
            }

            try
            {
                await work().ConfigureAwait(false);
                foreach (var waiter in Close(waiters)) waiter.SetResult();
            }
            catch (Exception fault)
            {
                foreach (var waiter in Close(waiters)) waiter.SetException(fault);
                throw;
            }
        }

        /// <summary>Whoever comes from now on is not served by the work under way.</summary>
        public void Close()
        {
            lock (_lock) _waiters = null;
        }

        private List<TaskCompletionSource> Close(List<TaskCompletionSource> waiters)
        {
            lock (_lock)
            {
                if (_waiters == waiters) _waiters = null;
            }

            return waiters;
        }
    }

    /// <summary>The attributes of a line's item.</summary>
    private static class Names
    {
        public const string Next = "n";
        public const string Epoch = "e";

        public static RateLine Read(Dictionary<string, AttributeValue> item) => new()
        {
            Next = item.Number(Next) ?? 0,
            Origin = item.Number("p0") ?? 0,
            Start = item.Number("t0") ?? 0,
            Rate = Real(item, "r") ?? 1,
            FrontNext = item.Number("fn") ?? 0,
            FrontOrigin = item.Number("f0") ?? 0,
            FrontStart = item.Number("ft") ?? 0,
            FrontGap = item.Number("fg") ?? 0,
            Ceiling = Real(item, "c") is > 0 and { } ceiling ? ceiling : null,
            Goal = Real(item, "g") ?? 0,
            CutAt = item.Number("ca") ?? 0,
            WentOnAt = item.Number("oa") ?? 0,
            ChangedAt = item.Number("ga") ?? 0,
            WindowAt = item.Number("wa") ?? 0,
            WindowCount = item.Number("wn") ?? 0,
            WindowRate = Real(item, "wr") ?? 0,
            WindowAge = item.Number("wg") ?? 0,
            WindowAfterQuiet = item.Number("wq") == 1,
            Minute = item.Number("ma") ?? 0,
            MinuteCount = item.Number("mn") ?? 0,
            MinuteBefore = item.Number("mb") ?? 0,
            Epoch = item.Number(Epoch) ?? 0,
        };

        public static void Write(ItemUpdate update, RateLine line)
        {
            update
                .Set("p0", Attr.N(line.Origin)).Set("t0", Attr.N(line.Start)).Set("r", Real(line.Rate))
                .Set("fn", Attr.N(line.FrontNext)).Set("f0", Attr.N(line.FrontOrigin)).Set("ft", Attr.N(line.FrontStart)).Set("fg", Attr.N(line.FrontGap))
                .Set("c", Real(line.Ceiling ?? 0)).Set("g", Real(line.Goal)).Set("ca", Attr.N(line.CutAt)).Set("oa", Attr.N(line.WentOnAt))
                .Set("ga", Attr.N(line.ChangedAt))
                .Set("wa", Attr.N(line.WindowAt)).Set("wn", Attr.N(line.WindowCount)).Set("wr", Real(line.WindowRate)).Set("wg", Attr.N(line.WindowAge))
                .Set("wq", Attr.N(line.WindowAfterQuiet ? 1 : 0))
                .Set("ma", Attr.N(line.Minute)).Set("mn", Attr.N(line.MinuteCount)).Set("mb", Attr.N(line.MinuteBefore))
                .Set(Epoch, Attr.N(line.Epoch));
        }

        private static AttributeValue Real(double value) => new() { N = value.ToString("0.######", CultureInfo.InvariantCulture) };

        private static double? Real(Dictionary<string, AttributeValue> item, string name) =>
            item.GetValueOrDefault(name)?.N is { } n ? double.Parse(n, CultureInfo.InvariantCulture) : null;
    }
}
