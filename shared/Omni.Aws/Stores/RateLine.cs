using Omni.Shared;

namespace Omni.Aws;

/// <summary>
/// The line in front of one limited thing, as its item holds it, and what each decision makes of it. A place is a number; the clock says
/// when its turn is. So a pause, a cut of the pace or a message let in front moves everybody behind it, and nobody loses a place. Times are
/// microseconds since 1970, places thousandths of a segment, rates segments a second. Nothing here calls anybody.
/// </summary>
public sealed partial record RateLine
{
    /// <summary>How much of a configured rate is used: nobody's clock is exact.</summary>
    public const double Headroom = 0.98;

    /// <summary>How many thousandths a segment has.</summary>
    public const long Segment = 1000;

    private const long Second = 1_000_000;

    /// <summary>The next free place.</summary>
    public long Next { get; init; }

    /// <summary>How many places were given so far, those in front too.</summary>
    public long Given { get; init; }

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

    /// <summary>How many refusals are counted, behind the first of them, to tell which share of the calls it is.</summary>
    public long Counted { get; init; }

    /// <summary>How many places had had their turn at the first of them.</summary>
    public long CountedFrom { get; init; }

    /// <summary>The pace at the first of them.</summary>
    public double CountedRate { get; init; }

    /// <summary>The share that was found before that; 0 when none was.</summary>
    public double ShareBefore { get; init; }

    /// <summary>The pace at which it was.</summary>
    public double RateBefore { get; init; }

    /// <summary>Until when the pace is taken for the cause of refusals, because many were refused.</summary>
    public long OffTrialUntil { get; init; }

    /// <summary>The share of calls that the carrier refuses whatever the pace; 0 when it is not known to.</summary>
    public double Background { get; init; }

    /// <summary>By how many refusals it was more than that lately, with as much again to spare.</summary>
    public double Excess { get; init; }

    /// <summary>How many places had had their turn at the last refusal.</summary>
    public long RefusedFrom { get; init; }

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

    /// <summary>Whether whoever has a place finds out if a throttled carrier takes messages again.</summary>
    /// <param name="slot">The place.</param>
    public bool IsProbe(Slot slot) => slot.IsFront && FrontGap > 0 && slot.Place < FrontOrigin + Segment;

    /// <summary>The place whose turn is at a moment. Nothing is due before a held line goes on.</summary>
    /// <param name="moment">The moment.</param>
    public long Due(long moment) => Origin + (long)(Math.Max(0, moment - Start) * Rate / (Second / Segment));

    /// <summary>How many places have had their turn: those given, without those who wait. The differences count calls.</summary>
    private long Passed(long moment) => Given - Math.Max(0, Next - Due(moment)) - Math.Max(0, FrontNext - FrontDue(moment));

    private long FrontDue(long moment) => FrontOrigin + (long)(Math.Max(0, moment - FrontStart - FrontGap) * Rate / (2 * Second / Segment));

    /// <summary>Whether somebody waits, or is about to go.</summary>
    /// <param name="moment">When.</param>
    public bool IsBusy(long moment) => Next >= Due(moment);

    /// <summary>How late a call may leave and still keep its place: half of what the smallest carrier's bucket holds.</summary>
    public long Tolerance => (long)(Second * Math.Clamp(1.5 / Rate, 0.15, 1.5));

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
}
