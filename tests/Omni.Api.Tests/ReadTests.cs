using Omni.Aws;
using Omni.Shared;

namespace Omni.Api.Tests;

public sealed class ReadTests
{
    private readonly TestApi _api = new();

    [Fact]
    public async Task A_message_is_read_with_all_that_became_of_it()
    {
        _api.Store("msg_1", rank: RankKey.Of(MessageStatus.Undelivered, FailureReason.Unreachable, "30003"));

        var reply = await _api.GetAsync("/api/v1/messages/msg_1");

        Assert.Equal((200, "undelivered", "True", "normal"), (reply.Status, reply["status"], reply["final"], reply["priority"]));
        Assert.Equal(TestApi.Text, reply.Json.GetProperty("content").GetProperty("body").GetString());
        var error = reply.Json.GetProperty("error");
        Assert.Equal(("unreachable", "30003", true), (
            error.GetProperty("code").GetString(),
            error.GetProperty("carrierCode").GetString(),
            error.GetProperty("retryable").GetBoolean()));
        Assert.Equal("undelivered", Assert.Single(reply.Json.GetProperty("parts").EnumerateArray()).GetProperty("status").GetString());
        Assert.False(reply.Json.TryGetProperty("timeline", out _));
    }

    [Fact]
    public async Task An_inbound_message_has_no_parts_and_no_plan()
    {
        _api.Store("msg_1", direction: Direction.Inbound);

        var reply = await _api.GetAsync("/api/v1/messages/msg_1");

        Assert.Equal(
            ("inbound", "received", "SM1", null, null),
            (reply["direction"], reply["status"], reply["carrierMessageId"], reply["parts"], reply["ttlSeconds"]));
    }

    [Fact]
    public async Task An_inbound_message_shows_what_was_filled_in_and_where_it_comes_from()
    {
        _api.Store("msg_1", direction: Direction.Inbound);
        var item = Assert.Single(_api.Tables.Items("messages"), i => i["pk"].S == "msg_1");
        item["ct"] = new("""{"type":"interactive","body":"","reply":{"id":"flow","title":"Sent","data":{"seats":2}}}""");
        item["rf"] = new("""{"sourceType":"ad","clickId":"ARabc"}""");
        item["fw"] = new() { BOOL = true };

        var reply = await _api.GetAsync("/api/v1/messages/msg_1");

        Assert.Equal(
            """{"id":"flow","title":"Sent","data":{"seats":2}}""",
            reply.Json.GetProperty("content").GetProperty("reply").GetRawText());
        Assert.Equal("""{"sourceType":"ad","clickId":"ARabc"}""", reply.Json.GetProperty("referral").GetRawText());
        Assert.Equal(("True", null), (reply["forwarded"], reply["frequentlyForwarded"]));
    }

    [Fact]
    public async Task A_part_tells_what_it_costs()
    {
        _api.Store("msg_1");
        var item = Assert.Single(_api.Tables.Items("messages"), i => i["pk"].S == "msg_1");
        item["pt"].M["p0"].M["pz"] = new(
            """{"amount":0.0075,"currency":"USD","billable":true,"category":"utility","model":"PMP","kind":"regular"}""");

        var part = Assert.Single((await _api.GetAsync("/api/v1/messages/msg_1")).Json.GetProperty("parts").EnumerateArray());

        Assert.Equal(
            """{"amount":0.0075,"currency":"USD","billable":true,"category":"utility","model":"PMP","kind":"regular"}""",
            part.GetProperty("pricing").GetRawText());
    }

    [Theory]
    [InlineData("")]
    [InlineData("/status")]
    [InlineData("/timeline")]
    public async Task Another_tenants_message_is_not_there(string what)
    {
        _api.Store("msg_1");
        _api.Store("msg_2", tenant: "another");

        Assert.Equal(200, (await _api.GetAsync("/api/v1/messages/msg_1" + what)).Status);
        var reply = await _api.GetAsync("/api/v1/messages/msg_2" + what);

        Assert.Equal((404, "message_not_found"), (reply.Status, reply["code"]));
    }

    [Fact]
    public async Task The_timeline_is_in_order_of_time()
    {
        _api.Store(
            "msg_1", rank: RankKey.Of(MessageStatus.Undelivered, FailureReason.Unreachable, "30003"), timeline:
            [
                Event("0.1.undelivered.30003", seconds: 3), Event("0.1.sending", seconds: 1), Event("0.1.sent", seconds: 2),
            ]);

        var reply = await _api.GetAsync("/api/v1/messages/msg_1/timeline");

        var events = reply.Json.GetProperty("events").EnumerateArray().ToArray();
        Assert.Equal(["accepted", "sending", "sent", "undelivered"], events.Select(e => e.GetProperty("type").GetString()));
        Assert.Equal("30003", events[3].GetProperty("carrierCode").GetString());
        Assert.DoesNotContain("Query", _api.Tables.Calls);
    }

    [Fact]
    public async Task Events_beside_the_item_belong_to_the_timeline()
    {
        _api.Store(
            "msg_1",
            rank: RankKey.Of(MessageStatus.Sent),
            timeline: [.. Enumerable.Range(1, 40).Select(i => Event($"0.{i}.deferred", seconds: 2 * i))]);
        _api.Tables.Store("messages", new()
        {
            ["pk"] = new("msg_1"),
            ["sk"] = new("e#0.41.sent"),
            ["t"] = new() { N = TestApi.Noon.AddSeconds(5).ToUnixTimeMilliseconds().ToString() }
        });

        var reply = await _api.GetAsync("/api/v1/messages/msg_1/timeline");

        var events = reply.Json.GetProperty("events").EnumerateArray().Select(e => e.GetProperty("id").GetString()!).ToArray();
        Assert.Equal(42, events.Length);
        Assert.Equal(["accepted", "0.1.deferred", "0.2.deferred", "0.41.sent", "0.3.deferred"], events[..5]);
    }

    [Fact]
    public void Every_reason_is_explained_in_sentences_of_its_own()
    {
        var explained = Enum.GetValues<FailureReason>().Select(ErrorView.Explain).ToArray();

        Assert.All(explained, e => Assert.EndsWith(".", e.Detail));
        Assert.All(explained, e => Assert.EndsWith(".", e.Help));
        Assert.Equal(explained.Length, explained.Select(e => e.Detail).Distinct().Count());
        Assert.Equal(explained.Length, explained.Select(e => e.Help).Distinct().Count());
    }

    [Theory]
    [InlineData("twilio", "30003", "https://www.twilio.com/docs/api/errors/30003")]
    [InlineData("twilio", "http_502", null)]
    [InlineData("twilio", "connect", null)]
    [InlineData("twilio", null, null)]
    [InlineData("whatsapp", "131042", "https://developers.facebook.com/documentation/business-messaging/whatsapp/support/error-codes")]
    [InlineData("whatsapp", "from_not_listed", null)]
    [InlineData("bandwidth", "request-validation/to", "https://dev.bandwidth.com/docs/messaging/errors")]
    [InlineData("bandwidth", "http_404", null)]
    [InlineData("livechat", "customer_banned", "https://platform.text.com/docs/messaging/agent-chat-api#errors")]
    [InlineData("inteliquent", "414", null)]
    public void An_error_links_to_the_carriers_page_on_its_code(string carrier, string? code, string? link) =>
        Assert.Equal(link, ErrorView.Of(RankKey.Of(MessageStatus.Failed, FailureReason.Unknown, code), carrier)!.Link?.OriginalString);

    [Theory]
    [InlineData("/api/v1/messages/msg_1")]
    [InlineData("/api/v1/messages/msg_1/status")]
    public async Task What_waits_says_why_until_it_is_sent(string path)
    {
        var record = _api.Store("msg_1", rank: RankKey.Of(MessageStatus.Sending));
        StoreDeferred(record);

        var waiting = await _api.GetAsync(path);

        Assert.Equal("sending", waiting["status"]);
        Assert.Null(waiting["error"]);
        Assert.Equal(
            ("payment_required", "20005", "https://www.twilio.com/docs/api/errors/20005"),
            (Text("code"), Text("carrierCode"), Text("link")));
        Assert.Equal(ErrorView.Explain(FailureReason.PaymentRequired).Help, Text("help"));

        StoreDeferred(_api.Store("msg_1", rank: RankKey.Of(MessageStatus.Sent)));
        Assert.Null((await _api.GetAsync(path))["deferral"]);

        string? Text(string member) => waiting.Json.GetProperty("deferral").GetProperty(member).GetString();
    }

    private void StoreDeferred(MessageRecord record)
    {
        var deferral = RankKey.Of(MessageStatus.Sending, FailureReason.PaymentRequired, "20005");
        var parts = record.State.Parts.Select(part => part with { Deferral = deferral });
        _api.Tables.Store("messages", MessageCodec.ToItem(record with { State = record.State with { Parts = [.. parts] } }));
    }

    private static TimelineEvent Event(string id, int seconds) =>
        new() { Id = id, Type = id.Split('.')[2], At = TestApi.Noon.AddSeconds(seconds) };
}
