using Omni.Shared;

namespace Omni.Aws.Tests;

/// <summary>What each decision makes of a line. Rates are segments a second, times seconds from the line's beginning.</summary>
public sealed class RateLineTests
{
    private const long Second = 1_000_000;
    private const long Begin = 1_800_000_000 * Second;
    private const double Most = 10;

    private static RateLine Line(long places = 0) => RateLine.New(Most, Begin) with { Next = places * RateLine.Segment };

    private static long At(double seconds) => Begin + (long)(seconds * Second);

    private static double Turn(RateLine line, long segment, bool isFront = false) =>
        Math.Round((line.TurnOf(new Slot(segment * RateLine.Segment, isFront)) - Begin) / (double)Second, 3);

    [Fact]
    public void An_idle_line_takes_a_message_at_once_whatever_it_costs()
    {
        var (first, count) = Line().Fit([100 * RateLine.Segment], ahead: 2 * Second, now: At(5));

        Assert.Equal((50 * RateLine.Segment, 1), (first, count));
    }

    [Theory]
    [InlineData(0, 3)]
    [InlineData(18, 2)]
    [InlineData(20, 0)]
    public void As_many_fit_as_have_their_turn_within_what_may_lie_ahead(long waiting, int fitting) =>
        Assert.Equal(
            fitting, Line(waiting).Fit([RateLine.Segment, RateLine.Segment, RateLine.Segment], ahead: 2 * Second, now: At(0)).Count);

    [Fact]
    public void A_message_let_in_front_moves_everyone_behind_it_by_what_it_costs()
    {
        var (after, first) = Line(100).LetInFront(2 * RateLine.Segment, At(1));

        Assert.Equal((5.0, 5.2), (Turn(Line(100), 50), Turn(after, 50)));
        Assert.Equal(1.0, Math.Round((after.TurnOf(new Slot(first, IsFront: true)) - Begin) / (double)Second, 3));
        // every other turn
        Assert.Equal(1.4, Math.Round((after.TurnOf(new Slot(after.FrontNext, IsFront: true)) - Begin) / (double)Second, 3));
    }

    [Fact]
    public void A_refusal_holds_the_line_and_sends_one_message_ahead_of_it()
    {
        var line = Line(100).Refused(1, wait: 3 * Second, isProbe: false, At(20), Most);

        Assert.Equal(24.0, Turn(line, 200));
        Assert.Equal(23.0, Turn(line, 100, isFront: true));
        Assert.True(line.IsProbe(new Slot(100 * RateLine.Segment, IsFront: true)));
        Assert.True(Turn(line, 101, isFront: true) >= 24);
        Assert.False(line.IsProbe(new Slot(101 * RateLine.Segment, IsFront: true)));
        Assert.Equal(200 * RateLine.Segment, line.Due(At(23.9)));
    }

    [Fact]
    public void A_longer_wait_is_kept_when_a_shorter_one_follows()
    {
        var line = Line(300).Refused(1, 60 * Second, false, At(20), Most).Refused(1, Second, false, At(20.2), Most);

        Assert.Equal(81.0, Turn(line, 200));
    }

    [Theory]
    [InlineData(400, 4, 400)] // one in a hundred after quiet times
    [InlineData(10, 1, 10)] // a single one
    [InlineData(10, 2, 6.667)]
    [InlineData(100, 10, 70)] // 10 of the 30 that were under way
    [InlineData(100, 30, 12.5)] // nearly all of them
    public void The_pace_is_cut_by_how_many_were_refused(double rate, int refused, double after) =>
        Assert.Equal(after, Math.Round(RateLine.New(rate, Begin).Refused(refused, Second, false, At(100), rate).Rate, 3));

    [Fact]
    public void Refusals_of_one_second_are_judged_together_by_the_pace_when_it_began()
    {
        var line = RateLine.New(100, Begin).Refused(5, Second, false, At(100), 100);
        Assert.Equal(86.667, Math.Round(line.Rate, 3));

        Assert.Equal(70, Math.Round(line.Refused(5, Second, false, At(100.2), 100).Rate, 3));
    }

    [Fact]
    public void Soon_after_the_line_went_on_what_was_taken_since_tells_the_pace()
    {
        var line = Line(1000).Refused(3, Second, false, At(100), Most); // goes on at 102
        var rate = line.Rate;

        var again = line.Refused(1, Second, false, At(103.9), Most);

        Assert.Equal(Math.Round(rate - ((1 + 1) / 1.9), 3), Math.Round(again.Rate, 3));
    }

    [Fact]
    public void A_refused_probe_slows_the_line_to_an_eighth_and_it_comes_back_fast()
    {
        var line = Line(1000).Refused(1, Second, false, At(100), Most);
        var probed = line.Refused(1, Second, isProbe: true, At(101), Most);

        Assert.Equal(Math.Round(line.Rate / 8, 3), Math.Round(probed.Rate, 3));
        Assert.Equal(Math.Round(line.Rate, 3), Math.Round(probed.Grown(At(101 + 2 + 3), Most).Rate, 3));
    }

    [Fact]
    public void A_pace_grows_to_just_below_what_was_refused_then_after_a_while_to_the_highest()
    {
        var line = RateLine.New(100, Begin).Refused(30, Second, false, At(100), 100);
        Assert.Equal(12.5, line.Rate);

        Assert.Equal(13.125, Math.Round(line.Grown(At(104.1), 100).Rate, 3));
        Assert.InRange(line.Grown(At(150), 100).Rate, 30, 95);
        Assert.Equal(100, line.Grown(At(300), 100).Rate);
        Assert.Null(line.Grown(At(300), 100).Ceiling);
    }

    [Fact]
    public void Growth_seen_often_and_growth_seen_once_are_the_same()
    {
        var line = RateLine.New(100, Begin).Refused(12, Second, false, At(100), 100);
        var often = line;
        for (var t = 100.0; t < 220; t += 0.7) often = often.Grown(At(t), 100);

        Assert.Equal(Math.Round(line.Grown(At(220), 100).Rate, 6), Math.Round(often.Grown(At(220), 100).Rate, 6));
    }

    [Fact]
    public void A_line_at_its_highest_pace_never_changes_by_itself()
    {
        var line = Line(5);

        Assert.Same(line, line.Grown(At(1e6), Most));
    }

    [Theory]
    [InlineData(1)]
    [InlineData(5)]
    [InlineData(40)]
    [InlineData(2000)]
    public void No_growth_brings_a_turn_before_the_soonest_that_was_told(long place)
    {
        var line = RateLine.New(100, Begin).Refused(29, Second, false, At(100), 100);
        var slot = new Slot(line.Origin + (place * RateLine.Segment));
        var soonest = line.SoonestOf(slot, At(101), 100);
        Assert.InRange(soonest, At(102), line.TurnOf(slot));

        for (var t = 101.0; At(t) < soonest; t += 0.5)
        {
            line = line.Grown(At(t), 100);
            Assert.True(line.TurnOf(slot) > At(t), $"Its turn came at {t} s, and the soonest was {(soonest - Begin) / (double)Second} s.");
        }
    }

    [Fact]
    public void No_refusals_teach_a_pace_below_a_thousandth_of_the_highest()
    {
        var line = RateLine.New(400, Begin);
        for (var t = 100; t < 1000; t += 3) line = line.Refused(1, Second, isProbe: t % 2 == 0, At(t), 400);

        Assert.Equal(0.4, line.Rate);
    }

    [Fact]
    public void Refusals_of_the_last_minute_fade()
    {
        var line = RateLine.New(100, Begin).Refused(6, Second, false, At(0), 100);

        Assert.Equal(6, line.RefusalsInLastMinute(At(1)));
        Assert.InRange(line.RefusalsInLastMinute(At(90)), 1, 5);
        Assert.Equal(0, line.RefusalsInLastMinute(At(180)));
    }
}
