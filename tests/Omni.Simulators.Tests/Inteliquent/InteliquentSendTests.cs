using System.Net;
using System.Net.Http.Headers;
using System.Net.Http.Json;
using System.Text.Json;
using System.Text.Json.Nodes;

namespace Omni.Simulators.Tests.Inteliquent;

public sealed class InteliquentSendTests : IAsyncLifetime
{
    private readonly SimulatedInteliquent _broker = new();

    public Task InitializeAsync() => _broker.InitializeAsync();
    public Task DisposeAsync() => _broker.DisposeAsync();

    [Fact]
    public async Task A_message_that_is_taken_is_answered_as_the_description_says_and_counted_once()
    {
        using var response = await _broker.SendAsync();

        Assert.Equal(HttpStatusCode.OK, response.StatusCode);
        var answer = await SimulatedInteliquent.JsonOf(response);
        var result = answer.GetProperty("result");
        Assert.True(answer.GetProperty("success").GetBoolean());
        Assert.Equal(("SUCCESS", "SMS", "Hello"), (
            answer.GetProperty("reason").GetString(),
            result.GetProperty("messageType").GetString(),
            result.GetProperty("text").GetString()));
        Assert.Equal("""[{"to":"14155550123","status":"SUCCESS"}]""", result.GetProperty("resultResponses").GetRawText());

        var taken = Assert.Single((await _broker.Control.GetFromJsonAsync<JsonElement[]>("messages?to=%2B14155550123"))!);
        Assert.Equal(result.GetProperty("referenceId").GetString(), taken.GetProperty("referenceId").GetString());
        Assert.Empty((await _broker.Control.GetFromJsonAsync<JsonElement[]>("messages?to=%2B14155550124"))!);
    }

    [Theory]
    [InlineData("""{"from":null}""")]
    [InlineData("""{"from":12065550100}""")]
    [InlineData("""{"from":"+12065550100"}""")]
    [InlineData("""{"to":null}""")]
    [InlineData("""{"to":[]}""")]
    [InlineData("""{"to":"14155550123"}""")]
    [InlineData("""{"to":["+14155550123"]}""")]
    [InlineData("""{"to":["4155550123"]}""")]
    [InlineData("""{"to":["447700900123"]}""")]
    [InlineData("""{"text":null}""")]
    [InlineData("""{"text":""}""")]
    [InlineData("""{"text":42}""")]
    [InlineData("""{"mediaUrls":"https://files.example.com/1.png"}""")]
    [InlineData("""{"mediaUrls":["files/1.png"]}""")]
    public async Task A_wrong_call_is_a_user_error(string change)
    {
        using var response = await _broker.SendAsync(JsonNode.Parse(change)!.AsObject());

        Assert.Equal(HttpStatusCode.RequestTimeout, response.StatusCode);
        Assert.Equal("408", (await SimulatedInteliquent.JsonOf(response)).GetProperty("statusCode").GetString());
        Assert.Single((await _broker.Control.GetFromJsonAsync<JsonElement[]>("refused"))!);
        Assert.Empty((await _broker.Control.GetFromJsonAsync<JsonElement[]>("messages"))!);
    }

    [Theory]
    [InlineData(160, 'a', HttpStatusCode.OK)]
    [InlineData(161, 'a', HttpStatusCode.RequestTimeout)]
    [InlineData(70, '你', HttpStatusCode.OK)]
    [InlineData(71, '你', HttpStatusCode.RequestTimeout)]
    public async Task A_text_is_one_sms(int length, char of, HttpStatusCode status)
    {
        using var response = await _broker.SendAsync(new() { ["text"] = new string(of, length) });
        Assert.Equal(status, response.StatusCode);
    }

    [Fact]
    public async Task Media_make_it_an_mms()
    {
        using var response = await _broker.SendAsync(
            new() { ["text"] = null, ["mediaUrls"] = new JsonArray("https://files.example.com/1.png") });
        Assert.Equal("MMS", (await SimulatedInteliquent.JsonOf(response)).GetProperty("result").GetProperty("messageType").GetString());
    }

    [Theory]
    [InlineData("""{"from":"12025550148"}""", "FAILED")]
    [InlineData("""{"to":["15005550001"]}""", "INVALID_NUMBER")]
    public async Task A_message_that_is_not_taken_is_refused_inside_a_200(string change, string reason)
    {
        using var response = await _broker.SendAsync(JsonNode.Parse(change)!.AsObject());

        var answer = await SimulatedInteliquent.JsonOf(response);
        Assert.Equal(
            (HttpStatusCode.OK, false, reason),
            (response.StatusCode, answer.GetProperty("success").GetBoolean(), answer.GetProperty("reason").GetString()));
        Assert.False(answer.TryGetProperty("result", out _));
    }

    [Fact]
    public async Task A_recipient_can_be_refused_in_a_call_that_is_taken()
    {
        using var response = await _broker.SendAsync(new() { ["to"] = new JsonArray("15005550002") });

        var answer = await SimulatedInteliquent.JsonOf(response);
        Assert.True(answer.GetProperty("success").GetBoolean());
        Assert.Equal("FAILED", answer.GetProperty("result").GetProperty("resultResponses")[0].GetProperty("status").GetString());
        Assert.Empty((await _broker.Control.GetFromJsonAsync<JsonElement[]>("messages"))!);
    }

    [Theory]
    [InlineData(null)]
    [InlineData("Bearer wrong")]
    [InlineData("Basic simulated-api-key")]
    public async Task Without_the_outbound_key_nothing_is_taken(string? authorization)
    {
        _broker.Api.DefaultRequestHeaders.Authorization = authorization is null ? null : AuthenticationHeaderValue.Parse(authorization);
        using var response = await _broker.SendAsync();
        Assert.Equal(HttpStatusCode.Unauthorized, response.StatusCode);
    }

    [Theory]
    [InlineData("""{"times":1,"errorCode":"431"}""", 431, "application/json", "\"statusCode\":\"431\"")]
    [InlineData("""{"times":1,"errorCode":"401001"}""", 401, "application/json", "\"statusCode\":\"401001\"")]
    [InlineData("""{"times":1,"errorCode":"900901"}""", 401, "application/xml", "<ams:code>900901</ams:code>")]
    [InlineData("""{"times":1,"errorCode":"BLOCKED"}""", 200, "application/json", "\"reason\":\"BLOCKED\"")]
    [InlineData("""{"times":1,"httpStatus":503}""", 503, "text/html", "<h1>503</h1>")]
    [InlineData("""{"times":1,"httpStatus":408}""", 408, "text/html", "<h1>408</h1>")]
    public async Task It_misbehaves_as_it_is_told_and_then_behaves(string rule, int status, string type, string piece)
    {
        await _broker.TellAsync("behaviour", JsonNode.Parse(rule)!);

        using var refused = await _broker.SendAsync();
        Assert.Equal((status, type), ((int)refused.StatusCode, refused.Content.Headers.ContentType?.MediaType));
        Assert.Contains(piece, await refused.Content.ReadAsStringAsync(), StringComparison.Ordinal);

        using var taken = await _broker.SendAsync();
        Assert.True((await SimulatedInteliquent.JsonOf(taken)).GetProperty("success").GetBoolean());
    }

    [Fact]
    public async Task A_throttled_call_says_how_long_to_wait_and_a_number_has_its_rate()
    {
        await _broker.TellAsync("behaviour", new { times = 1, httpStatus = 429, retryAfterSeconds = 7 });
        using var told = await _broker.SendAsync();
        Assert.Equal((HttpStatusCode.TooManyRequests, TimeSpan.FromSeconds(7)), (told.StatusCode, told.Headers.RetryAfter?.Delta));

        await _broker.TellAsync("rate", new { perSecond = 0, burst = 1 });
        using var first = await _broker.SendAsync();
        using var second = await _broker.SendAsync();
        Assert.Equal((HttpStatusCode.OK, HttpStatusCode.TooManyRequests), (first.StatusCode, second.StatusCode));
    }

    [Fact]
    public async Task A_lost_answer_leaves_a_message_that_was_taken()
    {
        await _broker.TellAsync("behaviour", new { times = 1, acceptThen = "reset" });

        await Assert.ThrowsAsync<HttpRequestException>(() => _broker.SendAsync());

        Assert.Contains("stat:DELIVRD", (await _broker.NextAsync()).Text, StringComparison.Ordinal);
        Assert.Equal(
            "reset", Assert.Single((await _broker.Control.GetFromJsonAsync<JsonElement[]>("messages"))!).GetProperty("answer").GetString());
    }
}
