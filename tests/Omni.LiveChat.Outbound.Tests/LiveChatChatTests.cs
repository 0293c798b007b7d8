using System.Net;
using Omni.Shared;
using Omni.Testing;

namespace Omni.LiveChat.Outbound.Tests;

/// <summary>Getting into a chat, opening one again, beginning one.</summary>
public class LiveChatChatTests
{
    private const string Event = """{"type":"message","custom_id":"msg_01jd7q.0.1","visibility":"all","text":"Hello"}""";

    [Fact]
    public async Task Who_is_not_in_the_chat_goes_in_and_sends_once_more()
    {
        var livechat = new LiveChat(LiveChat.NotInChat, StubCarrier.Answer(HttpStatusCode.OK), LiveChat.Sent());

        Assert.Equal(new SendOutcome.Accepted("QX1TESTTHR_7"), await livechat.SendAsync());

        Assert.Equal(["send_event", "add_user_to_chat", "send_event"], livechat.Called);
        Assert.Equal(
            """{"chat_id":"QX1TESTCHAT","user_id":"omni@example.com","user_type":"agent","visibility":"all","ignore_requester_presence":"""
                + """true}""",
            livechat.Requests[1].Text);
        Assert.Equal(livechat.Requests[0].Text, livechat.Requests[2].Text);
    }

    [Fact]
    public async Task Who_was_put_in_meanwhile_sends_too()
    {
        var livechat = new LiveChat(LiveChat.NotInChat, LiveChat.Refused(HttpStatusCode.Conflict, "already_exists"), LiveChat.Sent());

        Assert.IsType<SendOutcome.Accepted>(await livechat.SendAsync());
    }

    [Fact]
    public async Task Who_does_not_get_in_is_tried_no_further()
    {
        var livechat = new LiveChat(LiveChat.NotInChat, StubCarrier.Answer(HttpStatusCode.OK), LiveChat.NotInChat);

        Assert.Equal(new SendOutcome.Rejected(FailureReason.Auth, "authorization"), await livechat.SendAsync());
        Assert.Equal(3, livechat.Requests.Count);
    }

    [Fact]
    public async Task Another_agent_in_the_chat_leaves_no_room()
    {
        var livechat = new LiveChat(
            LiveChat.NotInChat,
            LiveChat.Refused(HttpStatusCode.UnprocessableEntity, "limit_reached", "Public agents in chat limit reached"));

        Assert.Equal(new SendOutcome.Rejected(FailureReason.SenderMisconfigured, "limit_reached"), await livechat.SendAsync());
        Assert.Equal(2, livechat.Requests.Count);
    }

    [Fact]
    public async Task What_fails_on_the_way_in_leaves_nothing_unknown()
    {
        Assert.Equal(
            new SendOutcome.Deferred(DeferralCause.CarrierUnavailable, "prepare"),
            await new LiveChat(LiveChat.NotInChat, LiveChat.Lost).SendAsync());
        Assert.Equal(
            new SendOutcome.Deferred(DeferralCause.CarrierUnavailable, "internal"),
            await new LiveChat(LiveChat.NotInChat, LiveChat.Refused(HttpStatusCode.InternalServerError, "internal")).SendAsync());
        Assert.Equal(
            new SendOutcome.Deferred(DeferralCause.Throttled, "http_429"),
            await new LiveChat(LiveChat.NotInChat, StubCarrier.Answer(HttpStatusCode.TooManyRequests)).SendAsync());
        Assert.Equal(
            new SendOutcome.Deferred(DeferralCause.CarrierUnavailable, "http_502"),
            await new LiveChat(LiveChat.NotInChat, StubCarrier.Answer(HttpStatusCode.BadGateway, "<html/>")).SendAsync());
    }

    [Theory]
    [InlineData("chat_inactive")]
    [InlineData("Chat_Inactive")]
    public async Task A_closed_chat_is_resumed_with_the_message(string type)
    {
        var livechat = new LiveChat(
            LiveChat.Refused(HttpStatusCode.UnprocessableEntity, type, "Chat not active"),
            StubCarrier.Answer(HttpStatusCode.OK, """{"thread_id":"QX1NEWTHR","event_ids":["QX1NEWTHR_1"]}"""));

        Assert.Equal(new SendOutcome.Accepted("QX1NEWTHR_1", Thread: "QX1NEWTHR"), await livechat.SendAsync());

        Assert.Equal(["send_event", "resume_chat"], livechat.Called);
        Assert.Equal(
            "{\"chat\":{\"id\":\"QX1TESTCHAT\",\"thread\":{\"events\":[" + Event + "]}},\"active\":true,\"continuous\":true}",
            livechat.Requests[1].Text);
    }

    [Fact]
    public async Task A_chat_that_closes_on_the_way_in_is_resumed_too()
    {
        var inactive = LiveChat.Refused(HttpStatusCode.BadRequest, "chat_inactive");
        var livechat = new LiveChat(LiveChat.NotInChat, inactive, inactive, LiveChat.Opened);

        Assert.IsType<SendOutcome.Accepted>(await livechat.SendAsync());
        Assert.Equal(["send_event", "add_user_to_chat", "send_event", "resume_chat"], livechat.Called);
    }

    [Fact]
    public async Task What_fails_while_a_chat_is_resumed_may_have_been_taken()
    {
        var inactive = LiveChat.Refused(HttpStatusCode.UnprocessableEntity, "chat_inactive");

        Assert.Equal(new SendOutcome.Unknown("reset"), await new LiveChat(inactive, LiveChat.Lost).SendAsync());
        Assert.Equal(
            new SendOutcome.Unknown("unreadable"), await new LiveChat(inactive, StubCarrier.Answer(HttpStatusCode.OK, "{}")).SendAsync());
        Assert.Equal(
            new SendOutcome.Unknown("request_timeout"),
            await new LiveChat(inactive, LiveChat.Refused(HttpStatusCode.GatewayTimeout, "request_timeout")).SendAsync());
        Assert.Equal(new SendOutcome.Rejected(FailureReason.Unreachable, "chat_inactive"), await new LiveChat(inactive).SendAsync());
    }

    [Fact]
    public async Task A_customer_without_a_chat_gets_one_and_answers_come_from_there()
    {
        var livechat = new LiveChat(LiveChat.Opened);

        var outcome = await livechat.SendAsync(LiveChat.Hello with { To = LiveChat.Customer });

        Assert.Equivalent(
            new SendOutcome.Accepted("QX1NEWTHR_1", [new Address(AddressType.LivechatChat, "QX1NEWCHAT")], "QX1NEWTHR"),
            outcome,
            strict: true);
        Assert.Equal(["start_chat"], livechat.Called);
    }

    [Fact]
    public async Task A_customer_whose_chat_is_known_is_written_to_there()
    {
        var livechat = new LiveChat(LiveChat.Sent());

        var outcome = await livechat.SendAsync(LiveChat.Hello with { To = LiveChat.Customer }, LiveChat.Knowing(LiveChat.Chat));

        Assert.Equivalent(new SendOutcome.Accepted("QX1TESTTHR_7", [LiveChat.Chat]), outcome, strict: true);
        Assert.Equal(["send_event"], livechat.Called);
        Assert.Equal("{\"chat_id\":\"QX1TESTCHAT\",\"event\":" + Event + "}", livechat.Requests[0].Text);
    }
}
