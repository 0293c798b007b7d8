using Microsoft.Extensions.Time.Testing;
using Omni.Aws;
using Omni.Testing.Simulation;

namespace Omni.Api.Tests;

/// <summary>How many calls a key may make.</summary>
public sealed class CallBudgetTests
{
    private readonly FakeTimeProvider _clock = new(TestApi.Noon);
    private readonly MemoryTables _tables = new();

    [Fact]
    public async Task A_key_makes_its_burst_at_once_and_then_its_rate()
    {
        var api = new TestApi(_clock, calls: Process(100, 200));

        var (taken, refused) = await CountAsync(api, 400);
        Assert.Equal((200, 200), (taken, refused.Count));
        Assert.All(refused, reply => Assert.Equal(
            (429, "too_many_calls", "True", "1"), (reply.Status, reply["code"], reply["retryable"], reply.Header("Retry-After"))));

        var steady = 0;
        for (var second = 0; second < 10; second++)
        {
            _clock.Advance(TimeSpan.FromSeconds(1));
            steady += (await CountAsync(api, 300)).Taken;
        }

        Assert.InRange(steady, 980, 1000);
        _clock.Advance(TimeSpan.FromMinutes(1));
        Assert.Equal(200, (await CountAsync(api, 400)).Taken);
    }

    [Theory]
    [InlineData(100, 200, 20)]
    [InlineData(1, 2, 1)]
    [InlineData(0.5, 10, 1)]
    [InlineData(1000, 10, 2)]
    public async Task Calls_are_counted_a_block_at_a_time_and_refusals_not_at_all(double perSecond, int burst, int block)
    {
        var budget = Process(perSecond, burst);
        await budget.TakeAsync("key_1"); // the line is made
        var before = Writes();

        for (var i = 1; i < burst; i++) Assert.Null(await budget.TakeAsync("key_1"));
        Assert.Equal((burst / block) - 1, Writes() - before);

        before = Calls();
        for (var i = 0; i < 1000; i++) Assert.NotNull(await budget.TakeAsync("key_1"));
        Assert.InRange(Calls() - before, 0, 2);

        int Writes() => _tables.Calls.GetValueOrDefault("UpdateItemRequest");

        int Calls() => _tables.Calls.Values.Sum();
    }

    [Fact]
    public async Task Processes_share_a_keys_budget_and_keys_do_not()
    {
        var processes = Enumerable.Range(0, 10).Select(_ => Process(100, 200)).ToArray();
        var taken = 0;
        for (var i = 0; i < 1000; i++)
        {
            if (await processes[i % 10].TakeAsync("key_1") is null) taken++;
        }

        Assert.Equal(200, taken);
        Assert.Null(await processes[0].TakeAsync("key_2"));
    }

    [Fact]
    public async Task Those_who_ask_at_once_in_a_process_get_what_there_is_and_no_more()
    {
        var budget = new CallBudget(
            new RateLimiter(new MemoryDynamoDb(_tables, () => Task.Delay(1)), "control", _clock), _clock, perSecond: 100, burst: 200);

        var answers = await Task.WhenAll(Enumerable.Range(0, 400).Select(_ => Task.Run(() => budget.TakeAsync("key_1"))));

        Assert.Equal(200, answers.Count(wait => wait is null));
    }

    [Fact]
    public async Task A_wait_that_was_told_is_enough()
    {
        var budget = Process(5, 5);
        TimeSpan? wait;
        while ((wait = await budget.TakeAsync("key_1")) is null) { }

        _clock.Advance(wait.Value);
        Assert.Null(await budget.TakeAsync("key_1"));
    }

    [Fact]
    public async Task What_needs_no_key_is_not_counted()
    {
        var api = new TestApi(_clock, calls: Process(1, 1));

        for (var i = 0; i < 5; i++) Assert.Equal(200, (await api.GetAsync("/api/v1/health", key: null)).Status);
        Assert.Equal(200, (await api.GetAsync("/api/v1/carriers")).Status);
        Assert.Equal(429, (await api.GetAsync("/api/v1/carriers")).Status);
    }

    [Fact]
    public void Every_operation_that_needs_a_key_says_that_it_may_be_too_much()
    {
        Assert.All(Routes.Of(TestParts.Unused).Where(route => route.Scope is not null), route => Assert.True(
            Contract.Document.GetProperty("paths").GetProperty(route.Template).GetProperty(route.Method.ToLowerInvariant())
                .GetProperty("responses").TryGetProperty("429", out _),
            $"{route.Method} {route.Template} does not describe 429."));
    }

    private CallBudget Process(double perSecond, int burst) =>
        new(new RateLimiter(new MemoryDynamoDb(_tables, () => Task.CompletedTask), "control", _clock), _clock, perSecond, burst);

    private static async Task<(int Taken, List<Reply> Refused)> CountAsync(TestApi api, int calls)
    {
        var refused = new List<Reply>();
        for (var i = 0; i < calls; i++)
        {
            var reply = await api.GetAsync("/api/v1/carriers");
            if (reply.Status != 200) refused.Add(reply);
        }

        return (calls - refused.Count, refused);
    }
}
