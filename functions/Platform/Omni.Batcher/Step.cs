using Omni.Aws;
using Omni.Shared;

namespace Omni.Batcher;

/// <summary>
/// One step of a batch's release: claims a stretch of it, puts its messages, and says so. A step that is cut short is taken again from its
/// beginning: the messages' ids are derived, so each is put once.
/// </summary>
internal sealed class Step(BatcherParts parts)
{
    // As many as are surely put within an invocation, and read with little memory.
    private const int MostAtOnce = 2048;

    private const int SideBySide = 32;

    private static readonly TimeSpan ShortestWait = TimeSpan.FromSeconds(1);
    private static readonly TimeSpan LongestWait = TimeSpan.FromSeconds(30);

    // A rate that is older than this tells nothing of now.
    private static readonly TimeSpan RateAge = TimeSpan.FromMinutes(1);

    /// <summary>With less time left than this, the rest is left to the next delivery.</summary>
    private static readonly TimeSpan NeededTime = TimeSpan.FromSeconds(3);

    private readonly Windows _windows = new(parts);

    /// <summary>Takes the next step of a batch.</summary>
    /// <param name="record">The batch as just read.</param>
    /// <param name="receives">How often its record was received.</param>
    /// <param name="timeLeft">How much time the invocation has left.</param>
    /// <returns>When to come again; null when the step is taken, or nothing is left to do.</returns>
    public async Task<TimeSpan?> TakeAsync(BatchRecord record, int receives, Func<TimeSpan> timeLeft)
    {
        var (batch, progress) = record;
        if (progress.Wanted == BatchState.Paused)
        {
            await _windows.LeaveAsync(batch).ConfigureAwait(false);
            return null;
        }

        // Somebody who released it was stopped: some of these messages may be there.
        if (progress.Claimed > progress.Released)
        {
            await PutAsync(record).ConfigureAwait(false);
            return null;
        }

        if (progress.Wanted == BatchState.Canceled) return await StopAsync(record, timeLeft).ConfigureAwait(false);

        if (batch.ScheduledAt is { } at && at > parts.Clock.GetUtcNow())
        {
            await parts.Batches.WaitUntilAsync(record, at).ConfigureAwait(false);
            return null;
        }

        if (progress.Released == batch.Total)
        {
            await _windows.LeaveAsync(batch).ConfigureAwait(false);
            await EndAsync(record).ConfigureAwait(false);
            return null;
        }

        var window = await _windows.OfAsync(record).ConfigureAwait(false);
        var left = batch.Total - progress.Released;
        var wanted = Math.Min(window.Worthwhile, left);
        if (window.Room < wanted) return WaitFor((wanted - window.Room) / window.PerSecond, receives);

        var count = Math.Min(Math.Min(window.Room, left), MostAtOnce);
        if (await parts.Batches.ClaimAsync(record, count, RateOf(progress, window.Room)).ConfigureAwait(false) is not { } claimed)
            return ShortestWait; // it was stopped meanwhile; or claimed by this very call, whose first answer was lost

        await PutAsync(claimed).ConfigureAwait(false);
        return null;
    }

    private static TimeSpan WaitFor(double seconds, int receives)
    {
        // The longer nothing goes, the less often it is looked for.
        var wait = TimeSpan.FromSeconds(Math.Min(seconds, LongestWait.TotalSeconds)) * (1 + receives / 5);
        return wait < ShortestWait ? ShortestWait : wait > LongestWait ? LongestWait : wait;
    }

    /// <summary>What became free since the last step was sent in that time: a moving mean of it.</summary>
    private double RateOf(BatchProgress progress, int room)
    {
        if (progress.ReleasedAt is not { } last) return 0;

        var time = parts.Clock.GetUtcNow() - last;
        if (time > RateAge || time <= TimeSpan.Zero) return 0;

        var rate = room / time.TotalSeconds;
        return progress.Rate > 0 ? 0.7 * progress.Rate + 0.3 * rate : rate;
    }

    /// <summary>Puts what is claimed, and says that it is there.</summary>
    private async Task PutAsync(BatchRecord record)
    {
        var (batch, progress) = record;
        var (from, to) = (progress.Released, progress.Claimed);
        var now = DateTimeOffset.FromUnixTimeMilliseconds(parts.Clock.GetUtcNow().ToUnixTimeMilliseconds());
        var some = new List<Message>(SideBySide);
        var apart = new Dictionary<int, MessageStatus>();
        await foreach (var planned in BatchFile.ReadAsync(parts.Blobs, batch, from, to).ConfigureAwait(false))
        {
            some.Add(AtRelease(planned, now));
            if (some.Count < SideBySide && planned.Batch!.Index < to - 1) continue;

            foreach (var (index, status) in await Task.WhenAll(some.Select(message => PutAsync(batch, message))).ConfigureAwait(false))
            {
                if (status is { } known) apart[index] = known;
            }

            some.Clear();
        }

        foreach (var chunk in apart.GroupBy(message => message.Key / Batch.ChunkSize))
            await parts.Statuses.SetAsync(batch.Id, batch.Total, chunk.ToDictionary()).ConfigureAwait(false);

        await parts.Batches.ReleasedAsync(record).ConfigureAwait(false);
        Log.Released(parts.Log, batch.Id, to - from, to);
    }

    /// <summary>Puts one message.</summary>
    /// <returns>
    /// Its place, and what is known of it at once: that it waits for its person's day, or that the person was deleted since.
    /// </returns>
    private async Task<(int Index, MessageStatus? Status)> PutAsync(Batch batch, Message message)
    {
        var index = message.Batch!.Index;
        var deletedAt = await parts.Sessions.PersonDeletedAtAsync(batch.Tenant, message.To).ConfigureAwait(false);
        if (deletedAt >= batch.CreatedAt && await parts.Messages.FindAsync(message.Id).ConfigureAwait(false) is null)
            return (index, MessageStatus.Rejected);

        await parts.Messages.CreateAsync(MessageStore.NewRecord(message)).ConfigureAwait(false);
        return (index, message.ScheduledAt is null ? null : MessageStatus.Scheduled);
    }

    /// <summary>A message's time begins with its release; where its window is closed then, with the next opening.</summary>
    private static Message AtRelease(Message planned, DateTimeOffset now)
    {
        var opening = planned.DeliveryWindow is { } window ? DeliveryHours.NextOpening(window, planned.To, now) : null;
        return planned with { CreatedAt = now, ScheduledAt = opening > now ? opening : null };
    }

    /// <summary>Asks what was released and is not decided to stop, the latest first, and closes what never was.</summary>
    private async Task<TimeSpan?> StopAsync(BatchRecord record, Func<TimeSpan> timeLeft)
    {
        var (batch, progress) = record;
        await _windows.LeaveAsync(batch).ConfigureAwait(false);
        var statuses = await parts.Statuses.ReadAsync(batch.Id, 0, progress.Released).ConfigureAwait(false);
        int[] open =
        [
            .. Enumerable.Range(0, progress.Released).Reverse()
                .Where(index => !statuses.TryGetValue(index, out var status) || status < MessageStatus.Unknown),
        ];
        foreach (var some in open.Chunk(SideBySide))
        {
            if (timeLeft() < NeededTime) return ShortestWait;

            await Task.WhenAll(some.Select(index => StopAsync(Ids.MessageOfBatch(batch.Id, index)))).ConfigureAwait(false);
        }

        var rest = Enumerable.Range(progress.Released, batch.Total - progress.Released)
            .TakeWhile(index => index % Batch.ChunkSize != 0).ToDictionary(index => index, _ => MessageStatus.Canceled);
        if (rest.Count > 0) await parts.Statuses.SetAsync(batch.Id, batch.Total, rest).ConfigureAwait(false);

        await parts.Batches.CutAsync(record).ConfigureAwait(false);
        await EndAsync(record).ConfigureAwait(false);
        Log.Canceled(parts.Log, batch.Id, open.Length);
        return null;
    }

    /// <summary>Nothing is released any more: the file, which names people, is not needed, and nobody need look at the batch.</summary>
    private async Task EndAsync(BatchRecord record)
    {
        await parts.Blobs.DeleteAsync(record.Batch.File).ConfigureAwait(false);
        await parts.Batches.ForgetDueAsync(record).ConfigureAwait(false);
    }

    private async Task StopAsync(string messageId)
    {
        if (await parts.Messages.FindAsync(messageId).ConfigureAwait(false) is { } message)
            await parts.Messages.CancelAsync(message).ConfigureAwait(false);
    }
}
