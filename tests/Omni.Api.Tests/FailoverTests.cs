using System.Text.Json;
using Amazon.DynamoDBv2.Model;
using Microsoft.Extensions.Time.Testing;
using Omni.Aws;
using Omni.Shared;

namespace Omni.Api.Tests;

public sealed class FailoverTests
{
    private readonly TestApi _api = new();

    private static readonly object Template =
        new { type = "template", name = "order_sent", language = "en", variables = new { a = "Ina" } };

    [Fact]
    public async Task A_message_with_legs_is_taken_together_with_its_first_leg()
    {
        var reply = await SendAsync();

        Assert.Equal((202, "accepted", "[]"), (reply.Status, reply["status"], reply["parts"]));
        var id = reply["id"]!;
        var parent = await Stored(id);
        Assert.Equal(("", 0, 2), (parent.Message.Carrier, parent.State.Parts.Count, parent.Message.Failover!.Count));
        Assert.Equal(TestApi.Noon.AddSeconds(120), parent.State.DueAt);
        var leg = await Stored(Legs.IdOf(id, 0));
        Assert.Equal(("whatsapp", id, 0, 600), (leg.Message.Carrier, leg.Message.Parent, leg.Message.Leg, leg.Message.TtlSeconds));
        Assert.IsType<TemplateContent>(leg.Message.Content);
        Assert.Null(await _api.Messages.FindAsync(Legs.IdOf(id, 1)));
        Assert.Equal(
            [(Legs.IdOf(id, 0), "whatsapp"), (Legs.IdOf(id, 1), "twilio")],
            reply.Json.GetProperty("failover").EnumerateArray()
                .Select(l => (l.GetProperty("id").GetString()!, l.GetProperty("carrier").GetString()!)));
    }

    [Fact]
    public async Task It_is_one_transaction_and_a_send_without_legs_is_one_put_as_before()
    {
        await SendAsync();
        _api.Tables.Forget();

        await SendAsync();
        Assert.Equal(["TransactWriteItems"], _api.Tables.Calls);

        _api.Tables.Forget();
        var plain = await _api.SendAsync();
        Assert.Equal(["PutItem"], _api.Tables.Calls);
        var item = Assert.Single(_api.Tables.Items("messages"), i => i["pk"].S == plain["id"]);
        Assert.DoesNotContain(item.Keys, key => key is "fo" or "lg" or "pa" or "as");
    }

    [Fact]
    public async Task The_same_key_makes_one_message_and_another_request_under_it_is_refused()
    {
        var first = await SendAsync(idempotencyKey: "k1");
        var items = _api.Tables.Items("messages").Count;
        var again = await SendAsync(idempotencyKey: "k1");
        var other = await SendAsync(new { clientReference = "another" }, idempotencyKey: "k1");

        Assert.Equal((first.Text, "true", items), (again.Text, again.Header("Idempotency-Replayed"), _api.Tables.Items("messages").Count));
        Assert.Equal("idempotency_key_reused", other["code"]);
    }

    [Fact]
    public async Task The_message_shows_its_legs_and_a_leg_its_message()
    {
        var id = (await SendAsync())["id"]!;

        var parent = (await _api.GetAsync("/api/v1/messages/" + id)).Json;
        Assert.False(parent.TryGetProperty("carrier", out _));
        Assert.Equal(0, parent.GetProperty("leg").GetInt32());
        var legs = parent.GetProperty("failover");
        Assert.Equal("""["failed","noReceipt"]""", legs[0].GetProperty("on").GetRawText());
        Assert.Equal((120, 600), (legs[0].GetProperty("noReceiptAfterSeconds").GetInt32(), legs[0].GetProperty("ttlSeconds").GetInt32()));
        Assert.Equal(TestApi.Text, legs[1].GetProperty("content").GetProperty("body").GetString());
        var leg = (await _api.GetAsync("/api/v1/messages/" + Legs.IdOf(id, 0))).Json;
        Assert.Equal((id, 0, "whatsapp"), (
            leg.GetProperty("parent").GetString(), leg.GetProperty("leg").GetInt32(), leg.GetProperty("carrier").GetString()));
    }

    [Fact]
    public async Task Lists_hide_legs_unless_they_are_asked_for_and_a_conversation_has_them()
    {
        var id = (await SendAsync(new { label = "codes" }))["id"]!;
        var leg = Legs.IdOf(id, 0);
        var conversation = (await Stored(leg)).Message.ConversationId;

        Assert.Equal([id], await ListedAsync(""));
        Assert.Equal([id], await ListedAsync("?label=codes"));
        Assert.Equal([id, leg], (await ListedAsync("?legs=true")).Order(ById(id)));
        Assert.Equal([leg], await ListedAsync("?conversationId=" + conversation));
        Assert.Empty(await ListedAsync("?carrier=whatsapp"));
        Assert.Equal([leg], await ListedAsync("?carrier=whatsapp&legs=true"));
    }

    /// <summary>A change of the request, and the field and code of what is wrong with it.</summary>
    [Theory]
    [InlineData("""{"carrier":"twilio"}""", "carrier", "not_here")]
    [InlineData("""{"replyTo":"msg_1"}""", "replyTo", "not_here")]
    [InlineData("""{"to":"nobody"}""", "to", "invalid_address")]
    [InlineData("""{"failover":[]}""", "failover", "invalid_length")]
    [InlineData("""{"failover":5}""", "failover", "wrong_type")]
    [InlineData("""{"failover":[{"carrier":"twilio"}]}""", "failover", "invalid_length")]
    [InlineData("""{"failover":[{"carrier":"twilio"},7]}""", "failover[1]", "wrong_type")]
    [InlineData("""{"failover":[{"carrier":"twilio"},{}]}""", "failover[1].carrier", "required")]
    [InlineData("""{"failover":[{"carrier":"twilio"},{"carrier":"pigeon"}]}""", "failover[1].carrier", "unknown_carrier")]
    [InlineData("""{"failover":[{"carrier":"twilio"},{"carrier":"twilio","when":1}]}""", "failover[1].when", "unknown_field")]
    [InlineData("""{"failover":[{"carrier":"twilio","on":["never"]},{"carrier":"bandwidth"}]}""", "failover[0].on[0]", "invalid_value")]
    [InlineData(
        """{"failover":[{"carrier":"twilio","on":["noReceipt"]},{"carrier":"bandwidth"}]}""",
        "failover[0].noReceiptAfterSeconds", "required")]
    [InlineData(
        """{"failover":[{"carrier":"twilio","on":["failed"],"noReceiptAfterSeconds":90},{"carrier":"bandwidth"}]}""",
        "failover[0].noReceiptAfterSeconds", "not_here")]
    [InlineData(
        """{"failover":[{"carrier":"twilio","noReceiptAfterSeconds":59},{"carrier":"bandwidth"}]}""",
        "failover[0].noReceiptAfterSeconds", "out_of_range")]
    [InlineData(
        """{"ttlSeconds":600,"failover":[{"carrier":"twilio","noReceiptAfterSeconds":600},{"carrier":"bandwidth"}]}""",
        "failover[0].noReceiptAfterSeconds", "out_of_range")]
    [InlineData("""{"failover":[{"carrier":"twilio"},{"carrier":"bandwidth","on":["failed"]}]}""", "failover[1].on", "not_here")]
    [InlineData(
        """{"failover":[{"carrier":"twilio"},{"carrier":"livechat","from":"12345678"}]}""", "failover[1].to", "address_not_carried")]
    [InlineData(
        """{"from":null,"failover":[{"carrier":"twilio","from":"+12065550100"},{"carrier":"bandwidth"}]}""",
        "failover[1].from", "required")]
    [InlineData(
        """{"failover":[{"carrier":"twilio"},{"carrier":"bandwidth","content":{"type":"text","body":""}}]}""",
        "failover[1].content.body", "invalid_length")]
    [InlineData(
        """{"failover":[{"carrier":"twilio"},{"carrier":"bandwidth","content":{"type":"location","latitude":1,"longitude":2}}]}""",
        "failover[1].content.type", "content_not_carried")]
    [InlineData("""{"failover":[{"carrier":"twilio"},{"carrier":"whatsapp"}]}""", "failover[1].content.type", "window_closed")]
    [InlineData("""{"failover":[{"carrier":"twilio"},{"carrier":"inteliquent"}]}""", "failover[1]", "carrier_not_available")]
    [InlineData("""{"scheduledAt":"2026-03-13T08:00:00Z"}""", "scheduledAt", "not_in_future")]
    [InlineData("""{"maxSegments":1,"content":{"type":"text","body":"LONG"}}""", "maxSegments", "exceeded")]
    public async Task What_is_wrong_is_told_by_the_field_of_its_leg_and_nothing_is_taken(string changes, string field, string code)
    {
        var body = JsonSerializer.Deserialize<Dictionary<string, JsonElement>>(changes.Replace("LONG", new string('a', 200)));

        var reply = await SendAsync(body!);

        Assert.True(reply.Status is 400 or 422, reply.Text);
        Assert.Equal([(field, code)], reply.Json.GetProperty("errors").EnumerateArray()
            .Select(e => (e.GetProperty("field").GetString()!, e.GetProperty("code").GetString()!)));
        Assert.Empty(_api.Tables.Items("messages"));
        var validated = await _api.CallAsync("POST", "/api/v1/messages/validate", TestApi.Key, BodyOf(body!));
        Assert.Equal("False", validated["valid"]);
        Assert.Equal(reply.Json.GetProperty("errors").GetRawText(), validated["errors"]);
    }

    [Fact]
    public async Task Everything_that_is_wrong_with_all_legs_is_told_at_once()
    {
        object text = new { type = "location", latitude = 1, longitude = 2 };

        object pool = new { type = "senderPool", value = "p" };

        var reply = await SendAsync(
            new { failover = new object[] { new { carrier = "bandwidth", content = text }, new { carrier = "bandwidth", from = pool } } });

        Assert.Equal(
            ["failover[0].content.type", "failover[1].from"],
            reply.Json.GetProperty("errors").EnumerateArray().Select(e => e.GetProperty("field").GetString()!));
    }

    [Fact]
    public async Task Validation_lists_the_legs_as_they_would_be_planned_and_writes_nothing()
    {
        await _api.Consents.RecordAsync(
            "default", Address.Phone("+14155550123"), Address.Phone("+12065550100"), true, TestApi.Noon, evidence: null);

        var reply = await _api.CallAsync("POST", "/api/v1/messages/validate", TestApi.Key, BodyOf(new { }));

        Assert.Equal("True", reply["valid"]);
        Assert.False(reply.Json.TryGetProperty("message", out _));
        var legs = reply.Json.GetProperty("failover").EnumerateArray().ToArray();
        Assert.Equal(["whatsapp", "twilio"], legs.Select(l => l.GetProperty("message").GetProperty("carrier").GetString()!));
        Assert.Equal("""[{"index":0,"segments":1,"encoding":"gsm7"}]""", legs[1].GetProperty("message").GetProperty("parts").GetRawText());
        Assert.False(legs[0].GetProperty("window").GetProperty("open").GetBoolean());
        Assert.Contains("opted_out", legs[1].GetProperty("warnings").GetRawText());
        Assert.Empty(_api.Tables.Items("messages"));
    }

    [Fact]
    public async Task A_batch_goes_one_way()
    {
        var reply = await _api.CallAsync("POST", "/api/v1/messages/bulk", TestApi.Key, JsonSerializer.Serialize(new
        {
            carrier = "twilio", from = "+12065550100", content = new { type = "text", body = "Hello" },
            recipients = new[] { new { to = "+14155550123" } },
            failover = new[] { new { carrier = "twilio" }, new { carrier = "bandwidth" } },
        }));

        Assert.Equal("failover: A batch goes one way: send messages with legs one by one.", reply["detail"]);
    }

    [Fact]
    public async Task An_urgent_message_with_legs_takes_no_express_lane()
    {
        var reply = await SendAsync(new { priority = "high" });

        Assert.Equal(202, reply.Status);
        Assert.Empty(_api.Sent);
        Assert.DoesNotContain("express", _api.LogLines.ToString(), StringComparison.OrdinalIgnoreCase);
    }

    [Fact]
    public async Task A_scheduled_message_waits_as_its_first_leg()
    {
        var at = TestApi.Noon.AddHours(2);

        var id = (await SendAsync(new { scheduledAt = at }))["id"]!;

        var (parent, leg) = (await Stored(id), await Stored(Legs.IdOf(id, 0)));
        Assert.Equal((MessageStatus.Scheduled, MessageStatus.Scheduled), (parent.Status, leg.Status));
        Assert.Equal((at.AddSeconds(120), at), (parent.State.DueAt, leg.State.DueAt));
    }

    [Theory]
    [InlineData("accepted", 200, "canceled", "canceled")]
    [InlineData("sending*", 200, "accepted", "sending")]
    [InlineData("sent", 200, "accepted", "sent")]
    public async Task A_cancel_takes_the_message_and_its_current_leg_back_in_one_step(
        string leg, int status, string parentIs, string legIs)
    {
        var id = (await SendAsync())["id"]!;
        await PutLegAsync(id, leg);
        _api.Tables.Forget();

        var reply = await _api.CallAsync("POST", $"/api/v1/messages/{id}/cancel");

        Assert.Equal((status, parentIs), (reply.Status, reply["status"]));
        Assert.Equal(leg == "sent" ? 0 : 1, _api.Tables.Calls.Count(call => call == "TransactWriteItems"));
        var (parent, after) = (await Stored(id), await Stored(Legs.IdOf(id, 0)));
        Assert.Equal((true, leg != "sent", legIs), (parent.State.CancelRequested, after.State.CancelRequested, after.Status.Word()));
        Assert.Null(parent.State.DueAt);
        var again = await _api.CallAsync("POST", $"/api/v1/messages/{id}/cancel");
        Assert.Equal((reply.Status, reply.Text), (again.Status, again.Text));
    }

    [Fact]
    public async Task The_last_leg_that_has_left_cannot_be_canceled()
    {
        var id = (await SendAsync(new { failover = new[] { new { carrier = "twilio" }, new { carrier = "bandwidth" } } }))["id"]!;
        await PutLegAsync(id, "sent", current: 1);

        var reply = await _api.CallAsync("POST", $"/api/v1/messages/{id}/cancel");

        Assert.Equal((409, "too_late"), (reply.Status, reply["code"]));
    }

    [Theory]
    [InlineData("POST", "cancel")]
    [InlineData("POST", "resend")]
    [InlineData("DELETE", "content")]
    public async Task A_leg_is_not_changed_by_itself(string method, string what)
    {
        var id = (await SendAsync())["id"]!;

        var reply = await _api.CallAsync(method, $"/api/v1/messages/{Legs.IdOf(id, 0)}/{what}");

        Assert.Equal((409, "leg_of_another"), (reply.Status, reply["code"]));
        Assert.Contains(id, reply["detail"]);
    }

    [Fact]
    public async Task The_content_of_all_legs_is_deleted_and_none_follows()
    {
        var id = (await SendAsync())["id"]!;

        var reply = await _api.CallAsync("DELETE", $"/api/v1/messages/{id}/content");

        Assert.Equal((200, "canceled"), (reply.Status, reply["status"]));
        Assert.DoesNotContain(_api.Tables.Items("messages"), item => item.Values.Any(v => v.S?.Contains(TestApi.Text) == true));
        Assert.Equal(MessageStatus.Canceled, (await Stored(Legs.IdOf(id, 0))).Status);
        Assert.Equal(200, (await _api.GetAsync("/api/v1/messages/" + id)).Status);
    }

    [Fact]
    public async Task A_message_whose_legs_all_failed_is_sent_again_with_its_legs()
    {
        var id = (await SendAsync(new { failover = new[] { new { carrier = "twilio" }, new { carrier = "bandwidth" } } }))["id"]!;
        await PutLegAsync(id, "failed", current: 1, parent: RankKey.Of(MessageStatus.Failed, FailureReason.Unknown));

        var reply = await _api.CallAsync("POST", $"/api/v1/messages/{id}/resend");

        Assert.Equal((202, id), (reply.Status, reply["resendOf"]));
        Assert.Equal(2, (await Stored(reply["id"]!)).Message.Failover!.Count);
        var first = await Stored(Legs.IdOf(reply["id"]!, 0));
        Assert.Equal(("twilio", reply["id"], null), (first.Message.Carrier, first.Message.Parent, first.Message.ResendOf));
    }

    [Fact]
    public async Task Writes_in_the_way_are_waited_for_and_are_no_fault_of_the_caller()
    {
        await SendAsync();
        var conflicts = 0;
        _api.Tables.Before = call =>
        {
            if (call == "TransactWriteItems" && conflicts++ < 2) throw Conflict();
        };

        var sending = SendAsync();
        while (!sending.IsCompleted)
        {
            _api.Clock.Advance(TimeSpan.FromSeconds(1));
            await Task.Yield();
        }

        Assert.Equal((202, 3), ((await sending).Status, conflicts));
        _api.Tables.Before = call =>
        {
            if (call == "TransactWriteItems") throw Conflict();
        };
        var refused = SendAsync();
        while (!refused.IsCompleted)
        {
            _api.Clock.Advance(TimeSpan.FromSeconds(1));
            await Task.Yield();
        }

        Assert.Equal((503, "busy"), ((await refused).Status, (await refused)["code"]));
    }

    private static TransactionCanceledException Conflict() =>
        new("conflict") { CancellationReasons = [new() { Code = "TransactionConflict" }, new() { Code = "None" }] };

    private static Comparer<string> ById(string first) => Comparer<string>.Create((a, b) => a == first ? -1 : b == first ? 1 : 0);

    private async Task<string[]> ListedAsync(string query)
    {
        _api.Clock.Advance(TimeSpan.FromMilliseconds(1));
        return [.. (await _api.GetAsync("/api/v1/messages" + query)).Json.GetProperty("data").EnumerateArray()
            .Select(m => m.GetProperty("id").GetString()!)];
    }

    private async Task<MessageRecord> Stored(string id) => (await _api.Messages.FindAsync(id))!;

    /// <summary>Puts a leg as it is in a status; an open call is marked by a star.</summary>
    private async Task PutLegAsync(string parentId, string status, int current = 0, RankKey? parent = null)
    {
        var record = await Stored(parentId);
        var rank = RankKey.Of(EnumWords.FromWord<MessageStatus>(status.TrimEnd('*'))!.Value);
        var leg = MessageStore.NewRecord(Legs.Begin(record.Message, current, TestApi.Noon)!);
        _api.Tables.Store("messages", MessageCodec.ToItem(leg with
        {
            State = leg.State with
            {
                Rank = rank,
                Parts = [new PartState { Rank = rank, LeaseUntil = status.EndsWith('*') ? TestApi.Noon.AddMinutes(1) : null }],
            },
        }));
        _api.Tables.Store("messages", MessageCodec.ToItem(record with
        {
            State = record.State with { CurrentLeg = current, Rank = parent ?? record.State.Rank },
        }));
    }

    private static string BodyOf(object changes)
    {
        var body = new Dictionary<string, object?>
        {
            ["to"] = "+14155550123",
            ["from"] = "+12065550100",
            ["content"] = new { type = "text", body = TestApi.Text },
            ["failover"] = new object[]
            {
                new { carrier = "whatsapp", content = Template, noReceiptAfterSeconds = 120, ttlSeconds = 600 },
                new { carrier = "twilio" },
            },
        };
        foreach (var change in JsonSerializer.SerializeToElement(changes).EnumerateObject()) body[change.Name] = change.Value;
        return JsonSerializer.Serialize(body);
    }

    private Task<Reply> SendAsync(object? changes = null, string? idempotencyKey = null) =>
        _api.SendBodyAsync(BodyOf(changes ?? new { }), idempotencyKey);
}
