using System.Globalization;
using System.Text.Json;
using Omni.Simulators.Twilio;

namespace Omni.Simulators.Tests.Twilio;

public sealed class TwilioSendTests : IAsyncLifetime
{
    private readonly SimulatedTwilio _twilio = new();

    public Task InitializeAsync() => _twilio.InitializeAsync();
    public Task DisposeAsync() => _twilio.DisposeAsync();

    [Fact]
    public async Task An_accepted_message_is_answered_as_Twilio_answers()
    {
        using var response = await _twilio.SendAsync();

        Assert.Equal(201, (int)response.StatusCode);
        var message = await SimulatedTwilio.JsonOf(response);
        var sid = message.GetProperty("sid").GetString()!;
        Assert.Matches("^SM[0-9a-f]{32}$", sid);
        Assert.Equal("queued", message.GetProperty("status").GetString());
        Assert.Equal("+14155550123", message.GetProperty("to").GetString());
        Assert.Equal("+12065550100", message.GetProperty("from").GetString());
        Assert.Equal("Hello", message.GetProperty("body").GetString());
        Assert.Equal("1", message.GetProperty("num_segments").GetString());
        Assert.Equal("0", message.GetProperty("num_media").GetString());
        Assert.Equal("outbound-api", message.GetProperty("direction").GetString());
        Assert.Equal("2010-04-01", message.GetProperty("api_version").GetString());
        Assert.Equal($"/2010-04-01/Accounts/{_twilio.Options.AccountSid}/Messages/{sid}.json", message.GetProperty("uri").GetString());
        Assert.True(DateTimeOffset.TryParseExact(
            message.GetProperty("date_created").GetString(),
            "ddd, dd MMM yyyy HH:mm:ss zzz",
            CultureInfo.InvariantCulture,
            DateTimeStyles.None,
            out _));
        foreach (var name in (string[])["error_code", "error_message", "date_sent", "price", "messaging_service_sid"])
        {
            Assert.Equal(JsonValueKind.Null, message.GetProperty(name).ValueKind);
        }
    }

    [Fact]
    public async Task A_messaging_service_accepts_and_chooses_its_sender_later()
    {
        using var response = await _twilio.SendAsync(("From", ""), ("MessagingServiceSid", SimulatedTwilio.Service));

        var message = await SimulatedTwilio.JsonOf(response);
        Assert.Equal("accepted", message.GetProperty("status").GetString());
        Assert.Equal(JsonValueKind.Null, message.GetProperty("from").ValueKind);
        Assert.Equal("0", message.GetProperty("num_segments").GetString());

        Assert.Equal(["queued", "sent", "delivered"], await _twilio.Webhooks.NextStatusesAsync(3));
        var sent = await _twilio.ReachAsync(message.GetProperty("sid").GetString()!, "delivered");
        Assert.Contains(sent.GetProperty("from").GetString(), _twilio.Options.Services[0].Pool);
        Assert.Equal("1", sent.GetProperty("num_segments").GetString());
    }

    [Fact]
    public async Task A_message_with_media_is_an_MM()
    {
        using var response = await _twilio.SendAsync(("Body", ""), ("MediaUrl", "https://a.example/picture.png"));
        var message = await SimulatedTwilio.JsonOf(response);
        Assert.StartsWith("MM", message.GetProperty("sid").GetString(), StringComparison.Ordinal);
        Assert.Equal("1", message.GetProperty("num_media").GetString());
    }

    [Fact]
    public async Task A_template_is_filled()
    {
        using var response = await _twilio.SendAsync(
            ("Body", ""), ("ContentSid", SimulatedTwilio.Template), ("ContentVariables", """{"1":"Ann","2":"9:30"}"""));
        Assert.Equal("Hello Ann, your parcel comes at 9:30.", (await SimulatedTwilio.JsonOf(response)).GetProperty("body").GetString());
    }

    [Fact]
    public async Task The_judge_keeps_every_submission_with_all_its_parameters()
    {
        using var first = await _twilio.SendAsync(("Body", "twice"), ("ValidityPeriod", "3600"));
        using var second = await _twilio.SendAsync(("Body", "twice"), ("ValidityPeriod", "3600"));

        var accepted = await _twilio.AcceptedAsync("?to=%2B14155550123&from=%2B12065550100");
        Assert.Equal(2, accepted.Length);
        Assert.All(accepted, entry => Assert.Equal("3600", entry.GetProperty("parameters").GetProperty("ValidityPeriod")[0].GetString()));
        Assert.Empty(await _twilio.AcceptedAsync("?to=%2B14155550199"));
    }

    [Fact]
    public async Task Over_its_rate_a_sender_is_throttled_and_others_are_not()
    {
        using var set = await _twilio.Control.PostAsync("rate", new StringContent("""{"perSecond":0,"burst":2}"""));
        Assert.True(set.IsSuccessStatusCode);

        var codes = new List<int>();
        foreach (var from in (string[])["+12065550100", "+12065550100", "+12065550100", "+12065550101"])
        {
            using var response = await _twilio.SendAsync(("From", from));
            codes.Add((int)response.StatusCode);
            if (codes[^1] == 429) Assert.Equal(20429, await SimulatedTwilio.CodeOf(response));
        }

        Assert.Equal([201, 201, 429, 201], codes);
        Assert.Equal(3, (await _twilio.AcceptedAsync()).Length);
    }

    [Fact]
    public async Task A_scheduled_message_can_be_canceled_once()
    {
        var sendAt = DateTimeOffset.UtcNow.AddHours(1).ToString("yyyy-MM-dd'T'HH:mm:ss'Z'", CultureInfo.InvariantCulture);
        using var response = await _twilio.SendAsync(
            ("From", ""), ("MessagingServiceSid", SimulatedTwilio.Service), ("ScheduleType", "fixed"), ("SendAt", sendAt));
        var message = await SimulatedTwilio.JsonOf(response);
        Assert.Equal("scheduled", message.GetProperty("status").GetString());

        using var canceled = await PostAsync(message, "Status", "canceled");
        Assert.Equal("canceled", (await SimulatedTwilio.JsonOf(canceled)).GetProperty("status").GetString());
        Assert.Equal(["canceled"], await _twilio.Webhooks.NextStatusesAsync(1));

        using var again = await PostAsync(message, "Status", "canceled");
        Assert.Equal(30409, await SimulatedTwilio.CodeOf(again));
    }

    [Fact]
    public async Task A_body_can_be_redacted_and_not_rewritten()
    {
        using var response = await _twilio.SendAsync();
        var message = await SimulatedTwilio.JsonOf(response);

        using var rewritten = await PostAsync(message, "Body", "Another");
        Assert.Equal(400, (int)rewritten.StatusCode);
        using var redacted = await PostAsync(message, "Body", "");
        Assert.Equal("", (await SimulatedTwilio.JsonOf(redacted)).GetProperty("body").GetString());
    }

    [Fact]
    public async Task A_deleted_message_is_gone_for_the_client_and_kept_by_the_judge()
    {
        using var response = await _twilio.SendAsync();
        var url = $"{_twilio.Account}/Messages/{(await SimulatedTwilio.JsonOf(response)).GetProperty("sid").GetString()}.json";

        using var deleted = await _twilio.Api.DeleteAsync(url);
        Assert.Equal(204, (int)deleted.StatusCode);
        using var gone = await _twilio.Api.GetAsync(url);
        Assert.Equal(20404, await SimulatedTwilio.CodeOf(gone));
        Assert.Single(await _twilio.AcceptedAsync());
    }

    [Theory]
    [InlineData("", 1)]
    [InlineData("a", 160, 1)]
    [InlineData("a", 161, 2)]
    [InlineData("a", 306, 2)]
    [InlineData("a", 307, 3)]
    [InlineData("€", 80, 1)]
    [InlineData("€", 81, 2)]
    [InlineData("€", 153, 3)] // 76 pairs a part, for a pair is not split
    [InlineData("á", 70, 1)]
    [InlineData("á", 71, 2)]
    [InlineData("😀", 35, 1)]
    [InlineData("😀", 66, 2)]
    [InlineData("😀", 67, 3)] // 33 pairs a part
    public void Parts_are_counted_as_on_the_air(string unit, int times, int parts = 1) =>
        Assert.Equal(unit.Length == 0 ? 1 : parts, SmsSegments.Count(string.Concat(Enumerable.Repeat(unit, times))));

    private async Task<HttpResponseMessage> PostAsync(JsonElement message, string name, string value)
    {
        using var content = new FormUrlEncodedContent([new(name, value)]);
        return await _twilio.Api.PostAsync($"{_twilio.Account}/Messages/{message.GetProperty("sid").GetString()}.json", content);
    }
}
