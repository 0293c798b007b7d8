using System.Net;
using Omni.Testing;

namespace Omni.WhatsApp.Outbound.Tests;

public class WhatsAppTemplatesTests
{
    private const string First =
        """
        {"data":[
           {"name":"order_update","language":"en_US","status":"APPROVED","category":"UTILITY","id":"1","parameter_format":"NAMED",
            "components":[{"type":"HEADER","format":"TEXT","text":"Order {{1}}"},
              {"type":"BODY","text":"Hello {{first_name}}, {{ order }} left. Again: {{first_name}}","example":{"body_text":[["a"]]}},
              {"type":"FOOTER","text":"Stop {{9}}"},{"type":"BUTTONS","buttons":[{"type":"URL","url":"https://example.com/{{1}}"}]}]},
           {"name":"sale","language":"nl","status":"APPROVED","category":"MARKETING","components":[{"type":"HEADER","format":"IMAGE"}]},
           {"name":"place","status":"APPROVED","components":[{"type":"HEADER","format":"LOCATION"},{"type":"BODY","text":"Here"}]},
           {"name":"paused","language":"nl","status":"PAUSED","components":[]},{"status":"APPROVED"}],
         "paging":{"cursors":{"before":"a","after":"M=Q"},"next":"https://elsewhere.example/steal"}}
        """;

    private const string Last = """{"data":[{"name":"bare","status":"APPROVED","unheard_of":1}],"paging":{"cursors":{"after":"Z"}}}""";

    [Fact]
    public async Task The_approved_templates_of_the_business_account_are_listed()
    {
        var meta = new StubCarrier(StubCarrier.Answer(HttpStatusCode.OK, First), StubCarrier.Answer(HttpStatusCode.OK, Last));

        var templates = (await StubMeta.Sender(meta, ("WHATSAPP_BUSINESS_ACCOUNT_ID", "4400")).ListAsync(CancellationToken.None))!;

        Assert.Equal(
            ["order_update en_US utility text first_name,order", "sale nl marketing image ", "place    ", "bare    "],
            templates.Select(t => $"{t.Name} {t.Language} {t.Category} {t.Header} {string.Join(',', t.Variables)}"));
        Assert.Equal("Here", templates[2].Text);
        Assert.Equal(
            [
                "https://graph.facebook.com/v25.0/4400/message_templates?status=APPROVED&limit=200",
                "https://graph.facebook.com/v25.0/4400/message_templates?status=APPROVED&limit=200&after=M%3DQ",
            ],
            meta.Requests.Select(request => request.Url));
        Assert.All(meta.Requests, request => Assert.Equal(StubMeta.Token, request.Headers.Authorization!.Parameter));
    }

    [Fact]
    public async Task Without_the_account_nobody_is_asked()
    {
        var meta = new StubCarrier(HttpStatusCode.OK, Last);

        Assert.Null(await StubMeta.Sender(meta).ListAsync(CancellationToken.None));
        Assert.Empty(meta.Requests);
    }

    [Theory]
    [InlineData(HttpStatusCode.Unauthorized, """{"error":{"code":190}}""")]
    [InlineData(HttpStatusCode.OK, "<html>")]
    [InlineData(HttpStatusCode.OK, "{}")]
    [InlineData(HttpStatusCode.InternalServerError, First)]
    public async Task An_answer_that_is_no_list_is_none(HttpStatusCode status, string body)
    {
        var sender = StubMeta.Sender(new StubCarrier(status, body), ("WHATSAPP_BUSINESS_ACCOUNT_ID", "4400"));

        await Assert.ThrowsAsync<HttpRequestException>(() => sender.ListAsync(CancellationToken.None));
    }
}
