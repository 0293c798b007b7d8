using System.Text;
using System.Text.Json;
using Omni.Aws;
using Omni.Shared;

namespace Omni.Api.Tests;

public sealed class SendTests
{
    private readonly TestApi _api = new();

    [Fact]
    public async Task A_send_is_one_put_once_its_key_is_known()
    {
        await _api.GetAsync("/api/v1/carriers");
        _api.Tables.Forget();

        await _api.SendAsync();

        Assert.Equal(["PutItem"], _api.Tables.Calls);
    }

    [Fact]
    public async Task A_send_is_answered_with_what_was_taken()
    {
        var reply = await _api.SendAsync(
            new { clientReference = "order-42", priority = "high", metadata = new { campaignId = "camp_001" } });

        Assert.Equal(202, reply.Status);
        Assert.Equal(
            ("accepted", "high", "order-42", "2026-03-14T12:00:00.123Z"),
            (reply["status"], reply["priority"], reply["clientReference"], reply["createdAt"]));
        Assert.Equal("/api/v1/messages/" + reply["id"], reply.Header("Location"));
        Assert.Equal("""[{"index":0,"segments":1,"encoding":"gsm7"}]""", reply["parts"]);
        var stored = Assert.Single(_api.Tables.Items("messages"), i => i["pk"].S == reply["id"]);
        var message = MessageCodec.FromItem(stored).Message;
        Assert.Equal(("default", "key_1", Priority.High), (message.Tenant, message.Actor, message.Priority));
        Assert.Equal("camp_001", message.Metadata!["campaignId"]);
    }

    /// <summary>A text, the most segments that it may have, and how many it needs where that is more.</summary>
    [Theory]
    [InlineData("a", 160, 1, null)]
    [InlineData("a", 161, 1, 2)]
    [InlineData("☺", 70, 1, null)]
    [InlineData("☺", 71, 1, 2)]
    [InlineData("a", 3200, 22, null)]
    [InlineData("a", 3200, 21, 22)]
    [InlineData("a", 3200, null, null)]
    public async Task A_message_has_no_more_segments_than_it_may(string letter, int length, int? most, int? needed)
    {
        var body = string.Concat(Enumerable.Repeat(letter, length));
        var content = new { type = "text", body };

        var reply = most is null ? await _api.SendAsync(new { content }) : await _api.SendAsync(new { content, maxSegments = most });

        Assert.Equal((needed is null ? 202 : 422, needed is null ? null : "too_many_segments"), (reply.Status, reply["code"]));
        if (needed is not null) Assert.Equal($"maxSegments: The message needs {needed} segments, and may have {most}.", reply["detail"]);
    }

    [Theory]
    [InlineData(null, "auto")]
    [InlineData("auto", "auto")]
    [InlineData("hold", "hold")]
    [InlineData("resend", "resend")]
    public async Task What_follows_an_unknown_outcome_is_shown_as_it_was_asked_for_or_by_default(string? asked, string shown)
    {
        var sent = asked is null ? await _api.SendAsync() : await _api.SendAsync(new { onUnknownOutcome = asked });

        Assert.Equal(shown, (await _api.GetAsync($"/api/v1/messages/{sent["id"]}"))["onUnknownOutcome"]);
        Assert.Equal(shown, (await _api.Messages.FindAsync(sent["id"]!))!.Message.OnUnknownOutcome.Word());
    }

    [Fact]
    public async Task The_callers_trace_goes_with_the_message_and_one_is_made_otherwise()
    {
        const string Trace = "00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01";
        var traced = await _api.CallAsync("POST", "/api/v1/messages/send", TestApi.Key, TestApi.Body(), new() { ["traceparent"] = Trace });
        var other = await _api.CallAsync(
            "POST", "/api/v1/messages/send", TestApi.Key, TestApi.Body(), new() { ["traceparent"] = "nonsense" });

        Assert.Equal(Trace, (await _api.Messages.FindAsync(traced["id"]!))!.Message.Trace);
        Assert.Matches("^00-[0-9a-f]{32}-[0-9a-f]{16}-01$", (await _api.Messages.FindAsync(other["id"]!))!.Message.Trace);
    }

    [Theory]
    [InlineData("+1 (206) 555-0100", AddressType.Phone, "+12065550100")]
    [InlineData("12345", AddressType.ShortCode, "12345")]
    [InlineData("Omni Shop", AddressType.Alphanumeric, "Omni Shop")]
    public async Task A_sender_in_short_form_is_told_apart(string from, AddressType type, string value)
    {
        var reply = await _api.SendAsync(new { from });

        Assert.Equal(new Address(type, value), (await _api.Messages.FindAsync(reply["id"]!))!.Message.From);
    }

    [Fact]
    public async Task Where_a_carrier_knows_no_phone_numbers_a_string_is_its_first_kind_of_address()
    {
        var reply = await _api.SendAsync(new { carrier = "livechat", to = "PJ0MRSHTDG", from = "12345678" });

        var message = (await _api.Messages.FindAsync(reply["id"]!))!.Message;
        Assert.Equal(
            (new(AddressType.LivechatChat, "PJ0MRSHTDG"), new(AddressType.LivechatLicense, "12345678")), (message.To, message.From));
        var spelledOut = await _api.SendAsync(new
        {
            carrier = "livechat",
            to = new { type = "livechatCustomer", value = "c-1" },
            from = new { type = "livechatLicense", value = "12345678" },
        });
        Assert.Equal(202, spelledOut.Status);
    }

    [Fact]
    public async Task A_caption_that_cannot_stand_beside_its_file_is_a_part_of_its_own()
    {
        var reply = await _api.SendAsync(new
        {
            carrier = "livechat",
            to = "PJ0MRSHTDG",
            from = "12345678",
            content = new { type = "image", mediaUrl = "https://example.com/a.png", caption = "Look" },
        });

        Assert.Equal("""[{"index":0,"segments":1},{"index":1,"segments":1,"isCaption":true}]""", reply["parts"]);
        var parts = (await _api.GetAsync("/api/v1/messages/" + reply["id"])).Json.GetProperty("parts").EnumerateArray();
        Assert.Equal([false, true], parts.Select(part => part.TryGetProperty("isCaption", out _)));
    }

    [Theory]
    [InlineData(
        "messagebird",
        """{"type":"template","name":"order_sent","language":"en","variables":{"1":"Ina"},"header":{"document":"""
            + """{"mediaUrl":"https://example.com/a.pdf","filename":"a.pdf"}},"buttons":[{"index":0,"type":"url","value":"42"},"""
            + """{"index":1,"type":"quickReply","value":"more"}]}""")]
    [InlineData("messagebird", """{"type":"template","name":"order_sent","language":"en","variables":{},"header":{"text":"42"}}""")]
    [InlineData("livechat", """{"type":"interactive","body":"","cards":[{"title":"Blue mug","buttons":[{"id":"a","title":"Buy"},"""
        + """{"id":"b","title":"Open","url":"https://example.com/mug"}],"subtitle":"0.3 l","imageUrl":"https://example.com/mug.png"},"""
        + """{"title":"Red mug","buttons":[]}]}""")]
    public async Task Rich_content_is_taken_whole_and_shown_as_it_was_given(string carrier, string content)
    {
        // What says nothing may be left out; it comes back.
        var request = content.Replace("\"body\":\"\",", "").Replace(",\"buttons\":[]", "").Replace("\"variables\":{},", "");
        var reply = await _api.SendAsync(new
        {
            carrier,
            to = carrier == "livechat" ? "PJ0MRSHTDG" : "+14155550123",
            from = carrier == "livechat" ? (object)"12345678" : new { type = "senderPool", value = "channel-1" },
            content = JsonDocument.Parse(request).RootElement,
        });

        Assert.Equal((202, null), (reply.Status, reply["adaptedFrom"]));
        Assert.True(JsonElement.DeepEquals(
            JsonDocument.Parse(content).RootElement, (await _api.GetAsync("/api/v1/messages/" + reply["id"])).Json.GetProperty("content")));
    }

    [Fact]
    public async Task A_long_text_is_planned_into_parts()
    {
        var reply = await _api.SendAsync(new { content = new { type = "text", body = string.Concat(Enumerable.Repeat("word ", 700)) } });

        Assert.Equal(3, reply.Json.GetProperty("parts").GetArrayLength());
    }

    [Fact]
    public async Task Content_is_degraded_only_when_asked()
    {
        var reply = await _api.SendAsync(
            new { adapt = true, content = new { type = "location", latitude = 47.6, longitude = -122.3, name = "Pier 57" } });

        Assert.Equal((202, "location"), (reply.Status, reply["adaptedFrom"]));
        var text = Assert.IsType<TextContent>((await _api.Messages.FindAsync(reply["id"]!))!.Message.Content);
        Assert.StartsWith("Pier 57\n", text.Body);
    }

    [Fact]
    public async Task A_body_in_base64_is_read()
    {
        var body = Convert.ToBase64String(Encoding.UTF8.GetBytes(TestApi.Body()));

        Assert.Equal(202, (await _api.CallAsync("POST", "/api/v1/messages/send", TestApi.Key, body, base64: true)).Status);
    }

    [Fact]
    public async Task A_scheduled_message_is_due_at_its_time()
    {
        var reply = await _api.SendAsync(new { scheduledAt = "2026-03-15T09:00:00.1239+01:00" });

        Assert.Equal(("scheduled", "2026-03-15T08:00:00.123Z"), (reply["status"], reply["scheduledAt"]));
        var record = await _api.Messages.FindAsync(reply["id"]!);
        Assert.Equal((MessageStatus.Scheduled, record!.Message.ScheduledAt), (record.Status, record.State.DueAt));
    }

    [Fact]
    public async Task A_replay_is_the_same_to_the_byte_whatever_has_happened_since()
    {
        var first = await _api.SendAsync(new { clientReference = "r" }, "key-1");
        _api.Clock.Advance(TimeSpan.FromHours(30));
        var taken = (await _api.Messages.FindAsync(first["id"]!))!;
        _api.Tables.Store(
            "messages",
            MessageCodec.ToItem(taken with { State = taken.State with { Rank = RankKey.Of(MessageStatus.Delivered), Timeline = [] } }));
        _api.Tables.Forget();

        var second = await _api.SendAsync(new { clientReference = "r" }, "key-1");

        Assert.Equal((202, first.Text), (second.Status, second.Text));
        Assert.Equal((null, "true"), (first.Header("Idempotency-Replayed"), second.Header("Idempotency-Replayed")));
        Assert.Equal(first.Header("Location"), second.Header("Location"));
        Assert.DoesNotContain("GetItem", _api.Tables.Calls.Skip(1)); // the key's minute is over, so it is looked up again
    }

    [Fact]
    public async Task The_order_of_fields_and_the_writing_of_values_do_not_make_another_request()
    {
        const string One = """{"carrier":"twilio","to":"+14155550123","from":"+12065550100","content":"""
            + """{"type":"template","name":"HX0123456789abcdef0123456789abcdef","variables":{"a":"1","b":"2"}}"""
            + ""","metadata":{"x":"1","y":"2"}}""";
        const string Same = """
            { "metadata": {"y":"2", "x":"\u0031"}, "priority": "normal", "adapt": false, "clientReference": null,
              "content": {"variables":{"b":"2","a":"1"}, "name":"HX0123456789abcdef0123456789abcdef", "type":"template"},
              "from": {"value":"+1 206 555 0100","type":"phone"}, "to": "+1 (415) 555-0123", "carrier": "twilio" }
            """;

        var first = await _api.SendBodyAsync(One, "key-1");
        var second = await _api.SendBodyAsync(Same, "key-1");

        Assert.Equal((202, first.Text, "true"), (second.Status, second.Text, second.Header("Idempotency-Replayed")));
        Assert.Single(_api.Tables.Items("messages"));
    }

    [Theory]
    [InlineData("""{"content":{"type":"text","body":"other"}}""")]
    [InlineData("""{"adapt":true}""")]
    [InlineData("""{"ttlSeconds":60}""")]
    [InlineData("""{"scheduledAt":"2026-03-15T08:00:00Z"}""")]
    public async Task Another_request_under_the_same_key_is_refused(string change)
    {
        await _api.SendAsync(idempotencyKey: "key-1");

        var reply = await _api.SendAsync(JsonDocument.Parse(change).RootElement, "key-1");

        Assert.Equal((422, "idempotency_key_reused"), (reply.Status, reply["code"]));
        Assert.Single(_api.Tables.Items("messages"));
    }

    [Fact]
    public async Task Of_two_that_race_with_the_same_key_both_are_answered_and_one_message_is_sent()
    {
        var replies = await Task.WhenAll(Enumerable.Range(0, 8).Select(_ => Task.Run(() => _api.SendAsync(idempotencyKey: "key-1"))));

        Assert.All(replies, reply => Assert.Equal((202, replies[0].Text), (reply.Status, reply.Text)));
        Assert.Single(replies, reply => reply.Header("Idempotency-Replayed") is null);
        Assert.Single(_api.Tables.Items("messages"));
    }

    [Theory]
    [InlineData("")]
    [InlineData("  ")]
    public async Task An_empty_idempotency_key_is_refused_and_not_taken_for_none(string key)
    {
        var reply = await _api.SendAsync(idempotencyKey: key);

        Assert.Equal((400, "invalid_idempotency_key"), (reply.Status, reply["code"]));
        Assert.Empty(_api.Tables.Items("messages"));
    }

    [Theory]
    [InlineData("""{"metadata":{}}""", "{}")]
    [InlineData("""{"metadata":null}""", "{}")]
    [InlineData("""{"metadata":{"a":null}}""", "{}")]
    [InlineData("""{"metadata":{"a":"1","b":null}}""", """{"metadata":{"a":"1"}}""")]
    public async Task What_is_left_out_of_metadata_makes_no_other_request(string one, string same)
    {
        var first = await _api.SendAsync(JsonDocument.Parse(one).RootElement, "key-1");
        var second = await _api.SendAsync(JsonDocument.Parse(same).RootElement, "key-1");

        Assert.Equal((202, first.Text, "true"), (second.Status, second.Text, second.Header("Idempotency-Replayed")));
        var shown = await _api.GetAsync($"/api/v1/messages/{first["id"]}");
        Assert.Equal(same == "{}" ? null : """{"a":"1"}""", shown["metadata"]);
    }

    [Fact]
    public async Task Without_a_key_every_request_is_a_message()
    {
        Assert.NotEqual((await _api.SendAsync())["id"], (await _api.SendAsync())["id"]);
    }

    [Fact]
    public async Task A_scheduled_send_is_replayed_even_after_its_time()
    {
        var schedule = new { scheduledAt = "2026-03-14T13:00:00Z" };
        var first = await _api.SendAsync(schedule, "key-1");
        _api.Clock.Advance(TimeSpan.FromHours(2));

        var second = await _api.SendAsync(schedule, "key-1");
        var late = await _api.SendAsync(schedule, "key-2");

        Assert.Equal((202, first.Text, "true"), (second.Status, second.Text, second.Header("Idempotency-Replayed")));
        Assert.Equal(["scheduledAt not_in_future"], late.Errors);
    }
}
