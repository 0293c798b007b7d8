using System.Net;

namespace Omni.Client.Tests;

/// <summary>What is done again by itself, and what is not.</summary>
public sealed class RepeatTests
{
    private static readonly SendRequest Hello =
        new() { Carrier = CarrierId.Twilio, To = "+14155550123", From = "+12065550100", Text = "Hello" };

    private static readonly Func<HttpResponseMessage> Taken = StubApi.Json(202, """
        {"id":"msg_1","status":"accepted","carrier":"twilio","to":"+14155550123","from":"+12065550100","priority":"normal",
         "createdAt":"2026-01-31T08:00:00.000Z","parts":[{"index":0,"segments":1}],"conversationId":"ses_1",
         "links":{"self":"/a","status":"/b","timeline":"/c"}}
        """);

    public static TheoryData<string, Func<HttpResponseMessage>, bool> Faults() => new()
    {
        { "429", StubApi.Problem(429, "too_many_calls", ("Retry-After", "1")), true },
        { "503", StubApi.Problem(503, "busy"), true },
        { "gateway", StubApi.Json(500, """{"message":"Internal Server Error"}"""), true },
        { "lost", StubApi.Lost(), true },
        { "time-out", () => throw new TaskCanceledException("It took too long."), true },
        { "in progress", StubApi.Problem(409, "request_in_progress"), true },
        { "400", StubApi.Problem(400, "invalid_request"), false },
        { "401", StubApi.Problem(401, "unauthorized"), false },
        { "too late", StubApi.Problem(409, "too_late"), false },
        { "422", StubApi.Problem(422, "not_carried"), false },
    };

    [Theory, MemberData(nameof(Faults))]
    public async Task A_send_is_repeated_under_one_key_where_that_may_help(string name, Func<HttpResponseMessage> fault, bool repeats)
    {
        var api = new StubApi(fault, fault, Taken);
        using var omni = api.NewClient();

        if (repeats) Assert.Equal("msg_1", (await omni.Messages.SendAsync(Hello)).Id);
        else await Assert.ThrowsAsync<OmniException>(() => omni.Messages.SendAsync(Hello));

        Assert.True(api.Calls.Count == (repeats ? 3 : 1), name);
        Assert.NotEmpty(Assert.Single(api.Calls.Select(call => call.IdempotencyKey).Distinct())!);
        Assert.Single(api.Calls.Select(call => call.Body).Distinct());
    }

    [Fact]
    public async Task Two_sends_have_two_keys_and_your_own_key_is_taken()
    {
        var api = new StubApi(Taken);
        using var omni = api.NewClient();

        await omni.Messages.SendAsync(Hello);
        await omni.Messages.SendAsync(Hello);
        await omni.Messages.SendAsync(Hello, "order-42");

        Assert.Equal(3, api.Calls.Select(call => call.IdempotencyKey).Distinct().Count());
        Assert.Equal("order-42", api.Calls[2].IdempotencyKey);
    }

    [Theory]
    [InlineData(429, "too_many_calls", 4)] // it says that nothing was done
    [InlineData(503, "busy", 1)]
    public async Task A_key_is_not_made_twice(int status, string code, int calls)
    {
        var api = new StubApi(StubApi.Problem(status, code));
        using var omni = api.NewClient();

        await Assert.ThrowsAsync<OmniException>(() => omni.Keys.CreateAsync(new() { Name = "n", Scopes = [] }));

        Assert.Equal(calls, api.Calls.Count);
    }

    [Theory]
    [InlineData("7", 4, 21)]
    [InlineData("61", 1, 0)] // whoever waits for an answer would rather hear of it
    public async Task What_the_API_asks_to_wait_is_waited(string retryAfter, int calls, int seconds)
    {
        var (api, clock) = (new StubApi(StubApi.Problem(503, "busy", ("Retry-After", retryAfter))), new Omni.Testing.VirtualClock());
        using var omni = api.NewClient(clock);
        var begun = clock.GetUtcNow();

        var problem = await Assert.ThrowsAsync<OmniException>(() => omni.Messages.GetAsync("msg_1"));

        Assert.Equal((calls, TimeSpan.FromSeconds(seconds)), (api.Calls.Count, clock.GetUtcNow() - begun));
        Assert.Equal(TimeSpan.FromSeconds(int.Parse(retryAfter)), problem.RetryAfter);
    }

    [Fact]
    public async Task A_refusal_says_all_that_the_API_says()
    {
        using var omni = new StubApi(StubApi.Problem(400, "invalid_request")).NewClient();

        var problem = await Assert.ThrowsAsync<OmniException>(() => omni.Messages.SendAsync(Hello));

        Assert.Equal(
            ("invalid_request", "It is so.", "r-1", HttpStatusCode.BadRequest, false),
            (problem.Code, problem.Message, problem.RequestId, problem.Status, problem.IsRetryable));
        Assert.Equal(new FieldError { Field = "to", Code = "required", Detail = "It is required." }, Assert.Single(problem.Errors));
    }

    [Fact]
    public async Task A_call_that_is_given_up_is_not_a_lost_answer()
    {
        using var stop = new CancellationTokenSource();
        var api = new StubApi(() =>
        {
            stop.Cancel();
            throw new TaskCanceledException();
        });
        using var omni = api.NewClient();

        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => omni.Messages.GetAsync("msg_1", stop.Token));

        Assert.Single(api.Calls);
    }

    [Theory]
    [InlineData("""{"message":"Service Unavailable"}""")]
    [InlineData("<html>")]
    public async Task What_is_no_answer_of_the_API_has_a_code_too(string body)
    {
        using var omni = new StubApi(StubApi.Json(200, body)).NewClient();

        Assert.Equal(OmniException.UnreadableCode, (await Assert.ThrowsAsync<OmniException>(() => omni.Messages.GetAsync("msg_1"))).Code);
    }

    [Fact]
    public async Task Ill_health_is_an_answer()
    {
        var api = new StubApi(StubApi.Json(
            503, """{"status":"failing","version":"1","time":"2026-01-31T08:00:00Z","checks":[{"name":"messages","status":"failing"}]}"""));
        using var omni = api.NewClient();

        Assert.Equal("failing", (await omni.GetHealthAsync(deep: true)).Status);
        Assert.Single(api.Calls);
    }
}
