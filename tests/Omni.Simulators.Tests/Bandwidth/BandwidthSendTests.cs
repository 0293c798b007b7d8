using System.Net;
using System.Net.Http.Json;
using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;

namespace Omni.Simulators.Tests.Bandwidth;

public sealed class BandwidthSendTests : IAsyncLifetime
{
    private readonly SimulatedBandwidth _bandwidth = new();

    public static TheoryData<string, string?, string> Refusals()
    {
        var cases = new TheoryData<string, string?, string>();
        foreach (var refusal in JsonNode.Parse(File.ReadAllText(Path.Combine("Fixtures", "bandwidth-refused-sends.json")))!.AsArray())
        {
            cases.Add((string)refusal!["name"]!, refusal["change"]!.ToJsonString(), (string)refusal["field"]!);
        }

        return cases;
    }

    public Task InitializeAsync() => _bandwidth.InitializeAsync();
    public Task DisposeAsync() => _bandwidth.DisposeAsync();

    [Fact]
    public async Task A_message_is_taken_and_its_receipts_come_in_order_with_the_tag()
    {
        using var response = await _bandwidth.SendAsync();

        Assert.Equal(HttpStatusCode.Accepted, response.StatusCode);
        var taken = await SimulatedBandwidth.JsonOf(response);
        Assert.Matches("^[a-z0-9]{29}$", taken.GetProperty("id").GetString());
        Assert.Equal("out", taken.GetProperty("direction").GetString());

        var call = await _bandwidth.NextAsync();
        Assert.Equal("/webhooks/bandwidth/simulated-path-token", call.Path);
        Assert.Equal("application/json; charset=utf-8", call.ContentType);
        Assert.Null(call.Authorization);
        var sent = call.Events.Single()!;
        Assert.Equal("message-sent", (string?)sent["type"]);
        Assert.Equal("+14155550123", (string?)sent["to"]);
        Assert.Equal("msg_01jd7q.0.1", (string?)sent["message"]!["tag"]);
        Assert.Equal("", (string?)sent["message"]!["text"]);
        Assert.Equal(["message-delivered"], await _bandwidth.NextEventsAsync(1));
    }

    [Fact]
    public async Task A_group_has_a_receipt_for_each_of_its_members()
    {
        using var response = await _bandwidth.SendAsync(new { to = new[] { "+14155550123", "+14155550177" } });

        var to = new List<string>();
        for (var i = 0; i < 6; i++) to.Add((string)(await _bandwidth.NextAsync()).Events[0]!["to"]!);
        Assert.Equal(["+14155550123", "+14155550123", "+14155550123", "+14155550177", "+14155550177", "+14155550177"], to);
    }

    [Theory, MemberData(nameof(Refusals))]
    public async Task What_is_wrong_is_refused_and_the_field_named(string name, string? change, string field)
    {
        var body = JsonNode.Parse(change!.Replace("{x*2049}", new string('x', 2049), StringComparison.Ordinal).Replace(
            "{x*1025}", new string('x', 1025), StringComparison.Ordinal));
        using var response = await _bandwidth.SendAsync(body);

        Assert.True(response.StatusCode == HttpStatusCode.BadRequest, name);
        var problem = await SimulatedBandwidth.JsonOf(response);
        Assert.Equal("request-validation", problem.GetProperty("type").GetString());
        Assert.Contains(problem.GetProperty("fieldErrors").EnumerateArray(), e => e.GetProperty("fieldName").GetString() == field);
        Assert.Equal(0, (await _bandwidth.Control.GetFromJsonAsync<JsonElement>("messages")).GetArrayLength());
        Assert.Equal(1, (await _bandwidth.Control.GetFromJsonAsync<JsonElement>("refused")).GetArrayLength());
    }

    [Fact]
    public async Task Only_json_is_read()
    {
        using var form = new FormUrlEncodedContent([new("to", "+14155550123")]);
        using var asForm = await _bandwidth.Api.PostAsync(_bandwidth.Messages, form);
        using var broken = await _bandwidth.Api.PostAsync(_bandwidth.Messages, new StringContent("{", Encoding.UTF8, "application/json"));

        Assert.Equal(HttpStatusCode.UnsupportedMediaType, asForm.StatusCode);
        Assert.Equal("unsupported-content-type", (await SimulatedBandwidth.JsonOf(asForm)).GetProperty("type").GetString());
        Assert.Equal(HttpStatusCode.BadRequest, broken.StatusCode);
    }

    [Fact]
    public async Task Whoever_has_no_token_and_no_password_is_refused_and_a_wrong_account_is_not_found()
    {
        using var stranger = new HttpClient();
        using var none = await stranger.GetAsync(_bandwidth.Messages + "?messageId=1");
        using var wrong = await _bandwidth.RequestTokenAsync(_bandwidth.Options.ApiToken, "wrong");
        using var grant = await _bandwidth.RequestTokenAsync(_bandwidth.Options.ApiToken, _bandwidth.Options.ApiSecret, "password");
        using var other = await _bandwidth.Api.GetAsync(
            _bandwidth.Messages.Replace("9900000", "9900001", StringComparison.Ordinal) + "?messageId=1");
        stranger.DefaultRequestHeaders.Authorization = SimulatedBandwidth.Basic(_bandwidth.Options.ApiToken, _bandwidth.Options.ApiSecret);
        using var old = await stranger.GetAsync(_bandwidth.Messages + "?messageId=1");

        Assert.Equal(
            [401, 401, 400, 404, 200],
            ((HttpResponseMessage[])[none, wrong, grant, other, old]).Select(response => (int)response.StatusCode));
        Assert.Equal("unauthorized", (await SimulatedBandwidth.JsonOf(none)).GetProperty("type").GetString());
        Assert.True((await SimulatedBandwidth.JsonOf(other)).TryGetProperty("path", out _));
    }

    [Fact]
    public async Task A_revoked_token_is_refused_and_a_new_one_is_not()
    {
        await _bandwidth.TellAsync("tokens/revoke");
        using var refused = await _bandwidth.SendAsync();
        Assert.Equal(HttpStatusCode.Unauthorized, refused.StatusCode);

        _bandwidth.Api.DefaultRequestHeaders.Authorization = new("Bearer", await _bandwidth.TokenAsync());
        using var taken = await _bandwidth.SendAsync();
        Assert.Equal(HttpStatusCode.Accepted, taken.StatusCode);
    }

    [Fact]
    public async Task The_accounts_queue_runs_full()
    {
        await _bandwidth.TellAsync("rate", new { perSecond = 0, burst = 2 });
        using var one = await _bandwidth.SendAsync();
        using var two = await _bandwidth.SendAsync(new { from = "+12065550101" });
        using var three = await _bandwidth.SendAsync();

        Assert.Equal([202, 202, 429], ((HttpResponseMessage[])[one, two, three]).Select(response => (int)response.StatusCode));
        Assert.Equal("max-message-queue-size-exceeded", (await SimulatedBandwidth.JsonOf(three)).GetProperty("type").GetString());
    }

    [Fact]
    public async Task A_number_that_is_not_ours_is_taken_and_fails_later()
    {
        using var response = await _bandwidth.SendAsync(new { from = "+12065559999" });
        Assert.Equal(HttpStatusCode.Accepted, response.StatusCode);
        Assert.Equal(["message-failed/4407"], await _bandwidth.NextEventsAsync(1));
    }

    [Fact]
    public async Task The_search_finds_by_numbers_and_tells_no_text()
    {
        using var one = await _bandwidth.SendAsync();
        using var two = await _bandwidth.SendAsync(new { to = new[] { "+14155550177" } });
        var found = await _bandwidth.Api.GetFromJsonAsync<JsonElement>(
            _bandwidth.Messages + "?sourceTn=%2B12065550100&destinationTn=%2B14155550123");
        using var none = await _bandwidth.Api.GetAsync(_bandwidth.Messages);

        var message = Assert.Single(found.GetProperty("messages").EnumerateArray());
        Assert.Equal((await SimulatedBandwidth.JsonOf(one)).GetProperty("id").GetString(), message.GetProperty("messageId").GetString());
        Assert.Equal("OUTBOUND", message.GetProperty("messageDirection").GetString());
        Assert.DoesNotContain("Hello", found.GetRawText(), StringComparison.Ordinal);
        Assert.Equal(HttpStatusCode.BadRequest, none.StatusCode);
    }
}
