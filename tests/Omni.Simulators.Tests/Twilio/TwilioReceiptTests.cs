using System.Net.Http.Json;
using Omni.Simulators.Twilio;
using Omni.Simulators.Webhooks;

namespace Omni.Simulators.Tests.Twilio;

public sealed class TwilioReceiptTests : IAsyncLifetime
{
    private readonly SimulatedTwilio _twilio = new();

    public Task InitializeAsync() => _twilio.InitializeAsync();
    public Task DisposeAsync() => _twilio.DisposeAsync();

    [Fact]
    public async Task Receipts_are_signed_over_the_callback_URL_as_it_was_given()
    {
        var url = $"{_twilio.Webhooks.Url}/twilio//status/../x?ref=a%2Db%41&q=%27'";
        using var response = await _twilio.SendAsync(("StatusCallback", url + "#rc=2&rp=5xx"));

        foreach (var status in (string[])["sent", "delivered"])
        {
            var receipt = await _twilio.Webhooks.NextAsync();
            Assert.Equal(status, receipt.Form["MessageStatus"]);
            Assert.Equal(url, _twilio.Webhooks.Url + receipt.RawTarget);
            Assert.Equal(TwilioSigner.Sign(_twilio.Options.AuthToken, url, receipt.Form), receipt.Headers["X-Twilio-Signature"].ToString());
            Assert.Equal("application/x-www-form-urlencoded; charset=UTF-8", receipt.Headers.ContentType.ToString());
        }
    }

    [Fact]
    public async Task A_receipt_has_exactly_the_fields_of_the_documentation()
    {
        using var response = await _twilio.SendAsync();
        var sid = (await SimulatedTwilio.JsonOf(response)).GetProperty("sid").GetString();

        var sent = await _twilio.Webhooks.NextAsync();
        var delivered = await _twilio.Webhooks.NextAsync();
        Assert.Equal(
            ["AccountSid", "ApiVersion", "From", "MessageSid", "MessageStatus", "SmsSid", "SmsStatus", "To"],
            sent.Form.Keys.Order(StringComparer.Ordinal));
        Assert.Equal(sid, sent.Form["MessageSid"]);
        Assert.Equal(["RawDlrDoneDate"], delivered.Form.Keys.Except(sent.Form.Keys));
        Assert.Matches("^[0-9]{10}$", delivered.Form["RawDlrDoneDate"]);
    }

    [Theory]
    [InlineData("+15005553003", "sent undelivered", "30003")]
    [InlineData("+15005553005", "sent undelivered", "30005")]
    [InlineData("+15005553007", "failed", "30007")]
    [InlineData("+15005553036", "failed", "30036")]
    public async Task Numbers_by_convention_end_badly(string to, string path, string code)
    {
        using var response = await _twilio.SendAsync(("To", to));

        var statuses = path.Split(' ');
        foreach (var status in statuses)
        {
            var receipt = await _twilio.Webhooks.NextAsync();
            Assert.Equal(status, receipt.Form["MessageStatus"]);
            Assert.Equal(status == statuses[^1] ? code : null, receipt.Form.GetValueOrDefault("ErrorCode"));
        }
    }

    [Fact]
    public async Task One_number_is_sent_and_never_heard_of()
    {
        using var response = await _twilio.SendAsync(("To", "+15005553000"));
        var sid = (await SimulatedTwilio.JsonOf(response)).GetProperty("sid").GetString()!;
        await _twilio.ReachAsync(sid, "sent");

        // The receipt by hand is the first that arrives.
        using var late = await _twilio.Control.PostAsJsonAsync("receipts", new { sid, status = "delivered" });
        Assert.Equal(["delivered"], await _twilio.Webhooks.NextStatusesAsync(1));
        Assert.Equal(0, _twilio.Webhooks.Waiting);
        await _twilio.ReachAsync(sid, "sent");
    }

    [Fact]
    public async Task WhatsApp_takes_free_text_only_after_the_person_wrote()
    {
        var fields = new[] { ("To", "whatsapp:+14155550123"), ("From", "whatsapp:+14155238886") };

        using var before = await _twilio.SendAsync(fields);
        var refused = await _twilio.Webhooks.NextAsync();
        Assert.Equal(
            ("failed", "63016", "whatsapp"), (refused.Form["MessageStatus"], refused.Form["ErrorCode"], refused.Form["ChannelPrefix"]));

        await _twilio.ReceiveAsync(new { from = "whatsapp:+14155550123", to = "whatsapp:+14155238886", body = "hi" });
        await _twilio.Webhooks.NextAsync();
        using var after = await _twilio.SendAsync(fields);
        Assert.Equal(["sent", "delivered"], await _twilio.Webhooks.NextStatusesAsync(2));
    }

    [Fact]
    public async Task A_WhatsApp_read_is_an_event()
    {
        await _twilio.BehaveAsync(new { receipts = new { path = new[] { "sent", "delivered", "read" } } });
        using var response = await _twilio.SendAsync(("To", "whatsapp:+14155550123"), ("From", "whatsapp:+14155238886"));

        await _twilio.Webhooks.NextStatusesAsync(2);
        Assert.Equal("READ", (await _twilio.Webhooks.NextAsync()).Form["EventType"]);
    }

    [Fact]
    public async Task A_refused_receipt_is_not_repeated_unless_the_URL_asks_for_it()
    {
        _twilio.Webhooks.Answers.Enqueue(500);
        using var plain = await _twilio.SendAsync();
        Assert.Equal(["sent", "delivered"], await _twilio.Webhooks.NextStatusesAsync(2));

        _twilio.Webhooks.Answers.Enqueue(503);
        using var tuned = await _twilio.SendAsync(("StatusCallback", _twilio.StatusCallback + "#rc=2&rp=5xx,ct"));
        Assert.Equal(["sent", "sent", "delivered"], await _twilio.Webhooks.NextStatusesAsync(3));
    }

    [Fact]
    public async Task A_host_that_does_not_answer_the_phone_is_tried_twice()
    {
        var closed = await WebhookReceiver.StartAsync();
        var url = closed.Url;
        await closed.DisposeAsync();

        await _twilio.BehaveAsync(new { receipts = new { path = new[] { "sent" }, beforeAnswer = true } });
        using var response = await _twilio.SendAsync(("StatusCallback", url));

        var answer = Assert.Single(await _twilio.AcceptedAsync()).GetProperty("callbacks")[0].GetProperty("answer");
        Assert.Equal(2, answer.GetProperty("attempts").GetInt32());
        Assert.Equal("ConnectionError", answer.GetProperty("error").GetString());
    }

    [Fact]
    public async Task The_judge_keeps_what_was_answered_to_a_receipt()
    {
        _twilio.Webhooks.Answers.Enqueue(403);
        await _twilio.BehaveAsync(new { receipts = new { path = new[] { "sent" }, beforeAnswer = true } });
        using var response = await _twilio.SendAsync();

        var callback = Assert.Single(await _twilio.AcceptedAsync()).GetProperty("callbacks")[0];
        Assert.Equal(403, callback.GetProperty("answer").GetProperty("status").GetInt32());
        Assert.Equal("sent", callback.GetProperty("form").GetProperty("MessageStatus").GetString());
    }

    [Theory]
    [InlineData("https://a.example/x?y=1", 1, WebhookFailure.Connect, 15_000)]
    [InlineData(
        "https://a.example/x?y=1#rc=3&rp=5xx,ct,rt&rt=10000",
        3,
        WebhookFailure.ServerError | WebhookFailure.Connect | WebhookFailure.Timeout,
        10_000)]
    [InlineData("https://a.example/x?y=1#rc=9&rp=all&rt=99999", 5, WebhookFailure.Any, 15_000)]
    [InlineData("https://a.example/x?y=1#rc=0&rp=4xx", 0, WebhookFailure.ClientError, 15_000)]
    internal void The_fragment_tunes_the_patience(string url, int retries, WebhookFailure on, int milliseconds)
    {
        var (target, policy) = ConnectionOverrides.Split(url);
        Assert.Equal("https://a.example/x?y=1", target);
        Assert.Equal(new RetryPolicy(retries, on, TimeSpan.FromMilliseconds(milliseconds)), policy);
    }
}
