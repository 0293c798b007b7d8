using System.Net;
using Omni.Testing;

namespace Omni.MessageBird.Outbound.Tests;

public class MessageBirdTemplateListTests
{
    private const string First =
        """
        {"offset":0,"limit":100,"count":3,"totalCount":4,"items":[
           {"name":"parcel","language":"nl","category":"UTILITY","status":"APPROVED","wabaId":"1","components":[
              {"type":"HEADER","format":"DOCUMENT"},{"type":"BODY","text":"Hello {{1}}, at {{2}}."},{"type":"FOOTER","text":"{{9}}"}]},
           {"name":"titled","language":"en","status":"APPROVED","components":[{"type":"HEADER","format":"TEXT","text":"For {{1}}"}]},
           {"name":"new","language":"en","status":"PENDING","components":[]}]}
        """;

    private const string Last = """{"offset":3,"count":1,"totalCount":4,"items":[{"name":"bare","status":"APPROVED","unheard_of":[]}]}""";

    [Fact]
    public async Task The_approved_templates_of_the_account_are_listed()
    {
        var carrier = new StubCarrier(StubCarrier.Answer(HttpStatusCode.OK, First), StubCarrier.Answer(HttpStatusCode.OK, Last));

        var templates = (await Sender.Over(carrier).ListAsync(CancellationToken.None))!;

        Assert.Equal(
            ["parcel nl utility document 1,2", "titled en  text ", "bare    "],
            templates.Select(t => $"{t.Name} {t.Language} {t.Category} {t.Header} {string.Join(',', t.Variables)}"));
        Assert.Equal(
            ["https://integrations.messagebird.com/v3/platforms/whatsapp/templates?limit=100&offset=0",
                "https://integrations.messagebird.com/v3/platforms/whatsapp/templates?limit=100&offset=3"],
            carrier.Requests.Select(request => request.Url));
        Assert.All(carrier.Requests, request => Assert.Equal($"AccessKey {Sender.ApiKey}", request.Headers.Authorization?.ToString()));
    }

    [Fact]
    public async Task A_host_that_stands_for_MessageBird_stands_for_all_of_it()
    {
        var carrier = new StubCarrier(HttpStatusCode.OK, """{"items":[],"totalCount":7}""");

        Assert.Empty((await Sender.Over(carrier, ("MESSAGEBIRD_BASE_URL", "http://127.0.0.1/bird/")).ListAsync(CancellationToken.None))!);

        Assert.Equal(
            "http://127.0.0.1/bird/v3/platforms/whatsapp/templates?limit=100&offset=0", Assert.Single(carrier.Requests).Url);
    }

    [Theory]
    [InlineData(HttpStatusCode.Unauthorized, """{"errors":[{"code":2}]}""")]
    [InlineData(HttpStatusCode.OK, "<html>")]
    [InlineData(HttpStatusCode.OK, "{}")]
    public async Task An_answer_that_is_no_list_is_none(HttpStatusCode status, string body)
    {
        var sender = Sender.Over(new StubCarrier(status, body));

        await Assert.ThrowsAsync<HttpRequestException>(() => sender.ListAsync(CancellationToken.None));
    }
}
