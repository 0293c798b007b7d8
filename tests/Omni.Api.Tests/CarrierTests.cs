using System.Globalization;
using System.Text.Json;
using Amazon.DynamoDBv2.Model;
using Omni.Aws;
using Omni.Shared;

namespace Omni.Api.Tests;

public sealed class CarrierTests
{
    private readonly TestApi _api = new();

    [Fact]
    public async Task All_carriers_are_listed_with_their_limits()
    {
        var carriers = (await _api.GetAsync("/api/v1/carriers")).Json.GetProperty("data").EnumerateArray().ToArray();

        Assert.Equal(CarrierCatalogue.All.Select(c => c.Id), carriers.Select(c => c.GetProperty("id").GetString()));
        var twilio = carriers.Single(c => c.GetProperty("id").GetString() == "twilio");
        Assert.Equal(1600, twilio.GetProperty("limits").GetProperty("textCharacters").GetInt32());
        Assert.True(twilio.GetProperty("capabilities").GetProperty("sms").GetBoolean());
        Assert.False(twilio.TryGetProperty("echoesReference", out _));
    }

    [Fact]
    public async Task A_client_sees_by_what_a_request_is_refused()
    {
        var carriers = (await _api.GetAsync("/api/v1/carriers")).Json
            .GetProperty("data")
            .EnumerateArray()
            .ToDictionary(c => c.GetProperty("id").GetString()!);

        var whatsapp = carriers["whatsapp"];
        Assert.Equal(86_400, whatsapp.GetProperty("replyWindowSeconds").GetInt32());
        Assert.Equal((true, true, true), (Is(whatsapp, "quotes"), Is(whatsapp, "readMarks"), Is(whatsapp, "templateComponents")));
        Assert.Equal(
            """{"kinds":["buttons","list","ctaUrl","quickReplies"],"bodyCharacters":1024,"headerCharacters":60,"footerCharacters":60"""
                + ""","buttons":3,"quickReplies":3,"buttonTitleCharacters":20,"idCharacters":200,"sections":10,"rows":10"""
                + ""","rowTitleCharacters":24,"rowDescriptionCharacters":72}""",
            whatsapp.GetProperty("limits").GetProperty("interactive").GetRawText());
        Assert.Equal(
            """{"image":5242880,"document":104857600,"sticker":512000}""",
            whatsapp.GetProperty("limits").GetProperty("mediaBytesOf").GetRawText());
        Assert.Equal("""["image","video","document"]""", whatsapp.GetProperty("limits").GetProperty("captionTypes").GetRawText());
        Assert.Equal(
            """{"phone":["text","image","video","audio","document"],"shortCode":["text","image","video","audio","document"]"""
                + ""","alphanumeric":["text"]}""",
            carriers["messagebird"].GetProperty("contentTypesFrom").GetRawText());
        Assert.Equal("""{"senderPool":1}""", carriers["messagebird"].GetProperty("limits").GetProperty("mediaCountFrom").GetRawText());
        Assert.Equal(
            (true, true, false),
            (Is(carriers["messagebird"], "templateLanguage"), Is(carriers["messagebird"], "numberedVariables"), Is(
                carriers["messagebird"], "placeNames")));
        Assert.Equal(
            ["sender", "account"],
            ((string[])["twilio", "bandwidth"]).Select(id => carriers[id].GetProperty("limits").GetProperty("rateScope").GetString()));
        Assert.Equal((10, 9), (Interactive(carriers["livechat"], "cards"), Interactive(carriers["livechat"], "cardsUnderText")));
        Assert.Equal(16_384, carriers["livechat"].GetProperty("limits").GetProperty("textBytes").GetInt32());
        var twilio = carriers["twilio"];
        Assert.Equal((false, false, false), (Is(twilio, "quotes"), Is(twilio, "readMarks"), Is(twilio, "templateComponents")));
        Assert.Equal((false, false, true), (Is(twilio, "templateLanguage"), Is(twilio, "numberedVariables"), Is(twilio, "placeNames")));
        Assert.All((string[])["replyWindowSeconds", "contentTypesFrom"], name => Assert.False(twilio.TryGetProperty(name, out _)));
    }

    [Fact]
    public async Task A_carriers_status_tells_its_health_and_its_queues()
    {
        _api.Tables.Store("control", new()
        {
            ["pk"] = new("health#twilio"), ["sk"] = new("*"), ["ok"] = new() { N = TestApi.Noon.ToUnixTimeMilliseconds().ToString() }
        });
        _api.Queue = (url, _) => Task.FromResult(TestApi.Depth(url switch { "q-out" => "7", "q-bulk" => "9000", _ => "0" }));

        var reply = await StatusAsync("twilio");

        Assert.Equal(("ok", "2026-03-14T12:00:00.123Z"), (reply["state"], reply["lastAcceptedAt"]));
        Assert.Equal(
            """{"outbound":{"waiting":7,"inFlight":2,"delayed":1},"bulk":{"waiting":9000,"inFlight":2,"delayed":1},"deadLetters":"""
                + """{"waiting":0,"inFlight":2,"delayed":1}}""",
            reply["queues"]);
    }

    [Fact]
    public async Task A_carriers_status_tells_of_each_sender_its_pace_its_line_and_its_refusals()
    {
        _api.Settings["TWILIO_RATE"] = "8";
        StoreLine("twilio", "default#phone:+12065550100", pace: 3.5, places: 7, refusals: 4);
        // the configured one, less what clocks differ by
        StoreLine("twilio", "default#alphanumeric:Omni", pace: 7.84, places: 0, refusals: 0);
        StoreLine("messagebird", "default#phone:+12065550177", pace: 1, places: 0, refusals: 0);

        Assert.Equal(
            """
            [{"account":"default","sender":{"type":"alphanumeric","value":"Omni"},
            "ratePerSecond":8,"aheadSeconds":0,"refusalsInLastMinute":0},
            {"account":"default","sender":"+12065550100",
            "ratePerSecond":8,"learnedRatePerSecond":3.5,"aheadSeconds":2,"refusalsInLastMinute":4}]
            """.ReplaceLineEndings(""),
            (await StatusAsync("twilio"))["senders"]);
    }

    [Fact]
    public async Task Where_the_rate_is_of_the_account_there_is_no_address()
    {
        StoreLine("bandwidth", "default", pace: 0.98, places: 90, refusals: 0);

        Assert.Equal(
            """[{"account":"default","ratePerSecond":1,"aheadSeconds":91.8,"refusalsInLastMinute":0}]""",
            (await StatusAsync("bandwidth"))["senders"]);
    }

    [Fact]
    public async Task A_carrier_that_nobody_sent_through_has_no_senders()
    {
        Assert.Equal(("[]", "[]"), ((await StatusAsync("twilio"))["senders"], (await StatusAsync("livechat"))["senders"]));
    }

    [Fact]
    public async Task A_carrier_without_functions_is_unavailable()
    {
        var reply = await StatusAsync("inteliquent");

        Assert.Equal((200, "unavailable", null), (reply.Status, reply["state"], reply["queues"]));
    }

    [Fact]
    public async Task A_degraded_carrier_says_since_when_and_what_was_counted()
    {
        static AttributeValue Time(DateTimeOffset time) => Number(time.ToUnixTimeMilliseconds());
        var tens = TestApi.Noon.ToUnixTimeSeconds() / 10;
        _api.Tables.Store("control", new()
        {
            ["pk"] = new("health#twilio"), ["sk"] = new("*"), ["dg"] = Time(TestApi.Noon), ["pb"] = Time(TestApi.Noon.AddSeconds(30)),
            ["ko"] = Time(TestApi.Noon), ["code"] = new("http_503"), [$"a{tens}"] = Number(9), [$"a{tens - 5}"] = Number(4),
            [$"f{tens}"] = Number(8), [$"a{tens - 6}"] = Number(100), // more than a minute ago
        });

        var reply = await StatusAsync("twilio");

        Assert.Equal(
            ("degraded", "2026-03-14T12:00:00.123Z", "2026-03-14T12:00:30.123Z", "http_503", "13", "8"),
            (reply["state"], reply["degradedSince"], reply["probedFrom"], reply["lastFaultCode"], reply["attemptsInLastMinute"],
                reply["faultsInLastMinute"]));
    }

    private static int Interactive(JsonElement carrier, string limit) =>
        carrier.GetProperty("limits").GetProperty("interactive").GetProperty(limit).GetInt32();

    private static bool Is(JsonElement carrier, string flag) => carrier.GetProperty(flag).GetBoolean();

    // As the limiter writes it: a line that began now.
    private void StoreLine(string carrier, string name, double pace, int places, int refusals)
    {
        var now = TestApi.Noon.ToUnixTimeMilliseconds() * 1000;
        _api.Tables.Store("control", new() { ["pk"] = new($"slots#{carrier}"), ["sk"] = new(name) });
        _api.Tables.Store("control", new()
        {
            ["pk"] = new($"slot#{carrier}#{name}"), ["sk"] = new("*"), ["n"] = Number(1000 * places), ["t0"] = Number(now),
            ["r"] = Number(pace), ["ma"] = Number(now / 60_000_000), ["mn"] = Number(refusals),
        });
    }

    private static AttributeValue Number(IFormattable value) => new() { N = value.ToString(null, CultureInfo.InvariantCulture) };

    private Task<Reply> StatusAsync(string carrier) => _api.GetAsync($"/api/v1/carriers/{carrier}/status");
}
