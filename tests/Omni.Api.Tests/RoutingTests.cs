using System.Text.Json;
using Omni.Aws;
using Omni.Shared;

namespace Omni.Api.Tests;

/// <summary>A tenant's routes, and the choice by them where a send leaves carrier or sender out.</summary>
public sealed class RoutingTests
{
    private const string Path = "/api/v1/routes";
    private const string Rule = """{"id":"us","match":{"channel":"sms"},"use":[{"pool":"a"}]}""";
    private const string Any = """{"id":"any","use":[{"pool":"a"}]}""";

    private readonly TestApi _api = new();

    [Fact]
    public async Task Rules_are_written_as_a_whole_and_only_over_those_that_were_read()
    {
        await RegisterAsync("twilio", "+12065550100", "a");
        await RegisterAsync("bandwidth", "+12065550101", "b");
        var none = await _api.GetAsync(Path);
        Assert.Equal((200, "[]", "\"0\""), (none.Status, none.Text, none.Header("ETag")));

        const string Rules = """
            [{"id":"us-high","match":{"channel":"sms","toCountry":["US","CA"],"priority":["high"],"labels":{"brand":"acme"}},
            "use":[{"pool":"a","weight":80},{"pool":"b","carrier":"bandwidth","weight":20}]}]
            """;
        var made = await PutAsync(Rules, none.Header("ETag"));
        Assert.Equal((200, Rules.ReplaceLineEndings(""), "\"1\""), (made.Status, made.Text, made.Header("ETag")));
        var read = await _api.GetAsync(Path);
        Assert.Equal((made.Text, made.Header("ETag")), (read.Text, read.Header("ETag")));

        Assert.Equal((428, "precondition_required"), await RefusalAsync($"[{Any}]", null));
        Assert.Equal((412, "precondition_failed"), await RefusalAsync($"[{Any}]", "\"0\""));
        Assert.Equal((400, "invalid_parameter"), await RefusalAsync($"[{Any}]", "1"));
        Assert.Equal(made.Text, (await _api.GetAsync(Path)).Text);
        Assert.Equal("\"2\"", (await PutAsync($"[{Any}]", "\"1\"")).Header("ETag"));
        Assert.Equal("\"3\"", (await PutAsync("[]", "*")).Header("ETag"));
    }

    [Fact]
    public async Task The_first_rules_need_no_version()
    {
        await RegisterAsync("twilio", "+12065550100", "a");

        Assert.Equal((200, "\"1\""), (await PutAsync($"[{Any}]", null) is var made ? (made.Status, made.Header("ETag")) : default));
    }

    [Theory]
    [InlineData("{}", "$ wrong_type")]
    [InlineData("[1]", "[0] wrong_type")]
    [InlineData("[{}]", "[0].id required", "[0].use required")]
    [InlineData("""[{"id":"","use":[]}]""", "[0].id invalid_length", "[0].use invalid_length")]
    [InlineData("""[{"id":"r","use":[{}]}]""", "[0].use[0].pool required")]
    [InlineData("""[{"id":"r","use":[{"pool":"nowhere"}]}]""", "[0].use[0].pool unknown_pool")]
    [InlineData("""[{"id":"r","use":[{"pool":"a","carrier":"bandwidth"}]}]""", "[0].use[0].pool unknown_pool")]
    [InlineData("""[{"id":"r","use":[{"pool":"a","carrier":"pigeon"}]}]""", "[0].use[0].carrier unknown_carrier")]
    [InlineData("""[{"id":"r","use":[{"pool":"a","weight":-1},{"pool":"a","weight":1001,"share":1}]}]""",
        "[0].use[0].weight out_of_range", "[0].use[1].weight out_of_range", "[0].use[1].pool repeated", "[0].use[1].share unknown_field")]
    [InlineData("""
        [{"id":"r","use":[{"pool":"a"}],
          "match":{"toCountry":["US","XX"],"priority":["now"],"channel":"post","labels":{"":"a"},"to":1}}]
        """,
        "[0].match.toCountry[1] invalid_value", "[0].match.priority[0] invalid_value", "[0].match.channel invalid_value",
        "[0].match.labels invalid_length", "[0].match.to unknown_field")]
    [InlineData("""[{"id":"r","use":[{"pool":"a"}]},{"id":"r","use":[{"pool":"a"}],"then":1}]""",
        "[1].id repeated", "[1].then unknown_field")]
    public async Task What_is_wrong_with_rules_is_refused_and_named(string rules, params string[] errors)
    {
        await RegisterAsync("twilio", "+12065550100", "a");

        var reply = await PutAsync(rules, null);

        Assert.Equal((400, "invalid_request"), (reply.Status, reply["code"]));
        Assert.Equal(errors.Order(), reply.Errors.Order());
        Assert.Equal("\"0\"", (await _api.GetAsync(Path)).Header("ETag"));
    }

    [Fact]
    public async Task So_many_rules_groups_and_bytes_and_no_more()
    {
        await RegisterAsync("twilio", "+12065550100", "a");
        static string Many(int count) => $"[{string.Join(',', Enumerable.Range(0, count).Select(i => Any.Replace("any", $"r{i}")))}]";

        Assert.Equal(["$ too_many"], (await PutAsync(Many(101), null)).Errors);
        var groups = string.Join(',', Enumerable.Range(0, 21).Select(_ => """{"pool":"a"}"""));
        Assert.Contains("[0].use too_many", (await PutAsync($$"""[{"id":"r","use":[{{groups}}]}]""", null)).Errors);
        Assert.Equal(413, (await PutAsync($"[{new string(' ', 64 * 1024)}]", null)).Status);
        Assert.Equal(200, (await PutAsync(Many(100), null)).Status);
    }

    [Fact]
    public async Task A_send_without_carrier_and_sender_leaves_as_the_rules_say_and_tells_it()
    {
        await RegisterAsync("twilio", "+12065550100", "a");
        await PutAsync($"[{Rule}]", null);

        var sent = await SendAsync(new { channel = "sms" });

        Assert.Equal((202, "twilio", "+12065550100"), (sent.Status, sent["carrier"], sent["from"]));
        Assert.Equal("""{"rule":"us","carrier":"twilio","from":"+12065550100","reason":"only","refused":[]}""", sent["route"]);
        Assert.Equal(sent["route"], (await _api.GetAsync($"/api/v1/messages/{sent["id"]}"))["route"]);
        var validated = await ValidateAsync(new { channel = "sms" });
        Assert.Equal(sent["route"], validated.Json.GetProperty("message").GetProperty("route").GetRawText());
        Assert.Null((await _api.SendAsync())["route"]);
    }

    [Fact]
    public async Task A_routed_send_costs_one_read_more_and_one_that_names_carrier_and_sender_none()
    {
        await RegisterAsync("twilio", "+12065550100", "a");
        await RegisterAsync("bandwidth", "+12065550101", "a");
        await PutAsync($"[{Any}]", null);
        await SendAsync(new { }); // what is read every half a minute
        await _api.SendAsync();
        var looks = _api.Tables.SenderLooks;

        Assert.Equal(["PutItem"], await CallsOfAsync(() => _api.SendAsync()));
        Assert.Equal(["GetItem", "PutItem"], await CallsOfAsync(() => SendAsync(new { })));
        Assert.Equal(["PutItem"], await CallsOfAsync(() => SendAsync(new { carrier = "twilio" }))); // nothing is left to choose
        Assert.Equal(looks, _api.Tables.SenderLooks);
    }

    [Fact]
    public async Task Who_wrote_to_a_sender_hears_from_it_as_long_as_it_can()
    {
        await RegisterAsync("twilio", "+12065550100", "a");
        await RegisterAsync("bandwidth", "+12065550101", "a");
        await PutAsync($"[{Any}]", null);
        var person = Address.Phone("+14155550123");
        foreach (var (carrier, from) in ((string, string)[])[("twilio", "+12065550100"), ("bandwidth", "+12065550101")])
        {
            _api.Clock.Advance(TimeSpan.FromMinutes(1));
            await _api.LastSenders.NoteAsync(
                new()
                {
                    Id = Ids.NewMessage(), Direction = Direction.Inbound, Carrier = carrier, To = Address.Phone(from), From = person,
                    Content = new TextContent { Body = "hi" }, CreatedAt = _api.Clock.GetUtcNow(),
                },
                person);

            var sent = await SendAsync(new { });

            Assert.Equal((carrier, from), (sent["carrier"], sent["from"]));
            Assert.Equal("sticky", Route(sent).GetProperty("reason").GetString());
        }

        await RegisterAsync("bandwidth", "+12065550101", "a", state: "paused");
        var moved = await SendAsync(new { });
        Assert.Equal(("twilio", "only"), (moved["carrier"], Route(moved).GetProperty("reason").GetString()));
        Assert.Equal("""[{"candidate":"bandwidth/+12065550101","why":"paused"}]""", Route(moved).GetProperty("refused").GetRawText());
    }

    [Fact]
    public async Task The_first_rule_that_fits_decides()
    {
        foreach (var (address, pool) in ((string, string)[])[("+12065550100", "a"), ("+12065550101", "b"), ("+12065550102", "c"),
            ("+12065550103", "d"), ("+12065550104", "e")])
        {
            await RegisterAsync("twilio", address, pool);
        }

        await PutAsync(
            """
            [{"id":"germany","match":{"toCountry":["DE"]},"use":[{"pool":"a"}]},
             {"id":"codes","match":{"priority":["high"]},"use":[{"pool":"b"}]},
             {"id":"acme","match":{"labels":{"brand":"acme","tone":"loud"}},"use":[{"pool":"c"}]},
             {"id":"mms","match":{"channel":"mms"},"use":[{"pool":"d"}]},
             {"id":"rest","use":[{"pool":"e"}]}]
            """, null);

        Assert.Equal("germany", await RuleOfAsync(new { to = "+4915112345678", priority = "high" }));
        Assert.Equal("codes", await RuleOfAsync(new { priority = "high", metadata = new { brand = "acme", tone = "loud" } }));
        Assert.Equal("acme", await RuleOfAsync(new { metadata = new { brand = "acme", tone = "loud", more = "x" } }));
        Assert.Equal("mms", await RuleOfAsync(new { channel = "mms", metadata = new { brand = "acme" } }));
        Assert.Equal("rest", await RuleOfAsync(new { }));
        Assert.Equal("rest", await RuleOfAsync(new { channel = "sms" }));
    }

    [Fact]
    public async Task What_a_candidate_cannot_carry_is_its_reason()
    {
        await RegisterAsync("twilio", "+12065550100", "a", channels: "sms");
        await RegisterAsync("whatsapp", "+12065550101", "a");
        await RegisterAsync("inteliquent", "+12065550102", "a"); // this version has no functions for it
        await RegisterAsync("bandwidth", "+12065550103", "a", state: "paused");
        await PutAsync($"[{Any}]", null);
        var image = new { type = "image", mediaUrl = "https://files.example/a.jpg" };

        var refused = await SendAsync(new { channel = "sms", content = image });
        Assert.Equal((422, "no_route"), (refused.Status, refused["code"]));
        Assert.Equal(
            ["carrier carrier_not_available", "channel channel_not_carried", "content.type content_not_carried",
                "content.type content_not_carried"],
            refused.Errors.Order());
        Assert.All(refused.Json.GetProperty("errors").EnumerateArray(), error =>
            Assert.Contains("/+1206555010", error.GetProperty("detail").GetString()));
        var validated = await ValidateAsync(new { channel = "sms", content = image });
        Assert.Equal((200, "False", null), (validated.Status, validated["valid"], validated["message"]));
        Assert.Equal("no_route", validated.Json.GetProperty("problem").GetProperty("code").GetString());

        // Who wrote within a day may be sent anything.
        _api.StoreSession(
            "whatsapp", Address.Phone("+14155550123"), TestApi.Noon.AddDays(1), "default", Address.Phone("+12065550101"));
        var taken = await SendAsync(new { content = image });
        Assert.Equal(
            ["bandwidth/+12065550103 paused", "inteliquent/+12065550102 carrier_not_available", "twilio/+12065550100 content_not_carried"],
            Route(taken).GetProperty("refused").EnumerateArray().Select(r => $"{r.GetProperty("candidate")} {r.GetProperty("why")}"));
        Assert.Equal("whatsapp", taken["carrier"]);
        Assert.Equal(["from paused"], (await SendAsync(new { carrier = "bandwidth" })).Errors);
    }

    [Fact]
    public async Task Half_of_the_way_may_be_named()
    {
        await RegisterAsync("twilio", "+12065550100", "a");
        await RegisterAsync("bandwidth", "+12065550100", "a");
        await RegisterAsync("bandwidth", "+12065550101", "a");
        await PutAsync($"[{Any}]", null);

        Assert.Equal("twilio", (await SendAsync(new { carrier = "twilio" }))["carrier"]);
        var fromNumber = await SendAsync(new { from = "+12065550101" });
        Assert.Equal(("bandwidth", "+12065550101"), (fromNumber["carrier"], fromNumber["from"]));
        Assert.Equal("no_route", (await SendAsync(new { from = "+12065550199" }))["code"]);
        Assert.Equal(["carrier unknown_carrier"], (await SendAsync(new { carrier = "pigeon" })).Errors);
        Assert.Equal(["channel not_here"], (await _api.SendAsync(new { channel = "sms" })).Errors);
    }

    [Fact]
    public async Task Without_a_rule_for_it_nothing_is_chosen()
    {
        await RegisterAsync("twilio", "+12065550100", "a");
        Assert.Equal((422, "no_route"), (await SendAsync(new { }) is var none ? (none.Status, none["code"]) : default));

        await PutAsync($"[{Rule}]", null);
        Assert.Equal((422, "no_route"), (await SendAsync(new { channel = "mms" }) is var other ? (other.Status, other["code"]) : default));
    }

    [Fact]
    public async Task A_replay_is_the_first_answer_whatever_the_routes_are_now()
    {
        await RegisterAsync("twilio", "+12065550100", "a");
        await RegisterAsync("bandwidth", "+12065550101", "b");
        await PutAsync($"[{Any}]", null);
        var sent = await SendAsync(new { }, "k1");

        await PutAsync("""[{"id":"other","use":[{"pool":"b"}]}]""", "*");
        Assert.Equal(sent.Text, (await SendAsync(new { }, "k1")).Text);
        await PutAsync("[]", "*");
        var replayed = await SendAsync(new { }, "k1");

        Assert.Equal((202, sent.Text, "true"), (replayed.Status, replayed.Text, replayed.Header("Idempotency-Replayed")));
    }

    [Fact]
    public async Task A_batch_goes_out_through_all_senders_of_its_rule()
    {
        await RegisterAsync("twilio", "+12065550100", "a");
        await RegisterAsync("bandwidth", "+12065550101", "a");
        await PutAsync($"[{Any}]", null);
        var recipients = Enumerable.Range(0, 40).Select(i => new { to = $"+1415555{1000 + i}" });

        var taken = await _api.CallAsync(
            "POST", "/api/v1/messages/bulk",
            body: JsonSerializer.Serialize(new { content = new { type = "text", body = "Hello" }, recipients }));

        Assert.Equal((202, "40"), (taken.Status, taken["accepted"]));
        var batch = await _api.GetAsync($"/api/v1/batches/{taken["batchId"]}");
        var senders = batch.Json.GetProperty("senders").EnumerateArray().ToArray();
        Assert.Equal(["bandwidth", "twilio"], senders.Select(s => s.GetProperty("carrier").GetString()).Order());
        Assert.Equal(40, senders.Sum(s => s.GetProperty("segments").GetInt32()));
        Assert.Equal(batch["carrier"], senders[0].GetProperty("carrier").GetString());
    }

    [Fact]
    public async Task A_tenant_sees_and_uses_its_own_rules_and_senders_only()
    {
        await RegisterAsync("twilio", "+12065550100", "a");
        await RegisterAsync("twilio", "+12065550101", "a", tenant: "another");
        await PutAsync($"[{Any}]", null);

        Assert.Equal("[]", (await _api.GetAsync(Path, TestApi.OtherTenantsKey)).Text);
        Assert.Equal("no_route", (await SendAsync(new { }, key: TestApi.OtherTenantsKey))["code"]);
        var theirs = await _api.CallAsync("PUT", Path, TestApi.OtherTenantsKey, $"[{Any.Replace("any", "theirs")}]");
        Assert.Equal((200, "\"1\""), (theirs.Status, theirs.Header("ETag")));
        Assert.Equal("+12065550101", (await SendAsync(new { }, key: TestApi.OtherTenantsKey))["from"]);
        Assert.Equal("+12065550100", (await SendAsync(new { }))["from"]);
        Assert.Equal("any", await RuleOfAsync(new { }));
    }

    private static JsonElement Route(Reply reply) => reply.Json.GetProperty("route");

    private async Task<string?> RuleOfAsync(object changes) => Route(await SendAsync(changes)).GetProperty("rule").GetString();

    private async Task<IReadOnlyList<string>> CallsOfAsync(Func<Task<Reply>> send)
    {
        _api.Tables.Forget();
        Assert.Equal(202, (await send()).Status);
        return [.. _api.Tables.Calls];
    }

    private Task<Reply> SendAsync(object changes, string? idempotencyKey = null, string key = TestApi.Key) =>
        _api.SendBodyAsync(Body(changes), idempotencyKey, key);

    private Task<Reply> ValidateAsync(object changes) => _api.CallAsync("POST", "/api/v1/messages/validate", body: Body(changes));

    /// <summary>A request that names neither carrier nor sender, unless the changes do.</summary>
    private static string Body(object changes) => JsonSerializer.Serialize(
        new Dictionary<string, object?>(
            JsonSerializer.SerializeToElement(changes).EnumerateObject().ToDictionary(p => p.Name, p => (object?)p.Value).UnionBy(
                [new("to", "+14155550123"), new("content", new { type = "text", body = "Hello" })], p => p.Key)));

    private Task<Reply> PutAsync(string rules, string? ifMatch) =>
        _api.CallAsync("PUT", Path, body: rules, headers: ifMatch is null ? [] : new() { ["if-match"] = ifMatch });

    private async Task<(int Status, string? Code)> RefusalAsync(string rules, string? ifMatch) =>
        await PutAsync(rules, ifMatch) is var reply ? (reply.Status, reply["code"]) : default;

    private async Task RegisterAsync(
        string carrier, string address, string pool, string? channels = null, string state = "active", string tenant = "default") =>
        Assert.InRange(
            (await _api.CallAsync("PUT", $"/api/v1/senders/{carrier}/{address}", body: JsonSerializer.Serialize(
                new { pool, state, tenant, channels = channels is null ? [] : new[] { channels } }))).Status,
            200, 201);
}
