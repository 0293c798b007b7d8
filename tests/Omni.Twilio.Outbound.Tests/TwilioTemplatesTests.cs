using System.Net;
using Omni.Testing;

namespace Omni.Twilio.Outbound.Tests;

public class TwilioTemplatesTests
{
    private const string First =
        """
        {"contents":[
           {"sid":"HX1","friendly_name":"parcel","language":"en","variables":{"1":"Ina","2":"noon"},"unheard_of":[1],
            "types":{"twilio/text":{"body":"Hello {{1}}, it comes at {{2}}."}}},
           {"sid":"HX2","friendly_name":"card","language":"de","variables":{},
            "types":{"twilio/card":{"title":"For {{name}}","subtitle":null,"actions":[{"url":"https://example.com/{{code}}"}]}}},
           {"sid":"HX3","variables":null,"types":null},{"friendly_name":"nothing"}],
         "meta":{"page":0,"page_size":200,"next_page_url":"https://elsewhere.example/v1/Content?PageSize=200&Page=1&PageToken=PT1",
          "key":"contents"}}
        """;

    private const string Last = """{"contents":[{"sid":"HX4","types":{"twilio/text":{"body":"Bye"}}}],"meta":{"next_page_url":null}}""";

    [Fact]
    public async Task The_templates_of_the_account_are_listed_from_our_own_host_alone()
    {
        var twilio = new StubTwilio(Answers(First, Last));

        var templates = (await twilio.Sender.ListAsync(CancellationToken.None))!;

        Assert.Equal(
            ["HX1 parcel en 1,2", "HX2 card de name,code", "HX3   ", "HX4   "],
            templates.Select(t => $"{t.Name} {t.Title} {t.Language} {string.Join(',', t.Variables)}"));
        Assert.Equal("Hello {{1}}, it comes at {{2}}.", templates[0].Text);
        Assert.Equal(
            ["https://content.twilio.com/v1/Content?PageSize=200",
                "https://content.twilio.com/v1/Content?PageSize=200&Page=1&PageToken=PT1"],
            twilio.Requests.Select(request => request.Url));
        Assert.All(twilio.Requests, request => Assert.NotNull(request.Headers.Authorization));
    }

    [Theory]
    [InlineData("https://api.dublin.ie1.twilio.com", "https://content.twilio.com/v1/Content?PageSize=200")]
    [InlineData("http://127.0.0.1:8080/twilio/", "http://127.0.0.1:8080/twilio/v1/Content?PageSize=200")]
    [InlineData("https://twilio.com.example", "https://twilio.com.example/v1/Content?PageSize=200")]
    public async Task A_host_that_stands_for_Twilio_stands_for_all_of_it(string baseUrl, string url)
    {
        var twilio = new StubTwilio(StubCarrier.Answer(HttpStatusCode.OK, Last), ("TWILIO_BASE_URL", baseUrl));

        await twilio.Sender.ListAsync(CancellationToken.None);

        Assert.Equal(url, Assert.Single(twilio.Requests).Url);
    }

    [Theory]
    [InlineData(HttpStatusCode.Unauthorized, """{"code":20003}""")]
    [InlineData(HttpStatusCode.OK, "<html>")]
    [InlineData(HttpStatusCode.OK, "{}")]
    public async Task An_answer_that_is_no_list_is_none(HttpStatusCode status, string body)
    {
        await Assert.ThrowsAsync<HttpRequestException>(() => new StubTwilio(status, body).Sender.ListAsync(CancellationToken.None));
    }

    private static Func<HttpResponseMessage> Answers(params string[] bodies)
    {
        var next = 0;
        return () => StubCarrier.Answer(HttpStatusCode.OK, bodies[next++])();
    }
}
