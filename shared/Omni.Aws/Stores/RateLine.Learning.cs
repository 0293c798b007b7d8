using Omni.Shared;

namespace Omni.Aws;

/// <summary>What the line learns from refusals: when to stand still, how fast to go, and what has nothing to do with it.</summary>
public sealed partial record RateLine
{
    /// <summary>The slowest pace that is learned.</summary>
    public const double Floor = 0.1;

    // A carrier that refuses at random, whatever the pace, must not teach that it takes next to nothing.
    private static double Slowest(double most) => Math.Max(Floor, most / 1000);

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

    /// <summary>So many refusals tell which share of the calls it is.</summary>
    private const int Telling = 10;

    /// <summary>Where more than this share is refused, slower is right, whatever the cause.</summary>
    private const double MostBackground = 0.1;

    /// <summary>Where more than this share is refused, a few refusals tell that it is the pace.</summary>
    private const double ClearlyTooFast = 0.25;

    /// <summary>So few.</summary>
    private const int Suspicious = 4;

    /// <summary>For how long the pace is then taken for the cause.</summary>
    private const long OffTrial = 300 * Second;

    /// <summary>A pace that would have lowered the share of refusals, if the pace were their cause.</summary>
    private const double MuchSlower = 0.8;

    /// <summary>A share that is no lower than another, as far as ten refusals tell.</summary>
    private const double SameShare = 0.6;

    /// <summary>For how long after the line went on all that was taken since tells what the carrier takes.</summary>
    private const long Fresh = 10 * Second;

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
        // What is found out about refusals may bring the pace back at any time.
        var mayReturn = IsOnTrial(now);
        var pace = Math.Min(most, Math.Max(Rate, Math.Max(Goal, mayReturn ? RateBefore : 0.95 * Ceiling ?? 0)));
        var held = Ceiling is null || mayReturn ? 0 : Math.Max(0, CutAt + Held - now) / (double)Second;
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

    /// <summary>
    /// The carrier refused messages for their speed: the line is held, the next one let in front is the probe, and the pace is cut to what
    /// seemed to get through. A single one after quiet times, or one in a hundred, is no reason to. What it refuses whatever the pace waits
    /// alone.
    /// </summary>
    /// <param name="count">How many it refused.</param>
    /// <param name="wait">The wait that it asked for.</param>
    /// <param name="isProbe">Whether the probe was among them.</param>
    /// <param name="now">The time.</param>
    /// <param name="most">The highest pace.</param>
    public RateLine Refused(int count, long wait, bool isProbe, long now, double most)
    {
        var line = Grown(now, most).Measured(count, now).Remembering(count, now);
        if (line.Background > 0 || line.IsOnTrial(now)) return line with { WindowAt = now, Epoch = Epoch + 1 };

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
        else if (line.WindowAge > 0 && !(line.WindowAfterQuiet && line.WindowCount <= Math.Max(1, 0.01 * line.WindowRate)))
        {
            var through = line.Through(Slowest(most));
            if (through < line.Rate) line = line.Paced(through, now) with { Ceiling = line.WindowRate, Goal = through, CutAt = now };
        }

        return line.HeldUntil(now + wait, now) with { ChangedAt = now, Epoch = Epoch + 1 };
    }

    private RateLine Remembering(int count, long now)
    {
        var minute = now / (60 * Second);
        return this with
        {
            Minute = minute,
            MinuteCount = minute == Minute ? MinuteCount + count : count,
            MinuteBefore = minute == Minute ? MinuteBefore : minute == Minute + 1 ? MinuteCount : 0,
        };
    }

    /// <summary>
    /// Finds out what a carrier refuses whatever the pace: when a small share of the calls is refused, and no smaller one after the pace
    /// was cut, it is not the pace. It goes up again then, and that share is no reason for anything as long as it stays what it is.
    /// </summary>
    private RateLine Measured(int count, long now)
    {
        var passed = Passed(now);
        // What was under way with the first may be refused after it.
        var from = passed - (long)(UnderWay * Rate * Segment);
        var begun = this with { Counted = count - 1, CountedFrom = from, CountedRate = Rate, RefusedFrom = passed, ShareBefore = 0 };
        if (now - WindowAt >= Held) return begun with { Background = 0 };

        var line = this with { Counted = Counted + count, RefusedFrom = passed };
        if (Background > 0)
        {
            var calls = Math.Max(0, passed - RefusedFrom) / (double)Segment;
            line = line with { Excess = Math.Max(0, Excess + count - (2 * Background * calls)) };
            if (line.Excess > Telling) return begun with { Background = 0 };
        }

        if (line.Counted >= Suspicious && line.Share > (line.Counted < Telling ? ClearlyTooFast : MostBackground))
            return begun with { Background = 0, OffTrialUntil = now + OffTrial };
        if (line.Counted < Telling || !line.IsOnTrial(now)) return line;

        begun = begun with { Counted = 0, CountedFrom = passed, ShareBefore = line.Share, RateBefore = CountedRate };
        if (Background > 0) return begun with { Background = (3 * Background + line.Share) / 4 };

        var isSame = ShareBefore > 0 && CountedRate <= MuchSlower * RateBefore && line.Share >= SameShare * ShareBefore;
        return isSame
            ? begun with { Background = line.Share, Excess = 0, Ceiling = null, Goal = Math.Max(Goal, RateBefore), ChangedAt = now }
            : begun.SlowedDown(now);
    }

    /// <summary>The share of calls that was refused since the first of those that are counted.</summary>
    private double Share => Counted / Math.Max(Counted, (RefusedFrom - CountedFrom) / (double)Segment);

    /// <summary>Whether so few are refused that it has to be found out if the pace is why.</summary>
    private bool IsOnTrial(long now) => now >= OffTrialUntil && (Counted > 0 ? Share <= MostBackground : ShareBefore > 0);

    /// <summary>To see if fewer are refused.</summary>
    private RateLine SlowedDown(long now)
    {
        var rate = Math.Min(Rate, MuchSlower * CountedRate);
        return Paced(rate, now) with { CountedRate = rate, Ceiling = Rate, Goal = rate, CutAt = now, ChangedAt = now };
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
