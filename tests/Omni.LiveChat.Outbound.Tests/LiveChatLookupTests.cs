using System.Net;
using Omni.Aws;
using Omni.Shared;
using Omni.Testing;

namespace Omni.LiveChat.Outbound.Tests;

/// <summary>Finding what was sent, and telling what was read.</summary>
public class LiveChatLookupTests
{
    private const string Shown =
        """
        {"id":"QX1TESTCHAT","users":[],"thread":{"id":"QX1TESTTHR","active":true,"events":[
          {"id":"QX1TESTTHR_1","type":"message","text":"Hello"},
          {"id":"QX1TESTTHR_2","custom_id":"msg_01jd7q.0.2","type":"message","text":"Hello"},
          {"id":"QX1TESTTHR_3","custom_id":"msg_01jd7q.0.1","type":"message","text":"Hello"}]}}
        """;

    [Fact]
    public async Task An_event_is_found_by_our_reference_in_the_newest_thread()
    {
        var livechat = new LiveChat(StubCarrier.Answer(HttpStatusCode.OK, Shown));

        Assert.Equal(["QX1TESTTHR_3"], await FindAsync(livechat, LiveChat.Hello));
        Assert.Equal(["get_chat"], livechat.Called);
        Assert.Equal("""{"chat_id":"QX1TESTCHAT"}""", livechat.Requests[0].Text);
    }

    [Theory]
    [InlineData("""{"thread":{"created_at":"2026-11-23T10:14:59.000000Z","events":[]}}""", true)]
    [InlineData("""{"thread":{"created_at":"2026-11-23T10:15:01.000000Z","events":[]}}""", false)] // it may be in the thread before
    [InlineData("""{"thread":{"events":[]}}""", false)]
    [InlineData("""{"id":"QX1TESTCHAT"}""", false)]
    public async Task A_thread_without_it_tells_that_it_was_not_taken_if_it_was_there_before(string body, bool tells) =>
        Assert.Equal(tells ? [] : null, await FindAsync(new LiveChat(StubCarrier.Answer(HttpStatusCode.OK, body)), LiveChat.Hello));

    [Fact]
    public async Task A_customer_is_looked_for_in_their_chat_once_it_is_known()
    {
        var livechat = new LiveChat(StubCarrier.Answer(HttpStatusCode.OK, Shown));
        var message = LiveChat.Hello with { To = LiveChat.Customer };

        Assert.Null(await FindAsync(livechat, message));
        Assert.Empty(livechat.Requests);
        Assert.Equal(["QX1TESTTHR_3"], await FindAsync(livechat, message, LiveChat.Knowing(LiveChat.Chat)));
    }

    [Theory]
    [InlineData(HttpStatusCode.InternalServerError, "")]
    [InlineData(HttpStatusCode.TooManyRequests, """{"error":{"type":"too_many_requests"}}""")]
    [InlineData(HttpStatusCode.OK, "<html/>")]
    public async Task No_answer_is_not_the_answer_that_there_is_none(HttpStatusCode status, string body)
    {
        var fault = await Assert.ThrowsAsync<HttpRequestException>(
            () => FindAsync(new LiveChat(StubCarrier.Answer(status, body)), LiveChat.Hello));
        Assert.DoesNotContain(LiveChat.Token, fault.ToString(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_message_that_was_read_is_marked_up_to_when_it_came()
    {
        var livechat = new LiveChat(StubCarrier.Answer(HttpStatusCode.OK));

        Assert.Equal(new SendOutcome.Accepted(null), await MarkAsync(livechat));
        Assert.Equal(["mark_events_as_seen"], livechat.Called);
        Assert.Equal("""{"chat_id":"QX1TESTCHAT","seen_up_to":"2026-11-23T10:15:00.000000Z"}""", livechat.Requests[0].Text);
    }

    [Fact]
    public async Task A_mark_that_does_not_get_through_is_tried_again()
    {
        Assert.Equal(new SendOutcome.Deferred(DeferralCause.CarrierUnavailable, "reset"), await MarkAsync(new LiveChat(LiveChat.Lost)));
        Assert.Equal(
            new SendOutcome.Deferred(DeferralCause.CarrierUnavailable, "internal"),
            await MarkAsync(new LiveChat(LiveChat.Refused(HttpStatusCode.InternalServerError, "internal"))));
        Assert.Equal(
            new SendOutcome.Rejected(FailureReason.InvalidRecipient, "not_found"),
            await MarkAsync(new LiveChat(LiveChat.Refused(HttpStatusCode.NotFound, "not_found"))));
    }

    private static async Task<IReadOnlyList<string>?> FindAsync(LiveChat livechat, Message message, Session? session = null)
    {
        var part = StubCarrier.Part(message) with { FindSessionAsync = _ => Task.FromResult(session) };
        return (await livechat.Sender.FindAsync(part, StubCarrier.Now, CancellationToken.None))?.Ids;
    }

    private static Task<SendOutcome> MarkAsync(LiveChat livechat) => livechat.Sender.MarkReadAsync(
        new()
        {
            Id = "msg_1", Carrier = "livechat", Direction = Direction.Inbound, From = LiveChat.Chat, To = LiveChat.License,
            Content = new TextContent { Body = "Hi" }, CreatedAt = StubCarrier.Now
        },
        CancellationToken.None);
}
