using System.Globalization;
using System.Text.Json;
using Microsoft.Extensions.Time.Testing;
using Omni.Aws;
using Omni.Shared;
using Omni.Testing;

namespace Omni.Api.Tests;

/// <summary>The feed, over a log in the database itself.</summary>
public sealed class EventTests(EmulatorFixture emulators) : IClassFixture<EmulatorFixture>, IAsyncLifetime
{
    private static readonly string Conversation = "ses_" + new string('a', 32);

    private readonly ImpatientClock _clock = new();
    private OmniTables _tables = null!;
    private EventLog _log = null!;
    private TestApi _api = null!;
    private int _made;

    public async Task InitializeAsync()
    {
        _tables = await OmniTables.CreateAsync(emulators, _clock);
        _log = _tables.Aws.Events;
        _api = new(_clock, events: _log);
    }

    public Task DisposeAsync()
    {
        _tables.Dispose();
        return Task.CompletedTask;
    }

    [Fact]
    public async Task From_the_earliest_each_event_comes_once_and_each_lane_in_its_order()
    {
        var written = new List<ClientEvent>();
        for (var i = 0; i < 30; i++)
        {
            ClientEvent[] events = [.. Enumerable.Range(0, 1 + (i % 7)).Select(_ => Make())];
            await _log.AppendAsync(Defaults.Tenant, i % EventLanes.Count, events);
            written.AddRange(events);
            _clock.Advance(TimeSpan.FromSeconds(1));
        }

        foreach (var limit in (int[])[1, 4, 100])
        {
            var read = await ReadAllAsync($"limit={limit}");

            // The lanes were appended to in turn, so the order of all is that of time.
            Assert.Equal(written.Select(e => e.Id), read.Select(IdOf));
        }
    }

    [Fact]
    public async Task An_event_is_shown_as_it_stands_in_the_log()
    {
        var written = Make();
        await _log.AppendAsync(Defaults.Tenant, 0, [written]);

        var shown = Assert.Single(await ReadAllAsync(""));

        Assert.Equal(JsonSerializer.Serialize(written, EventJson.Wire.ClientEvent), shown.GetRawText());
    }

    [Theory]
    [InlineData("types=message.received", "received received")]
    [InlineData("types=message.received,carrier.degraded", "received received degraded")]
    [InlineData("carrier=twilio", "received sent")]
    [InlineData("carrier=bandwidth", "received degraded")]
    [InlineData("conversation=ses_aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa", "sent")]
    [InlineData("carrier=twilio&types=message.sent", "sent")]
    [InlineData("types=message.read", "")]
    public async Task Filters_leave_out_and_the_cursor_moves_past_it(string filter, string shown)
    {
        await _log.AppendAsync(Defaults.Tenant, 0, [Make("message.received", "twilio"), Make("message.received", "bandwidth")]);
        await _log.AppendAsync(Defaults.Tenant, 1, [Make("message.sent", "twilio", Conversation)]);
        await _log.AppendAsync(Defaults.Tenant, 2, [Make("carrier.degraded", "bandwidth")]);

        var page = await GetAsync($"after=earliest&{filter}");

        Assert.Equal(
            shown, string.Join(' ', DataOf(page).Select(e => e.GetProperty("type").GetString()!.Split('.')[1])
                .OrderBy(type => Array.IndexOf(["received", "sent", "degraded"], type))));
        Assert.Empty(DataOf(await GetAsync($"after={page["nextCursor"]}")));
    }

    [Fact]
    public async Task A_filter_that_finds_little_among_much_does_not_end_before_it()
    {
        for (var i = 0; i < 35; i++) await _log.AppendAsync(Defaults.Tenant, 1, [Make("message.sent")]);
        await _log.AppendAsync(Defaults.Tenant, 1, [Make("message.failed")]);

        Assert.Single(DataOf(await GetAsync("after=earliest&types=message.failed")));
    }

    [Fact]
    public async Task The_latest_is_what_happens_from_now_on()
    {
        await _log.AppendAsync(Defaults.Tenant, 0, [Make()]);
        var latest = await GetAsync("after=latest");
        var later = Make();
        await _log.AppendAsync(Defaults.Tenant, 3, [later]);

        Assert.Empty(DataOf(latest));
        Assert.Equal(later.Id, IdOf(Assert.Single(DataOf(await GetAsync($"after={latest["nextCursor"]}")))));
    }

    [Fact]
    public async Task A_wait_ends_when_something_happens()
    {
        var before = _clock.GetUtcNow();
        Task? appended = null;
        _clock.Waited = waits =>
        {
            if (waits == 6) appended = _log.AppendAsync(Defaults.Tenant, 1, [Make()]);
        };

        var page = await GetAsync("after=latest&wait=20");

        await appended!;
        Assert.Single(DataOf(page));
        Assert.InRange(_clock.GetUtcNow() - before, TimeSpan.FromMilliseconds(500), TimeSpan.FromSeconds(19));
    }

    [Fact]
    public async Task A_wait_in_vain_ends_at_its_time_with_nothing_and_a_cursor()
    {
        var before = _clock.GetUtcNow();

        var page = await GetAsync("after=latest&wait=20");

        Assert.Equal((0, TimeSpan.FromSeconds(20)), (DataOf(page).Count, _clock.GetUtcNow() - before));
        Assert.NotNull(page["nextCursor"]);
    }

    [Fact]
    public async Task Beyond_the_share_of_those_who_wait_the_answer_comes_at_once_and_says_when_to_come_again()
    {
        var polls = new LongPolls(_tables.Dynamo, OmniTables.Control, _clock, max: 1);
        var api = new TestApi(_clock, events: _log, polls: polls);
        var place = await polls.TryEnterAsync(TimeSpan.FromMinutes(5));
        var before = _clock.GetUtcNow();
        api.Store("msg_1");

        foreach (var path in (string[])["/api/v1/events?after=latest&wait=20", "/api/v1/messages/msg_1/status?wait=20"])
        {
            var refused = await api.GetAsync(path);
            Assert.Equal((200, "5", before), (refused.Status, refused.Header("Retry-After"), _clock.GetUtcNow()));
        }

        await polls.LeaveAsync(place!);
        var waited = await api.GetAsync("/api/v1/events?after=latest&wait=20");
        Assert.Equal((200, null, before.AddSeconds(20)), (waited.Status, waited.Header("Retry-After"), _clock.GetUtcNow()));

        // Its place is free again, and who finds something needs none.
        place = await polls.TryEnterAsync(TimeSpan.FromMinutes(5));
        Assert.NotNull(place);
        await _log.AppendAsync(Defaults.Tenant, 0, [Make()]);
        var found = await api.GetAsync("/api/v1/events?after=earliest&wait=20");
        Assert.Equal((200, null), (found.Status, found.Header("Retry-After")));
    }

    [Fact]
    public async Task An_expired_cursor_is_refused_with_one_that_still_works()
    {
        await _log.AppendAsync(Defaults.Tenant, 0, [Make()]);
        var first = await GetAsync("after=earliest&limit=1");
        var lost = Assert.Single(await _log.AppendAsync(Defaults.Tenant, 0, [Make()])).N;
        await _log.AppendAsync(Defaults.Tenant, 1, [Make()]);
        _clock.Advance(TimeSpan.FromDays(10));
        await _tables.Dynamo.DeleteItemAsync(
            OmniTables.Events,
            new() { ["pk"] = new($"{Defaults.Tenant}#0"), ["sk"] = new() { N = lost.ToString(CultureInfo.InvariantCulture) } });
        var later = Make();
        await _log.AppendAsync(Defaults.Tenant, 0, [later]);

        var refused = await _api.GetAsync($"/api/v1/events?after={first["nextCursor"]}");

        Assert.Equal((410, "cursor_expired"), (refused.Status, refused["code"]));
        var still = refused["detail"]!.Split("after=")[1].Split(',')[0];
        Assert.Contains(later.Id, DataOf(await GetAsync($"after={still}")).Select(IdOf));
        Assert.Equal([later.Id], DataOf(await GetAsync("after=earliest")).Select(IdOf));
    }

    [Fact]
    public async Task What_is_still_there_before_a_hole_is_given_out_before_the_cursor_is_refused()
    {
        var cursor = (await GetAsync("after=latest"))["nextCursor"];
        var written = Enumerable.Range(0, 12).Select(_ => Make()).ToArray();
        var numbers = new List<long>();
        foreach (var e in written) numbers.Add(Assert.Single(await _log.AppendAsync(Defaults.Tenant, 0, [e])).N);
        _clock.Advance(TimeSpan.FromDays(8));
        await _tables.Dynamo.DeleteItemAsync(
            OmniTables.Events,
            new() { ["pk"] = new($"{Defaults.Tenant}#0"), ["sk"] = new() { N = numbers[10].ToString(CultureInfo.InvariantCulture) } });

        var page = await GetAsync($"after={cursor}&limit=100");

        Assert.Equal(written[..10].Select(e => e.Id), DataOf(page).Select(IdOf));
        Assert.Equal(410, (await _api.GetAsync($"/api/v1/events?after={page["nextCursor"]}")).Status);
    }

    [Theory]
    [InlineData("", "after")]
    [InlineData("after=earliest&types=message.lost", "types")]
    [InlineData("after=earliest&types=", "types")]
    [InlineData("after=earliest&carrier=pigeon", "carrier")]
    [InlineData("after=earliest&conversation=42", "conversation")]
    [InlineData("after=earliest&limit=0", "limit")]
    [InlineData("after=earliest&limit=101", "limit")]
    [InlineData("after=earliest&wait=21", "wait")]
    [InlineData("after=earliest&tpyes=x", "tpyes")]
    [InlineData("limit=0&wait=x", "after limit wait")]
    public async Task What_is_wrong_is_refused_and_named(string query, string fields)
    {
        var refused = await _api.GetAsync($"/api/v1/events?{query}");

        Assert.Equal((400, "invalid_parameter"), (refused.Status, refused["code"]));
        Assert.Equal(
            fields.Split(' '), refused.Json.GetProperty("errors").EnumerateArray().Select(e => e.GetProperty("field").GetString()).Order());
    }

    [Theory]
    [InlineData("x")]
    [InlineData("ä")]
    [InlineData("")]
    [InlineData("MS0x")]
    public async Task What_is_no_cursor_is_refused(string after)
    {
        var refused = await _api.GetAsync($"/api/v1/events?after={Uri.EscapeDataString(after)}");

        Assert.Equal((400, "invalid_cursor"), (refused.Status, refused["code"]));
    }

    [Fact]
    public void A_cursor_is_read_as_it_was_written_and_by_its_tenant_alone()
    {
        LaneCursor[] lanes =
        [
            .. Enumerable.Range(0, EventLanes.Count).Select(lane => new LaneCursor(new(1000 + lane, TestApi.Noon.AddHours(lane)), lane)),
        ];
        var cursor = EventCursor.Write("default", lanes);

        Assert.Equal(lanes, EventCursor.Read("default", cursor));
        Assert.Null(EventCursor.Read("another", cursor));
        Assert.All(Enumerable.Range(0, cursor.Length), length => Assert.Null(EventCursor.Read("default", cursor[..length])));
    }

    [Fact]
    public async Task A_tenant_sees_its_own_log_alone()
    {
        await _log.AppendAsync("another", 0, [Make()]);
        var ours = Make();
        await _log.AppendAsync(Defaults.Tenant, 0, [ours]);

        var feed = new ReadEvents(TestParts.Unused with { Events = _log, Clock = _clock });
        var seen = await Task.WhenAll(((string[])["default", "another", "third"]).Select(async tenant => Json(await feed.HandleAsync(
            new()
            {
                Request = new(), Ids = [], Query = new("after=earliest", ReadEvents.Parameters), Trace = "",
                Caller = new ApiKey("key", tenant, new HashSet<string>()), RemainingTime = () => TimeSpan.FromSeconds(29),
            },
            CancellationToken.None)).GetProperty("data").EnumerateArray().Select(IdOf).ToArray()));

        Assert.Equal([ours.Id], seen[0]);
        Assert.NotEqual(ours.Id, Assert.Single(seen[1]));
        Assert.Empty(seen[2]);
    }

    [Fact]
    public async Task A_key_without_the_scope_and_a_stage_without_events_are_refused()
    {
        Assert.Equal(403, (await _api.GetAsync("/api/v1/events?after=earliest", TestApi.ReadOnlyKey)).Status);
        Assert.Equal(401, (await _api.GetAsync("/api/v1/events?after=earliest", key: null)).Status);

        var off = await new TestApi().GetAsync("/api/v1/events?after=earliest");
        Assert.Equal((404, "events_off"), (off.Status, off["code"]));
    }

    private ClientEvent Make(string type = "message.received", string carrier = "twilio", string? conversation = null) => new()
    {
        Id = Ids.Event("test", Interlocked.Increment(ref _made).ToString(CultureInfo.InvariantCulture)),
        Type = type,
        Timestamp = _clock.GetUtcNow(),
        Tenant = Defaults.Tenant,
        Data = JsonSerializer.SerializeToElement(
            new Dictionary<string, string?> { ["carrier"] = carrier, ["conversationId"] = conversation, ["text"] = "Grüße" }),
    };

    private async Task<Reply> GetAsync(string query)
    {
        var reply = await _api.GetAsync($"/api/v1/events?{query}");
        Assert.True(reply.Status == 200, reply.Text);
        return reply;
    }

    private async Task<List<JsonElement>> ReadAllAsync(string query)
    {
        var read = new List<JsonElement>();
        for (var after = "earliest"; ;)
        {
            var page = await GetAsync($"after={after}&{query}".TrimEnd('&'));
            if (DataOf(page) is not { Count: > 0 } data) return read;

            read.AddRange(data);
            after = page["nextCursor"]!;
        }
    }

    private static List<JsonElement> DataOf(Reply page) => [.. page.Json.GetProperty("data").EnumerateArray()];

    private static string IdOf(JsonElement e) => e.GetProperty("id").GetString()!;

    private static JsonElement Json(ApiResult result) =>
        JsonDocument.Parse(Assert.IsType<ApiResult.Answer>(result).Body!).RootElement;

    /// <summary>Every wait is over at once, as if its time had passed; the test may do something meanwhile.</summary>
    private sealed class ImpatientClock() : FakeTimeProvider(TestApi.Noon)
    {
        private int _waits;

        public Action<int> Waited { get; set; } = _ => { };

        public override ITimer CreateTimer(TimerCallback callback, object? state, TimeSpan dueTime, TimeSpan period)
        {
            var timer = base.CreateTimer(callback, state, dueTime, period);
            ThreadPool.QueueUserWorkItem(_ =>
            {
                Waited(Interlocked.Increment(ref _waits));
                Advance(dueTime);
            });
            return timer;
        }
    }
}
