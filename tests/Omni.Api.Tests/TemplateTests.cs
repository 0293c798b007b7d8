using System.Text.Json;
using Omni.Shared;

namespace Omni.Api.Tests;

public sealed class TemplateTests
{
    private readonly TestApi _api = new();

    public TemplateTests()
    {
        _api.StoreSession("whatsapp", Address.Phone("+14155550123"), TestApi.Noon.AddHours(1));
        _api.StoreTemplate("whatsapp", "order_update", "en_US", ["first_name", "order"]);
        _api.StoreTemplate("whatsapp", "order_update", "nl", ["first_name"]);
        _api.StoreTemplate("whatsapp", "hello_world", "en_US", []);
        _api.StoreTemplate("whatsapp", "old_sale", "en_US", ["1"], isGone: true);
        _api.StoreTemplate("twilio", "HX00000000000000000000000000000042", "en", ["1", "2"]);
        _api.Tables.Store("control", new()
        {
            ["pk"] = new("templates#whatsapp"), ["sk"] = new("head"), ["at"] = new() { N = $"{TestApi.Noon.ToUnixTimeMilliseconds()}" },
        });
    }

    [Fact]
    public async Task A_carriers_templates_are_listed_by_name_and_language_page_by_page()
    {
        var all = await _api.GetAsync("/api/v1/templates?carrier=whatsapp");
        Assert.Equal((200, "2026-03-14T12:00:00.123Z", null), (all.Status, all["listedAt"], all["nextCursor"]));
        Assert.Equal(["hello_world en_US", "order_update en_US", "order_update nl"], Names(all));
        Assert.Equal(
            """{"name":"order_update","language":"nl","text":"The text.","variables":["first_name"]}""",
            all.Json.GetProperty("data")[2].GetRawText());

        var names = new List<string>();
        for (var query = "limit=1"; ;)
        {
            var page = await _api.GetAsync("/api/v1/templates?carrier=whatsapp&" + query);
            names.AddRange(Names(page));
            if (page["nextCursor"] is not { } cursor) break;
            query = "limit=1&cursor=" + cursor;
        }

        Assert.Equal(Names(all), names);
    }

    [Fact]
    public async Task A_carrier_that_has_not_been_asked_has_none_yet()
    {
        var reply = await _api.GetAsync("/api/v1/templates?carrier=messagebird");

        Assert.Equal((200, """{"data":[]}"""), (reply.Status, reply.Text));
    }

    [Theory]
    [InlineData("", 400, "invalid_parameter", "carrier required")]
    [InlineData("carrier=pigeon", 400, "invalid_parameter", "carrier invalid_value")]
    [InlineData("carrier=livechat", 400, "invalid_parameter", "carrier invalid_value")]
    [InlineData("carrier=twilio&limit=501", 400, "invalid_parameter", "limit invalid_value")]
    [InlineData("carrier=twilio&cursor=aGVhZA", 400, "invalid_cursor")]
    [InlineData("carrier=twilio&cursor=!", 400, "invalid_cursor")]
    public async Task What_cannot_be_asked_is_refused(string query, int status, string code, params string[] errors)
    {
        var reply = await _api.GetAsync("/api/v1/templates?" + query);

        Assert.Equal((status, code), (reply.Status, reply["code"]));
        Assert.Equal(errors, reply.Errors);
    }

    /// <summary>A template with values, and what is wrong with them; a send and its validation say the same.</summary>
    [Theory]
    [InlineData("whatsapp", """{"name":"order_update","language":"en_US","variables":{"first_name":"Ina","order":"42"}}""")]
    [InlineData("whatsapp", """{"name":"order_update","language":"nl","variables":{"first_name":"Ina"}}""")]
    [InlineData("whatsapp", """{"name":"hello_world","language":"en_US"}""")]
    [InlineData("whatsapp", """{"name":"younger_than_the_list","language":"en_US","variables":{"a":"b"}}""")]
    [InlineData("whatsapp", """{"name":"order_update","language":"fr","variables":{"a":"b"}}""")]
    [InlineData("whatsapp", """{"name":"old_sale","language":"en_US","variables":{"a":"b"}}""")]
    [InlineData("twilio", """{"name":"HX00000000000000000000000000000042","variables":{"1":"Ina"}}""")] // it has a value of its own for 2
    [InlineData("twilio", """{"name":"HX00000000000000000000000000000043","variables":{"3":"Ina"}}""")]
    [InlineData("whatsapp", """{"name":"order_update","language":"en_US","variables":{"first_name":"Ina"}}""", "order required")]
    [InlineData("whatsapp", """{"name":"order_update","language":"en_US"}""", "first_name required", "order required")]
    [InlineData(
        "whatsapp", """{"name":"order_update","language":"nl","variables":{"frist_name":"Ina"}}""", "first_name required",
        "frist_name unknown_variable")]
    [InlineData("whatsapp", """{"name":"hello_world","language":"en_US","variables":{"1":"Ina"}}""", "1 unknown_variable")]
    [InlineData("twilio", """{"name":"HX00000000000000000000000000000042","variables":{"3":"Ina"}}""", "3 unknown_variable")]
    public async Task Values_are_held_against_what_the_carrier_lists(string carrier, string template, params string[] wrong)
    {
        var content = JsonSerializer.Deserialize<Dictionary<string, object>>(template)!;
        content["type"] = "template";

        var sent = await _api.SendAsync(new { carrier, content });
        var validated = await _api.CallAsync("POST", "/api/v1/messages/validate", TestApi.Key, TestApi.Body(new { carrier, content }));

        Assert.Equal((wrong.Length == 0 ? 202 : 422, wrong.Length == 0 ? null : "not_carried"), (sent.Status, sent["code"]));
        Assert.Equal(wrong.Select(error => "content.variables." + error), sent.Errors);
        Assert.Equal(sent.Errors, validated.Errors);
        Assert.Equal((wrong.Length == 0).ToString(), validated["valid"]);
    }

    [Theory]
    [InlineData("whatsapp", "order_update", false)]
    [InlineData("whatsapp", "younger_than_the_list", true)]
    [InlineData("twilio", "HX00000000000000000000000000000043", false)] // whose list nobody has read
    public async Task A_template_that_is_not_listed_is_a_warning(string carrier, string name, bool isWarned)
    {
        var variables = new { first_name = "Ina", order = "42" };
        var reply = await _api.CallAsync("POST", "/api/v1/messages/validate", TestApi.Key, TestApi.Body(
            new { carrier, content = new { type = "template", name, language = "en_US", variables } }));

        Assert.Equal("True", reply["valid"]);
        var warnings = reply.Json.GetProperty("warnings").EnumerateArray().Select(warning => warning.GetProperty("code").GetString());
        Assert.Equal(isWarned, warnings.Contains("template_unknown"));
    }

    [Fact]
    public async Task A_template_is_looked_at_once_a_minute_however_many_messages_there_are()
    {
        var content = new { type = "template", name = "HX00000000000000000000000000000042", variables = new Dictionary<string, string>() };
        _api.Tables.Forget();
        for (var i = 0; i < 3; i++) await _api.SendAsync(new { content });

        Assert.Equal(1, _api.Tables.Calls.Count(call => call == "Query"));
        _api.Clock.Advance(TimeSpan.FromMinutes(1));
        await _api.SendAsync(new { content });
        Assert.Equal(2, _api.Tables.Calls.Count(call => call == "Query"));
    }

    private static IEnumerable<string> Names(Reply reply) => reply.Json.GetProperty("data").EnumerateArray()
        .Select(template => $"{template.GetProperty("name").GetString()} {template.GetProperty("language").GetString()}");
}
