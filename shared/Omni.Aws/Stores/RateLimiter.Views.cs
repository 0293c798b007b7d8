using Amazon.DynamoDBv2;
using Amazon.DynamoDBv2.Model;
using Omni.Shared;

namespace Omni.Aws;

public sealed partial class RateLimiter
{
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
            if (await TryAsync(watch, update, CancellationToken.None).ConfigureAwait(false) is not null) return;
        }
    }

    /// <summary>Looks at the line anew; several who ask at once share one look. Growth that is due is written down.</summary>
    private Task LookAsync(RateKey key, Watch watch, CancellationToken cancellation) =>
        watch.Looking.JoinAsync(() => LookOnceAsync(key, watch, cancellation));

    private async Task LookOnceAsync(RateKey key, Watch watch, CancellationToken cancellation)
    {
        var response = await dynamo.GetItemAsync(
            new GetItemRequest { TableName = controlTable, Key = Attr.Key(KeyOf(key.Carrier, key.Name), "*"), ConsistentRead = true },
            cancellation).ConfigureAwait(false);
        var now = Now();
        if (response.Item is not { Count: > 0 } item)
        {
            var update = Write(key, null, RateLine.New(key.Most, now)).Set(RateLineItem.Next, Attr.N(0));
            if (await TryAsync(watch, update, cancellation).ConfigureAwait(false) is not null)
                await ListAsync(key, cancellation).ConfigureAwait(false);
            return;
        }

        var line = RateLineItem.Read(item);
        watch.See(line, clock);
        var grown = line.Grown(now, key.Most);
        if (!ReferenceEquals(grown, line)) await TryAsync(watch, Write(key, line, grown), cancellation).ConfigureAwait(false);
    }

    /// <summary>Writes a line over the view that it came from.</summary>
    private ItemUpdate Write(RateKey key, RateLine? seen, RateLine line)
    {
        var update = new ItemUpdate(controlTable, KeyOf(key.Carrier, key.Name), "*").Set("ex", Attr.Expiry(clock.GetUtcNow() + Kept));
        if (seen is null) update.IfMissing(RateLineItem.Epoch);
        else update.If(RateLineItem.Epoch, "=", Attr.N(seen.Epoch));
        if (!ReferenceEquals(seen, line)) RateLineItem.Write(update, line);
        return update;
    }

    /// <returns>The line afterwards; null when another was faster: the view is new then.</returns>
    private async Task<RateLine?> TryAsync(Watch watch, ItemUpdate update, CancellationToken cancellation)
    {
        var result = await update.WriteAsync(dynamo, cancellation).ConfigureAwait(false);
        if (result.Item is null)
        {
            // It was there, and its time passed.
            watch.Forget();
            return null;
        }

        var line = RateLineItem.Read(result.Item);
        watch.See(line, clock);
        return result.Done ? line : null;
    }

    // Once in a line's life: so that a carrier's lines can be found.
    private Task ListAsync(RateKey key, CancellationToken cancellation) =>
        new ItemUpdate(controlTable, ListOf(key.Carrier), key.Name)
            .Set("ex", Attr.Expiry(clock.GetUtcNow() + TimeSpan.FromDays(90)))
            .WriteAsync(dynamo, cancellation);

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

        public JoinedWork Looking { get; } = new();

        public JoinedWork Letting { get; } = new();

        public List<Wish> Wishes { get; } = [];

        public JoinedWork Writing { get; } = new();

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
}
