using System.Net;
using System.Text.Json;
using System.Text.Json.Nodes;
using Omni.Pipeline;
using Omni.Shared;
using Omni.Testing;

namespace Omni.MessageBird.Outbound.Tests;

/// <summary>Of numbers: the calls for SMS.</summary>
public class MessageBirdSenderTests : SenderRules
{
    private const string Taken = """{"id":"5c1fa0d2","href":"x","direction":"mt","recipients":{"items":"""
        + """[{"recipient":14155550123,"status":"sent","messagePartCount":1}]}}""";

    protected override Message Message => Sender.Text;

    protected override (HttpStatusCode, string, string) Acceptance => (HttpStatusCode.Created, Taken, "5c1fa0d2");

    protected override (string Body, string Code) Refusal => ("""{"errors":[{"code":11,"description":"bad request"}]}""", "11");

    protected override ICarrierSender NewSender(StubCarrier carrier) => Sender.Over(carrier);

    public static TheoryData<string> Requests() =>
        [.. Directory.EnumerateFiles(Path.Combine("Fixtures", "Requests"), "*.json")
            .Select(path => Path.GetFileNameWithoutExtension(path)).Order()];

    [Theory, MemberData(nameof(Requests))]
    public async Task A_part_becomes_its_request_to_the_byte_or_is_refused(string name)
    {
        var fixture = JsonNode.Parse(await File.ReadAllTextAsync(Path.Combine("Fixtures", "Requests", $"{name}.json")))!;
        var message = Sender.Message(fixture["content"].Deserialize(OmniJson.Default.Content)!, fixture["from"].Deserialize<Address>());
        if (fixture["ttlSeconds"] is { } ttl) message = message with { TtlSeconds = (int)ttl };
        var carrier = new StubCarrier(HttpStatusCode.OK, Taken);
        var sender = fixture["withoutNamespace"] is null
            ? Sender.Over(carrier)
            : Sender.Over(carrier, ("MESSAGEBIRD_TEMPLATE_NAMESPACE", null));

        var outcome = await sender.SendAsync(message);

        if (fixture["url"] is { } url)
        {
            Assert.IsType<SendOutcome.Accepted>(outcome);
            var request = Assert.Single(carrier.Requests);
            Assert.Equal(HttpMethod.Post, request.Method);
            Assert.Equal((string)url!, request.Url);
            Assert.Equal(fixture["body"]!.ToJsonString(), request.Text);
            Assert.Equal("application/json", request.ContentType);
            Assert.Equal("application/json", request.Headers.Accept.ToString());
            Assert.Equal($"AccessKey {Sender.ApiKey}", request.Headers.Authorization?.ToString());
            return;
        }

        Assert.Empty(carrier.Requests);
        Assert.Equal((string?)(fixture["refused"] ?? fixture["deferred"]), outcome switch
        {
            SendOutcome.Rejected rejected => $"{rejected.Reason.Code()} {rejected.CarrierCode}",
            SendOutcome.Deferred deferred => $"{deferred.Cause.Word()} {deferred.CarrierCode}",
            _ => outcome.ToString(),
        });
    }

    public static TheoryData<int, string, string> Refusals() => new()
    {
        {
            401,
            """{"errors":[{"code":2,"description":"Request not allowed (incorrect access_key)","parameter":"access_key"}]}""",
            "ourFault 2"
        },
        { 401, """{"errors":[{"code":1001,"message":"Unauthorized"}]}""", "ourFault 1001" },
        { 403, "", "ourFault http_403" },
        { 402, """{"errors":[{"code":25,"description":"Not enough balance","parameter":null}]}""", "ourFault 25" },
        { 402, """{"errors":[]}""", "ourFault http_402" },
        { 404, """{"errors":[{"code":98,"description":"API not found"}]}""", "ourFault 98" },
        { 422, """{"errors":[{"code":9,"description":"no (correct) recipients found","parameter":"recipient"}]}""", "invalid_recipient 9" },
        { 422, """{"errors":[{"code":10,"description":"originator is invalid","parameter":"originator"}]}""", "sender_misconfigured 10" },
        { 422, """{"errors":[{"code":10,"description":"x","parameter":"mediaUrls"}]}""", "media_rejected 10" },
        { 422, """{"errors":[{"code":21,"description":"bad request","parameter":"to"}]}""", "invalid_recipient 21" },
        { 422, """{"errors":[{"code":10,"description":"x","parameter":"content.image.url"}]}""", "media_rejected 10" },
        { 422, """{"errors":[{"code":10,"description":"x","parameter":"content.hsm.params"}]}""", "template_rejected 10" },
        { 422, """{"errors":[{"code":9,"description":"x","parameter":null},{"code":2}]}""", "bad_request 9" },
        { 422, """{"errors":[{"code":"10","description":"x","parameter":"body"}]}""", "bad_request 10" },
        { 404, """{"errors":[{"code":20,"description":"channel not found"}]}""", "sender_misconfigured 20" },
        { 422, """{"errors":[{"code":777,"description":"new"}]}""", "unknown 777" },
        { 400, "<html>", "unknown http_400" },
        { 500, """{"errors":[{"code":99,"description":"internal error"}]}""", "lost 99" },
        { 503, """{"errors":[{"code":9,"description":"x"}]}""", "bad_request 9" },
        { 429, """{"errors":[]}""", "throttled http_429" },
        { 429, """{"errors":[{"code":99}]}""", "throttled 99" },
    };

    [Theory]
    [InlineData(401, """{"errors":[{"code":2}]}""", "2", FailureReason.Auth)]
    [InlineData(402, """{"errors":[{"code":25}]}""", "25", FailureReason.PaymentRequired)]
    [InlineData(422, """{"errors":[{"code":25}]}""", "25", FailureReason.PaymentRequired)]
    [InlineData(402, "", "http_402", FailureReason.PaymentRequired)]
    [InlineData(404, """{"errors":[{"code":98}]}""", "98", FailureReason.Configuration)]
    [InlineData(401, """{"errors":[{"code":777}]}""", "777", FailureReason.Auth)]
    [InlineData(403, """{"errors":[{"code":777}]}""", "777", FailureReason.Auth)]
    [InlineData(404, """{"errors":[{"code":777}]}""", "777", FailureReason.Configuration)]
    [InlineData(405, """{"errors":[{"code":777}]}""", "777", FailureReason.Configuration)]
    [InlineData(404, "", "http_404", FailureReason.Configuration)]
    public async Task What_our_account_is_refused_waits_and_says_for_what(int status, string body, string code, FailureReason reason) =>
        Assert.Equal(
            new SendOutcome.Deferred(DeferralCause.OurFault, code) { Reason = reason },
            await Sender.Over(new StubCarrier((HttpStatusCode)status, body)).SendAsync(Message));

    [Theory, MemberData(nameof(Refusals))]
    public async Task A_refusal_has_its_meaning(int status, string body, string expected)
    {
        var outcome = await Sender.Over(new StubCarrier((HttpStatusCode)status, body)).SendAsync(Message);

        Assert.Equal(expected, outcome switch
        {
            SendOutcome.Rejected rejected => $"{rejected.Reason.Code()} {rejected.CarrierCode}",
            SendOutcome.Deferred deferred => $"{deferred.Cause.Word()} {deferred.CarrierCode}",
            SendOutcome.Unknown unknown => $"lost {unknown.Cause}",
            _ => outcome.ToString(),
        });
    }

    [Fact]
    public async Task The_pieces_of_a_long_text_go_out_one_by_one_and_each_fits()
    {
        var text = string.Concat(Enumerable.Repeat("Grüße aus Łódź, und bis bald. ", 80));
        var message = Sender.Planned(new TextContent { Body = text });
        var carrier = new StubCarrier(HttpStatusCode.Created, Taken);
        var sender = Sender.Over(carrier);

        for (var part = 0; part < message.Parts.Count; part++)
            await sender.SendAsync(StubCarrier.Part(message, part), CancellationToken.None);

        var bodies = carrier.Requests.Select(request => (string)JsonNode.Parse(request.Text)!["body"]!).ToArray();
        Assert.Equal(text, string.Concat(bodies));
        Assert.All(bodies, body => Assert.InRange(body.Length, 1, 9 * 67));
    }
}

/// <summary>Of channels: the Conversations API.</summary>
public class MessageBirdChannelTests : SenderRules
{
    [Fact]
    public async Task The_caption_of_a_sound_follows_it_as_a_text()
    {
        var message = Sender.Planned(
            new AudioContent { MediaUrl = new("https://files.example.com/a.ogg"), Caption = "Listen" }, Sender.Channel);
        var carrier = new StubCarrier(HttpStatusCode.Accepted, Acceptance.Item2);

        for (var part = 0; part < message.Parts.Count; part++)
            await Sender.Over(carrier).SendAsync(StubCarrier.Part(message, part), CancellationToken.None);

        Assert.Equal(
            ["""{"audio":{"url":"https://files.example.com/a.ogg"}}""", """{"text":"Listen"}"""],
            carrier.Requests.Select(request => JsonNode.Parse(request.Text)!["content"]!.ToJsonString()));
    }

    protected override Message Message { get; } = Sender.Planned(new TextContent { Body = "Hello" }, Sender.Channel);

    protected override (HttpStatusCode, string, string) Acceptance =>
        (HttpStatusCode.Accepted, """{"id":"m1","status":"accepted"}""", "m1");

    protected override (string Body, string Code) Refusal => ("""{"errors":[{"code":11,"description":"bad request"}]}""", "11");

    protected override ICarrierSender NewSender(StubCarrier carrier) => Sender.Over(carrier);
}

/// <summary>Of MMS.</summary>
public class MessageBirdMmsTests : SenderRules
{
    protected override Message Message { get; } = Sender.Planned(new ImageContent { MediaUrl = new("https://files.example.com/a.jpg") });

    protected override (HttpStatusCode, string, string) Acceptance => (HttpStatusCode.Created, """{"id":"6d20","mediaUrls":[]}""", "6d20");

    protected override (string Body, string Code) Refusal => ("""{"errors":[{"code":11,"description":"bad request"}]}""", "11");

    protected override ICarrierSender NewSender(StubCarrier carrier) => Sender.Over(carrier);
}
