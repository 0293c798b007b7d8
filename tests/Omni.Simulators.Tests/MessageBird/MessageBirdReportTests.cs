using System.Buffers.Text;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;
using Omni.Simulators.MessageBird;

namespace Omni.Simulators.Tests.MessageBird;

public sealed class MessageBirdReportTests : IAsyncLifetime
{
    private readonly SimulatedMessageBird _bird = new();

    public Task InitializeAsync() => _bird.InitializeAsync();
    public Task DisposeAsync() => _bird.DisposeAsync();

    [Fact]
    public async Task An_sms_is_reported_by_get_with_a_token_over_the_url_and_no_body()
    {
        using var response = await _bird.SendAsync();

        foreach (var status in (string[])["sent", "delivered"])
        {
            var report = await _bird.NextAsync();
            Assert.Equal(
                ("GET", status, "msg_1.0.1", SimulatedMessageBird.Person),
                (report.Method, report.Field("status"), report.Field("reference"), report.Field("recipient")));
            Assert.Contains("%2B00%3A00", report.Url, StringComparison.Ordinal);
            Assert.Empty(report.Body);

            var claims = Verified(report, _bird.Options.SigningKey);
            Assert.Equal(Hash(Encoding.UTF8.GetBytes(report.Url)), (string?)claims["url_hash"]);
            Assert.False(claims.ContainsKey("payload_hash"));
            Assert.Equal(60, (long)claims["exp"]! - (long)claims["nbf"]!);
        }
    }

    [Theory]
    [InlineData("15005550001", "sent delivery_failed", "1")]
    [InlineData("15005550103", "delivery_failed", "103")]
    [InlineData("15005559998", "sent buffered expired", null)]
    public async Task Numbers_by_convention_end_badly(string to, string path, string? code)
    {
        using var response = await _bird.SendAsync(new() { ["recipients"] = new JsonArray(to) });

        var statuses = path.Split(' ');
        foreach (var status in statuses)
        {
            var report = await _bird.NextAsync();
            Assert.Equal((status, status == statuses[^1] ? code : null), (report.Field("status"), report.Field("statusErrorCode")));
        }
    }

    [Fact]
    public async Task Who_opted_out_is_not_written_to_until_they_opt_in()
    {
        foreach (var (word, status) in new[] { ("STOP", "delivery_failed"), ("start", "sent") })
        {
            await _bird.TellAsync("inbound", new { from = "+14155550123", to = SimulatedMessageBird.Ours, body = word });
            await _bird.NextAsync();

            using var response = await _bird.SendAsync();
            Assert.Equal(status, (await _bird.NextAsync()).Field("status"));
        }
    }

    [Fact]
    public async Task A_message_of_a_channel_is_reported_as_json_where_it_asked_for_it()
    {
        // opens the window
        await _bird.TellAsync("inbound", new { from = "+14155550123", to = SimulatedMessageBird.Channel, body = "Hi", name = "Ina" });
        await _bird.NextAsync();
        using var response = await _bird.SpeakAsync();

        var calls = new List<ReceivedCall>();
        for (var i = 0; i < 4; i++) calls.Add(await _bird.NextAsync());

        var created = Assert.Single(calls, call => call.Url == _bird.Webhook);
        Assert.Equal(
            ("message.created", "sent"),
            ((string)JsonNode.Parse(created.Text)!["type"]!, (string)JsonNode.Parse(created.Text)!["message"]!["direction"]!));
        var reports = calls.Where(call => call != created).ToArray();
        Assert.All(reports, report => Assert.Equal(_bird.Webhook + "?ref=msg_1.0.1", report.Url));
        Assert.Equal(
            ["transmitted", "sent", "delivered"], reports.Select(report => (string?)JsonNode.Parse(report.Text)!["message"]!["status"]));
        Assert.All(calls, call => Assert.Equal(Hash(call.Body), (string?)Verified(call, _bird.Options.SigningKey)["payload_hash"]));
    }

    [Fact]
    public async Task Outside_whatsapps_window_free_text_fails()
    {
        using var response = await _bird.SpeakAsync();

        var reports = new List<JsonNode>();
        for (var i = 0; i < 3; i++)
        {
            if (await _bird.NextAsync() is { } call && call.Url != _bird.Webhook) reports.Add(JsonNode.Parse(call.Text)!["message"]!);
        }

        Assert.Equal("failed", (string?)reports[^1]["status"]);
        Assert.Equal(470, (int?)reports[^1]["error"]!["code"]);
    }

    [Fact]
    public async Task A_person_writes_by_form_and_some_fields_come_twice()
    {
        var answer = await _bird.TellAsync("inbound", new
        {
            from = "+14155550123", to = SimulatedMessageBird.Ours, body = "Look", media = new[] { new { contentType = "image/png" } },
        });

        var call = await _bird.NextAsync();
        Assert.Equal("application/x-www-form-urlencoded", call.Headers.ContentType.ToString());
        Assert.Equal(2, call.Text.Split('&').Count(field => field.StartsWith("id=", StringComparison.Ordinal)));
        Assert.Equal(Hash(call.Body), (string?)Verified(call, _bird.Options.SigningKey)["payload_hash"]);
        Assert.Equal("OK", answer.GetProperty("body").GetString());

        var url = Uri.UnescapeDataString(
            call.Text.Split('&').Single(field => field.StartsWith("mediaUrls=", StringComparison.Ordinal))["mediaUrls=".Length..]);
        using var anybody = new HttpClient();
        using var refused = await anybody.GetAsync(new Uri(url));
        using var file = await _bird.Api.GetAsync(new Uri(url));
        Assert.Equal((401, 200, "image/png"), ((int)refused.StatusCode, (int)file.StatusCode, file.Content.Headers.ContentType?.MediaType));
    }

    [Fact]
    public async Task A_call_that_is_not_taken_is_made_again_with_a_token_of_its_own()
    {
        _bird.Answers.Enqueue(500);

        var answer = await _bird.TellAsync("inbound", new { from = "+14155550123", to = SimulatedMessageBird.Ours, body = "Hi" });

        var (first, second) = (await _bird.NextAsync(), await _bird.NextAsync());
        Assert.Equal(2, answer.GetProperty("attempts").GetInt32());
        Assert.Equal(first.Text, second.Text);
        Assert.NotEqual(
            (string?)Verified(first, _bird.Options.SigningKey)["jti"], (string?)Verified(second, _bird.Options.SigningKey)["jti"]);
    }

    [Fact]
    public async Task The_other_key_and_the_older_scheme_sign_once_they_are_told_to()
    {
        await _bird.TellAsync("behaviour", new { signWith = "secondary" });
        await _bird.TellAsync("signature", new { scheme = "both" });
        using var response = await _bird.SendAsync();

        var report = await _bird.NextAsync();

        Verified(report, _bird.Options.PreviousSigningKey);
        var query = new Uri(report.Url).Query[1..].Split('&').OrderBy(field => field.Split('=')[0], StringComparer.Ordinal);
        byte[] signed =
        [
            .. Encoding.UTF8.GetBytes($"{report.Headers[MessageBirdSigner.TimestampHeader]}\n{string.Join('&', query)}\n"),
            .. SHA256.HashData([])
        ];
        Assert.Equal(
            Convert.ToBase64String(HMACSHA256.HashData(Encoding.UTF8.GetBytes(_bird.Options.PreviousSigningKey), signed)),
            report.Headers[MessageBirdSigner.LegacyHeader].ToString());

        await _bird.TellAsync("signature", new { scheme = "legacy" });
        await _bird.TellAsync("inbound", new { from = "+14155550123", to = "24680", body = "JOIN" });
        ReceivedCall shortCode;
        do shortCode = await _bird.NextAsync();
        while (shortCode.Method == "GET");
        Assert.False(shortCode.Headers.ContainsKey(MessageBirdSigner.JwtHeader));
        Assert.Contains("shortcode=24680", shortCode.Text, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Reports_can_be_lost_doubled_and_ordered_by_hand()
    {
        await _bird.TellAsync("behaviour", new { times = 1, receipts = new { lost = true } });
        using var lost = await _bird.SendAsync();
        await _bird.TellAsync("behaviour", new { times = 1, receipts = new { duplicate = 1, path = new[] { "delivered" } } });
        using var doubled = await _bird.SendAsync();

        var id = (await SimulatedMessageBird.JsonOf(doubled)).GetProperty("id").GetString();
        for (var i = 0; i < 2; i++)
        {
            var report = await _bird.NextAsync();
            Assert.Equal((id, "delivered"), (report.Field("id"), report.Field("status")));
        }

        await _bird.TellAsync("receipts", new { id, status = "buffered" });
        Assert.Equal("buffered", (await _bird.NextAsync()).Field("status"));
    }

    // Checked apart from the signer, and from the function's check.
    private static JsonObject Verified(ReceivedCall call, string key)
    {
        var pieces = call.Headers[MessageBirdSigner.JwtHeader].ToString().Split('.');
        Assert.Equal(
            Base64Url.EncodeToString(HMACSHA256.HashData(Encoding.UTF8.GetBytes(key), Encoding.ASCII.GetBytes($"{pieces[0]}.{pieces[1]}"))),
            pieces[2]);
        Assert.Equal("HS256", (string?)JsonNode.Parse(Base64Url.DecodeFromChars(pieces[0]))!["alg"]);
        return JsonSerializer.Deserialize<JsonObject>(Base64Url.DecodeFromChars(pieces[1]))!;
    }

    private static string Hash(byte[] bytes) => Convert.ToHexStringLower(SHA256.HashData(bytes));
}
