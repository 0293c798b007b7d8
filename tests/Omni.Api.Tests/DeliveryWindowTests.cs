using System.Text.Json;

namespace Omni.Api.Tests;

/// <summary>It is Saturday, 2026-03-14, 12:00:00.123 in UTC.</summary>
public sealed class DeliveryWindowTests
{
    private readonly TestApi _api = new();

    /// <summary>A window, what else the request has, and when it is sent: null for at once.</summary>
    [Theory]
    [InlineData("""{"from":"09:00","to":"18:00","timeZone":"UTC"}""", null, null)]
    [InlineData("""{"from":"09:00","to":"12:00","timeZone":"UTC"}""", null, "2026-03-15T09:00:00.000Z")]
    [InlineData("""{"days":["mon"],"from":"09:00","to":"18:00","timeZone":"Europe/Berlin"}""", null, "2026-03-16T08:00:00.000Z")]
    [InlineData("""{"from":"09:00","to":"18:00","timeZone":"recipient"}""", null, "2026-03-14T16:00:00.000Z")]
    [InlineData("""{"from":"09:00","to":"18:00","timeZone":"UTC"}""", "2026-03-14T17:00:00Z", "2026-03-14T17:00:00.000Z")]
    [InlineData("""{"from":"09:00","to":"18:00","timeZone":"UTC"}""", "2026-03-14T20:00:00Z", "2026-03-15T09:00:00.000Z")]
    public async Task A_message_is_scheduled_for_the_opening(string window, string? scheduledAt, string? expected)
    {
        var sent = await _api.SendAsync(With(window, scheduledAt));

        Assert.Equal(
            (202, expected is null ? "accepted" : "scheduled", expected), (sent.Status, sent["status"], sent["scheduledAt"]));
        var record = (await _api.Messages.FindAsync(sent["id"]!))!;
        Assert.Equal(record.State.DueAt, record.Message.ScheduledAt);
        Assert.Equal((record.Message.ScheduledAt ?? TestApi.Noon).AddHours(4), record.Message.Deadline);
        var validated = await ValidateAsync(With(window, scheduledAt));
        Assert.Equal(
            ("True", expected),
            (validated["valid"],
                validated.Json.GetProperty("message").TryGetProperty("scheduledAt", out var told) ? told.GetString() : null));
    }

    [Fact]
    public async Task The_window_is_shown_with_its_days_in_order()
    {
        var sent = await _api.SendAsync(With("""{"days":["fri","mon","fri"],"from":"09:00","to":"24:00","timeZone":"UTC"}"""));

        Assert.Equal(
            """{"days":["mon","fri"],"from":"09:00","to":"24:00","timeZone":"UTC"}""",
            (await _api.GetAsync($"/api/v1/messages/{sent["id"]}"))["deliveryWindow"]);
    }

    [Theory]
    [InlineData("""{}""", "deliveryWindow.from required", "deliveryWindow.to required", "deliveryWindow.timeZone required")]
    [InlineData("""{"from":"9","to":"18:00","timeZone":"UTC"}""", "deliveryWindow.from invalid_value")]
    [InlineData("""{"from":"09:00","to":"24:30","timeZone":"UTC"}""", "deliveryWindow.to invalid_value")]
    [InlineData("""{"from":"18:00","to":"09:00","timeZone":"UTC"}""", "deliveryWindow.to out_of_range")]
    [InlineData("""{"from":"09:00","to":"09:00","timeZone":"UTC"}""", "deliveryWindow.to out_of_range")]
    [InlineData("""{"from":"09:00","to":"18:00","timeZone":"Europe/Atlantis"}""", "deliveryWindow.timeZone invalid_value")]
    [InlineData("""{"days":[],"from":"09:00","to":"18:00","timeZone":"UTC"}""", "deliveryWindow.days invalid_length")]
    [InlineData("""{"days":["mon","someday"],"from":"09:00","to":"18:00","timeZone":"UTC"}""", "deliveryWindow.days[1] invalid_value")]
    [InlineData("""{"days":"mon","from":"09:00","to":"18:00","timeZone":"UTC"}""", "deliveryWindow.days wrong_type")]
    [InlineData("""{"from":"09:00","to":"18:00","timeZone":"UTC","zone":"UTC"}""", "deliveryWindow.zone unknown_field")]
    [InlineData("\"always\"", "deliveryWindow wrong_type")]
    public async Task A_window_that_is_none_is_refused(string window, params string[] errors)
    {
        var reply = await _api.SendAsync(With(window));

        Assert.Equal((400, "invalid_request"), (reply.Status, reply["code"]));
        Assert.Equal(errors, reply.Errors);
    }

    [Theory]
    [InlineData("""{"to":"+18005550123"}""", "deliveryWindow never_open")]
    [InlineData("""{"carrier":"livechat","to":"PJ0MRSHTDG","from":"12345678"}""", "deliveryWindow.timeZone unknown_zone")]
    public async Task A_window_that_never_opens_is_refused(string change, string error)
    {
        var request = JsonSerializer.Deserialize<Dictionary<string, object>>(change)!;
        request["deliveryWindow"] = JsonDocument.Parse("""{"from":"09:00","to":"18:00","timeZone":"recipient"}""").RootElement;

        var reply = await _api.SendAsync(request);
        var validated = await ValidateAsync(request);

        Assert.Equal((422, "never_open"), (reply.Status, reply["code"]));
        Assert.Equal([error], reply.Errors);
        Assert.Equal("never_open", validated.Json.GetProperty("problem").GetProperty("code").GetString());
    }

    [Fact]
    public async Task An_opening_beyond_the_furthest_schedule_is_refused()
    {
        var reply = await _api.SendAsync(With("""{"days":["fri"],"from":"09:00","to":"18:00","timeZone":"UTC"}""", "2026-04-18T12:00:00Z"));

        Assert.Equal(["deliveryWindow too_far"], reply.Errors);
    }

    [Fact]
    public async Task A_message_that_is_sent_again_waits_for_its_window_too()
    {
        var sent = await _api.SendAsync(With("""{"days":["sun"],"from":"09:00","to":"18:00","timeZone":"UTC"}"""));
        await _api.CallAsync("POST", $"/api/v1/messages/{sent["id"]}/cancel", TestApi.Key);
        _api.Clock.Advance(TimeSpan.FromDays(2));

        var again = await _api.CallAsync("POST", $"/api/v1/messages/{sent["id"]}/resend", TestApi.Key);

        Assert.Equal((202, "scheduled", "2026-03-22T09:00:00.000Z"), (again.Status, again["status"], again["scheduledAt"]));
    }

    private Task<Reply> ValidateAsync(object changes) =>
        _api.CallAsync("POST", "/api/v1/messages/validate", TestApi.Key, TestApi.Body(changes));

    private static Dictionary<string, object> With(string window, string? scheduledAt = null)
    {
        var changes = new Dictionary<string, object> { ["deliveryWindow"] = JsonDocument.Parse(window).RootElement };
        if (scheduledAt is not null) changes["scheduledAt"] = scheduledAt;
        return changes;
    }
}
