using Microsoft.Extensions.Logging;
using Omni.Aws;
using Omni.Shared;

namespace Omni.Pipeline;

/// <summary>
/// Lets each message leave at its turn. Messages get their places a batch at a time; what is far off is parked, what is near is waited for,
/// and what is late, refused before, or urgent is let in front.
/// </summary>
/// <param name="limiter">The lines.</param>
/// <param name="senders">What is said of our addresses: a rate of their own, a pause.</param>
/// <param name="messages">Where a parked message keeps its place.</param>
/// <param name="options">The rate, and how far ahead places may lie.</param>
/// <param name="clock">The time.</param>
/// <param name="log">The log.</param>
internal sealed class Pace(
    RateLimiter limiter, SenderStore senders, MessageStore messages, SenderOptions options, TimeProvider clock, ILogger log)
{
    /// <summary>
    /// How many places may be given out: a FIFO queue looks for other groups among its first 120,000 messages only,
    /// and what is urgent must be found.
    /// </summary>
    private const int MostPlaces = 60_000;

    private static readonly TimeSpan LongestLead = TimeSpan.FromSeconds(0.5);

    // The consent and the intent of the last messages, a moving mean in seconds.
    private double _preparing = 0.05;

    /// <summary>How long before its turn a message is prepared, so that its call leaves at the turn.</summary>
    private TimeSpan Lead => TimeSpan.FromSeconds(Math.Min(LongestLead.TotalSeconds, 3 * _preparing));

    /// <summary>
    /// Gives places to the first record of each group, those that come for the first time. One that comes again may hold a place already;
    /// its item tells. What follows in its group asks when it is its turn there, so that no place passes unused behind one that waits.
    /// </summary>
    public async Task ReserveAsync(IReadOnlyList<Work> work)
    {
        Work[] fresh =
        [
            .. work.DistinctBy(w => w.Record.GroupId ?? w.Record.Id)
                .Where(w => !w.IsReconciliation && w.Record.ReceiveCount == 1 && w.Problems.Count == 0),
        ];
        await Task.WhenAll(work.GroupBy(w => (w.Message.Carrier, w.Message.From)).Select(LookAsync)).ConfigureAwait(false);
        await Task.WhenAll(fresh.Where(w => w.Sender is { Line: not null, IsPaused: false })
            .GroupBy(w => (w.Sender!.Line!, w.Message.Priority)).Select(group =>
                ReserveAsync(
                    [.. group.SelectMany(w => Enumerable.Range(0, w.Message.Parts.Count).Select(part => (w, part)))],
                    group.Key.Priority == Priority.High)))
            .ConfigureAwait(false);
    }

    /// <summary>Waits until a part's turn is near enough to prepare it.</summary>
    /// <param name="work">The record.</param>
    /// <param name="part">The part.</param>
    /// <param name="state">The part's state, when the record comes again.</param>
    /// <returns>Null when it is to be prepared; otherwise when the record comes again.</returns>
    public async Task<RecordResult?> ApproachAsync(Work work, int part, PartState? state)
    {
        // It is not known yet when the table did not answer at the beginning.
        var sender = work.Sender ??= LookOf(
            work.Message, await senders.GlanceAsync(work.Message.Carrier, work.Message.From).ConfigureAwait(false));
        if (sender.IsPaused) return PutOff(work.Message, Backoff.Paused(work.Record.ReceiveCount), "its sender is paused");
        if (sender.Line is not { } key) return null;

        var message = work.Message;
        var isStored = work.Slots[part] is null && state?.Slot is not null;
        work.Slots[part] ??= state?.Slot;
        if (work.Slots[part] is null && !work.IsCrowdedOut)
        {
            // What was tried before stood in the line already.
            var isFront = message.Priority == Priority.High || state is { Attempts: > 0 };
            await ReserveAsync(
                [.. Enumerable.Range(part, isFront ? 1 : message.Parts.Count - part).Select(next => (work, next))],
                isFront).ConfigureAwait(false);
        }

        var isLetIn = false;
        while (work.Slots[part] is { } slot)
        {
            var (turn, soonest) = await limiter.TurnAsync(key, slot, RateLimiter.ViewAge).ConfigureAwait(false);
            var (now, lead) = (clock.GetUtcNow(), Lead);
            var wait = turn - now;
            if (wait > options.MaxSlotWait + lead)
            {
                if (!isStored || work.Slots[part] != state?.Slot) await messages.ParkAsync(message, part, work.Slots).ConfigureAwait(false);

                return PutOff(message, UntilShortlyBefore(soonest - now), "its turn is later");
            }

            if (wait > lead)
            {
                await PassAsync(wait - lead).ConfigureAwait(false);
                continue; // whether it is still its turn, a fresh view tells
            }

            // Too late to keep its place: with others like it, too many at once.
            if (isLetIn || -wait <= limiter.Tolerance(key)) return null;

            isLetIn = true;
            await ReserveAsync([(work, part)], isFront: true).ConfigureAwait(false);
        }

        // No place near enough: it waits without one.
        return PutOff(message, Backoff.Crowded(work.Record.ReceiveCount), "the sender's rate is taken");
    }

    /// <summary>
    /// Waits for the turn of a part that is prepared. What this process knows of the line must do: nothing is read any more.
    /// </summary>
    /// <param name="work">The record.</param>
    /// <param name="part">The part.</param>
    /// <param name="prepared">How long that took.</param>
    /// <returns>Null when the call is to leave; otherwise its attempt is to be given up, for the line was held up.</returns>
    public async Task<RecordResult?> ReachAsync(Work work, int part, TimeSpan prepared)
    {
        if (work.Slots[part] is not { } slot || work.Sender?.Line is not { } key) return null;

        _preparing += (prepared.TotalSeconds - _preparing) / 8;
        for (var isLetIn = false; ; slot = work.Slots[part] ?? slot)
        {
            var (turn, soonest) = await limiter.TurnAsync(key, slot, TimeSpan.MaxValue).ConfigureAwait(false);
            var now = clock.GetUtcNow();
            var wait = turn - now;
            if (wait > options.MaxSlotWait)
            {
                await messages.ParkAsync(work.Message, part, work.Slots).ConfigureAwait(false);
                return PutOff(work.Message, UntilShortlyBefore(soonest - now), "the line was held up");
            }

            var tolerance = limiter.Tolerance(key);
            if (wait > TimeSpan.Zero) await PassAsync(wait).ConfigureAwait(false);
            // a slow table is asked no more than it must be
            else if (isLetIn || -wait <= tolerance || _preparing > tolerance.TotalSeconds) return null;
            else
            {
                isLetIn = true;
                await ReserveAsync([(work, part)], isFront: true).ConfigureAwait(false);
            }
        }
    }

    /// <summary>The carrier refused a part for its speed.</summary>
    /// <param name="work">The record.</param>
    /// <param name="part">The part.</param>
    /// <param name="wait">The wait that it asked for, for everybody.</param>
    public Task RefusedAsync(Work work, int part, TimeSpan wait) =>
        work.Sender?.Line is { } key
            ? limiter.RefusedAsync(key, wait, isProbe: work.Slots[part] is { } slot && limiter.IsProbe(key, slot))
            : Task.CompletedTask;

    /// <summary>A record that comes again; at its deadline at the latest, to expire.</summary>
    public RecordResult PutOff(Message message, TimeSpan wait, string why)
    {
        SenderLog.Waits(log, message.Id, (long)wait.TotalMilliseconds, why);
        var left = message.Deadline - clock.GetUtcNow();
        return RecordResult.PutOff(wait < left ? wait : left);
    }

    // The queue counts whole seconds, and what comes back too late has lost its turn: it comes a second or two before.
    private static TimeSpan UntilShortlyBefore(TimeSpan wait) => TimeSpan.FromSeconds(Math.Max(1, Math.Floor(wait.TotalSeconds - 1)));

    // Timers count whole milliseconds.
    private Task PassAsync(TimeSpan wait) => Task.Delay(TimeSpan.FromMilliseconds(Math.Ceiling(wait.TotalMilliseconds)), clock);

    private async Task ReserveAsync((Work Work, int Part)[] parts, bool isFront)
    {
        var (message, key) = (parts[0].Work.Message, parts[0].Work.Sender!.Line!);
        int[] segments = [.. parts.Select(p => p.Work.Message.Parts[p.Part].Segments)];
        var slots = isFront
            ? await limiter.LetInFrontAsync(key, segments).ConfigureAwait(false)
            : await limiter.ReserveAsync(key, segments, AheadOf(message, key)).ConfigureAwait(false);
        foreach (var (index, (work, part)) in parts.Index())
        {
            work.Slots[part] = index < slots.Count ? slots[index] : null;
            work.IsCrowdedOut = index >= slots.Count;
        }
    }

    private TimeSpan AheadOf(Message message, RateKey key)
    {
        if (message.Priority == Priority.Bulk) return options.BulkAhead;

        var most = TimeSpan.FromSeconds(MostPlaces / key.PerSecond);
        return most < options.NormalAhead ? most : options.NormalAhead;
    }

    private async Task LookAsync(IGrouping<(string Carrier, Address From), Work> work)
    {
        var sender = await senders.GlanceAsync(work.Key.Carrier, work.Key.From).ConfigureAwait(false);
        foreach (var one in work) one.Sender = LookOf(one.Message, sender);
    }

    /// <summary>The limited thing is a sender of an account, at its own rate or the carrier's, or the account.</summary>
    private SenderLook LookOf(Message message, RegisteredSender? sender)
    {
        var rate = options.Carrier.Limits.RateScope == RateScope.Account
            ? options.RatePerSecond
            : sender?.RatePerSecond ?? options.RatePerSecond;
        return new(
            rate is { } perSecond
                ? new RateKey(message.Carrier, RateLimiter.NameOf(options.Carrier, message.Account, message.From), perSecond)
                : null,
            sender is { State: SenderState.Paused });
    }
}
