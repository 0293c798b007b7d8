using Omni.Shared;

namespace Omni.Aws;

/// <summary>
/// The line in front of one limited thing, as its item holds it, and what each decision makes of it. A place is a number; the clock says
/// when its turn is. So a pause, a cut of the pace or a message let in front moves everybody behind it, and nobody loses a place. Times are
/// microseconds since 1970, places thousandths of a segment, rates segments a second. Nothing here calls anybody.
/// </summary>
public sealed record RateLine
{
    /// <summary>The slowest pace that is learned.</summary>
    public const double Floor = 0.1;

    // A carrier that refuses at random, whatever the pace, must not teach that it takes next to nothing.
    private static double Slowest(double most) => Math.Max(Floor, most / 100);

    /// <summary>How much of a configured rate is used: nobody's clock is exact.</summary>
    public const double Headroom = 0.98;

    /// <summary>How many thousandths a segment has.</summary>
    public const long Segment = 1000;

    private const long Second = 1_000_000;

    /// <summary>What the bucket of the strictest carrier holds after a pause, in segments.</summary>
    private const double Bucket = 1;

    /// <summary>For how long messages leave after one was refused before all senders know, in seconds.</summary>
    private const double UnderWay = 0.3;

    /// <summary>By how much the pace grows every two seconds when nothing tells against it.</summary>
    private const double FreeGrowth = 1.1;

    // What an item's numbers are exact to.
    private const double Exactness = 1e-5;

    /// <summary>How long after the message that probes a throttled carrier the others follow.</summary>
    private const long ProbeLead = Second;

    /// <summary>How long what was learned is held before more is tried.</summary>
    private const long Held = 75 * Second;

    /// <summary>Refusals this far apart are no sign of a pace that is much too high.</summary>
    private const long QuietBefore = 30 * Second;

    /// <summary>For how long after the line went on all that was taken since tells what the carrier takes.</summary>
    private const long Fresh = 10 * Second;

    /// <summary>The next free place.</summary>
    public long Next { get; init; }

    /// <summary>A place whose turn is known: <see cref="Start"/>.</summary>
    public long Origin { get; init; }

    /// <summary>When the turn of <see cref="Origin"/> is. In the future while the line is paused.</summary>
    public long Start { get; init; }

    /// <summary>The pace.</summary>
    public required double Rate { get; init; }

    /// <summary>The next free place of those who are let in front: a line of its own, of half the pace.</summary>
    public long FrontNext { get; init; }

    /// <summary>A place in front whose turn is known: <see cref="FrontStart"/>.</summary>
    public long FrontOrigin { get; init; }

    /// <summary>When its turn is.</summary>
    public long FrontStart { get; init; }

    /// <summary>
    /// How much later the others in front follow: after a throttling the first goes alone, to find out if the carrier takes messages again.
    /// </summary>
    public long FrontGap { get; init; }

    /// <summary>The pace at which the carrier last refused; null when that is forgotten.</summary>
    public double? Ceiling { get; init; }

    /// <summary>The pace that seemed to get through when it was cut: below it the line grows fast.</summary>
    public double Goal { get; init; }

    /// <summary>When the pace was last cut.</summary>
    public long CutAt { get; init; }

    /// <summary>When the line last went on after it was held.</summary>
    public long WentOnAt { get; init; }

    /// <summary>When the pace last changed, or would have but for a refusal.</summary>
    public long ChangedAt { get; init; }

    /// <summary>Since when refusals are counted together: for one second.</summary>
    public long WindowAt { get; init; }

    /// <summary>Refusals in that second.</summary>
    public long WindowCount { get; init; }

    /// <summary>The pace when that second began.</summary>
    public double WindowRate { get; init; }

    /// <summary>For how long the line had been going on then.</summary>
    public long WindowAge { get; init; }

    /// <summary>Whether there was none for a while before that second.</summary>
    public bool WindowAfterQuiet { get; init; }

    /// <summary>The minute, since 1970, of <see cref="MinuteCount"/>.</summary>
    public long Minute { get; init; }

    /// <summary>Refusals in that minute.</summary>
    public long MinuteCount { get; init; }

    /// <summary>Refusals in the minute before it.</summary>
    public long MinuteBefore { get; init; }

    /// <summary>
    /// Raised whenever a turn moves: whoever reserves by an older view finds out. It begins with the time: a line made anew is newer.
    /// </summary>
    public long Epoch { get; init; }

    /// <summary>A line that nobody stands in.</summary>
    /// <param name="most">The highest pace.</param>
    /// <param name="now">The time.</param>
    public static RateLine New(double most, long now) =>
        new() { Rate = most, Goal = most, Start = now, FrontStart = now, ChangedAt = now, WentOnAt = now, Epoch = now };

    /// <summary>When the turn of a place is.</summary>
    /// <param name="slot">The place.</param>
    public long TurnOf(Slot slot) => slot.IsFront
        ? FrontStart + (IsProbe(slot) ? 0 : FrontGap) + (long)((slot.Place - FrontOrigin) * (2 * Second / Segment) / Rate)
        : Start + (long)((slot.Place - Origin) * (Second / Segment) / Rate);

    /// <summary>
    /// When the turn of a place can be at the soonest, however fast the line grows: who sleeps until then does not miss it.
    /// </summary>
    /// <param name="slot">The place.</param>
    /// <param name="now">The time.</param>
    /// <param name="most">The highest pace.</param>
    public long SoonestOf(Slot slot, long now, double most)
    {
        var turn = TurnOf(slot);
        var left = (slot.Place - Due(now)) / (double)Segment;
        if (slot.IsFront || left <= 0 || Rate > most - Exactness) return turn;

        // Held below the pace that was refused, then growing like interest, then at the highest pace.
        var seconds = Math.Max(0, Start - now) / (double)Second;
        var pace = Math.Min(most, Math.Max(Rate, Math.Max(Goal, 0.95 * Ceiling ?? 0)));
        var held = Ceiling is null ? 0 : Math.Max(0, CutAt + Held - now) / (double)Second;
        if (left > pace * held)
        {
            left -= pace * held;
            var interest = Math.Log(FreeGrowth) / 2;
            var growing = Math.Min(Math.Log(most / pace), Math.Log(1 + (interest * left / pace))) / interest;
            left -= pace * (Math.Exp(interest * growing) - 1) / interest;
            (seconds, pace) = (seconds + held + growing, most);
        }

        return Math.Min(turn, now + (long)(Second * (seconds + (Math.Max(0, left) / pace))));
    }

    /// <summary>Whether whoever has a place finds out if a throttled carrier takes messages again.</summary>
    /// <param name="slot">The place.</param>
    public bool IsProbe(Slot slot) => slot.IsFront && FrontGap > 0 && slot.Place < FrontOrigin + Segment;

    /// <summary>The place whose turn is at a moment. Nothing is due before a held line goes on.</summary>
    /// <param name="moment">The moment.</param>
    public long Due(long moment) => Origin + (long)(Math.Max(0, moment - Start) * Rate / (Second / Segment));

    private long FrontDue(long moment) => FrontOrigin + (long)(Math.Max(0, moment - FrontStart - FrontGap) * Rate / (2 * Second / Segment));

    /// <summary>Whether somebody waits, or is about to go.</summary>
    /// <param name="moment">When.</param>
    public bool IsBusy(long moment) => Next >= Due(moment);

    /// <summary>How late a call may leave and still keep its place: half of what the smallest carrier's bucket holds.</summary>
    public long Tolerance => (long)(Second * Math.Clamp(1.5 / Rate, 0.15, 1.5));

    /// <summary>Refusals in about the last minute.</summary>
    /// <param name="now">The time.</param>
    public long RefusalsInLastMinute(long now)
    {
        var (minute, share) = (now / (60 * Second), now % (60 * Second) / (60.0 * Second));
        return (minute - Minute) switch
        {
            0 => MinuteCount + (long)Math.Round(MinuteBefore * (1 - share)),
            1 => (long)Math.Round(MinuteCount * (1 - share)),
            _ => 0,
        };
    }

    /// <summary>
    /// The line as it is by now: after quiet times it goes faster. Doubling each second up to what seemed to get through, then by a
    /// twentieth every two seconds up to 0.95 of the pace that was refused; some time after the cut that pace is forgotten, and it grows
    /// on, twice as fast, to the highest.
    /// </summary>
    /// <param name="now">The time.</param>
    /// <param name="most">The highest pace.</param>
    /// <returns>The same line when nothing is due; else one of the next epoch.</returns>
    public RateLine Grown(long now, double most)
    {
        var (rate, ceiling, at) = (Math.Min(Rate, most), Ceiling, Math.Max(ChangedAt, Start));
        while (rate < most - Exactness || ceiling is not null)
        {
            if (ceiling is not null && at - CutAt >= Held) ceiling = null;
            var limit = Math.Min(most, 0.95 * ceiling ?? most);
            var isFar = rate < Math.Min(Goal, limit) - Exactness;
            var step = rate >= limit - Exactness ? Math.Max(CutAt + Held - at, 0) : isFar ? Second : 2 * Second;
            if (at + step > now) break;

            at += step;
            if (rate < limit)
                rate = isFar ? Math.Min(rate * 2, Math.Min(Goal, limit)) : Math.Min(rate * (ceiling is null ? FreeGrowth : 1.05), limit);
        }

        return rate == Rate && ceiling == Ceiling ? this : Paced(rate, now) with { Ceiling = ceiling, ChangedAt = at };
    }

    /// <summary>The places of messages at the end of the line, as far as they may reach.</summary>
    /// <param name="costs">What each message costs, in places.</param>
    /// <param name="ahead">How far ahead the last turn may be.</param>
    /// <param name="now">The time.</param>
    /// <returns>The first place and how many messages get one: at least one when the line is idle.</returns>
    public (long First, int Count) Fit(ReadOnlySpan<long> costs, long ahead, long now)
    {
        var first = Math.Max(Next, Due(now));
        var room = Due(now + ahead) - first;
        var count = 0;
        while (count < costs.Length && (room -= costs[count]) >= 0) count++;
        return (first, count == 0 && costs.Length > 0 && !IsBusy(now) && now >= Start ? 1 : count);
    }

    /// <summary>
    /// Lets messages in front of the line: everyone there moves back by what they cost, and they take every other turn.
    /// </summary>
    /// <param name="cost">What they cost together, in places.</param>
    /// <param name="now">The time.</param>
    /// <returns>The line afterwards, and the first of their places.</returns>
    public (RateLine After, long First) LetInFront(long cost, long now)
    {
        var first = Math.Max(FrontNext, FrontDue(now));
        return (this with { FrontNext = first + cost, Start = Start + (long)(cost * (Second / Segment) / Rate), Epoch = Epoch + 1 }, first);
    }

    /// <summary>How far ahead messages would go from the end of the line, when that is no later than in front.</summary>
    /// <param name="cost">What they cost together, in places.</param>
    /// <param name="now">The time.</param>
    /// <returns>Null when they go sooner in front.</returns>
    public long? AheadAtEnd(long cost, long now)
    {
        var end = Math.Max(Next, Due(now));
        return FrontGap == 0 && Start <= now && TurnOf(new Slot(end)) <= TurnOf(new Slot(Math.Max(FrontNext, FrontDue(now)), IsFront: true))
            ? Math.Max(0, TurnOf(new Slot(end + cost)) - now) + 1
            : null;
    }

    /// <summary>
    /// The carrier refused messages for their speed: the line is held, the next one let in front is the probe, and the pace is cut to what
    /// seemed to get through. One in a hundred after quiet times is no reason to.
    /// </summary>
    /// <param name="count">How many it refused.</param>
    /// <param name="wait">The wait that it asked for.</param>
    /// <param name="isProbe">Whether the probe was among them.</param>
    /// <param name="now">The time.</param>
    /// <param name="most">The highest pace.</param>
    public RateLine Refused(int count, long wait, bool isProbe, long now, double most)
    {
        var line = Grown(now, most);
        if (now - line.WindowAt >= Second)
        {
            line = line with
            {
                WindowAt = now,
                WindowCount = 0,
                WindowRate = line.Rate,
                WindowAge = now - line.WentOnAt,
                WindowAfterQuiet = now - line.WindowAt >= QuietBefore,
            };
        }

        line = line with { WindowCount = line.WindowCount + count };
        if (isProbe)
        {
            line = line.Paced(Math.Max(Slowest(most), line.Rate / 8), now);
        }
        else if (line.WindowAge > 0 && !(line.WindowAfterQuiet && line.WindowCount <= 0.01 * line.WindowRate))
        {
            var through = line.Through(Slowest(most));
            if (through < line.Rate) line = line.Paced(through, now) with { Ceiling = line.WindowRate, Goal = through, CutAt = now };
        }

        var minute = now / (60 * Second);
        return line.HeldUntil(now + wait, now) with
        {
            ChangedAt = now,
            Minute = minute,
            MinuteCount = minute == line.Minute ? line.MinuteCount + count : count,
            MinuteBefore = minute == line.Minute ? line.MinuteBefore : minute == line.Minute + 1 ? line.MinuteCount : 0,
            Epoch = Epoch + 1,
        };
    }

    /// <summary>
    /// The pace that got through. Soon after the line went on, all that the carrier took since tells, less what its bucket held. Later only
    /// what was under way when the first refusal became known tells: most of it refused, the carrier is far slower now.
    /// </summary>
    private double Through(double slowest)
    {
        var isFresh = WindowAge < Fresh;
        var refused = isFresh ? (WindowCount + Bucket) / (WindowAge / (double)Second) : (WindowCount - 1) / UnderWay;
        var (least, most) = (WindowRate / (isFresh ? 3 : 8), WindowRate * (WindowAfterQuiet ? 0.92 : 0.85));
        return Math.Max(slowest, Math.Clamp(WindowRate - refused, least, most));
    }

    // From now on at another pace; whose turn it is now stays as it is.
    private RateLine Paced(double rate, long now)
    {
        var line = this with { Rate = rate, Epoch = Epoch + 1 };
        if (Start <= now) line = line with { Origin = Due(now), Start = now };
        return FrontStart + FrontGap <= now ? line with { FrontOrigin = FrontDue(now), FrontStart = now, FrontGap = 0 } : line;
    }

    // Until a moment nobody goes; then one from in front, and all others a second later.
    private RateLine HeldUntil(long moment, long now)
    {
        var start = Math.Max(moment + ProbeLead, WentOnAt);
        return this with
        {
            Origin = Due(now), Start = start, WentOnAt = start, FrontOrigin = FrontDue(now),
            FrontStart = Math.Max(moment, start - ProbeLead), FrontGap = ProbeLead,
        };
    }
}
