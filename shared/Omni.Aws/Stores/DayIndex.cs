using Amazon.DynamoDBv2;
using Omni.Shared;

namespace Omni.Aws;

/// <summary>
/// Reads an index whose partitions are a tenant's days, each spread over shards: <c>{tenant}#{yyyyMMdd}#{shard}</c>.
/// </summary>
/// <param name="dynamo">The client.</param>
/// <param name="table">The table.</param>
/// <param name="index">The index.</param>
/// <param name="shards">Over how many partitions a day is spread, at most.</param>
/// <param name="days">The days with messages; null to look at every day.</param>
/// <param name="holdsAllDays">Whether a day that this index is empty of has no messages at all, so that it can be learned here.</param>
internal sealed class DayIndex(
    IAmazonDynamoDB dynamo, string table, IndexNames index, int shards, ListDays? days, bool holdsAllDays)
{
    // A list is most often full with its first day, so that one is read alone; the further back, the less there is.
    private static readonly int[] DaysAtOnce = [1, 2, 4];

    private readonly TimeIndex _keys = new(dynamo, table, index);

    /// <summary>
    /// A tenant's keys, newest first. Reads at most a few days a call, and none that is known to be empty, so a page may be short although
    /// more follows.
    /// </summary>
    /// <param name="tenant">Whose.</param>
    /// <param name="from">What is older than this.</param>
    /// <param name="notBefore">Nothing older than this.</param>
    /// <param name="limit">The most keys.</param>
    /// <param name="cancellation">Stops the call.</param>
    public async Task<KeyPage> ReadAsync(
        string tenant, ListPosition from, DateTimeOffset notBefore, int limit, CancellationToken cancellation)
    {
        // Without an id a place is before everything of its moment.
        var isBetween = from.MessageId.Length == 0;
        if (from.CreatedAt < notBefore || (isBetween && from.CreatedAt == notBefore)) return new([], null);

        var newest = isBetween ? from.CreatedAt.AddTicks(-1) : from.CreatedAt;
        var known = days is null ? null : await days.ReadAsync(tenant, cancellation).ConfigureAwait(false);
        var keys = new List<ListPosition>();
        var read = new List<DayRead>();
        using var walk = DaysBetween(newest, notBefore).Where(day => known?.MayHold(day) != false).GetEnumerator();
        var more = walk.MoveNext();
        foreach (var atOnce in DaysAtOnce)
        {
            var batch = new List<DateOnly>();
            for (; more && batch.Count < atOnce; more = walk.MoveNext()) batch.Add(walk.Current);

            var wanted = limit - keys.Count;
            var found = await Task.WhenAll(
                batch.Select(day => ReadDayAsync(tenant, day, from, notBefore, wanted, cancellation))).ConfigureAwait(false);
            read.AddRange(found);
            keys.AddRange(found.SelectMany(day => day.Newest).Take(wanted));
            if (!more || keys.Count == limit) break;
        }

        if (known is not null && holdsAllDays)
            await LearnAsync(tenant, known, read, from, notBefore, cancellation).ConfigureAwait(false);
        if (keys.Count == limit) return new(keys, keys[^1]);
        return new(keys, more ? new(StartOf(walk.Current.AddDays(1)), "") : null);
    }

    /// <summary>The first moment of a day, in UTC.</summary>
    /// <param name="day">The day.</param>
    internal static DateTimeOffset StartOf(DateOnly day) => new(day, TimeOnly.MinValue, TimeSpan.Zero);

    private static DateTimeOffset EndOf(DateOnly day) => new(day, TimeOnly.MaxValue, TimeSpan.Zero);

    private static IEnumerable<DateOnly> DaysBetween(DateTimeOffset newest, DateTimeOffset oldest)
    {
        // Counted, so that neither end of the calendar is left: the first and the last day have no neighbour.
        var (last, first) = (ListDays.DayOf(newest), ListDays.DayOf(oldest));
        for (var back = 0; back <= last.DayNumber - first.DayNumber; back++) yield return last.AddDays(-back);
    }

    private async Task<DayRead> ReadDayAsync(
        string tenant, DateOnly day, ListPosition from, DateTimeOffset notBefore, int limit, CancellationToken cancellation)
    {
        var partitions = Enumerable.Range(0, shards).Select(shard => MessageColumns.ListKeyOf(tenant, StartOf(day), shard));
        return new(day, await _keys.NewestAsync(partitions, from, notBefore, limit, cancellation).ConfigureAwait(false));
    }

    /// <summary>
    /// Remembers what the days told that nobody had noted: those next to the known ones, as far back as it is sure whether they hold
    /// something. A day that was looked at in part only, and showed nothing, is not.
    /// </summary>
    private async Task LearnAsync(
        string tenant, KnownDays known, List<DayRead> read, ListPosition from, DateTimeOffset notBefore, CancellationToken cancellation)
    {
        var since = known.Since;
        foreach (var (day, newest) in read)
        {
            if (day >= known.Since) continue;
            var isWhole = notBefore <= StartOf(day) && (from.CreatedAt > EndOf(day) || from.CreatedAt >= known.AsOf);
            if (day.AddDays(1) != since || (newest.Count == 0 && !isWhole)) break;

            if (newest.Count > 0) await days!.NoteAsync(tenant, newest[0].CreatedAt, cancellation).ConfigureAwait(false);
            since = day;
        }

        if (since < known.Since) await days!.LearnAsync(tenant, since, cancellation).ConfigureAwait(false);
    }

    private sealed record DayRead(DateOnly Day, IReadOnlyList<ListPosition> Newest);
}
