using System.Net.Http.Json;
using System.Text.Json;
using Omni.Simulators.Twilio;

namespace Omni.Simulators.Tests.Twilio;

public sealed class TwilioInboundTests : IAsyncLifetime
{
    private readonly SimulatedTwilio _twilio = new();

    public Task InitializeAsync() => _twilio.InitializeAsync();
    public Task DisposeAsync() => _twilio.DisposeAsync();

    [Fact]
    public async Task An_inbound_message_is_posted_signed_and_its_answer_told()
    {
        _twilio.Webhooks.Answers.Enqueue(202);
        var answer = await _twilio.ReceiveAsync(new { from = "+14155550123", to = "+12065550100", body = "Grüße & mehr" });

        var webhook = await _twilio.Webhooks.NextAsync();
        Assert.Equal("/webhooks/twilio", webhook.RawTarget);
        Assert.Equal(
            TwilioSigner.Sign(_twilio.Options.AuthToken, _twilio.Webhooks.Url + "/webhooks/twilio", webhook.Form),
            webhook.Headers["X-Twilio-Signature"].ToString());
        Assert.Equal("Grüße & mehr", webhook.Form["Body"]);
        Assert.Equal("received", webhook.Form["SmsStatus"]);
        Assert.Equal("0", webhook.Form["NumMedia"]);
        Assert.Equal("", webhook.Form["FromCity"]);
        Assert.DoesNotContain("MessagingServiceSid", webhook.Form.Keys);

        var sid = answer.GetProperty("messageSid").GetString();
        Assert.Matches("^SM[0-9a-f]{32}$", sid);
        Assert.All(["MessageSid", "SmsSid", "SmsMessageSid"], name => Assert.Equal(sid, webhook.Form[name]));
        Assert.Equal(202, answer.GetProperty("status").GetInt32());
        Assert.Equal("<Response/>", answer.GetProperty("body").GetString());
    }

    [Fact]
    public async Task A_number_of_a_service_names_it()
    {
        await _twilio.ReceiveAsync(new { from = "+14155550123", to = "+12065550101", body = "x" });
        Assert.Equal(SimulatedTwilio.Service, (await _twilio.Webhooks.NextAsync()).Form["MessagingServiceSid"]);
    }

    [Fact]
    public async Task WhatsApp_has_fields_of_its_own()
    {
        await _twilio.ReceiveAsync(new { from = "whatsapp:+14155550123", to = "whatsapp:+14155238886", body = "x" });
        var form = (await _twilio.Webhooks.NextAsync()).Form;
        Assert.Equal(("14155550123", "0"), (form["WaId"], form["ReferralNumMedia"]));
        Assert.DoesNotContain("FromCity", form.Keys);
    }

    [Fact]
    public async Task Extra_fields_are_added_replaced_taken_away_and_signed()
    {
        await _twilio.ReceiveAsync(new
        {
            from = "+14155550123",
            to = "+12065550100",
            body = "x",
            extra = new Dictionary<string, string?> { ["Body"] = null, ["SmsStatus"] = "receiving", ["Newcomer"] = "1" },
        });

        var webhook = await _twilio.Webhooks.NextAsync();
        Assert.DoesNotContain("Body", webhook.Form.Keys);
        Assert.Equal(("receiving", "1"), (webhook.Form["SmsStatus"], webhook.Form["Newcomer"]));
        Assert.Equal(
            TwilioSigner.Sign(_twilio.Options.AuthToken, _twilio.Webhooks.Url + "/webhooks/twilio", webhook.Form),
            webhook.Headers["X-Twilio-Signature"].ToString());
    }

    [Fact]
    public async Task The_same_message_can_come_twice()
    {
        var first = await _twilio.ReceiveAsync(new { from = "+14155550123", to = "+12065550100", body = "x" });
        await _twilio.ReceiveAsync(
            new { from = "+14155550123", to = "+12065550100", body = "x", messageSid = first.GetProperty("messageSid").GetString() });
        Assert.Equal((await _twilio.Webhooks.NextAsync()).Form["MessageSid"], (await _twilio.Webhooks.NextAsync()).Form["MessageSid"]);
    }

    [Theory]
    [InlineData("STOP", "START")]
    [InlineData(" stopall ", "unstop")]
    [InlineData("Unsubscribe", "Yes")]
    [InlineData("optout", "start")]
    public async Task A_word_blocks_the_pair_and_another_lifts_it(string stop, string start)
    {
        var stopped = await HearAsync(stop);
        Assert.Equal("STOP", stopped.GetProperty("keyword").GetString());
        Assert.Equal(21610, await SendCodeAsync("+12065550100"));
        Assert.Null(await SendCodeAsync("+12065550101"));

        Assert.Equal("START", (await HearAsync(start)).GetProperty("keyword").GetString());
        Assert.Null(await SendCodeAsync("+12065550100"));
    }

    [Theory]
    [InlineData("please stop", null)]
    [InlineData("HELP", "HELP")]
    public async Task Other_words_block_nobody(string body, string? keyword)
    {
        var heard = await HearAsync(body);
        Assert.Equal(keyword, heard.TryGetProperty("keyword", out var named) ? named.GetString() : null);
        Assert.Null(await SendCodeAsync("+12065550100"));
    }

    [Fact]
    public async Task A_stop_to_one_number_holds_for_its_whole_service()
    {
        await _twilio.ReceiveAsync(new { from = "+14155550123", to = "+12065550101", body = "STOP" });
        Assert.Equal(21610, await SendCodeAsync("+12065550102"));
        using var service = await _twilio.SendAsync(("From", ""), ("MessagingServiceSid", SimulatedTwilio.Service));
        Assert.Equal(21610, await SimulatedTwilio.CodeOf(service));
    }

    [Fact]
    public async Task Advanced_opt_out_names_and_obeys_the_type()
    {
        await _twilio.ReceiveAsync(new { from = "+14155550123", to = "+12065550100", body = "enough", optOutType = "STOP" });
        Assert.Equal("STOP", (await _twilio.Webhooks.NextAsync()).Form["OptOutType"]);
        Assert.Equal(21610, await SendCodeAsync("+12065550100"));
    }

    [Fact]
    public async Task WhatsApp_obeys_no_word()
    {
        await _twilio.ReceiveAsync(new { from = "whatsapp:+14155550123", to = "whatsapp:+14155238886", body = "STOP" });
        using var response = await _twilio.SendAsync(("To", "whatsapp:+14155550123"), ("From", "whatsapp:+14155238886"));
        Assert.Equal(201, (int)response.StatusCode);
    }

    [Fact]
    public async Task In_a_rotation_the_secondary_token_signs()
    {
        await _twilio.BehaveAsync(new { signWith = "secondary" });
        Assert.Equal(_twilio.Options.SecondaryAuthToken, await SigningTokenAsync());
        using var cleared = await _twilio.Control.DeleteAsync("behaviour");
        Assert.Equal(_twilio.Options.AuthToken, await SigningTokenAsync());
    }

    [Theory]
    [InlineData("""{"from":"+14155550123","to":"+19995550100","body":"x"}""")]
    [InlineData("""{"from":"+14155550123"}""")]
    [InlineData("""{"from":"+14155550123","to":"+12065550100","media":[{"contentType":"image/png","base64":"***"}]}""")]
    [InlineData("""{"from":"+14155550123","to":"+12065550100","media":[{"contentType":"image/png","sizeBytes":-1}]}""")]
    public async Task An_order_that_makes_no_sense_is_refused(string order)
    {
        using var response = await _twilio.Control.PostAsync("inbound", new StringContent(order));
        Assert.Equal(400, (int)response.StatusCode);
        Assert.Equal(0, _twilio.Webhooks.Waiting);
    }

    [Fact]
    public async Task A_reset_forgets_everything()
    {
        await HearAsync("STOP");
        await _twilio.BehaveAsync(new { httpStatus = 500 });
        using var refused = await _twilio.SendAsync();
        using var reset = await _twilio.Control.PostAsync("reset", content: null);

        Assert.Null(await SendCodeAsync("+12065550100"));
        Assert.Single(await _twilio.AcceptedAsync());
        Assert.Empty((await _twilio.Control.GetFromJsonAsync<JsonElement[]>("refused"))!);
    }

    [Fact]
    public async Task Numbers_and_control_endpoints_are_listed()
    {
        var numbers = await _twilio.Control.GetFromJsonAsync<JsonElement>("numbers");
        Assert.Contains(numbers.GetProperty("own").EnumerateArray(), number => number.GetString() == "+12065550100");
        Assert.True(numbers.GetProperty("endings").TryGetProperty("+15005553003", out _));

        var endpoints = await _twilio.Control.GetFromJsonAsync<JsonElement[]>("/sim");
        Assert.Contains(endpoints!, endpoint => endpoint.GetProperty("path").GetString() == "/sim/twilio/inbound");
        Assert.All(endpoints!, endpoint => Assert.NotEmpty(endpoint.GetProperty("summary").GetString()!));
    }

    private async Task<JsonElement> HearAsync(string body)
    {
        var answer = await _twilio.ReceiveAsync(new { from = "+14155550123", to = "+12065550100", body });
        await _twilio.Webhooks.NextAsync();
        return answer;
    }

    private async Task<int?> SendCodeAsync(string from)
    {
        using var response = await _twilio.SendAsync(("From", from));
        return response.IsSuccessStatusCode ? null : await SimulatedTwilio.CodeOf(response);
    }

    private async Task<string> SigningTokenAsync()
    {
        await _twilio.ReceiveAsync(new { from = "+14155550123", to = "+12065550100", body = "x" });
        var webhook = await _twilio.Webhooks.NextAsync();
        return Assert.Single(
            [_twilio.Options.AuthToken, _twilio.Options.SecondaryAuthToken],
            token =>
                TwilioSigner.Sign(token, _twilio.Webhooks.Url + "/webhooks/twilio", webhook.Form) == webhook.Headers["X-Twilio-Signature"]);
    }
}
