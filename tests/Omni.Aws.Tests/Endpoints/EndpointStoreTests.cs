using Omni.Shared;
using Omni.Testing;

namespace Omni.Aws.Tests.Endpoints;

/// <summary>Endpoints, their positions and what they wait for, in a real table.</summary>
public sealed class EndpointStoreTests(EmulatorFixture emulators) : TableTests(emulators, Start)
{
    private static readonly DateTimeOffset Start = new(2026, 1, 2, 3, 4, 5, TimeSpan.Zero);

    private EndpointStore Store => Tables.Aws.Endpoints;

    private PositionStore Positions => Tables.Aws.Positions;

    private ParkStore Parks => Tables.Aws.Parks;

    [Fact]
    public async Task Of_forty_that_are_made_at_once_twenty_are_there_and_another_tenant_has_its_own()
    {
        var made = await Task.WhenAll(Enumerable.Range(0, 40).Select(_ => Store.CreateAsync(New(), Begin())));

        Assert.Equal(20, made.Count(done => done));
        var all = await Store.ListAsync("default");
        Assert.Equal(20, all.Count);
        Assert.Empty(await Store.ListAsync("another"));
        Assert.True(await Store.CreateAsync(New(tenant: "another"), Begin()));

        Assert.True(await Store.DeleteAsync("default", all[0].Id));
        Assert.False(await Store.DeleteAsync("default", all[0].Id));
        Assert.False(await Store.DeleteAsync("another", all[1].Id));
        Assert.Empty(await Positions.ListAsync("default", all[0].Id));
        Assert.True(await Store.CreateAsync(New(), Begin()));
        Assert.False(await Store.CreateAsync(New(), Begin()));
    }

    [Fact]
    public async Task All_of_an_endpoint_is_read_as_it_was_written()
    {
        var made = await AddAsync(endpoint => endpoint with
        {
            Types = ["message.sent"], Carriers = ["twilio"], Description = "The shop",
            Headers = new Dictionary<string, string> { ["X-A"] = "b" },
        });

        Assert.Equivalent(made, await Store.FindAsync("default", made.Id), strict: true);
        Assert.Null(await Store.FindAsync("another", made.Id));

        var changed = await Store.ChangeAsync(
            "default", made.Id, new(new("https://other.example/"), [], null, null, "", new Dictionary<string, string>()));
        Assert.Equal(("https://other.example/", 0, 1, null, 0), (
            changed!.Url.AbsoluteUri, changed.Types.Count, changed.Carriers.Count, changed.Description, changed.Headers.Count));
        Assert.Null(await Store.ChangeAsync("another", made.Id, new(null, [], null, null, null, null)));
    }

    [Fact]
    public async Task Five_different_events_in_a_row_are_counted_each_once()
    {
        var endpoint = await AddAsync();

        for (var i = 0; i < 3; i++) endpoint = (await Store.CountFailureAsync(endpoint, "evt_1"))!;
        Assert.Single(endpoint.Failures);
        Assert.Equal(Start, endpoint.FailsSince);
        Clock.Advance(TimeSpan.FromMinutes(1));
        endpoint = (await Store.CountFailureAsync(endpoint, "evt_2"))!;
        Assert.Equal((2, Start), (endpoint.Failures.Count, endpoint.FailsSince!.Value));
        endpoint = (await Store.ForgetFailuresAsync(endpoint))!;
        Assert.Equal((0, null), (endpoint.Failures.Count, endpoint.FailsSince));
        endpoint = (await Store.CountFailureAsync(endpoint, "evt_1"))!;
        Assert.Single(endpoint.Failures);
    }

    [Fact]
    public async Task A_failing_endpoint_is_due_at_its_probe_an_enabled_one_always_a_disabled_one_never()
    {
        var enabled = await AddAsync();
        var counted = await AddAsync();
        for (var i = 0; i < 4; i++) await Store.CountFailureAsync(counted, $"evt_{i}");
        Assert.Null(await Store.FailAsync(counted, EndpointCause.Failures, Start.AddMinutes(1)));
        await Store.CountFailureAsync(counted, "evt_4");
        var failing = (await Store.FailAsync(counted, EndpointCause.Failures, Start.AddMinutes(1)))!;
        var disabled = (await Store.DisableAsync(await AddAsync(), EndpointCause.Gone))!;
        Assert.Equal([enabled.Id], await DueAsync());
        Assert.Null(await Store.CountFailureAsync(failing, "evt_1"));
        Assert.Null(await Store.FailAsync(failing, EndpointCause.Failures, Start));
        Assert.Null(await Store.DisableAsync(disabled with { State = EndpointState.Enabled }, EndpointCause.Gone));

        Clock.Advance(TimeSpan.FromMinutes(1));
        Assert.Equal(new[] { enabled.Id, failing.Id }.Order(), (await DueAsync()).Order());
        var later = (await Store.PutOffProbeAsync(failing, Start.AddHours(1)))!;
        Assert.Null(await Store.PutOffProbeAsync(failing, Start.AddHours(9))); // the same probe
        Assert.Equal((1, Start.AddHours(1)), (later.Probes, later.NextProbeAt));
        Assert.Equal([enabled.Id], await DueAsync());

        Assert.Equal(EndpointState.Enabled, (await Store.RecoverAsync(later))!.State);
        Assert.Equal(new[] { enabled.Id, failing.Id }.Order(), (await DueAsync()).Order());
        Assert.Null(await Store.RecoverAsync(later));

        var enabledAgain = (await Store.EnableAsync(disabled))!;
        Assert.Equal((EndpointState.Enabled, null), (enabledAgain.State, enabledAgain.Cause));
        var again = (await Store.DisableAsync(enabledAgain, EndpointCause.Client))!;
        Assert.Null(await Store.EnableAsync(again)); // within ten minutes
        Clock.Advance(WebhookEndpoint.EnablePause);
        Assert.NotNull(await Store.EnableAsync(again));
    }

    [Fact]
    public async Task That_an_endpoint_is_disabled_stands_in_the_outbox_without_its_secrets()
    {
        var endpoint = await AddAsync(e => e with { Headers = new Dictionary<string, string> { ["Authorization"] = "their-own" } });

        var disabled = (await Store.DisableAsync(endpoint, EndpointCause.FailedForDays))!;

        var told = EventOutbox.Read(await Tables.ItemAsync(OmniTables.Messages, EndpointView.DisabledEvent(disabled).Id, "o"));
        Assert.Equal((EventTypes.EndpointDisabled, "default", Start), (told.Type, told.Tenant, told.Timestamp));
        Assert.Equal("failedForDays", told.Data.GetProperty("why").GetString());
        Assert.DoesNotContain("their-own", told.Data.GetRawText());
        Assert.DoesNotContain(endpoint.Secret, told.Data.GetRawText());
    }

    [Fact]
    public async Task What_two_workers_did_of_a_lane_is_done()
    {
        var endpoint = await AddAsync();
        var one = (await Positions.FindAsync("default", endpoint.Id, 2))!;
        var other = one;

        Assert.NotNull(await Positions.AdvanceAsync("default", endpoint.Id, one.With(1000, 3).With(1000, 99)));
        var joined = (await Positions.AdvanceAsync("default", endpoint.Id, other.With(1000, 4)))!;
        Assert.Equal([3, 4, 99], Enumerable.Range(0, 100).Where(i => joined.IsDone(1000, i)));

        var behind = joined;
        joined = (await Positions.AdvanceAsync("default", endpoint.Id, joined.After(new(1000, Start, []))))!;
        joined = (await Positions.AdvanceAsync("default", endpoint.Id, behind.With(1000, 5)))!;
        Assert.Equal(1000, joined.At.N);

        // The client sets it: who worked before has nothing to say.
        Assert.True(await Positions.SetAsync(
            "default", endpoint.Id, joined with { At = new(500, Start), Replay = new(Start, joined.At, 7, 5) }));
        Assert.False(await Positions.SetAsync("default", endpoint.Id, joined));
        Assert.Null(await Positions.AdvanceAsync("default", endpoint.Id, joined.With(1001, 0)));
        var set = (await Positions.FindAsync("default", endpoint.Id, 2))!;
        Assert.Equal((500, new EndpointReplay(Start, joined.At, 7, 5)), (set.At.N, set.Replay));
        Assert.Null((await Positions.AdvanceAsync("default", endpoint.Id, set with { Replay = null }))!.Replay);
    }

    [Fact]
    public async Task Parked_events_are_due_with_their_endpoint_and_listed_by_their_time()
    {
        var endpoint = await AddAsync();
        await Store.DisableAsync(endpoint, EndpointCause.Client);
        await Parks.PutAsync("default", endpoint.Id, new("evt_2", 1, 1000, 7, Start, 2, Start.AddHours(2)));
        await Parks.PutAsync("default", endpoint.Id, new("evt_1", 3, 1001, 0, Start, 1, Start.AddHours(1)));
        Assert.Empty(await DueAsync());

        Assert.Equal(
            [new("evt_1", 3, 1001, 0, Start, 1, Start.AddHours(1)), new("evt_2", 1, 1000, 7, Start, 2, Start.AddHours(2))],
            await Parks.ListAsync("default", endpoint.Id));
        Clock.Advance(TimeSpan.FromHours(1));
        Assert.Equal(
            new DueEndpoint("default", endpoint.Id, HasParked: true), Assert.Single(await Store.DueAsync(Shards.Of(endpoint.Id, 4))));
        await Parks.RemoveAsync("default", endpoint.Id, "evt_1");
        Assert.Empty(await DueAsync());
        Assert.Empty(await Parks.ListAsync("another", endpoint.Id));
    }

    private static EndpointPosition[] Begin() =>
        [.. Enumerable.Range(0, 4).Select(lane => new EndpointPosition { Lane = lane, At = new(999, Start) })];

    private static WebhookEndpoint New(string tenant = "default") => new()
    {
        Id = Ids.NewEndpoint(), Tenant = tenant, Url = new("https://shop.example/omni"), Secret = StandardWebhooks.NewSecret(),
        Since = Start, CreatedAt = Start, UpdatedAt = Start,
    };

    private async Task<WebhookEndpoint> AddAsync(Func<WebhookEndpoint, WebhookEndpoint>? change = null)
    {
        var endpoint = change?.Invoke(New()) ?? New();
        Assert.True(await Store.CreateAsync(endpoint, Begin()));
        return endpoint;
    }

    private async Task<string[]> DueAsync()
    {
        var due = await Task.WhenAll(Enumerable.Range(0, EndpointStore.DueShards).Select(shard => Store.DueAsync(shard)));
        return [.. due.SelectMany(found => found).Select(endpoint => endpoint.Id)];
    }
}
