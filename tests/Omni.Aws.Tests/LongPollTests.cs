using Microsoft.Extensions.Time.Testing;
using Omni.Testing;

namespace Omni.Aws.Tests;

/// <summary>How many calls may wait at once, counted over all processes.</summary>
public sealed class LongPollTests(EmulatorFixture emulators) : IClassFixture<EmulatorFixture>
{
    private static readonly TimeSpan Lease = TimeSpan.FromSeconds(23);

    private readonly FakeTimeProvider _clock = new(new(2026, 3, 14, 12, 0, 0, TimeSpan.Zero));

    [Fact]
    public async Task So_many_wait_and_no_more_until_one_leaves()
    {
        using var tables = await OmniTables.CreateAsync(emulators, _clock);
        var polls = new LongPolls(tables.Dynamo, OmniTables.Control, _clock, max: 3);

        // Those who come at once may be in each other's way, but never more than three have a place.
        var places = (await Task.WhenAll(Enumerable.Range(0, 8).Select(_ => polls.TryEnterAsync(Lease)))).OfType<string>().ToList();
        while (await polls.TryEnterAsync(Lease) is { } further) places.Add(further);
        Assert.Equal(3, places.Distinct().Count());

        await polls.LeaveAsync(places[0]);
        await polls.LeaveAsync(places[0]);
        Assert.NotNull(await polls.TryEnterAsync(Lease));
        Assert.Null(await polls.TryEnterAsync(Lease));
    }

    [Fact]
    public async Task The_place_of_a_process_that_died_is_free_when_its_lease_is_over()
    {
        using var tables = await OmniTables.CreateAsync(emulators, _clock);
        var polls = new LongPolls(tables.Dynamo, OmniTables.Control, _clock, max: 2);
        var dead = await polls.TryEnterAsync(Lease);
        _clock.Advance(TimeSpan.FromSeconds(20));
        await polls.TryEnterAsync(Lease);
        Assert.Null(await polls.TryEnterAsync(Lease));

        _clock.Advance(TimeSpan.FromSeconds(4));
        var heir = await polls.TryEnterAsync(Lease);
        Assert.NotNull(heir);
        Assert.Null(await polls.TryEnterAsync(Lease));

        // Who was only slow gives back nothing that is another's.
        await polls.LeaveAsync(dead!);
        Assert.Null(await polls.TryEnterAsync(Lease));
    }
}
