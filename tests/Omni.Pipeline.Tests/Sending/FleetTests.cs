using Omni.Shared;
using Omni.Testing.Simulation;
using Xunit.Abstractions;

namespace Omni.Pipeline.Tests.Sending;

public sealed class FleetTests(ITestOutputHelper output)
{
    [Theory]
    [InlineData(10, 0.1)]
    [InlineData(80, 0.1)]
    [InlineData(400, 0.1)]
    [InlineData(100, 0.01)]
    [InlineData(400, 0.01)]
    public void Learning(double rate, double share)
    {
        var clock = new EventClock();
        var fleet = new Fleet(clock, 1, rate);
        fleet.Hold(rate * share);
        var real = rate * share;
        var count = (int)(rate * share * 300 + rate * 600);
        for (var i = 0; i < Math.Min(count, 60000); i++) fleet.Send(i);
        var start = clock.GetUtcNow();
        fleet.Start((int)Math.Clamp(1.3 * rate * 2.5 / 10, 5, 1000));
        clock.Run(() => clock.GetUtcNow() - start > TimeSpan.FromMinutes(5), TimeSpan.FromMinutes(10));
        var arrivals = fleet.Arrivals;
        double Rate(double from, double to) => arrivals.Count(a => a.IsTaken && (a.At - start).TotalSeconds >= from && (a.At - start).TotalSeconds < to) / (to - from);
        var refused = arrivals.Count(a => !a.IsTaken);
        output.WriteLine($"rate {rate}x{share}: first minute {Rate(0, 60) / real:P0}, then {Rate(60, 120) / real:P0} {Rate(120, 180) / real:P0} {Rate(180, 240) / real:P0} {Rate(240, 300) / real:P0}, refused {refused} of {arrivals.Count} = {refused / (double)arrivals.Count:P2}");
        output.WriteLine("> " + string.Join(" ", Enumerable.Range(0, 30).Select(w => $"{arrivals.Count(a => a.IsTaken && (int)((a.At - start).TotalSeconds / 10) == w)}/{arrivals.Count(a => !a.IsTaken && (int)((a.At - start).TotalSeconds / 10) == w)}")));
        fleet.Hold(rate);
        clock.Run(() => clock.GetUtcNow() - start > TimeSpan.FromMinutes(9), TimeSpan.FromMinutes(10));
        arrivals = fleet.Arrivals;
        output.WriteLine("> back: " + string.Join(" ", Enumerable.Range(0, 24).Select(w => $"{Rate(300 + w * 10, 310 + w * 10) / rate:P0}")));
    }

    [Theory]
    [InlineData(10, false)]
    [InlineData(80, false)]
    [InlineData(10, true)]
    [InlineData(80, true)]
    public void High(double rate, bool bulk)
    {
        var clock = new EventClock();
        var fleet = new Fleet(clock, 1, rate);
        var count = (int)(60 * rate);
        for (var i = 0; i < count; i++) fleet.Send(i, bulk ? Priority.Bulk : Priority.Normal);
        var start = clock.GetUtcNow();
        var lanes = (int)Math.Clamp(1.3 * rate * 2.5 / 10, 5, 1000);
        fleet.Start(lanes, lanes);
        var sent = new Dictionary<string, DateTimeOffset>();
        for (var i = 0; i < 20; i++)
        {
            clock.Run(() => clock.GetUtcNow() - start > TimeSpan.FromSeconds(1 + 2.3 * i), TimeSpan.FromMinutes(10));
            sent[fleet.Send(1_000_000 + i, Priority.High)] = clock.GetUtcNow();
        }
        clock.Run(() => fleet.Queue.Count + fleet.Bulk.Count == 0, TimeSpan.FromMinutes(20));
        var waits = fleet.Arrivals.Where(a => sent.ContainsKey(a.MessageId)).Select(a => (a.At - sent[a.MessageId]).TotalSeconds).Order().ToArray();
        var elapsed = (fleet.Arrivals[^1].At - start).TotalSeconds;
        output.WriteLine($"rate {rate} bulk {bulk}: waits {string.Join(" ", waits.Select(w => $"{w:0.00}"))}; {(count + 20) / elapsed / rate:P1}; refused {fleet.Arrivals.Count(a => !a.IsTaken)}");
    }

    [Theory]
    [InlineData(10)]
    [InlineData(80)]
    public void Deaths(double rate)
    {
        var clock = new EventClock();
        var fleet = new Fleet(clock, 1, rate) { Deaths = 0.001 };
        var count = (int)(60 * rate);
        for (var i = 0; i < count; i++) fleet.Send(i);
        var start = clock.GetUtcNow();
        fleet.Start((int)Math.Clamp(1.3 * rate * 2.5 / 10, 5, 1000));
        clock.Run(() => fleet.Queue.Count == 0, TimeSpan.FromMinutes(20));
        var a = fleet.Arrivals;
        output.WriteLine($"rate {rate}: {(a[^1].At - start).TotalSeconds} s; taken {fleet.Taken} of {count}, twice {a.Where(x => x.IsTaken).GroupBy(x => x.MessageId).Count(g => g.Count() > 1)}, refused {a.Count(x => !x.IsTaken)}");
    }
}
