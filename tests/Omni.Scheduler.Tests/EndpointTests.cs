using System.Text.Json;
using Amazon.Lambda.Core;
using Microsoft.Extensions.Logging.Abstractions;
using Moq;
using Omni.Aws;
using Omni.Shared;
using Omni.Testing;
using Omni.Testing.Simulation;

namespace Omni.Scheduler.Tests;

/// <summary>Which workers of clients' endpoints a tick wakes.</summary>
public sealed class EndpointTests(EmulatorFixture emulators) : TableTests(emulators, Start)
{
    private static readonly DateTimeOffset Start = new(2026, 1, 2, 3, 4, 5, TimeSpan.Zero);

    [Fact]
    public async Task An_endpoint_that_lags_is_woken_in_each_lane_that_it_lags_in_once_a_minute()
    {
        var endpoint = await AddAsync();
        Assert.Empty(await TickAsync());

        await Tables.Aws.Events.AppendAsync("default", 2, [Event()]);
        Assert.Equal([$"{endpoint.Id}#2"], await TickAsync());
        Assert.Empty(await TickAsync()); // within the same minute it is the same wake
        Clock.Advance(TimeSpan.FromMinutes(1));
        Assert.Equal([$"{endpoint.Id}#2"], await TickAsync());

        await Tables.Aws.Endpoints.RestAsync(endpoint, Clock.GetUtcNow().AddHours(1));
        Clock.Advance(TimeSpan.FromMinutes(59));
        Assert.Empty(await TickAsync());
        Clock.Advance(TimeSpan.FromMinutes(1));
        Assert.Equal([$"{endpoint.Id}#2"], await TickAsync());
    }

    [Fact]
    public async Task An_endpoint_that_hears_of_nothing_is_looked_at_once_a_day()
    {
        var endpoint = await AddAsync();
        Clock.Advance(TimeSpan.FromHours(23));
        Assert.Empty(await TickAsync());

        Clock.Advance(TimeSpan.FromHours(2));
        Assert.Equal(Enumerable.Range(0, 4).Select(lane => $"{endpoint.Id}#{lane}"), (await TickAsync()).Order());
    }

    [Fact]
    public async Task A_failing_endpoint_is_woken_for_its_probe_only_and_a_disabled_one_not_at_all()
    {
        await Tables.Aws.Events.AppendAsync("default", 2, [Event()]);
        var failing = await AddAsync(at: 999);
        await Tables.Aws.Endpoints.FailAsync(failing, EndpointCause.TooManyWaiting, Start.AddHours(3));
        await Tables.Aws.Parks.PutAsync("default", failing.Id, new("evt_1", 2, 1000, 0, Start, 1, Start.AddHours(1)));
        await Tables.Aws.Endpoints.DisableAsync(await AddAsync(at: 999), EndpointCause.Client);

        Clock.Advance(TimeSpan.FromHours(2));
        Assert.Empty(await TickAsync());
        Clock.Advance(TimeSpan.FromHours(1));
        Assert.Equal([$"{failing.Id}#park"], await TickAsync());
    }

    [Fact]
    public async Task What_is_to_be_tried_again_is_raised_when_its_time_has_come_also_of_an_endpoint_that_is_gone()
    {
        var endpoint = await AddAsync();
        await Tables.Aws.Parks.PutAsync("default", endpoint.Id, new("evt_1", 2, 1000, 0, Start, 1, Start.AddHours(1)));
        Assert.Empty(await TickAsync());

        Clock.Advance(TimeSpan.FromHours(1));
        Assert.Equal([$"{endpoint.Id}#park"], await TickAsync());

        Assert.True(await Tables.Aws.Endpoints.DeleteAsync("default", endpoint.Id));
        Clock.Advance(TimeSpan.FromMinutes(1));
        Assert.Equal([$"{endpoint.Id}#park"], await TickAsync());
    }

    private MemoryQueue Queue => field ??= new(Clock);

    private static ClientEvent Event() => new()
    {
        Id = "evt_1", Type = "message.sent", Timestamp = Start, Tenant = "default",
        Data = JsonSerializer.SerializeToElement(new { id = "msg_1" }),
    };

    private async Task<WebhookEndpoint> AddAsync(long at = 0)
    {
        var endpoint = new WebhookEndpoint
        {
            Id = Ids.NewEndpoint(), Tenant = "default", Url = new("https://shop.example/"), Secret = StandardWebhooks.NewSecret(),
            Since = Start, CreatedAt = Start, UpdatedAt = Start,
        };
        var positions = new List<EndpointPosition>();
        for (var lane = 0; lane < EventLanes.Count; lane++)
        {
            var end = await Tables.Aws.Events.EndAsync("default", lane);
            positions.Add(new() { Lane = lane, At = at == 0 ? end : new(at, Start) });
        }

        Assert.True(await Tables.Aws.Endpoints.CreateAsync(endpoint, positions));
        return endpoint;
    }

    /// <returns>The groups that were woken.</returns>
    private async Task<string[]> TickAsync()
    {
        var rounds = new EndpointRounds(
            Tables.Aws.Endpoints,
            Tables.Aws.Positions,
            Tables.Aws.Events,
            new(Queue.NewClient(() => Task.CompletedTask)),
            MemoryQueue.Url,
            Clock);
        await new Function(
            Tables.Aws.Messages, Tables.Aws.Batches, rounds, wakes: null, usage: null, templates: null, people: null, Clock,
            NullLogger.Instance)
            .HandleAsync(default, Mock.Of<ILambdaContext>(c => c.RemainingTime == TimeSpan.FromSeconds(50)));
        var records = Queue.Receive();
        Queue.Delete(records);
        return [.. records.Select(record => record.GroupId!)];
    }
}
