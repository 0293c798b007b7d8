using System.Net;
using System.Text.Json.Nodes;
using Omni.Shared;
using Omni.Testing;

namespace Omni.WhatsApp.Outbound.Tests;

public class WhatsAppErrorsTests
{
    private static readonly JsonObject Answers = JsonNode.Parse(
        File.ReadAllText(Path.Combine("Fixtures", "answer-errors.json")))!.AsObject();

    public static TheoryData<string> Codes() => [.. Answers.Select(answer => answer.Key)];

    [Theory, MemberData(nameof(Codes))]
    public async Task A_refusal_becomes_its_outcome(string code)
    {
        var expected = Answers[code]!;
        var meta = StubMeta.Refusing(code, (HttpStatusCode)(int)expected["status"]!);

        var outcome = await StubMeta.SendAsync(meta, StubMeta.Hello);

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

    [Fact]
    public void Every_code_of_the_table_is_tested() => Assert.Equal(
        WhatsAppErrors.Table.Rows.Keys.Where(code => code is not { Length: 3 } or "200" or "299" || code[0] != '2').Order(),
        Answers.Select(answer => answer.Key).Order());

    [Theory]
    [InlineData(1, 4)]
    [InlineData(2, 16)]
    [InlineData(4, 256)]
    [InlineData(5, 900)]
    [InlineData(1000, 900)]
    public async Task The_wait_for_one_person_grows_fourfold_up_to_a_quarter_of_an_hour(int attempt, int seconds) => Assert.Equal(
        new SendOutcome.Deferred(DeferralCause.RecipientThrottled, "131056", TimeSpan.FromSeconds(seconds)),
        await StubMeta.SendAsync(StubMeta.Refusing("131056", HttpStatusCode.BadRequest), StubMeta.Hello, attempt));

    [Theory]
    [InlineData("131052")]
    [InlineData("131053")]
    public async Task A_file_that_could_not_be_had_is_tried_once_more(string code) => Assert.Equal(
        new SendOutcome.Rejected(FailureReason.MediaRejected, code),
        await StubMeta.SendAsync(StubMeta.Refusing(code, HttpStatusCode.BadRequest), StubMeta.Hello, attempt: 2));

    [Theory]
    [InlineData("1")]
    [InlineData("2")]
    [InlineData("131000")]
    [InlineData("131016")]
    public async Task A_fault_of_metas_own_proves_a_refusal_only_with_a_status_that_says_so(string code)
    {
        Assert.Equal(
            new SendOutcome.Unknown(code),
            await StubMeta.SendAsync(StubMeta.Refusing(code, HttpStatusCode.InternalServerError), StubMeta.Hello));
        Assert.Equal(
            new SendOutcome.Deferred(DeferralCause.CarrierUnavailable, code),
            await StubMeta.SendAsync(StubMeta.Refusing(code, HttpStatusCode.BadRequest), StubMeta.Hello));
    }

    [Fact]
    public async Task The_code_decides_and_not_the_status()
    {
        Assert.Equal(DeferralCause.Throttled, Assert.IsType<SendOutcome.Deferred>(
            await StubMeta.SendAsync(StubMeta.Refusing("130429", HttpStatusCode.BadRequest), StubMeta.Hello)).Cause);
        Assert.Equal(
            new SendOutcome.Rejected(FailureReason.WindowClosed, "131047"),
            await StubMeta.SendAsync(StubMeta.Refusing("131047", HttpStatusCode.InternalServerError), StubMeta.Hello));
    }

    [Fact]
    public async Task A_wait_that_meta_names_is_kept()
    {
        foreach (var code in (string[])["130429", "131056", "139999"])
        {
            var meta = new StubCarrier(() => new(HttpStatusCode.TooManyRequests)
            {
                Headers = { RetryAfter = new(TimeSpan.FromSeconds(7)) },
                Content = new StringContent($$$"""{"error":{"code":{{{code}}}}}"""),
            });

            Assert.Equal(
                TimeSpan.FromSeconds(7), Assert.IsType<SendOutcome.Deferred>(await StubMeta.SendAsync(meta, StubMeta.Hello)).RetryAfter);
        }
    }

    [Theory]
    [InlineData(HttpStatusCode.BadRequest, "", "http_400")]
    [InlineData(HttpStatusCode.BadRequest, "<html/>", "http_400")]
    [InlineData(HttpStatusCode.BadRequest, """{"error":"a string"}""", "http_400")]
    [InlineData(HttpStatusCode.BadRequest, """{"error":{"code":null}}""", "http_400")]
    [InlineData(HttpStatusCode.BadRequest, """{"error":{"code":139999,"error_data":"a plain string"}}""", "139999")]
    [InlineData(HttpStatusCode.UnprocessableEntity, "", "http_422")]
    public async Task A_refusal_in_no_table_is_final_with_what_is_known(HttpStatusCode status, string body, string code) =>
        Assert.Equal(
            new SendOutcome.Rejected(FailureReason.Unknown, code), await StubMeta.SendAsync(new StubCarrier(status, body), StubMeta.Hello));
}
