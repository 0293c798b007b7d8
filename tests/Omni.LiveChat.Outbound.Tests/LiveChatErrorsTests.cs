using System.Net;
using System.Text.Json.Nodes;
using System.Text.RegularExpressions;
using Omni.Aws;
using Omni.Shared;
using Omni.Testing;

namespace Omni.LiveChat.Outbound.Tests;

public partial class LiveChatErrorsTests
{
    public static TheoryData<string> Types() => [.. Errors().Select(error => error.Key)];

    [Theory, MemberData(nameof(Types))]
    public async Task A_refusal_becomes_its_outcome(string type)
    {
        var expected = Errors()[type]!;
        var livechat = new LiveChat(LiveChat.Refused((HttpStatusCode)(int)expected["status"]!, type));

        Assert.Equal((string?)expected["outcome"] switch
        {
            "rejected" => new SendOutcome.Rejected(EnumWords.FromCode((string?)expected["reason"])!.Value, type),
            "deferred" => new SendOutcome.Deferred(EnumWords.FromWord<DeferralCause>((string?)expected["cause"])!.Value, type)
            {
                Reason = EnumWords.FromCode((string?)expected["reason"])!.Value,
            },
            _ => new SendOutcome.Unknown(type),
        }, await livechat.SendAsync());
    }

    [Fact]
    public void Every_type_of_the_table_is_tried() =>
        Assert.Equal(LiveChatErrors.Table.Rows.Keys.Order(), Errors().Select(error => error.Key).Order());

    [Theory]
    [InlineData("Validation")]
    [InlineData("VALIDATION")]
    public async Task A_type_is_known_in_any_case(string type) =>
        Assert.Equal(
            new SendOutcome.Rejected(FailureReason.BadRequest, type),
            await new LiveChat(LiveChat.Refused(HttpStatusCode.BadRequest, type)).SendAsync());

    [Theory]
    [InlineData(HttpStatusCode.BadRequest, "", "http_400")]
    [InlineData(HttpStatusCode.BadRequest, """{"error":{"type":"brand_new"}}""", "brand_new")]
    [InlineData(HttpStatusCode.UnprocessableEntity, """{"error":"no object"}""", "http_422")]
    public async Task A_refusal_in_no_table_is_rejected_with_what_is_known(HttpStatusCode status, string body, string code) =>
        Assert.Equal(
            new SendOutcome.Rejected(FailureReason.Unknown, code), await new LiveChat(StubCarrier.Answer(status, body)).SendAsync());

    [Theory]
    [InlineData(HttpStatusCode.Unauthorized, FailureReason.Auth)]
    [InlineData(HttpStatusCode.PaymentRequired, FailureReason.PaymentRequired)]
    [InlineData(HttpStatusCode.Forbidden, FailureReason.Auth)]
    [InlineData(HttpStatusCode.NotFound, FailureReason.Configuration)]
    [InlineData(HttpStatusCode.MethodNotAllowed, FailureReason.Configuration)]
    [InlineData(HttpStatusCode.NotAcceptable, FailureReason.Configuration)]
    public async Task A_type_in_no_table_waits_where_its_status_is_our_fault(HttpStatusCode status, FailureReason reason) => Assert.Equal(
        new SendOutcome.Deferred(DeferralCause.OurFault, "brand_new") { Reason = reason },
        await new LiveChat(LiveChat.Refused(status, "brand_new")).SendAsync());

    [Fact]
    public void The_page_on_livechat_lists_every_type_with_its_reason()
    {
        var page = Row().Matches(File.ReadAllText("livechat.md"))
            .SelectMany(row => row.Groups["codes"].Value.Split(", ").Select(code => $"{code.Trim('`')} {row.Groups["reason"].Value}"))
            .Order();

        Assert.Equal(LiveChatErrors.Table.Rows.Select(known => $"{known.Key} {known.Value.Reason.Code()}").Order(), page);
    }

    [Fact]
    public void All_that_is_missing_is_named_at_once() => Assert.Equal(
        ["LIVECHAT_LICENSE_ID", "LIVECHAT_AGENT_ID", "LIVECHAT_API_TOKEN"],
        Assert.Throws<SettingsException>(() => new LiveChatOptions(new Settings(new Dictionary<string, string>()))).Missing);

    // | `validation` | what it means | `bad_request` |
    [GeneratedRegex(@"^\| (?<codes>`[a-z_]+`(, `[a-z_]+`)*) \| [^|]+ \| `(?<reason>[a-z_]+)` \|$", RegexOptions.Multiline)]
    private static partial Regex Row();

    private static JsonObject Errors() => JsonNode.Parse(File.ReadAllText(Path.Combine("Fixtures", "errors.json")))!.AsObject();
}
