using System.Text.Json;

namespace Omni.Simulators.Tests.Twilio;

public sealed class TwilioLookUpTests : IAsyncLifetime
{
    private readonly SimulatedTwilio _twilio = new();

    public Task InitializeAsync() => _twilio.InitializeAsync();
    public Task DisposeAsync() => _twilio.DisposeAsync();

    [Fact]
    public async Task A_message_whose_answer_was_lost_is_found_by_recipient_and_time()
    {
        await _twilio.BehaveAsync(new { acceptThen = "reset", times = 1 });
        await Assert.ThrowsAsync<HttpRequestException>(() => _twilio.SendAsync(("Body", "lost")));
        await _twilio.Webhooks.NextStatusesAsync(2);

        var found = await ListAsync("?To=%2B14155550123&DateSent%3E=2026-01-01");
        Assert.Equal("lost", Assert.Single(found).GetProperty("body").GetString());
    }

    [Theory]
    [InlineData("?To=%2B14155550199", 0)]
    [InlineData("?From=%2B12065550100", 1)]
    [InlineData("?From=%2B12065550101", 0)]
    [InlineData("?DateSent%3E=2999-01-01", 0)]
    [InlineData("?DateSent%3E=2999-01-01T00:00:00Z", 0)]
    [InlineData("?DateSent%3C=2999-01-01", 1)]
    [InlineData("?DateSent=2999-01-01", 0)]
    public async Task Filters_hold(string query, int count)
    {
        using var response = await _twilio.SendAsync();
        await _twilio.Webhooks.NextStatusesAsync(2);
        Assert.Equal(count, (await ListAsync(query)).Length);
    }

    [Fact]
    public async Task An_unreadable_date_is_refused()
    {
        using var response = await _twilio.Api.GetAsync($"{_twilio.Account}/Messages.json?DateSent=yesterday");
        Assert.Equal(400, (int)response.StatusCode);
    }

    [Fact]
    public async Task A_queued_message_has_no_sent_date_to_be_found_by()
    {
        await _twilio.BehaveAsync(new { receipts = new { delayMs = 600_000 } });
        using var response = await _twilio.SendAsync();

        Assert.Empty(await ListAsync("?DateSent%3E=2026-01-01"));
        Assert.Single(await ListAsync("?To=%2B14155550123"));
    }

    [Fact]
    public async Task Pages_follow_each_other_newest_first_and_miss_nothing_when_a_message_comes_in()
    {
        foreach (var body in (string[])["1", "2", "3", "4", "5"]) (await _twilio.SendAsync(("Body", body))).Dispose();

        var bodies = new List<string>();
        var next = $"/2010-04-01/Accounts/{_twilio.Options.AccountSid}/Messages.json?PageSize=2&To=%2B14155550123";
        while (next is not null)
        {
            var page = await _twilio.GetAsync($"{_twilio.Host}/twilio{next}");
            bodies.AddRange(page.GetProperty("messages").EnumerateArray().Select(message => message.GetProperty("body").GetString()!));
            next = page.GetProperty("next_page_uri").GetString();
            if (bodies.Count == 2) (await _twilio.SendAsync(("Body", "6"))).Dispose();
        }

        Assert.Equal(["5", "4", "3", "2", "1"], bodies);
    }

    private async Task<JsonElement[]> ListAsync(string query) =>
        [.. (await _twilio.GetAsync($"{_twilio.Account}/Messages.json{query}")).GetProperty("messages").EnumerateArray()];
}
