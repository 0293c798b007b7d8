using System.Text.Json;
using Omni.Aws;
using Omni.Shared;

namespace Omni.Api.Tests;

/// <summary>Our own addresses: who gives them out, who looks after them, and who sends from them.</summary>
public sealed class SenderTests
{
    private const string Path = "/api/v1/senders";
    private const string Number = Path + "/twilio/+12065550100";

    private readonly TestApi _api = new();

    [Fact]
    public async Task A_sender_is_registered_changed_as_a_whole_and_ended()
    {
        var made = await PutAsync(Number, """
            {"channels":["mms","sms"],"country":"US","pool":"us-a","weight":80,"ratePerSecond":10,"processor":"Omni.Concierge",
             "labels":{"brand":"acme"}}
            """);
        Assert.Equal((201, "twilio", "+12065550100", "default"), (made.Status, made["carrier"], made["address"], made["tenant"]));
        Assert.Equal(
            ("[\"sms\",\"mms\"]", "US", "10", "active"), (made["channels"], made["country"], made["ratePerSecond"], made["state"]));
        Assert.Equal(made.Text, (await _api.GetAsync(Number)).Text);
        Assert.Equal(made.Text, (await _api.GetAsync(Path + "/twilio/phone:+12065550100")).Text);
        Assert.Equal(made.Text, (await _api.GetAsync(Path)).Json.GetProperty("data")[0].GetRawText());

        _api.Clock.Advance(TimeSpan.FromMinutes(1));
        var changed = await PutAsync(Number, """{"state":"paused"}""");
        Assert.Equal((200, "paused", null, "[]"), (changed.Status, changed["state"], changed["ratePerSecond"], changed["channels"]));
        Assert.Equal((made["createdAt"], false), (changed["createdAt"], made["updatedAt"] == changed["updatedAt"]));
        Assert.Equal(changed.Text, (await _api.GetAsync(Number)).Text);

        Assert.Equal(204, (await _api.CallAsync("DELETE", Number)).Status);
        foreach (var method in (string[])["GET", "DELETE"])
            Assert.Equal("sender_not_found", (await _api.CallAsync(method, Number))["code"]);
        Assert.Empty((await _api.GetAsync(Path)).Json.GetProperty("data").EnumerateArray());
    }

    [Fact]
    public async Task Keywords_and_answers_are_kept_as_they_are_said()
    {
        const string Keywords = """
            [{"language":"en","optOut":{"words":["LEAVE"],"answer":"Out."},"help":{"words":[],"answer":"Call us."}},{"language":"pt-BR"}]
            """;

        var made = await PutAsync(Path + "/bandwidth/+12065550100", $$"""{"keywords":{{Keywords}}}""");

        Assert.Equal((201, Keywords.Trim()), (made.Status, made["keywords"]));
        Assert.Equal(made.Text, (await _api.GetAsync(Path + "/bandwidth/+12065550100")).Text);
        Assert.Null((await PutAsync(Path + "/bandwidth/+12065550100", "{}"))["keywords"]);
        Assert.Equal(201, (await PutAsync(Number, """{"keywords":[{"language":"de","optOut":{"words":["STOPP"]}}]}""")).Status);
        var channel = await PutAsync(
            Path + "/messagebird/senderPool:619747f69cf940a98fb443140ce9aed2",
            """{"keywords":[{"language":"de","help":{"answer":"a"}}]}""");
        Assert.Equal(201, channel.Status);
    }

    [Theory]
    [InlineData("""[]""", "keywords invalid_length")]
    [InlineData("""[{}]""", "keywords[0].language required")]
    [InlineData("""[{"language":"e n"},{"language":"de"},{"language":"DE"}]""",
        "keywords[0].language invalid_value", "keywords[2].language repeated")]
    [InlineData("""[{"language":"en","stop":{}}]""", "keywords[0].stop unknown_field")]
    [InlineData("""[{"language":"en","help":{"text":"a"}}]""", "keywords[0].help.text unknown_field")]
    [InlineData("""[{"language":"en","help":{"answer":""}}]""", "keywords[0].help.answer invalid_length")]
    [InlineData("""[{"language":"en","optOut":{"words":["", " A"]}}]""",
        "keywords[0].optOut.words[0] invalid_length", "keywords[0].optOut.words[1] invalid_length")]
    [InlineData("""[{"language":"en","optOut":{"words":["start","help"]},"help":{"words":["Stop"]}}]""",
        "keywords[0].optOut.words[0] invalid_value", "keywords[0].optOut.words[1] invalid_value",
        "keywords[0].help.words[0] invalid_value")]
    [InlineData("""[{"language":"en","optOut":{"words":["LEAVE"]}},{"language":"de","help":{"words":["leave"]}}]""",
        "keywords[1].help.words[0] repeated")]
    public async Task What_is_wrong_with_keywords_is_refused_and_named(string keywords, params string[] errors)
    {
        var reply = await PutAsync(Path + "/bandwidth/+12065550100", $$"""{"keywords":{{keywords}}}""");

        Assert.Equal((400, "invalid_request"), (reply.Status, reply["code"]));
        Assert.Equal(errors.Order(), reply.Errors.Order());
    }

    [Theory]
    [InlineData("twilio/+12065550100")]
    [InlineData("messagebird/12345")]
    public async Task An_answer_is_refused_where_the_carrier_gives_one(string sender)
    {
        var reply = await PutAsync($"{Path}/{sender}", """{"keywords":[{"language":"en","optOut":{"words":["LEAVE"],"answer":"Out."}}]}""");

        Assert.Equal(["keywords[0].optOut.answer not_here"], reply.Errors);
    }

    [Theory]
    [InlineData("twilio/+12065550100", "[]", "$ wrong_type")]
    [InlineData("twilio/+12065550100", """{"tenant":"A#"}""", "tenant invalid_value")]
    [InlineData("twilio/+12065550100", """{"account":"second"}""", "account invalid_value")]
    [InlineData("twilio/+12065550100", """{"channels":["sms","post"]}""", "channels[1] invalid_value")]
    [InlineData("twilio/+12065550100", """{"country":"usa"}""", "country invalid_value")]
    [InlineData("twilio/+12065550100", """{"weight":-1,"ratePerSecond":0}""", "ratePerSecond out_of_range", "weight out_of_range")]
    [InlineData("twilio/+12065550100", """{"state":"asleep"}""", "state invalid_value")]
    [InlineData("twilio/+12065550100", """{"labels":{"a":""}}""", "labels.a invalid_length")]
    [InlineData("twilio/+12065550100", """{"rate":5}""", "rate unknown_field")]
    [InlineData("twilio/nobody@example", "{}", "address invalid_address")]
    [InlineData("whatsapp/Acme", "{}", "address invalid_address")]
    public async Task What_is_wrong_is_refused_and_named(string sender, string body, params string[] errors)
    {
        var reply = await PutAsync($"{Path}/{sender}", body);

        Assert.Equal((400, "invalid_request"), (reply.Status, reply["code"]));
        Assert.Equal(errors.Order(), reply.Errors.Order());
    }

    [Fact]
    public async Task A_rate_of_its_own_is_refused_where_the_rate_is_of_the_account()
    {
        var carrier = CarrierCatalogue.All.First(c => c.Limits.RateScope == RateScope.Account && c.From.Contains(AddressType.Phone));

        Assert.Equal(["ratePerSecond not_here"], (await PutAsync($"{Path}/{carrier.Id}/+12065550100", """{"ratePerSecond":5}""")).Errors);
        Assert.Equal(201, (await PutAsync($"{Path}/{carrier.Id}/+12065550100", "{}")).Status);
    }

    [Fact]
    public async Task A_carrier_that_knows_no_phone_numbers_has_senders_too()
    {
        Assert.Equal(201, (await PutAsync($"{Path}/livechat/12345678", "{}")).Status);
        Assert.Equal(
            "{\"type\":\"livechatLicense\",\"value\":\"12345678\"}",
            (await _api.GetAsync($"{Path}/livechat/livechatLicense:12345678"))["address"]);
        Assert.Equal("carrier_not_found", (await PutAsync($"{Path}/pigeon/12345678", "{}"))["code"]);
    }

    [Fact]
    public async Task A_list_goes_on_where_it_was_and_keeps_to_its_carrier()
    {
        string[] all =
        [
            "bandwidth/+12065550105", "twilio/+12065550101", "twilio/+12065550102", "twilio/+12065550103", "whatsapp/+12065550104",
        ];
        foreach (var sender in all.Reverse()) await PutAsync($"{Path}/{sender}", "{}");

        Assert.Equal(all, await WalkAsync("limit=2"));
        Assert.Equal(all[1..4], await WalkAsync("limit=1&carrier=twilio"));
        var cursor = (await _api.GetAsync($"{Path}?limit=1"))["nextCursor"];
        foreach (var wrong in (string[])[$"carrier=twilio&cursor={cursor}", "cursor=nonsense", "cursor=dHdpbGlv"])
            Assert.Equal("invalid_cursor", (await _api.GetAsync($"{Path}?{wrong}"))["code"]);

        async Task<List<string>> WalkAsync(string query)
        {
            var (found, more) = (new List<string>(), "");
            do
            {
                var page = await _api.GetAsync($"{Path}?{query}{more}");
                found.AddRange(page.Json.GetProperty("data").EnumerateArray().Select(
                    sender => $"{sender.GetProperty("carrier").GetString()}/{sender.GetProperty("address").GetString()}"));
                more = page["nextCursor"] is { } next ? $"&cursor={next}" : null;
            }
            while (more is not null);
            return found;
        }
    }

    [Fact]
    public async Task Whose_a_sender_is_never_changes()
    {
        Assert.Equal("acme", (await PutAsync(Number, """{"tenant":"acme"}"""))["tenant"]);

        foreach (var body in (string[])["""{"tenant":"other"}""", "{}"])
        {
            var refused = await PutAsync(Number, body);
            Assert.Equal((409, "sender_taken"), (refused.Status, refused["code"]));
            Assert.Contains("acme", refused["detail"]);
        }

        await _api.CallAsync("DELETE", Number);
        Assert.Equal((201, "other"), (
            (await PutAsync(Number, """{"tenant":"other"}""")).Status, (await _api.GetAsync(Number))["tenant"]));
    }

    public static TheoryData<bool, string?, bool> Froms() => new()
    {
        // strict, whose the sender is, may default send from it
        { false, null, true },
        { false, "default", true },
        { false, "another", false },
        { true, null, false },
        { true, "default", true },
        { true, "another", false },
    };

    [Theory, MemberData(nameof(Froms))]
    public async Task A_message_leaves_from_its_tenants_own_senders_only(bool isStrict, string? tenant, bool isTaken)
    {
        var api = new TestApi(onlyRegisteredSenders: isStrict);
        if (tenant is not null)
            await api.CallAsync("PUT", Number, body: JsonSerializer.Serialize(new { tenant }));

        var reply = await api.SendAsync();
        var validated = await api.CallAsync("POST", "/api/v1/messages/validate", body: TestApi.Body());

        Assert.Equal(isTaken ? (202, null) : (422, "unknown_sender"), (reply.Status, reply["code"]));
        Assert.Equal(isTaken.ToString(), validated["valid"]);
        if (!isTaken) Assert.Equal(["from unknown_sender"], reply.Errors);
    }

    [Fact]
    public async Task Sending_looks_at_a_sender_once_in_half_a_minute()
    {
        for (var i = 0; i < 3; i++) await _api.SendAsync();
        Assert.Equal(["PutItem", "PutItem", "PutItem"], _api.Tables.Calls.Where(call => call != "GetItem"));
        Assert.Equal(1, _api.Tables.SenderLooks);

        await new SenderStore(_api.Tables.Client, "control", _api.Clock).PutAsync(
            new() { Carrier = "twilio", Address = Address.Phone("+12065550100"), Tenant = "another" }, mayMake: true);
        _api.Clock.Advance(SenderStore.Kept);
        Assert.Equal(422, (await _api.SendAsync()).Status);
        Assert.Equal(2, _api.Tables.SenderLooks);
    }

    [Fact]
    public async Task A_look_that_failed_is_not_remembered()
    {
        var fails = true;
        _api.Tables.Before = call =>
        {
            if (call == "GetItem sender" && fails) throw new HttpRequestException();
        };
        await Assert.ThrowsAsync<HttpRequestException>(() => _api.Senders.GlanceAsync("twilio", Address.Phone("+12065550101")));
        fails = false;
        Assert.Null(await _api.Senders.GlanceAsync("twilio", Address.Phone("+12065550101")));
    }

    private Task<Reply> PutAsync(string path, string body) => _api.CallAsync("PUT", path, body: body);
}
