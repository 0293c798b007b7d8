using System.Globalization;
using System.Text.Json;
using Amazon.DynamoDBv2;
using Amazon.DynamoDBv2.Model;
using Amazon.Runtime;
using Microsoft.Extensions.Time.Testing;
using Omni.Shared;
using Omni.Testing;

namespace Omni.Aws.Tests;

/// <summary>The log of events, on the database itself. The clock is the test's, so that ten days pass at once.</summary>
public sealed class EventLogTests(EmulatorFixture emulators) : IClassFixture<EmulatorFixture>, IAsyncLifetime
{
    private const string Tenant = "default";
    private const int Lane = 2;
    private static readonly LanePosition Start = new(0, DateTimeOffset.UnixEpoch);

    private readonly FakeTimeProvider _clock = new(new(2026, 3, 14, 12, 0, 0, TimeSpan.Zero));
    private OmniTables _tables = null!;
    private TappedDynamoDb _dynamo = null!;
    private EventLog _log = null!;
    private int _made;

    public async Task InitializeAsync()
    {
        _tables = await OmniTables.CreateAsync(emulators, _clock);
        _dynamo = new(emulators, _tables.AccessKey);
        _log = _tables.Over(_dynamo).Events;
    }

    public Task DisposeAsync()
    {
        _dynamo.Dispose();
        _tables.Dispose();
        return Task.CompletedTask;
    }

    [Fact]
    public async Task What_was_appended_is_read_in_its_order()
    {
        var events = Make(3);
        var one = Assert.Single(await _log.AppendAsync(Tenant, Lane, events[..2]));
        var two = Assert.Single(await _log.AppendAsync(Tenant, Lane, events[2..]));

        var read = await _log.ReadAsync(Tenant, Lane, Start, 10);

        Assert.Equal(one.N + 1, two.N);
        Assert.Equal([one.N, two.N], read.Segments.Select(s => s.N));
        Assert.Equal(Ids(events), Ids(read.Segments));
        Assert.Equal(JsonOf(events), JsonOf(read.Segments.SelectMany(s => s.Events)));
        Assert.Equal((two.N, _clock.GetUtcNow(), true, false), (read.Next.N, read.Next.AsOf, read.IsEnd, read.IsExpired));
    }

    [Fact]
    public async Task A_reader_goes_on_where_it_was_and_sees_neither_another_lane_nor_another_tenant()
    {
        await _log.AppendAsync(Tenant, Lane + 1, Make(1));
        await _log.AppendAsync("another", Lane, Make(1));
        var first = Make(2);
        foreach (var e in first) await _log.AppendAsync(Tenant, Lane, [e]);

        var one = await _log.ReadAsync(Tenant, Lane, Start, 1);
        var two = await _log.ReadAsync(Tenant, Lane, one.Next, 1);
        var none = await _log.ReadAsync(Tenant, Lane, two.Next, 1);

        Assert.Equal((Ids(first), false), (Ids(one.Segments) + "," + Ids(two.Segments), one.IsEnd));
        Assert.Equal((0, true, two.Next.N), (none.Segments.Count, none.IsEnd, none.Next.N));
    }

    [Fact]
    public async Task Many_events_become_segments_of_a_hundred_and_large_ones_of_what_fits()
    {
        var many = await _log.AppendAsync(Tenant, Lane, Make(250));
        var random = new Random(1);
        var large = await _log.AppendAsync(Tenant, Lane, [.. Make(20).Select(e => e with { Data = Noise(random, 18_000) })]);

        Assert.Equal([100, 100, 50], many.Select(s => s.Events.Count));
        Assert.True(large.Count > 1);
        foreach (var segment in large) Assert.InRange((await ItemAsync(segment.N))["z"].B.Length, 1, 64 * 1024);
        Assert.Equal(270, (await ReadAllAsync(Start)).Sum(s => s.Events.Count));
    }

    [Fact]
    public async Task An_append_costs_one_put_while_the_lane_is_warm_and_a_look_at_its_end_before_that()
    {
        await _log.AppendAsync(Tenant, Lane, Make(1));
        _dynamo.Calls.Clear();

        await _log.AppendAsync(Tenant, Lane, Make(1));
        Assert.Equal([nameof(PutItemRequest)], Calls());

        _clock.Advance(TimeSpan.FromMilliseconds(51));
        await _log.AppendAsync(Tenant, Lane, Make(1));
        Assert.Equal([nameof(QueryRequest), nameof(PutItemRequest)], Calls());
    }

    [Fact]
    public async Task A_lost_race_is_one_failed_put_however_far_the_lane_went()
    {
        var other = _tables.Aws.Events;
        await _log.AppendAsync(Tenant, Lane, Make(1));
        for (var i = 0; i < 20; i++) await other.AppendAsync(Tenant, Lane, Make(1));
        _dynamo.Calls.Clear();

        var segment = Assert.Single(await _log.AppendAsync(Tenant, Lane, Make(1)));

        Assert.Equal([nameof(PutItemRequest), nameof(QueryRequest), nameof(PutItemRequest)], Calls());
        Assert.Equal(segment.N, (await ReadAllAsync(Start))[^1].N);
    }

    [Fact]
    public async Task A_put_whose_answer_was_lost_and_that_the_client_repeats_appends_once()
    {
        var first = await AppendAsync(1);
        var lost = false;
        // As the SDK's own repeat meets it: the item is there.
        _dynamo.After = (request, _) =>
        {
            if (request is not PutItemRequest put || lost) return;

            lost = true;
            throw new ConditionalCheckFailedException("The conditional request failed") { Item = put.Item };
        };

        var segment = Assert.Single(await _log.AppendAsync(Tenant, Lane, Make(1)));

        Assert.True(lost);
        Assert.Equal([.. first, segment.N], (await ReadAllAsync(Start)).Select(s => s.N));
    }

    [Fact]
    public async Task Eight_writers_on_eight_lanes_and_eight_on_one_leave_no_gap_and_lose_nothing()
    {
        const int Writers = 8, Appends = 25;
        var own = Enumerable.Range(0, Writers).Select(async writer =>
        {
            using var dynamo = emulators.NewDynamoDb(_tables.AccessKey);
            var log = _tables.Over(dynamo).Events;
            for (var i = 0; i < Appends; i++) await log.AppendAsync("tenant" + writer / 4, writer % 4, Make(1));
        });
        await Task.WhenAll(own);

        var events = new List<ClientEvent>[Writers];
        var raced = Enumerable.Range(0, Writers).Select(async writer =>
        {
            using var dynamo = emulators.NewDynamoDb(_tables.AccessKey);
            var log = _tables.Over(dynamo).Events;
            events[writer] = Make(Appends);
            foreach (var e in events[writer]) await log.AppendAsync(Tenant, Lane, [e]);
        });
        await Task.WhenAll(raced);

        for (var lane = 0; lane < Writers; lane++)
        {
            var page = await _log.ReadAsync("tenant" + lane / 4, lane % 4, Start, 100);
            Assert.Equal(Enumerable.Range(0, Appends).Select(i => page.Segments[0].N + i), page.Segments.Select(s => s.N));
        }

        var segments = await ReadAllAsync(Start);
        Assert.Equal(Enumerable.Range(0, Writers * Appends).Select(i => segments[0].N + i), segments.Select(s => s.N));
        var read = segments.SelectMany(s => s.Events).Select(e => e.Id).ToList();
        // Each writer's own stand in its order.
        foreach (var written in events) Assert.Equal(written.Select(e => e.Id), read.Intersect(written.Select(e => e.Id)));
    }

    [Theory]
    [InlineData("all")]
    [InlineData("last")]
    [InlineData("none")]
    [InlineData("middle")]
    public async Task A_lane_that_slept_ten_days_goes_on_at_its_number(string expired)
    {
        var before = await AppendAsync(5);
        var atEnd = (await _log.ReadAsync(Tenant, Lane, Start, 10)).Next;

        _clock.Advance(TimeSpan.FromDays(10));
        await ExpireAsync(expired switch { "all" => before, "last" => before[4..], "middle" => before[1..3], _ => [] });
        var stillAtEnd = (await _log.ReadAsync(Tenant, Lane, atEnd, 10)).Next;
        var after = await AppendAsync(3);

        // Never a number again that was used.
        Assert.True(after[0] > before[^1]);
        Assert.Equal([after[0], after[0] + 1, after[0] + 2], after);
        // Who looked in between goes on; who did not cannot know that nothing was lost.
        Assert.Equal(after, (await _log.ReadAsync(Tenant, Lane, stillAtEnd, 10)).Segments.Select(s => s.N));
        var late = await _log.ReadAsync(Tenant, Lane, atEnd, 10);
        Assert.Equal((true, 0), (late.IsExpired, late.Segments.Count));
        // And goes on with what is there.
        var earliest = await _log.EarliestAsync(Tenant, Lane);
        Assert.Equal(after, (await _log.ReadAsync(Tenant, Lane, earliest, 10)).Segments.Select(s => s.N));
    }

    [Fact]
    public async Task A_lane_that_rested_for_less_has_no_jump_and_an_old_place_in_it_still_leads_on()
    {
        var before = await AppendAsync(2);
        var atEnd = (await _log.ReadAsync(Tenant, Lane, Start, 10)).Next;
        _clock.Advance(EventLog.Kept - TimeSpan.FromMinutes(1));
        var after = await AppendAsync(1);
        _clock.Advance(TimeSpan.FromDays(3));

        Assert.Equal(before[^1] + 1, after[0]);
        Assert.Equal(after, (await _log.ReadAsync(Tenant, Lane, atEnd, 10)).Segments.Select(s => s.N));
    }

    [Fact]
    public async Task A_lane_that_was_never_used_begins_behind_every_place_in_it()
    {
        var end = await _log.EndAsync(Tenant, Lane);
        _clock.Advance(TimeSpan.FromDays(100));
        var first = await AppendAsync(1);

        Assert.Equal(first, (await _log.ReadAsync(Tenant, Lane, end, 10)).Segments.Select(s => s.N));
        Assert.Equal(first, (await _log.ReadAsync(Tenant, Lane, Start, 10)).Segments.Select(s => s.N));
    }

    [Fact]
    public async Task The_end_of_a_sleeping_lane_is_before_what_comes_whenever_that_is()
    {
        await AppendAsync(3);
        _clock.Advance(TimeSpan.FromDays(10));
        var end = await _log.EndAsync(Tenant, Lane);
        _clock.Advance(TimeSpan.FromDays(10));
        var after = await AppendAsync(1);

        Assert.Equal(after, (await _log.ReadAsync(Tenant, Lane, end, 10)).Segments.Select(s => s.N));
    }

    [Fact]
    public async Task Who_saw_the_lane_awake_and_appends_when_another_found_it_asleep_appends_behind()
    {
        await AppendAsync(1);
        var place = (await _log.ReadAsync(Tenant, Lane, Start, 1)).Next;
        _clock.Advance(EventLog.Kept);
        List<long>? ofAnother = null;
        _dynamo.Before = request =>
        {
            if (request is not PutItemRequest || ofAnother is not null) return;

            // The look was at the last moment of the seven days; the put is a moment later.
            _clock.Advance(TimeSpan.FromSeconds(1));
            ofAnother = [.. _tables.Aws.Events.AppendAsync(Tenant, Lane, Make(1)).GetAwaiter().GetResult().Select(s => s.N)];
        };

        var own = await AppendAsync(1);

        Assert.Equal([ofAnother![0] + 1], own);
        Assert.True(_clock.GetUtcNow() - place.AsOf > EventLog.Kept);
        var read = await _log.ReadAsync(Tenant, Lane, await _log.EarliestAsync(Tenant, Lane), 10);
        Assert.Equal([.. ofAnother, .. own], read.Segments.Select(s => s.N));
    }

    [Fact]
    public async Task A_lane_is_started_by_one_of_all_who_find_it_empty_or_asleep()
    {
        for (var sleep = 0; sleep < 3; sleep++)
        {
            var started = await Task.WhenAll(Enumerable.Range(0, 8).Select(async _ =>
            {
                using var dynamo = emulators.NewDynamoDb(_tables.AccessKey);
                return Assert.Single(await _tables.Over(dynamo).Events.AppendAsync(Tenant, Lane, Make(1))).N;
            }));

            Assert.Equal(Enumerable.Range(0, 8).Select(i => (sleep + 1) * 1000L + i), started.Order());
            _clock.Advance(TimeSpan.FromDays(10));
        }
    }

    [Fact]
    public async Task Segments_that_expire_in_any_order_are_a_place_that_expired_and_never_a_silent_gap()
    {
        var old = await AppendAsync(6);
        var middle = (await _log.ReadAsync(Tenant, Lane, Start, 2)).Next;
        _clock.Advance(TimeSpan.FromDays(6));
        var young = await AppendAsync(2);
        _clock.Advance(TimeSpan.FromDays(2.5));
        await ExpireAsync([old[0], old[2], old[4]]);

        Assert.True((await _log.ReadAsync(Tenant, Lane, middle, 10)).IsExpired);
        Assert.True((await _log.ReadAsync(Tenant, Lane, Start, 10)).IsExpired);
        var earliest = await _log.EarliestAsync(Tenant, Lane);
        Assert.Equal(young, (await _log.ReadAsync(Tenant, Lane, earliest, 10)).Segments.Select(s => s.N));
        // The lane's numbers go on.
        Assert.Equal([young[^1] + 1], await AppendAsync(1));
    }

    [Fact]
    public async Task A_gap_that_is_young_is_waited_at()
    {
        var numbers = await AppendAsync(3);
        var from = (await _log.ReadAsync(Tenant, Lane, Start, 1)).Next;
        await ExpireAsync([numbers[1]]);

        var read = await _log.ReadAsync(Tenant, Lane, from, 10);

        Assert.Equal((0, true, false, from), (read.Segments.Count, read.IsEnd, read.IsExpired, read.Next));
    }

    [Theory]
    [InlineData(0)]
    [InlineData(10)]
    public async Task A_lane_keeps_a_bound_above_all_its_numbers(int daysOfSleep)
    {
        var numbers = await AppendAsync(1);
        Assert.Equal("2000", (await ItemAsync(0))["hi"].N);
        Assert.False((await ItemAsync(0)).ContainsKey("ex"));

        // As if 998 had followed, the last before the bound.
        var item = await ItemAsync(numbers[0]);
        item["sk"] = new() { N = "1999" };
        await _tables.Dynamo.PutItemAsync(OmniTables.Events, item);
        _clock.Advance(TimeSpan.FromSeconds(1) + TimeSpan.FromDays(daysOfSleep));

        Assert.Equal([2000], await AppendAsync(1));
        Assert.Equal("3000", (await ItemAsync(0))["hi"].N);
    }

    [Fact]
    public async Task The_place_before_a_moment_is_found_among_many_segments()
    {
        var numbers = new List<long>();
        var began = _clock.GetUtcNow();
        for (var i = 0; i < 40; i++)
        {
            numbers.AddRange(await AppendAsync(1));
            _clock.Advance(TimeSpan.FromHours(1));
        }

        foreach (var hour in (int[])[0, 1, 7, 20, 39])
            Assert.Equal(numbers[hour] - 1, (await _log.FindAsync(Tenant, Lane, began.AddHours(hour))).N);

        Assert.Equal(numbers[8] - 1, (await _log.FindAsync(Tenant, Lane, began.AddHours(7.5))).N);
        Assert.Equal(numbers[^1], (await _log.FindAsync(Tenant, Lane, began.AddHours(50))).N);
    }

    private async Task<List<long>> AppendAsync(int count)
    {
        var numbers = new List<long>();
        foreach (var e in Make(count)) numbers.AddRange((await _log.AppendAsync(Tenant, Lane, [e])).Select(s => s.N));
        return numbers;
    }

    private async Task<List<EventSegment>> ReadAllAsync(LanePosition from)
    {
        var segments = new List<EventSegment>();
        for (LaneRead read; ; from = read.Next)
        {
            read = await _log.ReadAsync(Tenant, Lane, from, 7);
            segments.AddRange(read.Segments);
            if (read.IsEnd) return segments;
        }
    }

    private Task<Dictionary<string, AttributeValue>> ItemAsync(long n) => ReadItemAsync(n.ToString(CultureInfo.InvariantCulture));

    private async Task<Dictionary<string, AttributeValue>> ReadItemAsync(string n) => (await _tables.Dynamo.GetItemAsync(
        OmniTables.Events, new() { ["pk"] = new($"{Tenant}#{Lane}"), ["sk"] = new() { N = n } }, consistentRead: true)).Item;

    /// <summary>What TTL does, in its own time and order.</summary>
    private async Task ExpireAsync(IEnumerable<long> numbers)
    {
        foreach (var n in numbers)
        {
            await _tables.Dynamo.DeleteItemAsync(
                OmniTables.Events,
                new() { ["pk"] = new($"{Tenant}#{Lane}"), ["sk"] = new() { N = n.ToString(CultureInfo.InvariantCulture) } });
        }
    }

    private List<ClientEvent> Make(int count) => [.. Enumerable.Range(0, count).Select(_ => new ClientEvent
    {
        Id = Shared.Ids.Event("test", Interlocked.Increment(ref _made).ToString(CultureInfo.InvariantCulture)),
        Type = EventTypes.MessageReceived,
        Timestamp = _clock.GetUtcNow(),
        Tenant = Tenant,
        Data = Parse("""{"carrier":"twilio","text":"Grüße"}"""),
    })];

    private static JsonElement Noise(Random random, int bytes)
    {
        var noise = new byte[bytes * 3 / 4];
        random.NextBytes(noise);
        return Parse($$"""{"noise":"{{Convert.ToBase64String(noise)}}"}""");
    }

    private static JsonElement Parse(string json)
    {
        using var document = JsonDocument.Parse(json);
        return document.RootElement.Clone();
    }

    private static string Ids(IEnumerable<ClientEvent> events) => string.Join(',', events.Select(e => e.Id));

    private static string Ids(IEnumerable<EventSegment> segments) => Ids(segments.SelectMany(s => s.Events));

    private static string JsonOf(IEnumerable<ClientEvent> events) =>
        string.Join('\n', events.Select(e => JsonSerializer.Serialize(e, EventJson.Wire.ClientEvent)));

    /// <summary>The calls since the last time.</summary>
    private List<string> Calls()
    {
        List<string> calls = [.. _dynamo.Calls.Select((AmazonWebServiceRequest call) => call.GetType().Name)];
        _dynamo.Calls.Clear();
        return calls;
    }
}
