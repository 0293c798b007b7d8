using System.Net.Http.Json;
using System.Text.Json;

namespace Omni.Simulators.Tests.Twilio;

public sealed class TwilioBehaviourTests : IAsyncLifetime
{
    private readonly SimulatedTwilio _twilio = new();

    public Task InitializeAsync() => _twilio.InitializeAsync();
    public Task DisposeAsync() => _twilio.DisposeAsync();

    [Theory]
    [InlineData("""{"httpStatus":429,"retryAfterSeconds":7}""", 429, 20429, 7)]
    [InlineData("""{"httpStatus":429}""", 429, 20429, null)]
    [InlineData("""{"errorCode":21611}""", 429, 21611, null)]
    [InlineData("""{"errorCode":"21610"}""", 400, 21610, null)]
    [InlineData("""{"errorCode":30002,"httpStatus":403}""", 403, 30002, null)]
    [InlineData("""{"httpStatus":401}""", 401, 20003, null)]
    [InlineData("""{"httpStatus":500}""", 500, 20500, null)]
    [InlineData("""{"httpStatus":503}""", 503, 20503, null)]
    public async Task A_refusal_is_played(string rule, int status, int code, int? retryAfter)
    {
        await _twilio.BehaveAsync(JsonSerializer.Deserialize<JsonElement>(rule));
        using var response = await _twilio.SendAsync();

        Assert.Equal(status, (int)response.StatusCode);
        Assert.Equal(code, await SimulatedTwilio.CodeOf(response));
        Assert.Equal(retryAfter, (int?)response.Headers.RetryAfter?.Delta?.TotalSeconds);
        Assert.Empty(await _twilio.AcceptedAsync());
    }

    [Fact]
    public async Task A_gateway_knows_no_JSON()
    {
        await _twilio.BehaveAsync(new { httpStatus = 502 });
        using var response = await _twilio.SendAsync();
        Assert.Equal("text/html", response.Content.Headers.ContentType?.MediaType);
    }

    [Fact]
    public async Task Rules_with_a_share_take_what_falls_to_them_and_leave_the_rest()
    {
        await _twilio.BehaveAsync(new { percent = 30, httpStatus = 500 });
        await _twilio.BehaveAsync(new { percent = 40, httpStatus = 429 });
        var answers = new List<int>();
        for (var i = 0; i < 80; i++)
        {
            using var response = await _twilio.SendAsync();
            answers.Add((int)response.StatusCode);
        }

        Assert.Equal([201, 429, 500], answers.Distinct().Order());
    }

    [Fact]
    public async Task Shares_do_not_overlap()
    {
        await _twilio.BehaveAsync(new { percent = 50, httpStatus = 500 });
        await _twilio.BehaveAsync(new { percent = 50, httpStatus = 500 });
        await SendsAreAnsweredAsync([.. Enumerable.Repeat(500, 40)]);
    }

    [Fact]
    public async Task Counted_rules_go_before_standing_ones_and_are_used_up()
    {
        await _twilio.BehaveAsync(new { httpStatus = 500 });
        await _twilio.BehaveAsync(new { httpStatus = 429, times = 2 });
        await SendsAreAnsweredAsync(429, 429, 500, 500);

        using var cleared = await _twilio.Control.DeleteAsync("behaviour");
        await SendsAreAnsweredAsync(201);
    }

    [Theory]
    [InlineData("""{"to":"+14155550123"}""", 500)]
    [InlineData("""{"to":"+14155550199"}""", 201)]
    [InlineData("""{"from":"+12065550100"}""", 500)]
    [InlineData("""{"from":"+12065550101"}""", 201)]
    [InlineData("""{"bodyContains":"ell"}""", 500)]
    [InlineData("""{"bodyContains":"Ell"}""", 201)]
    [InlineData("""{"to":"+14155550123","bodyContains":"other"}""", 201)]
    public async Task A_rule_holds_for_what_it_matches(string match, int status)
    {
        await _twilio.BehaveAsync(new { httpStatus = 500, match = JsonSerializer.Deserialize<JsonElement>(match) });
        await SendsAreAnsweredAsync(status);
    }

    [Fact]
    public async Task Accepted_and_never_answered()
    {
        await _twilio.BehaveAsync(new { acceptThen = "timeout" });
        using var patience = new CancellationTokenSource();
        var send = _twilio.SendAsync(patience.Token);

        Assert.Equal(["sent", "delivered"], await _twilio.Webhooks.NextStatusesAsync(2));
        Assert.False(send.IsCompleted);
        await patience.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => send);
        Assert.Equal("timeout", Assert.Single(await _twilio.AcceptedAsync()).GetProperty("answer").GetString());
    }

    [Fact]
    public async Task Accepted_and_the_connection_reset()
    {
        await _twilio.BehaveAsync(new { acceptThen = "reset" });
        await Assert.ThrowsAsync<HttpRequestException>(() => _twilio.SendAsync());
        Assert.Single(await _twilio.AcceptedAsync());
    }

    [Fact]
    public async Task Accepted_and_answered_500()
    {
        await _twilio.BehaveAsync(new { acceptThen = "500" });
        using var response = await _twilio.SendAsync();
        Assert.Equal(500, (int)response.StatusCode);
        Assert.Equal(20500, await SimulatedTwilio.CodeOf(response));
        Assert.Single(await _twilio.AcceptedAsync());
    }

    [Theory]
    [InlineData("""{"path":["delivered"]}""", "delivered")]
    [InlineData("""{"path":["sending","sent","undelivered"],"errorCode":30006}""", "sending sent undelivered/30006")]
    [InlineData("""{"path":["failed"]}""", "failed/30008")]
    [InlineData("""{"errorCode":"30004"}""", "sent undelivered/30004")]
    [InlineData("""{"duplicate":1}""", "sent sent delivered delivered")]
    [InlineData("""{"shuffle":true}""", "delivered sent")]
    [InlineData("""{"shuffle":true,"duplicate":1}""", "delivered delivered sent sent")]
    [InlineData("""{"delayMs":0}""", "sent delivered")]
    public async Task Receipts_go_astray(string receipts, string expected)
    {
        await _twilio.BehaveAsync(new { receipts = JsonSerializer.Deserialize<JsonElement>(receipts) });
        using var response = await _twilio.SendAsync();

        foreach (var item in expected.Split(' '))
        {
            var form = (await _twilio.Webhooks.NextAsync()).Form;
            Assert.Equal(item, form.TryGetValue("ErrorCode", out var code) ? $"{form["MessageStatus"]}/{code}" : form["MessageStatus"]);
        }
    }

    [Fact]
    public async Task Out_of_order_receipts_leave_the_message_where_it_arrived()
    {
        await _twilio.BehaveAsync(new { receipts = new { shuffle = true, beforeAnswer = true } });
        using var response = await _twilio.SendAsync();
        Assert.Equal("delivered", Assert.Single(await _twilio.AcceptedAsync()).GetProperty("status").GetString());
    }

    [Fact]
    public async Task Receipts_can_overtake_the_answer()
    {
        await _twilio.BehaveAsync(new { receipts = new { beforeAnswer = true } });
        using var response = await _twilio.SendAsync();

        Assert.Equal(2, _twilio.Webhooks.Waiting);
        Assert.Equal("queued", (await SimulatedTwilio.JsonOf(response)).GetProperty("status").GetString());
    }

    [Fact]
    public async Task Lost_receipts_leave_a_delivered_message_behind()
    {
        await _twilio.BehaveAsync(new { receipts = new { lost = true, beforeAnswer = true } });
        using var response = await _twilio.SendAsync();

        Assert.Equal("delivered", Assert.Single(await _twilio.AcceptedAsync()).GetProperty("status").GetString());
        Assert.Equal(0, _twilio.Webhooks.Waiting);
    }

    [Theory]
    [InlineData("""{"httpstatuss":500}""")]
    [InlineData("""{"httpStatus":200}""")]
    [InlineData("""{"times":0}""")]
    [InlineData("""{"acceptThen":"explode"}""")]
    [InlineData("""{"acceptThen":"reset","httpStatus":500}""")]
    [InlineData("""{"receipts":{"path":[]}}""")]
    [InlineData("""{"receipts":{"delayMs":-1}}""")]
    [InlineData("null")]
    [InlineData("nonsense")]
    public async Task A_rule_that_makes_no_sense_is_refused(string rule)
    {
        using var response = await _twilio.Control.PostAsync("behaviour", new StringContent(rule));
        Assert.Equal(400, (int)response.StatusCode);
        await SendsAreAnsweredAsync(201);
    }

    [Fact]
    public async Task Rules_in_force_can_be_read()
    {
        await _twilio.BehaveAsync(new { acceptThen = "500", times = 2, match = new { to = "+14155550123" } });
        await SendsAreAnsweredAsync(500);

        var behaviour = await _twilio.Control.GetFromJsonAsync<JsonElement>("behaviour");
        var rule = Assert.Single(behaviour.GetProperty("rules").EnumerateArray());
        Assert.Equal(1, rule.GetProperty("times").GetInt32());
        Assert.Equal("500", rule.GetProperty("acceptThen").GetString());
    }

    private async Task SendsAreAnsweredAsync(params int[] statuses)
    {
        foreach (var status in statuses)
        {
            using var response = await _twilio.SendAsync();
            Assert.Equal(status, (int)response.StatusCode);
        }
    }
}
