using Omni.Aws;
using Omni.Shared;

namespace Omni.Api.Tests;

public sealed class CancelTests
{
    private readonly TestApi _api = new();

    /// <summary>The statuses of a message's parts, an open call marked by a star, and the answer.</summary>
    [Theory]
    [InlineData("accepted", 200, 1, 0, 0, "canceled")]
    [InlineData("scheduled", 200, 1, 0, 0, "canceled")]
    [InlineData("queued", 200, 1, 0, 0, "canceled")]
    [InlineData("sending", 200, 1, 0, 0, "canceled")] // put off, waits to be tried again
    [InlineData("sending*", 200, 0, 0, 1, "sending")]
    [InlineData("unknown", 200, 0, 0, 1, "unknown")]
    [InlineData("canceled", 200, 1, 0, 0, "canceled")]
    [InlineData("failed", 200, 0, 0, 0, "failed")]
    [InlineData("rejected", 200, 0, 0, 0, "rejected")]
    [InlineData("expired", 200, 0, 0, 0, "expired")]
    [InlineData("sent accepted", 200, 1, 1, 0, "sent")]
    [InlineData("sending* accepted accepted", 200, 2, 0, 1, "sending")]
    [InlineData("unknown accepted", 200, 1, 0, 1, "unknown")]
    [InlineData("sent failed", 200, 0, 1, 0, "sent")]
    [InlineData("sent", 409, 0, 1, 0, "sent")]
    [InlineData("undelivered", 409, 0, 1, 0, "undelivered")]
    [InlineData("delivered", 409, 0, 1, 0, "delivered")]
    [InlineData("read delivered", 409, 0, 2, 0, "delivered")]
    public async Task What_has_not_left_is_canceled(string parts, int answer, int canceled, int escaped, int pending, string status)
    {
        Store("msg_1", parts);

        var first = await CancelAsync("msg_1");
        var updates = _api.Tables.Updates.Count;
        var second = await CancelAsync("msg_1");

        Assert.Equal(answer, first.Status);
        Assert.Equal((first.Status, Told(first)), (second.Status, Told(second)));
        Assert.Equal(updates, _api.Tables.Updates.Count);
        Assert.Equal(status, (await _api.GetAsync("/api/v1/messages/msg_1/status"))["status"]);
        if (answer == 409)
        {
            Assert.Equal("too_late", first["code"]);
            Assert.Contains(status, first["detail"]);
            Assert.Equal(0, updates);
            return;
        }

        Assert.Equal(
            ($"{canceled}", $"{escaped}", $"{pending}", status),
            (first["canceled"], first["escaped"], first["pending"], first["status"]));
        Assert.Equal("/api/v1/messages/msg_1", first.Json.GetProperty("links").GetProperty("self").GetString());
    }

    [Fact]
    public async Task The_wish_is_seen_in_the_message_and_its_timeline()
    {
        Store("msg_1", "sending* accepted");

        await CancelAsync("msg_1");

        var message = await _api.GetAsync("/api/v1/messages/msg_1");
        Assert.Equal("True", message["cancelRequested"]);
        Assert.Equal("canceled", message.Json.GetProperty("parts")[1].GetProperty("status").GetString());
        Assert.Equal(
            "canceled", message.Json.GetProperty("parts")[1].GetProperty("error").GetProperty("code").GetString());
        var timeline = await _api.GetAsync("/api/v1/messages/msg_1/timeline");
        Assert.Equal(
            ["accepted", "canceled", "cancelRequested"],
            timeline.Json.GetProperty("events").EnumerateArray().Select(e => e.GetProperty("type").GetString()));
    }

    [Fact]
    public async Task A_wish_that_was_taken_stays_taken_when_the_open_call_went_through()
    {
        Store("msg_1", "sending*");
        await CancelAsync("msg_1");
        await _api.Messages.ApplyAsync(
            new() { MessageId = "msg_1", Attempt = 1, Status = MessageStatus.Sent, CarrierMessageId = "SM1", At = TestApi.Noon });

        var again = await CancelAsync("msg_1");

        Assert.Equal((200, "0", "1", "0", "sent"), (again.Status, again["canceled"], again["escaped"], again["pending"], again["status"]));
    }

    [Fact]
    public async Task A_scheduled_send_that_is_canceled_is_due_no_more()
    {
        var sent = await _api.SendAsync(new { scheduledAt = "2026-03-14T13:00:00Z" });

        var reply = await CancelAsync(sent["id"]!);

        Assert.Equal((200, "canceled", "1"), (reply.Status, reply["status"], reply["canceled"]));
        Assert.Null((await _api.Messages.FindAsync(sent["id"]!))!.State.DueAt);
    }

    [Fact]
    public async Task Another_tenants_message_is_as_one_that_does_not_exist()
    {
        Store("msg_anothers", "accepted", tenant: "another");

        var anothers = await CancelAsync("msg_anothers");
        var none = await CancelAsync("msg_none");

        Assert.Equal((404, "message_not_found", none["detail"]), (anothers.Status, anothers["code"], anothers["detail"]));
        Assert.Empty(_api.Tables.Updates);
        Assert.False((await _api.Messages.FindAsync("msg_anothers"))!.State.CancelRequested);
    }

    [Fact]
    public async Task A_message_from_a_person_is_not_canceled()
    {
        _api.Store("msg_1", direction: Direction.Inbound, rank: RankKey.Of(MessageStatus.Received));

        var reply = await CancelAsync("msg_1");

        Assert.Equal((422, "not_carried"), (reply.Status, reply["code"]));
    }

    [Fact]
    public async Task A_key_that_only_reads_cancels_nothing()
    {
        Store("msg_1", "accepted");

        var reply = await CancelAsync("msg_1", TestApi.ReadOnlyKey);

        Assert.Equal((403, "insufficient_scope"), (reply.Status, reply["code"]));
        Assert.Empty(_api.Tables.Updates);
    }

    private Task<Reply> CancelAsync(string id, string key = TestApi.Key) => _api.CallAsync("POST", $"/api/v1/messages/{id}/cancel", key);

    private static string Told(Reply reply) =>
        string.Join(' ', ((string[])["code", "status", "canceled", "escaped", "pending", "detail"]).Select(member => reply[member]));

    private void Store(string id, string parts, string tenant = "default")
    {
        PartState[] states =
        [
            .. parts.Split(' ').Select(word =>
            {
                var status = EnumWords.FromWord<MessageStatus>(word.TrimEnd('*'))!.Value;
                var isOpen = word.EndsWith('*');
                return new PartState
                {
                    Rank = RankKey.Of(status),
                    Attempts = status >= MessageStatus.Sending ? 1 : 0,
                    LeaseUntil = isOpen ? TestApi.Noon.AddSeconds(12) : null,
                };
            }),
        ];
        var message = new Message
        {
            Id = id, Carrier = "twilio", Tenant = tenant, To = Address.Phone("+14155550123"), From = Address.Phone("+12065550100"),
            Content = new TextContent { Body = TestApi.Text }, Parts = [.. states.Select(_ => new PlannedPart())], CreatedAt = TestApi.Noon,
        };
        var state = MessageStore.NewRecord(message).State with { Parts = states, Rank = states.Min(part => part.Rank) };
        _api.Tables.Store("messages", MessageCodec.ToItem(new(message, state)));
    }
}
