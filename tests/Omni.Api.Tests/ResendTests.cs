using Omni.Aws;
using Omni.Shared;

namespace Omni.Api.Tests;

public sealed class ResendTests
{
    private const string Force = """{"force":true}""";

    private readonly TestApi _api = new();

    /// <summary>A status, and whether it can be sent again without force.</summary>
    [Theory]
    [InlineData(MessageStatus.Accepted, false)]
    [InlineData(MessageStatus.Scheduled, false)]
    [InlineData(MessageStatus.Queued, false)]
    [InlineData(MessageStatus.Sending, false)]
    [InlineData(MessageStatus.Unknown, true)]
    [InlineData(MessageStatus.Sent, false)]
    [InlineData(MessageStatus.Canceled, true)]
    [InlineData(MessageStatus.Rejected, true)]
    [InlineData(MessageStatus.Expired, true)]
    [InlineData(MessageStatus.Failed, true)]
    [InlineData(MessageStatus.Undelivered, true)]
    [InlineData(MessageStatus.Delivered, false)]
    [InlineData(MessageStatus.Read, false)]
    public async Task What_did_not_arrive_is_sent_again_and_the_rest_with_force(MessageStatus status, bool isFree)
    {
        _api.Store("msg_1", rank: RankKey.Of(status));

        var reply = await ResendAsync("msg_1");

        if (!isFree)
        {
            Assert.Equal((409, "not_failed"), (reply.Status, reply["code"]));
            Assert.Contains(status.Word(), reply["detail"]);
            Assert.Single(_api.Tables.Items("messages"));
            reply = await ResendAsync("msg_1", Force);
        }

        Assert.Equal((202, "accepted", "msg_1"), (reply.Status, reply["status"], reply["resendOf"]));
        Assert.Equal($"/api/v1/messages/{reply["id"]}", reply.Header("Location"));
        var old = await _api.GetAsync("/api/v1/messages/msg_1");
        var copy = await _api.GetAsync(reply.Header("Location")!);
        Assert.Equal((reply["id"], status.Word()), (old["resentAs"], old["status"]));
        Assert.Equal((status == MessageStatus.Unknown).ToString(), old["cancelRequested"]);
        Assert.Equal("msg_1", copy["resendOf"]);
        Assert.Equal((old["content"], old["to"], old["from"]), (copy["content"], copy["to"], copy["from"]));
    }

    [Fact]
    public async Task What_Omni_answered_by_itself_is_repeated_as_a_clients_own()
    {
        var record = _api.Store("msg_1", rank: RankKey.Of(MessageStatus.Failed));
        _api.Tables.Store(
            "messages", MessageCodec.ToItem(record with { Message = record.Message with { Automatic = AutomaticAnswer.OptOut } }));

        var reply = await ResendAsync("msg_1");

        Assert.Equal("optOut", (await _api.GetAsync("/api/v1/messages/msg_1"))["automatic"]);
        Assert.Null((await _api.GetAsync(reply.Header("Location")!))["automatic"]); // else it would go to somebody who opted out
    }

    [Fact]
    public async Task Everything_that_was_asked_for_is_asked_for_again_but_its_time()
    {
        var sent = await _api.SendAsync(new
        {
            scheduledAt = "2026-03-14T13:00:00Z",
            ttlSeconds = 77,
            priority = "bulk",
            clientReference = "order-42",
            onUnknownOutcome = "hold",
            metadata = new { campaignId = "camp_001" },
            adapt = true,
            content = new { type = "location", latitude = 47.6, longitude = -122.3 },
        });
        await _api.CallAsync("POST", $"/api/v1/messages/{sent["id"]}/cancel", TestApi.Key);
        _api.Clock.Advance(TimeSpan.FromMinutes(5));

        var reply = await ResendAsync(sent["id"]!);

        var (old, copy) = ((await _api.Messages.FindAsync(sent["id"]!))!.Message, (await _api.Messages.FindAsync(reply["id"]!))!.Message);
        Assert.Equal(TestApi.Noon.AddMinutes(5), copy.CreatedAt);
        Assert.Null(copy.ScheduledAt);
        Assert.Equal(
            (77, Priority.Bulk, "order-42", UnknownOutcomePolicy.Hold, "camp_001", ContentType.Location),
            (copy.TtlSeconds, copy.Priority, copy.ClientReference, copy.OnUnknownOutcome, copy.Metadata!["campaignId"], copy.AdaptedFrom));
        Assert.Equal((old.Content, old.Parts.Count), (copy.Content, copy.Parts.Count));
    }

    [Fact]
    public async Task A_second_one_is_told_the_first_and_with_force_the_last_one_is_named()
    {
        _api.Store("msg_1", rank: RankKey.Of(MessageStatus.Failed));
        var first = await ResendAsync("msg_1");

        var second = await ResendAsync("msg_1");
        var forced = await ResendAsync("msg_1", Force);

        Assert.Equal((409, "already_resent"), (second.Status, second["code"]));
        Assert.Contains(first["id"]!, second["detail"]);
        Assert.Equal(202, forced.Status);
        Assert.NotEqual(first["id"], forced["id"]);
        Assert.Equal(forced["id"], (await _api.GetAsync("/api/v1/messages/msg_1"))["resentAs"]);
    }

    [Fact]
    public async Task The_same_request_under_the_same_key_is_one_message_and_another_is_refused()
    {
        _api.Store("msg_1", rank: RankKey.Of(MessageStatus.Failed));
        _api.Store("msg_2", rank: RankKey.Of(MessageStatus.Failed));
        var first = await ResendAsync("msg_1", idempotencyKey: "again");
        await ResendAsync("msg_1", Force); // another copy does not make the key forgotten

        var repeated = await ResendAsync("msg_1", idempotencyKey: "again");
        var forced = await ResendAsync("msg_1", Force, idempotencyKey: "again");
        var ofAnother = await ResendAsync("msg_2", idempotencyKey: "again");
        var send = await _api.CallAsync(
            "POST", "/api/v1/messages/send", TestApi.Key, TestApi.Body(), new() { ["idempotency-key"] = "again" });

        Assert.Equal((202, first.Text, "true"), (repeated.Status, repeated.Text, repeated.Header("Idempotency-Replayed")));
        Assert.Null(first.Header("Idempotency-Replayed"));
        Assert.All(
            (Reply[])[forced, ofAnother, send], reply => Assert.Equal((422, "idempotency_key_reused"), (reply.Status, reply["code"])));
        Assert.Null((await _api.Messages.FindAsync("msg_2"))!.State.ResentAs);
    }

    /// <summary>A receipt, or another request, comes between the look and the write.</summary>
    [Theory]
    [InlineData(MessageStatus.Delivered, "not_failed")]
    [InlineData(MessageStatus.Undelivered, null)]
    public async Task What_changes_at_the_same_moment_is_decided_on_anew(MessageStatus reported, string? code)
    {
        _api.Store("msg_1", rank: RankKey.Of(MessageStatus.Failed));
        _api.Tables.Before = call =>
        {
            if (call != "TransactWriteItems") return;
            _api.Tables.Before = _ => { };
            _api.Store("msg_1", rank: RankKey.Of(reported));
        };

        var reply = await ResendAsync("msg_1");

        Assert.Equal((code is null ? 202 : 409, code), (reply.Status, reply["code"]));
        Assert.Equal(code is null ? 2 : 1, _api.Tables.Items("messages").Count);
    }

    [Fact]
    public async Task It_is_checked_like_any_send()
    {
        var message = new Message
        {
            Id = "msg_1", Carrier = "whatsapp", To = Address.Phone("+14155550123"), From = Address.Phone("+12065550100"),
            Content = new TextContent { Body = TestApi.Text }, Parts = [new PlannedPart()], CreatedAt = TestApi.Noon.AddDays(-2),
        };
        var failed = RankKey.Of(MessageStatus.Failed, FailureReason.CarrierFault, "131000");
        var state = MessageStore.NewRecord(message).State with { Rank = failed, Parts = [new PartState { Rank = failed }] };
        _api.Tables.Store("messages", MessageCodec.ToItem(new(message, state)));

        var closed = await ResendAsync("msg_1", Force);
        _api.StoreSession("whatsapp", message.To, TestApi.Noon.AddHours(1));
        var open = await ResendAsync("msg_1");

        Assert.Equal((422, "window_closed"), (closed.Status, closed["code"]));
        Assert.Equal(202, open.Status);
    }

    [Theory]
    [InlineData("[]", 400, "invalid_request", "$ wrong_type")]
    [InlineData("""{"force":"yes"}""", 400, "invalid_request", "force wrong_type")]
    [InlineData("""{"forced":true}""", 400, "invalid_request", "forced unknown_field")]
    [InlineData("{", 400, "invalid_json")]
    [InlineData("""{"force":false}""", 409, "not_failed")]
    [InlineData("{}", 409, "not_failed")]
    public async Task A_body_that_is_wrong_is_refused(string body, int status, string code, params string[] errors)
    {
        _api.Store("msg_1");

        var reply = await ResendAsync("msg_1", body);

        Assert.Equal((status, code), (reply.Status, reply["code"]));
        Assert.Equal(errors, reply.Errors);
    }

    [Fact]
    public async Task An_empty_key_is_refused_before_anything()
    {
        var reply = await ResendAsync("msg_none", idempotencyKey: "");

        Assert.Equal((400, "invalid_idempotency_key"), (reply.Status, reply["code"]));
    }

    [Fact]
    public async Task Another_tenants_message_is_as_one_that_does_not_exist()
    {
        _api.Store("msg_anothers", rank: RankKey.Of(MessageStatus.Failed), tenant: "another");

        var anothers = await ResendAsync("msg_anothers", Force);
        var none = await ResendAsync("msg_none", Force);

        Assert.Equal((404, "message_not_found", none["detail"]), (anothers.Status, anothers["code"], anothers["detail"]));
        Assert.Null((await _api.Messages.FindAsync("msg_anothers"))!.State.ResentAs);
    }

    [Fact]
    public async Task A_message_from_a_person_is_not_sent_again_and_a_key_that_reads_sends_nothing()
    {
        _api.Store("msg_in", direction: Direction.Inbound, rank: RankKey.Of(MessageStatus.Received));
        _api.Store("msg_1", rank: RankKey.Of(MessageStatus.Failed));

        var inbound = await ResendAsync("msg_in", Force);
        var reading = await _api.CallAsync("POST", "/api/v1/messages/msg_1/resend", TestApi.ReadOnlyKey);

        Assert.Equal((422, "not_carried"), (inbound.Status, inbound["code"]));
        Assert.Equal((403, "insufficient_scope"), (reading.Status, reading["code"]));
        Assert.Equal(2, _api.Tables.Items("messages").Count);
    }

    private Task<Reply> ResendAsync(string id, string? body = null, string? idempotencyKey = null) => _api.CallAsync(
        "POST", $"/api/v1/messages/{id}/resend", TestApi.Key, body,
        idempotencyKey is null ? [] : new() { ["idempotency-key"] = idempotencyKey });
}
