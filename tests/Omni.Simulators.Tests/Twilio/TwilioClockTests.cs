using System.Globalization;
using System.Net;
using Microsoft.Extensions.Time.Testing;

namespace Omni.Simulators.Tests.Twilio;

/// <summary>What depends on the time, on a clock that only the test moves. Receipts follow at once.</summary>
public sealed class TwilioClockTests : IAsyncLifetime
{
    private readonly FakeTimeProvider _clock = new();
    private readonly SimulatedTwilio _twilio;

    public TwilioClockTests() => _twilio = new SimulatedTwilio { Clock = _clock, ReceiptDelay = TimeSpan.Zero };

    public Task InitializeAsync() => _twilio.InitializeAsync();
    public Task DisposeAsync() => _twilio.DisposeAsync();

    [Fact]
    public async Task A_scheduled_message_goes_when_its_time_comes()
    {
        await ScheduleAsync(TimeSpan.FromHours(1));
        _clock.Advance(TimeSpan.FromMinutes(59));
        Assert.Equal("scheduled", await StatusAsync());

        Assert.Equal(["queued", "sent", "delivered"], await AdvanceUntilAsync(_twilio.Webhooks.NextStatusesAsync(3)));
    }

    [Fact]
    public async Task A_scheduled_message_fails_when_the_person_said_stop_meanwhile()
    {
        await ScheduleAsync(TimeSpan.FromHours(1));
        await _twilio.ReceiveAsync(new { from = "+14155550123", to = "+12065550101", body = "STOP" });
        await _twilio.Webhooks.NextAsync();

        await AdvanceUntilAsync(_twilio.Webhooks.NextStatusesAsync(1));
        var failed = (await _twilio.Webhooks.NextAsync()).Form;
        Assert.Equal(("failed", "21610"), (failed["MessageStatus"], failed["ErrorCode"]));
    }

    [Fact]
    public async Task A_reset_drops_what_is_under_way()
    {
        await ScheduleAsync(TimeSpan.FromHours(1));
        using var reset = await _twilio.Control.PostAsync("reset", content: null);
        _clock.Advance(TimeSpan.FromHours(2));

        using var other = await _twilio.SendAsync(("To", "+15005553007"));
        Assert.Equal(["failed"], await _twilio.Webhooks.NextStatusesAsync(1));
    }

    [Fact]
    public async Task A_media_link_ends_after_some_minutes()
    {
        await _twilio.ReceiveAsync(new { from = "+14155550123", to = "+12065550100", media = new[] { new { contentType = "image/png" } } });
        using var redirect = await _twilio.Api.GetAsync((await _twilio.Webhooks.NextAsync()).Form["MediaUrl0"]);
        using var stranger = new HttpClient();

        using var early = await stranger.GetAsync(redirect.Headers.Location);
        Assert.Equal(HttpStatusCode.OK, early.StatusCode);
        _clock.Advance(TimeSpan.FromMinutes(6));
        using var late = await stranger.GetAsync(redirect.Headers.Location);
        Assert.Equal(HttpStatusCode.Forbidden, late.StatusCode);
    }

    [Fact]
    public async Task WhatsApp_closes_its_window_after_a_day()
    {
        var fields = new[] { ("To", "whatsapp:+14155550123"), ("From", "whatsapp:+14155238886") };
        await _twilio.ReceiveAsync(new { from = "whatsapp:+14155550123", to = "whatsapp:+14155238886", body = "hi" });
        await _twilio.Webhooks.NextAsync();

        _clock.Advance(TimeSpan.FromHours(23));
        using var inside = await _twilio.SendAsync(fields);
        Assert.Equal(["sent", "delivered"], await _twilio.Webhooks.NextStatusesAsync(2));

        _clock.Advance(TimeSpan.FromHours(1));
        using var outside = await _twilio.SendAsync(fields);
        Assert.Equal("63016", (await _twilio.Webhooks.NextAsync()).Form["ErrorCode"]);
    }

    [Fact]
    public async Task A_sender_recovers_part_by_part()
    {
        using var set = await _twilio.Control.PostAsync("rate", new StringContent("""{"perSecond":1,"burst":2}"""));
        var statuses = new List<int>();
        foreach (var seconds in (int[])[0, 0, 0, 1, 0])
        {
            _clock.Advance(TimeSpan.FromSeconds(seconds));
            using var response = await _twilio.SendAsync();
            statuses.Add((int)response.StatusCode);
        }

        Assert.Equal([201, 201, 429, 201, 429], statuses);
    }

    [Fact]
    public async Task Latency_holds_a_message_back()
    {
        await _twilio.BehaveAsync(new { latencyMs = 3_600_000 });
        var before = _clock.GetUtcNow();
        using var response = await AdvanceUntilAsync(_twilio.SendAsync());

        var accepted = Assert.Single(await _twilio.AcceptedAsync()).GetProperty("createdAt").GetDateTimeOffset();
        Assert.True(accepted - before >= TimeSpan.FromHours(1));
    }

    // In small steps, so that what does not wait is done long before an hour has passed.
    private async Task<T> AdvanceUntilAsync<T>(Task<T> done)
    {
        while (!done.IsCompleted)
        {
            await Task.WhenAny(done, Task.Delay(1));
            _clock.Advance(TimeSpan.FromSeconds(30));
        }

        return await done;
    }

    private async Task ScheduleAsync(TimeSpan ahead)
    {
        var sendAt = (_clock.GetUtcNow() + ahead).ToString("yyyy-MM-dd'T'HH:mm:ss'Z'", CultureInfo.InvariantCulture);
        using var response = await _twilio.SendAsync(
            ("From", ""), ("MessagingServiceSid", SimulatedTwilio.Service), ("ScheduleType", "fixed"), ("SendAt", sendAt));
        Assert.Equal(201, (int)response.StatusCode);
    }

    private async Task<string?> StatusAsync() => Assert.Single(await _twilio.AcceptedAsync()).GetProperty("status").GetString();
}
