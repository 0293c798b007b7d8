using System.Net;
using Omni.Shared;
using Omni.Testing;

namespace Omni.MessageBird.Outbound.Tests;

public class MessageBirdLookupTests
{
    [Fact]
    public async Task What_was_sent_to_this_person_since_is_listed_and_only_our_reference_is_it()
    {
        var carrier = new StubCarrier(HttpStatusCode.OK, """
            {"offset":0,"limit":20,"count":5,"totalCount":5,"items":[
              {"id":"a","reference":"msg_01jd7q.0.2"},{"id":"b","reference":null},{"id":"c"},{"id":"d","reference":"msg_01jd7q.0.1"},
              {"id":null,"reference":"msg_01jd7q.0.1"}]}
            """);

        Assert.Equal(["d"], await FindAsync(carrier, Sender.Text));

        var request = Assert.Single(carrier.Requests);
        Assert.Equal(HttpMethod.Get, request.Method);
        Assert.Equal(
            "https://rest.messagebird.com/messages?recipient=14155550123&originator=12065550100&direction=mt"
                + "&from=2026-11-23T10%3A14%3A55%2B00%3A00",
            request.Url);
        Assert.Equal($"AccessKey {Sender.ApiKey}", request.Headers.Authorization?.ToString());
    }

    [Fact]
    public async Task Of_files_and_channels_there_is_no_list_to_ask()
    {
        var carrier = new StubCarrier(HttpStatusCode.OK, "");

        Assert.Null(await FindAsync(carrier, Sender.Planned(new ImageContent { MediaUrl = new("https://files.example.com/a.jpg") })));
        Assert.Null(await FindAsync(carrier, Sender.Planned(new TextContent { Body = "Hi" }, Sender.Channel)));
        Assert.Empty(carrier.Requests);
    }

    [Theory]
    [InlineData(1, true)]
    [InlineData(21, false)]
    public async Task A_page_of_many_does_not_tell_what_was_not_taken(int total, bool tells)
    {
        var page = $$"""{"totalCount":{{total}},"items":[{"id":"a","reference":"msg_others.0.1"}]}""";
        var carrier = new StubCarrier(HttpStatusCode.OK, page);

        Assert.Equal(tells ? [] : null, await FindAsync(carrier, Sender.Text));
    }

    [Theory]
    [InlineData(HttpStatusCode.InternalServerError, "")]
    [InlineData(HttpStatusCode.Unauthorized, """{"errors":[{"code":2}]}""")]
    [InlineData(HttpStatusCode.OK, "<html/>")]
    public async Task No_answer_is_not_the_answer_that_there_is_none(HttpStatusCode status, string body)
    {
        var fault = await Assert.ThrowsAsync<HttpRequestException>(() => FindAsync(new StubCarrier(status, body), Sender.Text));
        Assert.DoesNotContain(Sender.ApiKey, fault.ToString(), StringComparison.Ordinal);
    }

    private static async Task<IReadOnlyList<string>?> FindAsync(StubCarrier carrier, Message message) =>
        (await Sender.Over(carrier).FindAsync(StubCarrier.Part(message), StubCarrier.Now, CancellationToken.None))?.Ids;
}
