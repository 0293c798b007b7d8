using System.Text.Json;
using Omni.Aws;
using Omni.Shared;

namespace Omni.Api.Tests;

/// <summary>The operator's switch of a carrier.</summary>
public sealed class PauseTests
{
    private const string Twilio = "/api/v1/carriers/twilio";

    private readonly TestApi _api = new();

    [Fact]
    public async Task A_paused_carrier_shows_who_paused_it_why_and_until_when()
    {
        var paused = await PauseAsync(new { reason = "Twice", until = "2026-03-14T14:00:00Z" });
        Assert.Equal(200, paused.Status);

        var status = await _api.GetAsync(Twilio + "/status");

        Assert.Equal("paused", status["state"]);
        Assert.Equal(paused["paused"], status["paused"]);
        Assert.Equal(
            """{"reason":"Twice","by":"key_1","since":"2026-03-14T12:00:00.123Z","until":"2026-03-14T14:00:00.000Z"}""", status["paused"]);
        Assert.Equal("ok", (await _api.GetAsync("/api/v1/carriers/bandwidth/status"))["state"]);
    }

    [Fact]
    public async Task It_ends_when_it_is_resumed_and_by_itself()
    {
        await PauseAsync(new { reason = "Once" });
        Assert.Null((await _api.CallAsync("POST", Twilio + "/resume"))["paused"]);
        Assert.Null((await _api.CallAsync("POST", Twilio + "/resume"))["paused"]); // and again
        Assert.Equal("ok", (await _api.GetAsync(Twilio + "/status"))["state"]);

        await PauseAsync(new { reason = "Again", until = "2026-03-14T13:00:00Z" });
        Assert.Equal("paused", (await _api.GetAsync(Twilio + "/status"))["state"]);
        _api.Clock.Advance(TimeSpan.FromHours(1));
        Assert.Equal("ok", (await _api.GetAsync(Twilio + "/status"))["state"]);
    }

    [Fact]
    public async Task Asked_again_it_is_paused_since_then_for_the_newest_reason_and_one_that_ended_begins_anew()
    {
        await PauseAsync(new { reason = "First", until = "2026-03-14T13:00:00Z" });
        _api.Clock.Advance(TimeSpan.FromMinutes(30));

        var again = (await PauseAsync(new { reason = "Second" })).Json.GetProperty("paused");
        Assert.Equal(
            ("Second", "2026-03-14T12:00:00.123Z", false),
            (again.GetProperty("reason").GetString(), again.GetProperty("since").GetString(), again.TryGetProperty("until", out _)));

        await PauseAsync(new { reason = "Third", until = "2026-03-14T12:40:00Z" });
        _api.Clock.Advance(TimeSpan.FromMinutes(30));
        var anew = (await PauseAsync(new { reason = "Fourth" })).Json.GetProperty("paused");
        Assert.Equal("2026-03-14T13:00:00.123Z", anew.GetProperty("since").GetString());

        await _api.CallAsync("POST", Twilio + "/resume");
        _api.Clock.Advance(TimeSpan.FromMinutes(1));
        var resumed = (await PauseAsync(new { reason = "Fifth" })).Json.GetProperty("paused");
        Assert.Equal("2026-03-14T13:01:00.123Z", resumed.GetProperty("since").GetString());
    }

    [Theory]
    [InlineData("""{}""", "reason required")]
    [InlineData("""{"reason":""}""", "reason invalid_length")]
    [InlineData("""{"reason":"x","until":"2026-03-14T11:00:00Z"}""", "until not_in_future")]
    [InlineData("""{"reason":"x","until":"soon"}""", "until invalid_value")]
    [InlineData("""{"reason":"x","for":3}""", "for unknown_field")]
    [InlineData("""[]""", "$ wrong_type")]
    public async Task What_is_wrong_is_refused_and_named(string body, string error)
    {
        var reply = await _api.CallAsync("POST", Twilio + "/pause", body: body);

        Assert.Equal((400, "invalid_request"), (reply.Status, reply["code"]));
        Assert.Equal(error, Assert.Single(reply.Errors));
        Assert.Equal("ok", (await _api.GetAsync(Twilio + "/status"))["state"]);
    }

    [Theory]
    [InlineData("nobody", 404, "carrier_not_found")]
    [InlineData("inteliquent", 422, "carrier_not_available")] // of which this stage has no functions
    public async Task A_carrier_that_is_not_there_cannot_be_paused(string carrier, int status, string code)
    {
        foreach (var path in (string[])[$"/api/v1/carriers/{carrier}/pause", $"/api/v1/carriers/{carrier}/resume"])
        {
            var reply = await _api.CallAsync("POST", path, body: """{"reason":"x"}""");
            Assert.Equal((status, code), (reply.Status, reply["code"]));
        }
    }

    [Fact]
    public async Task A_paused_sender_is_not_the_carrier()
    {
        var sender = Address.Phone("+12065550100");
        await _api.Endpoints.Pauses.PauseAsync("twilio", sender, new("Its owner asked for it", "key_1", TestApi.Noon, null));

        Assert.Equal("ok", (await _api.GetAsync(Twilio + "/status"))["state"]);
        var pauses = await _api.Endpoints.Pauses.FindAsync("twilio");
        Assert.Equal("Its owner asked for it", pauses.Of(sender, TestApi.Noon)?.Reason);
        Assert.Null(pauses.Of(Address.Phone("+12065550101"), TestApi.Noon));
    }

    [Theory]
    [InlineData(0, null, 5)]
    [InlineData(40, null, 10)]
    [InlineData(86_400, null, 360)]
    [InlineData(40, 3, 3)]
    public void Who_waits_looks_soon_after_a_short_pause_and_seldom_during_a_long_one(int secondsSince, int? secondsLeft, int looksAfter)
    {
        var pause = new Pause("x", "key_1", TestApi.Noon.AddSeconds(-secondsSince), TestApi.Noon.AddSeconds(secondsLeft ?? 99_999));

        Assert.Equal(TimeSpan.FromSeconds(looksAfter), pause.LookAfter(TestApi.Noon));
    }

    private Task<Reply> PauseAsync(object body) => _api.CallAsync("POST", Twilio + "/pause", body: JsonSerializer.Serialize(body));
}
