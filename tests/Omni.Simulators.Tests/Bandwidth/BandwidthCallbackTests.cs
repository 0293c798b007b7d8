using System.Net;
using System.Text.Json;
using Microsoft.AspNetCore.Http;

namespace Omni.Simulators.Tests.Bandwidth;

public sealed class BandwidthCallbackTests : IAsyncLifetime
{
    private readonly SimulatedBandwidth _bandwidth = new();

    public Task InitializeAsync() => _bandwidth.InitializeAsync();
    public Task DisposeAsync() => _bandwidth.DisposeAsync();

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task A_challenge_brings_the_credentials(bool firstHasBody)
    {
        var bandwidth = new SimulatedBandwidth { Options = new() { FirstCallHasBody = firstHasBody } };
        await bandwidth.InitializeAsync();
        bandwidth.Answer = Challenge("WWW-Authenticate");

        var answer = await bandwidth.TellAsync("inbound", new { from = "+14155550123", to = "+12065550100", body = "Hi" });
        var (first, second) = (await bandwidth.NextAsync(), await bandwidth.NextAsync());
        await bandwidth.TellAsync("behaviour", new { signWith = "secondary" });
        await bandwidth.TellAsync("inbound", new { from = "+14155550123", to = "+12065550100", body = "Hi" });
        await bandwidth.NextAsync();
        var third = await bandwidth.NextAsync();
        await bandwidth.DisposeAsync();

        Assert.Null(first.Authorization);
        Assert.Equal(firstHasBody ? second.Body : "", first.Body);
        Assert.Equal(SimulatedBandwidth.Basic("simulated-callback-user", "simulated-callback-password").ToString(), second.Authorization);
        Assert.Equal(SimulatedBandwidth.Basic("simulated-callback-user", "simulated-secondary-password").ToString(), third.Authorization);
        Assert.Equal(204, answer.GetProperty("status").GetInt32());
        Assert.Equal(2, answer.GetProperty("attempts").GetInt32());
    }

    [Fact]
    public async Task A_challenge_that_a_gateway_renamed_brings_nothing()
    {
        _bandwidth.Answer = Challenge("x-amzn-Remapped-WWW-Authenticate");
        var answer = await _bandwidth.TellAsync("inbound", new { from = "+14155550123", to = "+12065550100", body = "Hi" });

        Assert.Equal(401, answer.GetProperty("status").GetInt32());
        for (var i = 0; i < 3; i++) Assert.Null((await _bandwidth.NextAsync()).Authorization); // again and again, never with credentials
    }

    [Fact]
    public async Task A_callback_that_was_not_taken_comes_again()
    {
        var answers = new Queue<int>([500, 404, 204]);
        _bandwidth.Answer = (_, response) => response.StatusCode = answers.TryDequeue(out var status) ? status : 204;

        await _bandwidth.TellAsync("inbound", new { from = "+14155550123", to = "+12065550100", body = "Hi" });

        var bodies = new HashSet<string>();
        for (var i = 0; i < 3; i++) bodies.Add((await _bandwidth.NextAsync()).Body);
        Assert.Single(bodies);
    }

    [Fact]
    public async Task An_inbound_message_has_its_files_behind_the_credentials()
    {
        byte[] picture = [0xff, 0xd8, 1, 2, 3];
        await _bandwidth.TellAsync("inbound", new
        {
            from = "+14155550123", to = "+12065550100", body = "look", participants = new[] { "+14155550177" },
            media = new object[]
            {
                new { contentType = "image/jpeg", filename = "my cat.jpg", base64 = Convert.ToBase64String(picture) },
                new { contentType = "application/smil", expired = true }
            },
        });
        var e = (await _bandwidth.NextAsync()).Events.Single()!;
        var (url, gone) = ((string)e["message"]!["media"]![0]!, (string)e["message"]!["media"]![1]!);

        Assert.Equal("in", (string?)e["message"]!["direction"]);
        Assert.Equal("+12065550100", (string?)e["message"]!["owner"]);
        Assert.Equal(2, e["message"]!["to"]!.AsArray().Count);
        Assert.EndsWith("/0/my%20cat.jpg", url, StringComparison.Ordinal);
        using var stranger = new HttpClient();
        using var refused = await stranger.GetAsync(url);
        using var missing = await _bandwidth.Api.GetAsync(gone);
        Assert.Equal(HttpStatusCode.Unauthorized, refused.StatusCode);
        Assert.Equal(HttpStatusCode.NotFound, missing.StatusCode);
        Assert.Equal(picture, await _bandwidth.Api.GetByteArrayAsync(url));
    }

    [Fact]
    public async Task Files_can_be_uploaded_overwritten_and_deleted()
    {
        var url = _bandwidth.Messages.Replace("/messages", "/media/a/b.txt", StringComparison.Ordinal);
        foreach (var text in (string[])["one", "two"])
        {
            using var put = await _bandwidth.Api.PutAsync(url, new StringContent(text));
            Assert.Equal(HttpStatusCode.NoContent, put.StatusCode);
        }

        Assert.Equal("two", await _bandwidth.Api.GetStringAsync(url));
        using var deleted = await _bandwidth.Api.DeleteAsync(url);
        using var gone = await _bandwidth.Api.GetAsync(url);
        Assert.Equal(HttpStatusCode.NotFound, gone.StatusCode);
    }

    [Theory]
    [InlineData("""{"receipts":{"errorCode":4720}}""", "message-failed/4720")]
    [InlineData(
        """{"receipts":{"path":["message-failed","message-delivered"],"errorCode":9902}}""", "message-failed/9902 message-delivered")]
    [InlineData("""{"receipts":{"shuffle":true,"duplicate":1}}""", "message-delivered message-delivered message-sent message-sent")]
    [InlineData("""{"receipts":{"beforeAnswer":true}}""", "message-sent message-delivered")]
    [InlineData("""{"acceptThen":"500"}""", "message-sent message-delivered")]
    public async Task Receipts_go_astray_as_they_are_told(string rule, string expected)
    {
        await _bandwidth.TellAsync("behaviour", JsonSerializer.Deserialize<JsonElement>(rule));
        using var response = await _bandwidth.SendAsync();

        var events = expected.Split(' ');
        Assert.Equal(events, await _bandwidth.NextEventsAsync(events.Length));
    }

    [Theory]
    [InlineData("""{"httpStatus":429,"retryAfterSeconds":7}""", 429, "max-message-queue-size-exceeded", 7)]
    [InlineData("""{"errorCode":"forbidden"}""", 403, "forbidden", null)]
    [InlineData("""{"httpStatus":503}""", 503, "internal-server-error", null)]
    public async Task A_refusal_is_played(string rule, int status, string type, int? retryAfter)
    {
        await _bandwidth.TellAsync("behaviour", JsonSerializer.Deserialize<JsonElement>(rule));
        using var response = await _bandwidth.SendAsync();

        Assert.Equal(status, (int)response.StatusCode);
        Assert.Equal(type, (await SimulatedBandwidth.JsonOf(response)).GetProperty("type").GetString());
        Assert.Equal(retryAfter, (int?)response.Headers.RetryAfter?.Delta?.TotalSeconds);
    }

    [Fact]
    public async Task Stop_is_obeyed_by_the_network_of_a_toll_free_number_alone()
    {
        foreach (var number in (string[])["+12065550100", "+18885550100"])
        {
            await _bandwidth.TellAsync("inbound", new { from = "+14155550123", to = number, body = "Stop" });
            await _bandwidth.NextAsync();
        }

        using var local = await _bandwidth.SendAsync();
        Assert.Equal(["message-sent", "message-delivered"], await _bandwidth.NextEventsAsync(2));
        using var tollFree = await _bandwidth.SendAsync(new { from = "+18885550100" });
        Assert.Equal(["message-failed/4775"], await _bandwidth.NextEventsAsync(1));
    }

    [Fact]
    public async Task Any_callback_can_be_made_and_a_choice_and_a_place_be_sent()
    {
        await _bandwidth.TellAsync("callbacks", new object[] { new { type = "a" }, new { type = "b" } });
        Assert.Equal(2, (await _bandwidth.NextAsync()).Events.Count);

        await _bandwidth.TellAsync(
            "inbound", new { from = "+14155550123", to = "+12065550100", suggestion = new { text = "Yes", postbackData = "yes" } });
        await _bandwidth.TellAsync(
            "inbound", new { from = "+14155550123", to = "+12065550100", location = new { latitude = 1.5, longitude = 2 } });
        Assert.Equal(["suggestion-response", "requested-location-response"], await _bandwidth.NextEventsAsync(2));
    }

    private static Action<BandwidthCall, HttpResponse> Challenge(string header) => (call, response) =>
    {
        response.StatusCode = call.Authorization is null ? 401 : 204;
        if (call.Authorization is null) response.Headers[header] = "Basic realm=\"Omni\"";
    };
}
