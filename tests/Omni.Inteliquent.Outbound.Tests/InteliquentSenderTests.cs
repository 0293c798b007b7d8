using System.Net;
using System.Text.Json;
using System.Text.Json.Nodes;
using Omni.Aws;
using Omni.Pipeline;
using Omni.Shared;
using Omni.Testing;

namespace Omni.Inteliquent.Outbound.Tests;

/// <summary>The rules of every sender, and what is peculiar to this one.</summary>
public sealed class InteliquentSenderTests : SenderRules
{
    protected override Message Message => Broker.Hello;

    protected override (HttpStatusCode Status, string Body, string CarrierMessageId) Acceptance =>
        (HttpStatusCode.OK, Broker.Taken, Broker.Id);

    // It carries text alone.
    protected override Content Linking(Uri url) => new TextContent { Body = url.OriginalString };

    protected override (string Body, string Code) Refusal => ("""{"statusCode":"414","success":false}""", "414");

    // The broker promises to give none back, and one that it does not know could be minded.
    protected override bool CarriesReference => false;

    protected override ICarrierSender NewSender(StubCarrier carrier) => carrier.NewSender();

    public static TheoryData<string> Requests() => Names("Requests");

    public static TheoryData<string> Answers() => Names("Answers");

    [Theory, MemberData(nameof(Requests))]
    public async Task A_part_becomes_its_request_to_the_byte(string name)
    {
        var fixture = await ReadAsync("Requests", name);
        var message = StubCarrier.Planned(fixture["message"].Deserialize(OmniJson.Wire.Message)!);
        var carrier = Broker.Taking();

        Assert.Equal(new SendOutcome.Accepted(Broker.Id), await carrier.SendAsync(message, (int)fixture["part"]!));

        var request = Assert.Single(carrier.Requests);
        Assert.Equal((HttpMethod.Post, Broker.Url, "application/json"), (request.Method, request.Url, request.ContentType));
        Assert.Equal($"Bearer {Broker.Key}", request.Headers.Authorization?.ToString());
        Assert.Equal((string?)fixture["request"], request.Text);
    }

    [Theory, MemberData(nameof(Answers))]
    public async Task An_answer_becomes_its_outcome(string name)
    {
        var fixture = await ReadAsync("Answers", name);
        var body = fixture["body"] is JsonValue text ? text.GetValue<string>() : fixture["body"]!.ToJsonString();

        var outcome = await new StubCarrier((HttpStatusCode)(int)fixture["status"]!, body).SendAsync(Broker.Hello);

        Assert.Equal((string?)fixture["outcome"] switch
        {
            "accepted" => new SendOutcome.Accepted((string?)fixture["id"]),
            "rejected" => new SendOutcome.Rejected(EnumWords.FromCode((string?)fixture["reason"])!.Value, (string)fixture["code"]!),
            "deferred" => new SendOutcome.Deferred(
                EnumWords.FromWord<DeferralCause>((string?)fixture["cause"])!.Value, (string)fixture["code"]!)
            {
                Reason = EnumWords.FromCode((string?)fixture["reason"])!.Value,
            },
            _ => new SendOutcome.Unknown((string)fixture["cause"]!),
        }, outcome);
    }

    public static TheoryData<string, string> Codes()
    {
        var cases = new TheoryData<string, string>();
        var known = JsonNode.Parse(File.ReadAllText(Path.Combine("Fixtures", "codes.json")))!.AsObject();
        foreach (var (code, expected) in known) cases.Add(code, (string)expected!);
        return cases;
    }

    [Theory, MemberData(nameof(Codes))]
    public async Task A_code_in_the_body_becomes_its_outcome_whatever_the_status(string code, string expected)
    {
        foreach (var status in (HttpStatusCode[])[HttpStatusCode.OK, HttpStatusCode.BadRequest])
        {
            var body = $$"""{"statusCode":"{{code}}","status":"User error occured"}""";
            var outcome = await new StubCarrier(status, body).SendAsync(Broker.Hello);

            Assert.Equal($"{expected} {code}", outcome switch
            {
                SendOutcome.Rejected rejected => $"rejected {rejected.Reason.Code()} {rejected.CarrierCode}",
                SendOutcome.Deferred deferred => $"{deferred.Cause.Word()} {deferred.Reason.Code()} {deferred.CarrierCode}",
                _ => outcome.ToString(),
            });
        }
    }

    [Fact]
    public void Every_row_of_the_table_has_its_case() => Assert.Equal(
        InteliquentErrors.Table.Rows.Keys.Where(code => char.IsAsciiDigit(code[0])).Order(),
        Codes().Select(row => (string)row[0]!).Order());

    [Theory]
    [InlineData("+447700900123", "+12025550148", FailureReason.InvalidRecipient)]
    [InlineData("+3225550190", "+12025550148", FailureReason.InvalidRecipient)] // without its plus a number of Tennessee
    [InlineData("+13125550190", "+447700900123", FailureReason.SenderMisconfigured)]
    public async Task A_number_of_another_country_is_rejected_without_a_call(string to, string from, FailureReason reason)
    {
        var carrier = Broker.Taking();

        var outcome = await carrier.SendAsync(Broker.Hello with { To = Address.Phone(to), From = Address.Phone(from) });

        Assert.Equal(new SendOutcome.Rejected(reason, "not_north_american"), outcome);
        Assert.Empty(carrier.Requests);
    }

    [Fact]
    public async Task What_is_no_text_is_rejected_without_a_call()
    {
        var carrier = Broker.Taking();

        var outcome = await carrier.SendAsync(
            Broker.Hello with { Content = new ImageContent { MediaUrl = new("https://files.example.com/1.png") } });

        Assert.Equal(new SendOutcome.Rejected(FailureReason.Unsupported, "content"), outcome);
        Assert.Empty(carrier.Requests);
    }

    [Theory]
    [InlineData("http://127.0.0.1:8080/inteliquent")]
    [InlineData("http://127.0.0.1:8080/inteliquent/")]
    public async Task Another_base_url_is_called_in_place_of_the_brokers(string url)
    {
        var carrier = Broker.Taking();

        await carrier.NewSender(new() { ["INTELIQUENT_API_KEY"] = Broker.Key, ["INTELIQUENT_BASE_URL"] = url })
            .SendAsync(StubCarrier.Part(Broker.Hello), CancellationToken.None);

        Assert.Equal("http://127.0.0.1:8080/inteliquent/publishMessages", carrier.Requests[0].Url);
    }

    [Fact]
    public async Task A_changed_key_counts_from_the_next_call_on()
    {
        var settings = new Dictionary<string, string> { ["INTELIQUENT_API_KEY"] = "old" };
        var carrier = Broker.Taking();
        var sender = carrier.NewSender(settings);
        settings["INTELIQUENT_API_KEY"] = "new";

        await sender.SendAsync(StubCarrier.Part(Broker.Hello), CancellationToken.None);

        Assert.Equal("Bearer new", carrier.Requests[0].Headers.Authorization?.ToString());
    }

    [Fact]
    public void Settings_that_are_missing_or_wrong_fail_at_the_start()
    {
        Assert.Equal(["INTELIQUENT_API_KEY"], Assert.Throws<SettingsException>(() => Broker.Taking().NewSender([])).Missing);
        foreach (var url in (string[])["messagebroker.inteliquent.com", "ftp://messagebroker.inteliquent.com"])
        {
            var refusal = Assert.Throws<InvalidOperationException>(
                () => Broker.Taking().NewSender(new() { ["INTELIQUENT_API_KEY"] = "x", ["INTELIQUENT_BASE_URL"] = url }));
            Assert.Contains("INTELIQUENT_BASE_URL", refusal.Message, StringComparison.Ordinal);
        }
    }

    private static TheoryData<string> Names(string folder) =>
        [.. Directory.EnumerateFiles(Path.Combine("Fixtures", folder), "*.json")
            .Select(path => Path.GetFileNameWithoutExtension(path)).Order()];

    private static async Task<JsonNode> ReadAsync(string folder, string name) =>
        JsonNode.Parse(await File.ReadAllTextAsync(Path.Combine("Fixtures", folder, $"{name}.json")))!;
}
