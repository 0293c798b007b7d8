using System.Net;
using System.Net.Http.Json;
using System.Text.Json;
using System.Text.Json.Nodes;

namespace Omni.Simulators.Tests.MessageBird;

public sealed class MessageBirdSendTests : IAsyncLifetime
{
    private readonly SimulatedMessageBird _bird = new();

    public Task InitializeAsync() => _bird.InitializeAsync();
    public Task DisposeAsync() => _bird.DisposeAsync();

    [Fact]
    public async Task An_sms_is_answered_as_the_api_answers_and_can_be_listed_by_its_reference()
    {
        using var response = await _bird.SendAsync();
        var sent = await SimulatedMessageBird.JsonOf(response);

        Assert.Equal(HttpStatusCode.Created, response.StatusCode);
        Assert.Matches("^[0-9a-f]{32}$", sent.GetProperty("id").GetString());
        Assert.Equal(14155550123, sent.GetProperty("recipients").GetProperty("items")[0].GetProperty("recipient").GetInt64());
        var list = await _bird.Api.GetFromJsonAsync<JsonElement>(
            $"{_bird.Base}/messages?recipient=14155550123&originator=12065550100&direction=mt");
        Assert.Equal("msg_1.0.1", Assert.Single(list.GetProperty("items").EnumerateArray()).GetProperty("reference").GetString());
    }

    [Fact]
    public async Task The_plain_alphabet_loses_what_it_does_not_have_and_auto_does_not()
    {
        foreach (var (datacoding, arrives) in new[] { ("plain", "?!"), ("auto", "你!"), ("unicode", "你!") })
        {
            using var response = await _bird.SendAsync(new() { ["body"] = "你!", ["datacoding"] = datacoding });
            Assert.Equal(arrives, (await SimulatedMessageBird.JsonOf(response)).GetProperty("body").GetString());
        }
    }

    // What is changed (null: taken away), the code, the parameter.
    [Theory]
    [InlineData("originator", null, 9, "originator")]
    [InlineData("originator", "\"12065559999\"", 10, "originator")]
    [InlineData("originator", "\"A name too long\"", 10, "originator")]
    [InlineData("recipients", "[]", 9, "recipient")]
    [InlineData("recipients", "[\"tomorrow\"]", 9, "recipient")]
    [InlineData("recipients", "[\"15005550000\"]", 9, "recipient")]
    [InlineData("body", null, 9, "body")]
    [InlineData("datacoding", "\"utf8\"", 10, "datacoding")]
    [InlineData("validity", "0", 10, "validity")]
    [InlineData("reportUrl", "\"http://example.com/\"", 10, "reportUrl")]
    public async Task A_wrong_sms_is_refused(string name, string? value, int code, string parameter)
    {
        using var response = await _bird.SendAsync(new() { [name] = value is null ? null : JsonNode.Parse(value) });
        var error = (await SimulatedMessageBird.JsonOf(response)).GetProperty("errors")[0];

        Assert.Equal(HttpStatusCode.UnprocessableEntity, response.StatusCode);
        Assert.Equal((code, parameter), (error.GetProperty("code").GetInt32(), error.GetProperty("parameter").GetString()));
    }

    [Fact]
    public async Task A_text_of_more_than_nine_parts_is_refused()
    {
        foreach (var (text, status) in new[]
        {
            (new string('x', 1377), 201), (new string('x', 1378), 422), (new string('你', 603), 201), (new string('你', 604), 422)
        })
        {
            using var response = await _bird.SendAsync(new() { ["body"] = text });
            Assert.Equal(status, (int)response.StatusCode);
        }
    }

    [Theory]
    [InlineData("/messages", 2)]
    [InlineData("/mms", 2)]
    [InlineData("/v1/send", 1001)]
    public async Task A_wrong_key_is_refused(string path, int code)
    {
        using var stranger = SimulatedMessageBird.Client("another");
        using var response = await stranger.PostAsJsonAsync(_bird.Base + path, new { });

        Assert.Equal(HttpStatusCode.Unauthorized, response.StatusCode);
        Assert.Equal(code, (await SimulatedMessageBird.JsonOf(response)).GetProperty("errors")[0].GetProperty("code").GetInt32());
    }

    [Fact]
    public async Task There_is_nothing_else_under_the_base_url()
    {
        using var response = await _bird.Api.PutAsJsonAsync(_bird.Base + "/message", new { });

        Assert.Equal(HttpStatusCode.NotFound, response.StatusCode);
        Assert.Equal(98, (await SimulatedMessageBird.JsonOf(response)).GetProperty("errors")[0].GetProperty("code").GetInt32());
    }

    [Fact]
    public async Task An_mms_needs_an_american_number_and_files_that_can_be_fetched()
    {
        JsonObject Mms(string originator, string url) => new()
        {
            ["originator"] = originator,
            ["recipients"] = new JsonArray(SimulatedMessageBird.Person),
            ["mediaUrls"] = new JsonArray(url),
            ["reference"] = "msg_1.0.1",
        };

        using var good = await _bird.PostAsync("/mms", Mms(SimulatedMessageBird.Ours, "https://files.example.com/a.jpg"));
        using var dutch = await _bird.PostAsync("/mms", Mms("31970001234", "https://files.example.com/a.jpg"));
        using var name = await _bird.PostAsync("/mms", Mms("Harbour", "https://files.example.com/a.jpg"));
        using var file = await _bird.PostAsync("/mms", Mms(SimulatedMessageBird.Ours, "/tmp/a.jpg"));

        Assert.Equal([201, 422, 422, 422], new[] { good, dutch, name, file }.Select(response => (int)response.StatusCode));
    }

    [Theory]
    [InlineData("from", "\"another\"", 404, 20)]
    [InlineData("to", "\"Ina\"", 422, 10)]
    [InlineData("type", "\"hologram\"", 422, 10)]
    [InlineData("type", "\"image\"", 422, 10)]
    [InlineData("content", null, 422, 9)]
    [InlineData("reportUrl", "\"no address\"", 422, 10)]
    public async Task A_wrong_message_through_a_channel_is_refused(string name, string? value, int status, int code)
    {
        using var response = await _bird.SpeakAsync(new() { [name] = value is null ? null : JsonNode.Parse(value) });

        Assert.Equal(status, (int)response.StatusCode);
        Assert.Equal(code, (await SimulatedMessageBird.JsonOf(response)).GetProperty("errors")[0].GetProperty("code").GetInt32());
    }

    [Fact]
    public async Task A_template_must_be_known_and_have_all_its_values()
    {
        JsonObject Template(string name, params string[] values) => new()
        {
            ["type"] = "hsm",
            ["content"] = new JsonObject
            {
                ["hsm"] = new JsonObject
                {
                    ["namespace"] = _bird.Options.TemplateNamespace, ["templateName"] = name,
                    ["language"] = new JsonObject { ["policy"] = "deterministic", ["code"] = "en" },
                    ["params"] = new JsonArray([.. values.Select(value => new JsonObject { ["default"] = value })]),
                },
            },
        };

        using var good = await _bird.SpeakAsync(Template("parcel_on_its_way", "Ina", "9:30"));
        using var unknown = await _bird.SpeakAsync(Template("another", "Ina", "9:30"));
        using var few = await _bird.SpeakAsync(Template("parcel_on_its_way", "Ina"));

        Assert.Equal([202, 422, 422], new[] { good, unknown, few }.Select(response => (int)response.StatusCode));
        var taken = Assert.Single(await _bird.Control.GetFromJsonAsync<JsonElement[]>("messages") ?? []);
        Assert.Equal("Hello Ina, your parcel comes at 9:30.", taken.GetProperty("text").GetString());
    }

    [Fact]
    public async Task It_misbehaves_as_it_is_told()
    {
        await _bird.TellAsync("behaviour", new { times = 1, httpStatus = 429, retryAfterSeconds = 7 });
        await _bird.TellAsync("behaviour", new { times = 1, errorCode = 25 });
        await _bird.TellAsync("behaviour", new { times = 1, httpStatus = 503 });
        await _bird.TellAsync("behaviour", new { times = 1, acceptThen = "500" });

        using var throttled = await _bird.SendAsync();
        using var poor = await _bird.SendAsync();
        using var down = await _bird.SendAsync();
        using var lost = await _bird.SendAsync();

        Assert.Equal([429, 402, 503, 500], new[] { throttled, poor, down, lost }.Select(response => (int)response.StatusCode));
        Assert.Equal(TimeSpan.FromSeconds(7), throttled.Headers.RetryAfter?.Delta);
        Assert.Equal("text/html", down.Content.Headers.ContentType?.MediaType);
        // taken, though it said otherwise
        Assert.Single(await _bird.Control.GetFromJsonAsync<JsonElement[]>("messages?to=%2B14155550123") ?? []);
        Assert.Equal(3, (await _bird.Control.GetFromJsonAsync<JsonElement[]>("refused"))!.Length);
    }
}
