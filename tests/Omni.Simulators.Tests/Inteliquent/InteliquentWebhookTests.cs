using System.Net;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;

namespace Omni.Simulators.Tests.Inteliquent;

public sealed class InteliquentWebhookTests : IAsyncLifetime
{
    private readonly SimulatedInteliquent _broker = new();

    public Task InitializeAsync() => _broker.InitializeAsync();
    public Task DisposeAsync() => _broker.DisposeAsync();

    [Fact]
    public async Task A_receipt_is_a_line_of_smpp_behind_a_flag_and_comes_from_the_person()
    {
        using var response = await _broker.SendAsync(new() { ["text"] = "stat:UNDELIV err:001 says the text" });
        var id = (await SimulatedInteliquent.JsonOf(response)).GetProperty("result").GetProperty("referenceId").GetString();

        var receipt = await _broker.NextAsync();

        Assert.Equal($"/webhooks/inteliquent/{_broker.Options.PathToken}", receipt.Path);
        Assert.Equal(
            ["deliveryReceipt", "from", "referenceId", "text", "to"],
            receipt.Body.EnumerateObject().Select(member => member.Name).Order(StringComparer.Ordinal));
        Assert.True(receipt.Body.GetProperty("deliveryReceipt").GetBoolean());
        Assert.Equal(
            (id, SimulatedInteliquent.Person),
            (receipt.Body.GetProperty("referenceId").GetString(), receipt.Body.GetProperty("from").GetString()));
        Assert.Equal("""["12065550100"]""", receipt.Body.GetProperty("to").GetRawText());
        Assert.Matches(
            "^id:[0-9]{10} sub:001 dlvrd:001 submit date:[0-9]{10} done date:[0-9]{10} stat:DELIVRD err:000 text:stat:UNDELIV err:001$",
            receipt.Text);
    }

    [Theory]
    [InlineData("15005553003", "ENROUTE:000 UNDELIV:027")]
    [InlineData("15005553005", "REJECTD:008")]
    [InlineData("15005553006", "ACCEPTD:000 DELETED:005")]
    [InlineData("15005553036", "EXPIRED:003")]
    public async Task Numbers_by_convention_end_badly(string to, string path)
    {
        using var response = await _broker.SendAsync(new() { ["to"] = new JsonArray(to) });

        foreach (var step in path.Split(' '))
            Assert.Contains(
                $"stat:{step.Replace(":", " err:", StringComparison.Ordinal)} text:Hello",
                (await _broker.NextAsync()).Text,
                StringComparison.Ordinal);
    }

    [Fact]
    public async Task Every_call_proves_itself_anew_in_the_formula_and_with_the_key_that_were_chosen()
    {
        var ids = new HashSet<string>();
        foreach (var (hash, key)
            in ((string Hash, string Key)[])[("sha256", "primary"), ("hmac", "primary"), ("sha256", "secondary"), ("hmac", "secondary")])
        {
            await _broker.TellAsync("hash", new { hash });
            await _broker.TellAsync("behaviour", new { signWith = key });
            await _broker.TellAsync("inbound", new { from = "+14155550123", to = "+12065550100", body = "Hi" });

            var call = await _broker.NextAsync();
            var (id, secret) = (
                call.Headers["messageID"].ToString(), key == "primary" ? _broker.Options.WebhookKey! : _broker.Options.SecondaryWebhookKey);
            Assert.Matches("^[A-Za-z0-9_-]{1,64}$", id);
            Assert.True(ids.Add(id));
            Assert.Equal(
                Convert.ToHexStringLower(hash == "hmac"
                    ? HMACSHA256.HashData(Encoding.UTF8.GetBytes(secret), Encoding.UTF8.GetBytes(id))
                    : SHA256.HashData(Encoding.UTF8.GetBytes(secret + id))),
                call.Headers["verificationToken"].ToString());
            Assert.Equal(_broker.Options.HeaderValue, call.Headers[_broker.Options.HeaderName!].ToString());
        }
    }

    [Fact]
    public async Task A_person_writes_in_the_carriers_form()
    {
        var answer = await _broker.TellAsync(
            "inbound", new { from = "+14155550123", to = "+12065550100", others = (string[])["+13125550190"], body = "Hi" });

        var call = await _broker.NextAsync();
        Assert.Equal(200, answer.GetProperty("status").GetInt32());
        Assert.Equal(
            ("14155550123", "Hi", false),
            (call.Body.GetProperty("from").GetString(), call.Text, call.Body.GetProperty("deliveryReceipt").GetBoolean()));
        Assert.Equal("""["13125550190","12065550100"]""", call.Body.GetProperty("to").GetRawText());
        Assert.Matches("^[A-Za-z0-9]{16}$", call.Body.GetProperty("referenceId").GetString());
        Assert.False(call.Body.TryGetProperty("mediaUrls", out _));
    }

    [Fact]
    public async Task Members_of_a_call_can_be_replaced_and_taken_away()
    {
        await _broker.TellAsync(
            "inbound", new { from = "+14155550123", to = "+12065550100", extra = new { from = 14155550123, referenceId = (string?)null } });

        var call = await _broker.NextAsync();
        Assert.Equal(JsonValueKind.Number, call.Body.GetProperty("from").ValueKind);
        Assert.False(call.Body.TryGetProperty("referenceId", out _));
    }

    [Fact]
    public async Task Files_lie_behind_their_layout_and_want_no_credentials()
    {
        await _broker.TellAsync("inbound", new
        {
            from = "+14155550123", to = "+12065550100",
            media = (object[])[new { contentType = "image/jpeg", base64 = "AQID" }, new { contentType = "video/3gpp", expired = true }],
        });

        string[] urls = [.. (await _broker.NextAsync()).Body.GetProperty("mediaUrls").EnumerateArray().Select(url => url.GetString()!)];
        Assert.Equal(["0.smil", "1.jpg", "2.3gp"], urls.Select(url => url.Split('/')[^1]));

        using var anybody = new HttpClient();
        using var file = await anybody.GetAsync(urls[1]);
        Assert.Equal("image/jpeg", file.Content.Headers.ContentType?.MediaType);
        Assert.Equal([1, 2, 3], await file.Content.ReadAsByteArrayAsync());
        Assert.Equal("application/smil", (await anybody.GetAsync(urls[0])).Content.Headers.ContentType?.MediaType);
        Assert.Equal(HttpStatusCode.NotFound, (await anybody.GetAsync(urls[2])).StatusCode);
        Assert.Equal(HttpStatusCode.BadRequest, (await _broker.Api.GetAsync(urls[1])).StatusCode);
    }

    [Fact]
    public async Task It_calls_again_after_a_fault_of_ours_and_not_after_a_refusal()
    {
        foreach (var status in (int[])[500, 503, 200, 401]) _broker.Answers.Enqueue(status);

        var faulty = await _broker.TellAsync("inbound", new { from = "+14155550123", to = "+12065550100", body = "Hi" });
        var refused = await _broker.TellAsync("inbound", new { from = "+14155550123", to = "+12065550100", body = "Hi" });

        Assert.Equal((3, 200), (faulty.GetProperty("attempts").GetInt32(), faulty.GetProperty("status").GetInt32()));
        Assert.Equal((1, 401), (refused.GetProperty("attempts").GetInt32(), refused.GetProperty("status").GetInt32()));
        string[] ids =
            [(await _broker.NextAsync()).Headers["messageID"].ToString(), (await _broker.NextAsync()).Headers["messageID"].ToString()];
        Assert.NotEqual(ids[0], ids[1]);
    }

    [Fact]
    public async Task Receipts_go_astray_as_they_are_told()
    {
        await _broker.TellAsync("behaviour", new
        {
            times = 1, receipts = new { path = (string[])["ENROUTE", "DELIVRD"], shuffle = true, duplicate = 1, beforeAnswer = true }
        });
        using var response = await _broker.SendAsync();

        Assert.Equal(4, _broker.Waiting); // all before the answer
        foreach (var state in (string[])["DELIVRD", "DELIVRD", "ENROUTE", "ENROUTE"])
            Assert.Contains($"stat:{state} ", (await _broker.NextAsync()).Text, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_receipt_can_be_sent_by_hand()
    {
        using var response = await _broker.SendAsync(new() { ["to"] = new JsonArray("15005553000") });
        var referenceId = (await SimulatedInteliquent.JsonOf(response)).GetProperty("result").GetProperty("referenceId").GetString();

        await _broker.TellAsync("receipts", new { referenceId, status = "UNKNOWN", errorCode = "0x1" });

        Assert.Contains("stat:UNKNOWN err:0x1", (await _broker.NextAsync()).Text, StringComparison.Ordinal);
        Assert.Equal(0, _broker.Waiting);
    }
}
