using System.Net;
using System.Net.Http.Headers;
using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;
using Omni.Shared;

namespace Omni.Twilio.Outbound.Tests;

public class TwilioSenderTests
{
    private const string Sid = "SM00112233445566778899aabbccddeeff";

    // As in Twilio's documentation, with a field that nobody knows yet.
    private const string Created =
        """
        {"sid":"SM00112233445566778899aabbccddeeff","status":"accepted","to":"+14155550123","from":null,"body":"Hello","num_segments":"0",
         "num_media":"0",
         "error_code":null,"error_message":null,"date_created":"Mon, 23 Nov 2026 10:15:00 +0000","price":null,"direction":"outbound-api",
         "brand_new":{"a":[1]}}
        """;

    private static readonly Message Hello = StubTwilio.Text("Hello");

    public static TheoryData<string> Requests() =>
        [.. Directory.EnumerateFiles(Path.Combine("Fixtures", "Requests"), "*.json")
            .Select(path => Path.GetFileNameWithoutExtension(path)).Order()];

    public static TheoryData<string> Refusals() => [.. AnswerErrors().Select(error => error.Key)];

    [Theory, MemberData(nameof(Requests))]
    public async Task A_message_becomes_its_request_to_the_byte(string name)
    {
        var fixture = JsonNode.Parse(await File.ReadAllTextAsync(Path.Combine("Fixtures", "Requests", $"{name}.json")))!;
        var message = StubTwilio.Planned(fixture["message"].Deserialize(OmniJson.Wire.Message)!);
        var twilio = new StubTwilio(HttpStatusCode.Created, Created);

        Assert.Equal(new SendOutcome.Accepted(Sid), await twilio.SendAsync(message));

        var request = Assert.Single(twilio.Requests);
        Assert.Equal(HttpMethod.Post, request.Method);
        Assert.Equal($"https://api.twilio.com/2010-04-01/Accounts/{StubTwilio.Account}/Messages.json", request.Url);
        Assert.Equal("application/x-www-form-urlencoded", request.ContentType);
        Assert.Equal((string?)fixture["request"], request.Text);
    }

    [Fact]
    public async Task Each_part_of_a_long_text_is_a_message_with_its_own_reference()
    {
        var twilio = new StubTwilio(HttpStatusCode.Created, Created);
        var message = StubTwilio.Text(new string('a', 1600) + "b");

        await twilio.SendAsync(message, part: 1);

        Assert.Contains("Body=b&", twilio.Requests[0].Text, StringComparison.Ordinal);
        Assert.Contains("ref%3Dmsg_01jd7q.1.1", twilio.Requests[0].Text, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_whatsapp_user_is_never_written_to_by_sms()
    {
        var twilio = new StubTwilio(HttpStatusCode.Created, Created);

        await twilio.SendAsync(Hello with
        {
            To = new(AddressType.WhatsappUserId, "+14155550123"),
            From = new(AddressType.WhatsappUserId, "+12065550100"),
        });

        Assert.StartsWith(
            "To=whatsapp%3A%2B14155550123&From=whatsapp%3A%2B12065550100&", twilio.Requests[0].Text, StringComparison.Ordinal);
    }

    [Fact]
    public async Task The_account_signs_in_unless_there_is_an_api_key()
    {
        var twilio = new StubTwilio(HttpStatusCode.Created, Created);
        await twilio.SendAsync(Hello);

        twilio.Environment["TWILIO_AUTH_TOKEN"] = "rotated";
        await twilio.SendAsync(Hello);

        twilio.Environment["TWILIO_API_KEY_SID"] = "SK42";
        twilio.Environment["TWILIO_API_KEY_SECRET"] = "key-secret";
        await twilio.SendAsync(Hello);

        Assert.Equal(
            [Basic($"{StubTwilio.Account}:{StubTwilio.Token}"), Basic($"{StubTwilio.Account}:rotated"), Basic("SK42:key-secret")],
            twilio.Requests.Select(request => request.Headers.Authorization));
        Assert.All(twilio.Requests, request => Assert.Contains($"/Accounts/{StubTwilio.Account}/", request.Url, StringComparison.Ordinal));

        static AuthenticationHeaderValue Basic(string credentials) =>
            new("Basic", Convert.ToBase64String(Encoding.UTF8.GetBytes(credentials)));
    }

    [Fact]
    public async Task Another_base_url_is_called_in_place_of_twilios()
    {
        var twilio = new StubTwilio(() => new(HttpStatusCode.NotFound), ("TWILIO_BASE_URL", "http://127.0.0.1:8080/twilio/"));

        await twilio.SendAsync(Hello);

        Assert.Equal($"http://127.0.0.1:8080/twilio/2010-04-01/Accounts/{StubTwilio.Account}/Messages.json", twilio.Requests[0].Url);
    }

    [Theory]
    [InlineData("""{"type":"location","latitude":1,"longitude":2}""")]
    [InlineData("""{"type":"image","mediaId":"med_1"}""")]
    [InlineData("""{"type":"image","mediaUrl":"https://files.example.com/1.png","more":[{"mediaId":"med_1"}]}""")]
    public async Task What_twilio_cannot_carry_is_rejected_without_a_call(string content)
    {
        var twilio = new StubTwilio(HttpStatusCode.Created, Created);

        var outcome = await twilio.SendAsync(Hello with { Content = JsonSerializer.Deserialize(content, OmniJson.Wire.Content)! });

        Assert.Equal(new SendOutcome.Rejected(FailureReason.Unsupported, "content"), outcome);
        Assert.Empty(twilio.Requests);
    }

    [Theory, MemberData(nameof(Refusals))]
    public async Task A_refusal_becomes_its_outcome(string code)
    {
        var expected = AnswerErrors()[code]!;
        var status = (int)expected["status"]!;
        var twilio = new StubTwilio(
            (HttpStatusCode)status,
            $$"""{"code":{{code}},"message":"The text: Hello","more_info":"https://www.twilio.com/docs/errors/{{code}}","status":"""
                + $$"""{{status}},"detail":[]}""");

        var outcome = await twilio.SendAsync(Hello);

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
    [InlineData("20429")]
    [InlineData("21611")]
    [InlineData("29999")]
    public async Task A_wait_that_twilio_names_is_kept(string code)
    {
        var twilio = new StubTwilio(() => new(HttpStatusCode.TooManyRequests)
        {
            Headers = { RetryAfter = new(TimeSpan.FromSeconds(7)) },
            Content = new StringContent($$"""{"code":{{code}}}"""),
        });

        var deferred = Assert.IsType<SendOutcome.Deferred>(await twilio.SendAsync(Hello));

        Assert.Equal(DeferralCause.Throttled, deferred.Cause);
        Assert.Equal(TimeSpan.FromSeconds(7), deferred.RetryAfter);
    }

    [Theory]
    [InlineData(HttpStatusCode.Created, "")]
    [InlineData(HttpStatusCode.Created, "{}")]
    [InlineData(HttpStatusCode.Created, "null")]
    [InlineData(HttpStatusCode.Created, """{"sid":""}""")]
    [InlineData(HttpStatusCode.Created, """{"sid":42}""")]
    [InlineData(HttpStatusCode.OK, "<html>Sign in to this network</html>")]
    public async Task A_success_that_cannot_be_read_is_unknown(HttpStatusCode status, string body) =>
        Assert.Equal(new SendOutcome.Unknown("unreadable"), await new StubTwilio(status, body).SendAsync(Hello));

    [Fact]
    public async Task Any_success_with_an_id_is_accepted() =>
        Assert.Equal(new SendOutcome.Accepted(Sid), await new StubTwilio(HttpStatusCode.OK, Created).SendAsync(Hello));

    [Theory]
    [InlineData(HttpStatusCode.BadRequest, "", "http_400")]
    [InlineData(HttpStatusCode.BadRequest, "<html/>", "http_400")]
    [InlineData(HttpStatusCode.BadRequest, """{"code":null}""", "http_400")]
    [InlineData(HttpStatusCode.BadRequest, """{"code":29999}""", "29999")]
    [InlineData(HttpStatusCode.UnprocessableEntity, """{"code":"29998"}""", "29998")]
    public async Task A_refusal_in_no_table_is_rejected_with_what_is_known(HttpStatusCode status, string body, string code) =>
        Assert.Equal(new SendOutcome.Rejected(FailureReason.Unknown, code), await new StubTwilio(status, body).SendAsync(Hello));

    [Theory]
    [InlineData(HttpStatusCode.Unauthorized, "", "http_401", FailureReason.Auth)]
    [InlineData(HttpStatusCode.Unauthorized, """{"code":29999}""", "29999", FailureReason.Auth)]
    [InlineData(HttpStatusCode.Forbidden, """{"code":"29998"}""", "29998", FailureReason.Auth)]
    [InlineData(HttpStatusCode.NotFound, "", "http_404", FailureReason.Configuration)]
    [InlineData(HttpStatusCode.NotFound, """{"code":29999}""", "29999", FailureReason.Configuration)]
    [InlineData(HttpStatusCode.Found, "", "http_302", FailureReason.Configuration)]
    public async Task Refused_credentials_and_addresses_are_our_fault_and_not_the_messages(
        HttpStatusCode status, string body, string code, FailureReason reason) =>
        Assert.Equal(
            new SendOutcome.Deferred(DeferralCause.OurFault, code) { Reason = reason },
            await new StubTwilio(status, body).SendAsync(Hello));

    [Theory]
    [InlineData("failed", "30007", "filtered")]
    [InlineData("undelivered", "30003", "unreachable")]
    [InlineData("canceled", "29999", "unknown")]
    [InlineData("failed", "null", "unknown")]
    public async Task A_message_that_twilio_made_and_failed_at_once_is_refused_by_its_code(string status, string code, string reason)
    {
        var made = $$"""{"sid":"{{Sid}}","status":"{{status}}","error_code":{{code}}}""";

        var outcome = await new StubTwilio(HttpStatusCode.Created, made).SendAsync(Hello);

        Assert.Equal(new SendOutcome.Rejected(EnumWords.FromCode(reason)!.Value, code == "null" ? status : code, Sid), outcome);
    }

    [Theory]
    [InlineData("20005", DeferralCause.OurFault, FailureReason.PaymentRequired)]
    [InlineData("30500", DeferralCause.CarrierUnavailable, FailureReason.CarrierFault)]
    [InlineData("63018", DeferralCause.Throttled, FailureReason.RateLimited)]
    public async Task What_passes_of_a_message_that_failed_at_once_is_waited_for(
        string code, DeferralCause cause, FailureReason reason) => Assert.Equal(
        new SendOutcome.Deferred(cause, code) { Reason = reason },
        await new StubTwilio(HttpStatusCode.Created, $$"""{"sid":"{{Sid}}","status":"failed","error_code":"{{code}}"}""").SendAsync(Hello));

    [Theory]
    [InlineData("63018")]
    [InlineData("30022")]
    [InlineData("21211")]
    public async Task Nothing_that_is_answered_429_is_final(string code) => Assert.Equal(
        new SendOutcome.Deferred(DeferralCause.Throttled, code),
        await new StubTwilio(HttpStatusCode.TooManyRequests, $$"""{"code":{{code}}}""").SendAsync(Hello));

    [Fact]
    public void Every_code_of_the_table_is_answered_in_some_case() =>
        Assert.Equal(TwilioErrors.Table.Rows.Keys.Order(), AnswerErrors().Select(error => error.Key).Order());

    [Fact]
    public async Task A_throttling_without_a_code_is_deferred() =>
        Assert.Equal(
            new SendOutcome.Deferred(DeferralCause.Throttled, "http_429"),
            await new StubTwilio(HttpStatusCode.TooManyRequests, "<html/>").SendAsync(Hello));

    [Fact]
    public async Task A_lost_answer_is_unknown()
    {
        Assert.Equal(new SendOutcome.Unknown("timeout"), await new StubTwilio(() => throw new TaskCanceledException()).SendAsync(Hello));
        Assert.Equal(new SendOutcome.Unknown("reset"), await new StubTwilio(() => throw new IOException()).SendAsync(Hello));
    }

    private static JsonObject AnswerErrors() =>
        JsonNode.Parse(File.ReadAllText(Path.Combine("Fixtures", "answer-errors.json")))!.AsObject();
}
