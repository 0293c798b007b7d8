using System.Net;
using System.Text.Json;
using System.Text.Json.Nodes;
using Omni.Pipeline;
using Omni.Shared;
using Omni.Testing;

namespace Omni.Bandwidth.Outbound.Tests;

public class BandwidthSenderTests
{
    private static readonly Message Hello = Account.Text("Hello");

    public static TheoryData<string> Requests() =>
        [.. Directory.EnumerateFiles(Path.Combine("Fixtures", "Requests"), "*.json")
            .Select(path => Path.GetFileNameWithoutExtension(path)).Order()];

    public static TheoryData<string> Refusals() => [.. AnswerErrors().Select(error => error.Key)];

    [Theory, MemberData(nameof(Requests))]
    public async Task A_message_becomes_its_request_to_the_byte(string name)
    {
        var fixture = JsonNode.Parse(await File.ReadAllTextAsync(Path.Combine("Fixtures", "Requests", $"{name}.json")))!;
        var message = StubCarrier.Planned(fixture["message"].Deserialize(OmniJson.Wire.Message)!);
        var carrier = new StubCarrier(HttpStatusCode.Accepted, Account.Taken);
        var account = new Account(carrier);

        var outcome = await account.Sender.SendAsync(StubCarrier.Part(message, (int?)fixture["part"] ?? 0), CancellationToken.None);

        Assert.Equal(new SendOutcome.Accepted("1764000000000abcdefghijklmnop"), outcome);
        var request = Assert.Single(carrier.Requests);
        Assert.Equal(HttpMethod.Post, request.Method);
        Assert.Equal(Account.MessagesUrl, request.Url);
        Assert.Equal("application/json; charset=utf-8", request.ContentType);
        Assert.Equal(Account.Bearer(1), request.Headers.Authorization);
        Assert.Equal((string?)fixture["request"], request.Text);
    }

    [Theory]
    [InlineData("""{"type":"location","latitude":1,"longitude":2}""")]
    [InlineData("""{"type":"image","mediaId":"somebody-elses"}""")]
    [InlineData("""{"type":"image","mediaUrl":"https://files.example.com/1.png","more":[{"mediaId":"somebody-elses"}]}""")]
    public async Task What_bandwidth_cannot_carry_is_rejected_without_a_call(string content)
    {
        var carrier = new StubCarrier(HttpStatusCode.Accepted, Account.Taken);
        var account = new Account(carrier);

        var outcome = await account.SendAsync(Hello with { Content = JsonSerializer.Deserialize(content, OmniJson.Wire.Content)! });

        Assert.Equal(new SendOutcome.Rejected(FailureReason.Unsupported, "content"), outcome);
        Assert.Empty(carrier.Requests);
        Assert.Empty(account.TokenRequests);
    }

    [Theory, MemberData(nameof(Refusals))]
    public async Task A_refusal_becomes_its_outcome(string name)
    {
        var expected = AnswerErrors()[name]!;
        var status = (HttpStatusCode)(int)expected["status"]!;

        var outcome = await new Account(status, expected["body"]?.ToJsonString() ?? "").SendAsync();

        var code = (string)expected["code"]!;
        Assert.Equal((string?)expected["outcome"] switch
        {
            "rejected" => new SendOutcome.Rejected(EnumWords.FromCode((string?)expected["reason"])!.Value, code),
            "deferred" => new SendOutcome.Deferred(
                EnumWords.FromWord<DeferralCause>((string?)expected["cause"])!.Value,
                code,
                (int?)expected["waitSeconds"] is { } wait ? TimeSpan.FromSeconds(wait) : null)
            {
                Reason = EnumWords.FromCode((string?)expected["reason"])!.Value,
            },
            _ => new SendOutcome.Unknown(code),
        }, outcome);
    }

    [Theory]
    [InlineData("{}")]
    [InlineData("null")]
    [InlineData("""{"id":""}""")]
    [InlineData("""{"id":42}""")]
    [InlineData("[]")]
    public async Task A_success_without_an_id_is_unknown(string body) =>
        Assert.Equal(new SendOutcome.Unknown("unreadable"), await new Account(HttpStatusCode.Accepted, body).SendAsync());

    [Fact]
    public async Task Any_success_with_an_id_is_accepted() =>
        Assert.Equal(
            new SendOutcome.Accepted("1764000000000abcdefghijklmnop"), await new Account(HttpStatusCode.OK, Account.Taken).SendAsync());

    [Fact]
    public async Task A_wait_that_bandwidth_names_is_kept()
    {
        var outcome = await new Account(new StubCarrier(() => new(HttpStatusCode.TooManyRequests)
        {
            Headers = { RetryAfter = new(TimeSpan.FromSeconds(7)) },
            Content = new StringContent("""{"type":"max-message-queue-size-exceeded"}"""),
        })).SendAsync();

        Assert.Equal(
            new SendOutcome.Deferred(DeferralCause.Throttled, "max-message-queue-size-exceeded", TimeSpan.FromSeconds(7)), outcome);
    }

    private static JsonObject AnswerErrors() =>
        JsonNode.Parse(File.ReadAllText(Path.Combine("Fixtures", "answer-errors.json")))!.AsObject();
}
