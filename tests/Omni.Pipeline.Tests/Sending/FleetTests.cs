using Omni.Testing.Simulation;
using Xunit.Abstractions;

namespace Omni.Pipeline.Tests.Sending;

public sealed class FleetTests(ITestOutputHelper output)
{
    [Theory]
    [InlineData(1, 5)]
    [InlineData(10, 5)]
    [InlineData(30, 10)]
    [InlineData(80, 26)]
    [InlineData(400, 130)]
    public void Backlog(double rate, int lanes)
    {
        var clock = new EventClock();
        var fleet = new Fleet(clock, 1, rate);
        var count = (int)(60 * rate);
        for (var i = 0; i < count; i++) fleet.Send(i);
        var start = clock.GetUtcNow();
        fleet.Start(lanes);
        clock.Run(() => fleet.Taken == count || fleet.Queue.Count == 0, TimeSpan.FromMinutes(10));
        var arrivals = fleet.Arrivals;
        var elapsed = (arrivals[^1].At - start).TotalSeconds;
        var refused = arrivals.Count(a => !a.IsTaken);
        output.WriteLine($"rate {rate}: {elapsed:0.0} s, {count / elapsed / rate:P1} of the rate, refused {refused} = {refused / (double)arrivals.Count:P2}; deliveries {fleet.Queue.Deliveries}; {string.Join(", ", fleet.Tables.Calls.Select(c => $"{c.Key} {c.Value / (double)count:0.00}"))}");
        var perSecond = arrivals.GroupBy(a => (int)(a.At - start).TotalSeconds).OrderBy(g => g.Key).Take(40).Select(g => $"{g.Count(a => a.IsTaken)}/{g.Count()}");
        output.WriteLine(string.Join(" ", perSecond));
    }
}
