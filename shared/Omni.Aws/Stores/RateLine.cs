namespace Omni.Aws;

/// <summary>
/// The line in front of one limited thing, as its item holds it, and what each decision makes of it. A place is a number; the clock says when its turn is.
/// So a pause, a cut of the pace or a message let in front moves everybody behind it, and nobody loses a place. Times are microseconds since 1970, places
/// thousandths of a segment, rates segments a second. Nothing here calls anybody.
/// </summary>
public sealed record RateLine
{
    /// <summary>The slowest pace that is learned.</summary>
    public const double Floor = 0.1;

    /// <summary>How much of a configured rate is used: nobody's clock is exact.</summary>
    public const double Headroom = 0.98;

    /// <summary>How many thousandths a segment has.</summary>
    public const long Segment = 1000;

    private const long Second = 1_000_000;

    // What an item's numbers are exact to.
    private const double Exactness = 1e-5;

    /// <summary>How long after the message that probes a throttled carrier the others follow.</summary>
    private const long ProbeLead = Second;

    /// <summary>How long what was learned is held before more is tried.</summary>
    private const long Held = 60 * Second;

    /// <summary>Refusals this far apart are no sign of a pace that is too high.</summary>
    private const long QuietBefore = 10 * Second;

    /// <summary>The next free place.</summary>
    public long Next { get; init; }

    /// <summary>A place whose turn is known: <see cref="Start"/>.</summary>
    public long Origin { get; init; }

    /// <summary>When the turn of <see cref="Origin"/> is. In the future while the line is paused.</summary>
    public long Start { get; init; }

    /// <summary>The pace.</summary>
    public required double Rate { get; init; }

    /// <summary>The next free moment of those who are let in front.</summary>
    public long Front { get; init; }

    /// <summary>Whether the next one let in front finds out if the carrier takes messages again.</summary>
    public bool IsProbing { get; init; }

    /// <summary>The pace at which the carrier last refused; null when that is forgotten.</summary>
    public double? Ceiling { get; init; }

    /// <summary>When the pace was last cut.</summary>
    public long CutAt { get; init; }

    /// <summary>When the pace last changed, or would have but for a refusal.</summary>
    public long ChangedAt { get; init; }

    /// <summary>Since when refusals are counted together: for one second.</summary>
    public long WindowAt { get; init; }

    /// <summary>Refusals in that second.</summary>
    public long WindowCount { get; init; }

    /// <summary>The pace when that second began.</summary>
    public double WindowRate { get; init; }

    /// <summary>Whether there was none for a while before that second.</summary>
    public bool WindowAfterQuiet { get; init; }

    /// <summary>The minute, since 1970, of <see cref="MinuteCount"/>.</summary>
    public long Minute { get; init; }

    /// <summary>Refusals in that minute.</summary>
    public long MinuteCount { get; init; }

    /// <summary>Refusals in the minute before it.</summary>
    public long MinuteBefore { get; init; }

    /// <summary>Raised whenever a turn moves: whoever reserves by an older view finds out.</summary>
    public long Epoch { get; init; }

    /// <summary>A line that nobody stands in.</summary>
    /// <param name="most">The highest pace.</param>
    /// <param name="now">The time.</param>
    public static RateLine New(double most, long now) => new() { Rate = most, Start = now, ChangedAt = now };

    /// <summary>When the turn of a place is.</summary>
    /// <param name="place">The place.</param>
    public long TurnOf(long place) => Start + (long)((place - Origin) * (Second / Segment) / Rate);

    /// <summary>The place whose turn is at a moment. Nothing is due before a paused line goes on.</summary>
    /// <param name="moment">The moment.</param>
    public long Due(long moment) => Origin + (long)(Math.Max(0, moment - Start) * Rate / (Second / Segment));

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
    /// The line as it is by now: after quiet times it goes faster. Doubling each second up to 0.7 of the pace that was refused, then by a twentieth every two
    /// seconds up to 0.95 of it; a minute after the cut that pace is forgotten, and it grows on to the highest.
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
            var isFar = rate < 0.7 * ceiling;
            var step = rate >= limit ? Math.Max(CutAt + Held - at, 0) : isFar ? Second : 2 * Second;
            if (at + step > now) break;

            at += step;
            if (rate < limit) rate = isFar ? Math.Min(rate * 2, 0.7 * ceiling!.Value) : Math.Min(rate * 1.05, limit);
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
    /// Lets messages in front of the line: everyone moves back by what they cost, and while somebody waits they take every other turn. The first after a
    /// throttling goes alone, and the others a second after it.
    /// </summary>
    /// <param name="costs">What each message costs, in places.</param>
    /// <param name="moments">When each may go.</param>
    /// <param name="now">The time.</param>
    public RateLine LetInFront(ReadOnlySpan<long> costs, Span<long> moments, long now)
    {
        var line = this;
        for (var i = 0; i < costs.Length; i++)
        {
            var took = (long)(costs[i] * (Second / Segment) / line.Rate);
            var moment = moments[i] = Math.Max(line.Front, now);
            line = line.IsProbing
                ? line.HeldUntil(moment + ProbeLead, now) with { IsProbing = false, Front = moment + ProbeLead }
                : line with { Front = moment + (line.IsBusy(moment) ? 2 * took : took), Start = line.Start + took };
        }

        return line with { Epoch = Epoch + 1 };
    }

    /// <summary>The carrier refused messages for their speed: the line is paused, the next one let in front is the probe, and the pace is cut by how many they were.</summary>
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
            var isQuiet = now - line.WindowAt >= QuietBefore || line.WindowCount == 0;
            line = line with { WindowAt = now, WindowCount = 0, WindowRate = line.Rate, WindowAfterQuiet = isQuiet };
        }

        line = line with { WindowCount = line.WindowCount + count };
        var share = line.WindowCount / Math.Max(1, line.WindowRate);
        double? cut = isProbe || (share > 0.2 && line.WindowCount > 1) ? line.WindowRate / 8
            : share > 0.01 || !line.WindowAfterQuiet ? line.WindowRate * 0.92
            : null;
        if (cut is { } slower && slower < line.Rate)
        {
            line = line.Paced(Math.Max(Floor, slower), now) with { Ceiling = line.WindowRate, CutAt = now };
        }

        var minute = now / (60 * Second);
        return line.HeldUntil(now + wait + ProbeLead, now) with
        {
            IsProbing = true,
            Front = Math.Max(line.Front, now + wait),
            ChangedAt = now,
            Minute = minute,
            MinuteCount = minute == line.Minute ? line.MinuteCount + count : count,
            MinuteBefore = minute == line.Minute ? line.MinuteBefore : minute == line.Minute + 1 ? line.MinuteCount : 0,
            Epoch = Epoch + 1,
        };
    }

    // From now on at another pace; whose turn it is now stays as it is.
    private RateLine Paced(double rate, long now) =>
        Start > now ? this with { Rate = rate, Epoch = Epoch + 1 } : this with { Origin = Due(now), Start = now, Rate = rate, Epoch = Epoch + 1 };

    private RateLine HeldUntil(long moment, long now) =>
        Start > now ? this with { Start = Math.Max(Start, moment) } : this with { Origin = Due(now), Start = Math.Max(now, moment) };
}
