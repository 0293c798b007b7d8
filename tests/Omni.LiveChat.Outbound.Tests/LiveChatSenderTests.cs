using System.Net;
using System.Net.Http.Headers;
using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;
using Omni.Shared;
using Omni.Testing;

namespace Omni.LiveChat.Outbound.Tests;

public class LiveChatSenderTests
{
    public static TheoryData<string> Fixtures() =>
        [.. Directory.EnumerateFiles(Path.Combine("Fixtures", "Requests"), "*.json")
            .Select(path => Path.GetFileNameWithoutExtension(path)).Order()];

    [Theory, MemberData(nameof(Fixtures))]
    public async Task A_message_becomes_its_request_to_the_byte(string name)
    {
        var fixture = JsonNode.Parse(await File.ReadAllTextAsync(Path.Combine("Fixtures", "Requests", $"{name}.json")))!;
        var livechat = new LiveChat(
            StubCarrier.Answer(HttpStatusCode.OK, """{"event_id":"E_1","event_ids":["E_1"],"chat_id":"C","thread_id":"T"}"""));

        var outcome = await livechat.SendAsync(StubCarrier.Planned(fixture["message"].Deserialize(OmniJson.Wire.Message)!));

        Assert.Equal("E_1", Assert.IsType<SendOutcome.Accepted>(outcome).CarrierMessageId);
        var request = Assert.Single(livechat.Requests);
        Assert.Equal(HttpMethod.Post, request.Method);
        Assert.Equal(LiveChat.Actions + (string?)fixture["action"], request.Url);
        Assert.Equal("application/json", request.ContentType);
        Assert.Equal((string?)fixture["body"], request.Text);
    }

    [Fact]
    public async Task Each_part_of_a_long_text_is_an_event_with_its_own_reference()
    {
        var livechat = new LiveChat(LiveChat.Sent());
        var message = StubCarrier.Planned(
            LiveChat.Hello with { Parts = [], Content = new TextContent { Body = string.Concat(Enumerable.Repeat("Über uns. ", 2000)) } });

        await livechat.Sender.SendAsync(StubCarrier.Part(message, index: 1), CancellationToken.None);

        Assert.True(message.Parts.Count > 1);
        var sent = JsonNode.Parse(livechat.Requests[0].Text)!["event"]!;
        Assert.InRange(Encoding.UTF8.GetByteCount((string)sent["text"]!), 1, 16 * 1024);
        Assert.Equal("msg_01jd7q.1.1", (string?)sent["custom_id"]);
    }

    [Fact]
    public async Task A_personal_token_goes_with_its_account_and_any_other_token_alone()
    {
        var livechat = new LiveChat(LiveChat.Sent());
        await livechat.SendAsync();
        livechat.Environment["LIVECHAT_API_TOKEN"] = "fra%3Arotated";
        await livechat.SendAsync();
        livechat.Environment.Remove("LIVECHAT_ACCOUNT_ID");
        await livechat.SendAsync();

        Assert.Equal(
            [Basic($"{LiveChat.Account}:{LiveChat.Token}"), Basic($"{LiveChat.Account}:fra:rotated"), new("Bearer", "fra:rotated")],
            livechat.Requests.Select(request => request.Headers.Authorization));

        static AuthenticationHeaderValue Basic(string credentials) =>
            new("Basic", Convert.ToBase64String(Encoding.UTF8.GetBytes(credentials)));
    }

    [Fact]
    public async Task The_region_is_left_to_livechat_unless_it_is_known()
    {
        var livechat = new LiveChat(LiveChat.Sent());
        await livechat.SendAsync();
        livechat.Environment["LIVECHAT_API_TOKEN"] = "fra:a-token";
        await livechat.SendAsync();
        livechat.Environment["LIVECHAT_REGION"] = "fra-b";
        await livechat.SendAsync();

        Assert.Equal([null, "fra", "fra-b"], livechat.Requests.Select(Region));
    }

    [Fact]
    public async Task A_wrong_region_is_changed_once_and_remembered()
    {
        var livechat = new LiveChat(
            LiveChat.Refused(HttpStatusCode.MisdirectedRequest, "misdirected_request", data: """{"region":"fra"}"""), LiveChat.Sent());

        Assert.IsType<SendOutcome.Accepted>(await livechat.SendAsync());
        await livechat.SendAsync();

        Assert.Equal([null, "fra", "fra"], livechat.Requests.Select(Region));
        Assert.Equal(livechat.Requests[0].Text, livechat.Requests[1].Text);
    }

    [Theory]
    [InlineData("""{"region":"fra"}""", 2)]
    [InlineData("""{"region":null}""", 1)]
    [InlineData("[]", 1)]
    public async Task A_region_that_stays_wrong_is_our_fault(string data, int calls)
    {
        var livechat = new LiveChat(LiveChat.Refused(HttpStatusCode.MisdirectedRequest, "misdirected_request", data: data));

        Assert.Equal(
            new SendOutcome.Deferred(DeferralCause.OurFault, "misdirected_request") { Reason = FailureReason.Configuration },
            await livechat.SendAsync());
        Assert.Equal(calls, livechat.Requests.Count);
    }

    [Fact]
    public async Task Another_base_url_is_called_in_place_of_livechats()
    {
        var livechat = new LiveChat(LiveChat.Sent());
        livechat.Environment["LIVECHAT_BASE_URL"] = "http://127.0.0.1:8080/livechat/";

        await LiveChat.New(livechat.Stub, livechat.Environment).SendAsync(StubCarrier.Part(LiveChat.Hello), CancellationToken.None);

        Assert.Equal("http://127.0.0.1:8080/livechat/v3.6/agent/action/send_event", livechat.Requests[0].Url);
    }

    [Fact]
    public async Task From_another_license_nothing_is_sent()
    {
        var livechat = new LiveChat(LiveChat.Sent());

        var outcome = await livechat.SendAsync(LiveChat.Hello with { From = LiveChat.License with { Value = "104130624" } });

        Assert.Equal(new SendOutcome.Rejected(FailureReason.SenderMisconfigured, "license"), outcome);
        Assert.Empty(livechat.Requests);
    }

    [Theory]
    [InlineData("""{"type":"location","latitude":1,"longitude":2}""")]
    [InlineData("""{"type":"interactive","body":"?","list":{"button":"Choose","sections":[{"rows":[{"id":"a","title":"A"}]}]}}""")]
    public async Task What_livechat_cannot_carry_is_rejected_without_a_call(string content)
    {
        var livechat = new LiveChat(LiveChat.Sent());

        var outcome = await livechat.SendAsync(
            LiveChat.Hello with { Content = JsonSerializer.Deserialize(content, OmniJson.Wire.Content)! });

        Assert.Equal(new SendOutcome.Rejected(FailureReason.Unsupported, "content"), outcome);
        Assert.Empty(livechat.Requests);
    }

    [Fact]
    public async Task A_text_above_ten_cards_has_no_place()
    {
        var cards = new InteractiveContent { Cards = [.. Enumerable.Range(0, 10).Select(i => new Card($"Card {i}", []))] };

        Assert.IsType<SendOutcome.Accepted>(await new LiveChat(LiveChat.Sent()).SendAsync(LiveChat.Hello with { Content = cards }));
        Assert.IsType<SendOutcome.Rejected>(
            await new LiveChat(LiveChat.Sent()).SendAsync(LiveChat.Hello with { Content = cards with { Body = "Look" } }));
    }

    [Theory]
    [InlineData("")]
    [InlineData("{}")]
    [InlineData("null")]
    [InlineData("""{"event_id":""}""")]
    [InlineData("""{"event_id":42}""")]
    [InlineData("<html>Sign in to this network</html>")]
    public async Task A_success_that_cannot_be_read_is_unknown(string body) =>
        Assert.Equal(new SendOutcome.Unknown("unreadable"), await new LiveChat(StubCarrier.Answer(HttpStatusCode.OK, body)).SendAsync());

    private static string? Region(StubRequest request) => request.Headers.TryGetValues("X-Region", out var values) ? values.Single() : null;
}
