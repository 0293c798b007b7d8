using Omni.Aws;
using Omni.Shared;

namespace Omni.Api.Tests;

public sealed class ReferenceTests
{
    private readonly TestApi _api = new();

    public ReferenceTests() => _api.StoreSession("whatsapp", Address.Phone("+14155550123"), TestApi.Noon.AddHours(1));

    [Theory]
    [InlineData("inbound", "carrier-inbound")]
    [InlineData("sent", "wamid.2")] // the first part that the carrier has
    [InlineData(null, "wamid.OWN")]
    public async Task A_quoted_message_is_named_to_the_carrier_by_its_own_id(string? ours, string expected)
    {
        Store("sent", null, "wamid.2", "wamid.3");
        _api.StoreInbound("msg_inbound", "whatsapp", new TextContent { Body = "?" }, m => m with { CarrierMessageId = "carrier-inbound" });

        var reply = await ReplyAsync(ours is null ? "wamid.OWN" : "msg_" + ours);

        Assert.Equal(202, reply.Status);
        Assert.Equal(expected, (await _api.Messages.FindAsync(reply["id"]!))!.Message.ReplyTo);
        Assert.Equal(expected, (await _api.GetAsync("/api/v1/messages/" + reply["id"]))["replyTo"]);
    }

    [Fact]
    public async Task A_message_reacted_to_is_named_to_the_carrier_by_its_own_id()
    {
        Store("sent", "wamid.1");

        var reply = await _api.SendAsync("whatsapp", new { type = "reaction", messageId = "msg_sent", emoji = "👍" });

        var content = Assert.IsType<ReactionContent>((await _api.Messages.FindAsync(reply["id"]!))!.Message.Content);
        Assert.Equal(("wamid.1", "👍"), (content.MessageId, content.Emoji));
    }

    [Fact]
    public async Task Only_a_message_that_is_named_by_our_id_is_looked_up()
    {
        Store("sent", "wamid.1");
        await _api.GetAsync("/api/v1/carriers");
        _api.Tables.Forget();

        await ReplyAsync("wamid.1");
        Assert.Equal(["GetItem", "PutItem"], _api.Tables.Calls); // the window
        _api.Tables.Forget();
        await ReplyAsync("msg_sent");
        Assert.Equal(["GetItem", "GetItem", "PutItem"], _api.Tables.Calls);
    }

    [Theory]
    [InlineData("msg_none", "unknown_message", "False")]
    [InlineData("msg_anothers", "unknown_message", "False")]
    [InlineData("msg_elsewhere", "unknown_message", "False")]
    [InlineData("msg_waiting", "not_sent_yet", "True")]
    public async Task What_the_carrier_cannot_know_is_refused(string id, string code, string retryable)
    {
        _api.Store("msg_anothers", tenant: "another");
        _api.Store("msg_elsewhere");
        Store("waiting", null as string);

        foreach (var (reply, field) in ((Reply, string)[])
        [
            (await ReplyAsync(id), "replyTo"),
            (await _api.SendAsync("whatsapp", new { type = "reaction", messageId = id, emoji = "" }), "content.messageId"),
        ])
        {
            Assert.Equal((422, code, retryable), (reply.Status, reply["code"], reply["retryable"]));
            Assert.Equal([$"{field} {code}"], reply.Errors);
        }
    }

    [Fact]
    public async Task The_same_request_is_a_replay_however_the_named_message_fares()
    {
        Store("sent", "wamid.1");
        var first = await ReplyAsync("msg_sent", "key-1");
        Store("sent", null as string);

        var second = await ReplyAsync("msg_sent", "key-1");

        Assert.Equal((202, first.Text, "true"), (second.Status, second.Text, second.Header("Idempotency-Replayed")));
        Assert.Equal("idempotency_key_reused", (await ReplyAsync("wamid.1", "key-1"))["code"]);
    }

    private Task<Reply> ReplyAsync(string replyTo, string? key = null) =>
        _api.SendAsync(new { carrier = "whatsapp", replyTo, content = new { type = "text", body = TestApi.Text } }, key);

    /// <summary>A message whose parts the carrier has under these ids.</summary>
    private void Store(string name, params string?[] carrierIds)
    {
        var message = new Message
        {
            Id = "msg_" + name, Carrier = "whatsapp", To = Address.Phone("+14155550123"), From = Address.Phone("+12065550100"),
            Content = new TextContent { Body = "?" },
            Parts = [.. carrierIds.Select(_ => new PlannedPart())], CreatedAt = TestApi.Noon,
        };
        var item = MessageCodec.ToItem(MessageStore.NewRecord(message));
        foreach (var (index, id) in carrierIds.Index())
        {
            if (id is not null) item["pt"].M[$"p{index}"].M["cm"] = new(id);
        }

        _api.Tables.Store("messages", item);
    }
}
