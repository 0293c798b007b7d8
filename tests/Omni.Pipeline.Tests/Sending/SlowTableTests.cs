using Omni.Shared;
using Omni.Testing.Simulation;

namespace Omni.Pipeline.Tests.Sending;

/// <summary>Preparing a message that takes longer than a place may be late.</summary>
public sealed class SlowTableTests
{
    [Theory]
    [InlineData(400)]
    [InlineData(1_000_000)]
    public void A_table_that_is_slow_makes_messages_late_and_stops_none(double rate)
    {
        var clock = new EventClock();
        var fleet = new Fleet(clock, seed: 1, rate) { AwsMilliseconds = 800 };
        for (var person = 0; person < 60; person++) fleet.Send(person);

        fleet.Start(lanes: 2);
        clock.Run(() => fleet.Queue.Count == 0, TimeSpan.FromMinutes(5));

        Assert.Equal(60, fleet.Arrivals.Count(arrival => arrival.IsTaken));
    }
}
