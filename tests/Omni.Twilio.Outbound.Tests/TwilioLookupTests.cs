using System.Net;
using System.Text.Json;
using Omni.Pipeline;
using Omni.Shared;

namespace Omni.Twilio.Outbound.Tests;

public class TwilioLookupTests
{
    private const string Service = "MG0123456789abcdef0123456789abcdef";

    private static readonly Message Hello = StubTwilio.Text("Hello");

    [Fact]
    public async Task The_newest_messages_from_this_sender_to_this_person_are_asked_for()
    {
        var twilio = new StubTwilio(HttpStatusCode.OK, """{"messages":[]}""");

        Assert.Equal([], await FindAsync(twilio, Hello));

        var request = Assert.Single(twilio.Requests);
        Assert.Equal(HttpMethod.Get, request.Method);
        Assert.EndsWith("/Messages.json?To=%2B14155550123&From=%2B12065550100&PageSize=100", request.Url, StringComparison.Ordinal);
        Assert.NotNull(request.Headers.Authorization);
    }

    [Fact]
    public async Task A_pool_is_told_by_its_service_since_any_of_its_senders_may_have_sent()
    {
        var twilio = Listing(Sent("SM1"), Sent("SM2") with { Service = Service });

        Assert.Equal(["SM2"], await FindAsync(twilio, Hello with { From = new(AddressType.SenderPool, Service) }));
        Assert.EndsWith("/Messages.json?To=%2B14155550123&PageSize=100", twilio.Requests[0].Url, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Only_what_says_the_same_and_was_created_since_may_be_it()
    {
        var twilio = Listing(
            Sent("SM1") with { Body = "Hello!" },
            Sent("SM2") with { Direction = "inbound" },
            Sent("SM3") with { Direction = "outbound-reply" },
            Sent("SM4") with { Media = "1" },
            Sent("SM5") with { Created = StubTwilio.Now - TimeSpan.FromSeconds(6) },
            Sent("SM6") with { Created = null },
            Sent("SM7"));

        Assert.Equal(["SM7"], await FindAsync(twilio, Hello));
    }

    [Fact]
    public async Task The_nearest_to_the_attempt_comes_first_even_a_little_before_it()
    {
        var twilio = Listing(
            Sent("late") with { Created = StubTwilio.Now + TimeSpan.FromSeconds(60) },
            Sent("next") with { Created = StubTwilio.Now + TimeSpan.FromSeconds(3) },
            Sent("cut to its second") with { Created = StubTwilio.Now - TimeSpan.FromSeconds(1) });

        Assert.Equal(["cut to its second", "next", "late"], await FindAsync(twilio, Hello));
    }

    [Fact]
    public async Task Media_are_told_by_their_number_and_a_template_by_its_time()
    {
        var image = Hello with { Content = new ImageContent { MediaUrl = new("https://files.example.com/1.png") } };
        var template = Hello with { Content = new TemplateContent { Name = "HX1" } };
        var twilio = Listing(
            Sent("text"), Sent("image") with { Body = "", Media = "1" }, Sent("captioned") with { Body = "look", Media = "1" });

        Assert.Equal(["image"], await FindAsync(twilio, image));
        Assert.Equal(["text", "image", "captioned"], await FindAsync(twilio, template));
    }

    [Fact]
    public async Task What_says_something_else_may_be_it_all_the_same_in_other_characters_or_redacted()
    {
        var twilio = Listing(
            Sent("SM1") with { Body = "Hello ..." },
            Sent("SM2") with { Body = "" },
            Sent("SM3") with { Body = "", Direction = "inbound" },
            Sent("SM4") with { Body = "", Created = StubTwilio.Now - TimeSpan.FromSeconds(6) });

        var answer = await LookUpAsync(twilio, StubTwilio.Text("Hello …"));

        Assert.Empty(answer!.Ids);
        Assert.Equal(["SM1", "SM2"], answer.Doubtful);
    }

    [Theory]
    [InlineData(100, 0, false)]
    [InlineData(100, 6, true)]
    [InlineData(99, 0, true)]
    public async Task A_full_page_tells_what_was_not_taken_only_if_it_reaches_back_far_enough(int listed, int secondsBefore, bool tells)
    {
        var twilio = Listing(
        [
            .. Enumerable.Range(1, listed - 1).Select(i => Sent($"SM{i}") with { Body = "Others" }),
            Sent("SM0") with { Body = "Others", Created = StubTwilio.Now - TimeSpan.FromSeconds(secondsBefore) },
        ]);

        Assert.Equal(tells ? [] : null, await FindAsync(twilio, Hello));
    }

    [Theory]
    [InlineData(HttpStatusCode.InternalServerError, "")]
    [InlineData(HttpStatusCode.TooManyRequests, """{"code":20429}""")]
    [InlineData(HttpStatusCode.OK, "<html/>")]
    public async Task No_answer_is_not_the_answer_that_there_is_none(HttpStatusCode status, string body)
    {
        var fault = await Assert.ThrowsAsync<HttpRequestException>(() => FindAsync(new StubTwilio(status, body), Hello));
        Assert.DoesNotContain(StubTwilio.Token, fault.ToString(), StringComparison.Ordinal);
    }

    private static async Task<IReadOnlyList<string>?> FindAsync(StubTwilio twilio, Message message) =>
        (await LookUpAsync(twilio, message))?.Ids;

    private static Task<LookupAnswer?> LookUpAsync(StubTwilio twilio, Message message) =>
        twilio.Sender.FindAsync(StubTwilio.Part(message), since: StubTwilio.Now, CancellationToken.None);

    private static Listed Sent(string sid) => new(sid);

    // A page as Twilio gives it: snake_case, numbers as text, times by RFC 2822.
    private static StubTwilio Listing(params Listed[] messages) => new(HttpStatusCode.OK, JsonSerializer.Serialize(new
    {
        page = 0,
        next_page_uri = (string?)null,
        messages = messages.Select(m => new
        {
            sid = m.Sid,
            body = m.Body,
            num_media = m.Media,
            direction = m.Direction,
            messaging_service_sid = m.Service,
            date_created = m.Created?.ToString("ddd, dd MMM yyyy HH:mm:ss '+0000'", System.Globalization.CultureInfo.InvariantCulture),
            date_sent = (string?)null,
            error_code = (int?)null,
        }),
    }));

    private sealed record Listed(string Sid)
    {
        public string Body { get; init; } = "Hello";
        public string Media { get; init; } = "0";
        public string Direction { get; init; } = "outbound-api";
        public string? Service { get; init; }
        public DateTimeOffset? Created { get; init; } = StubTwilio.Now;
    }
}
