using System.Globalization;
using Omni.Testing;

namespace Omni.MessageBird.Inbound.Tests;

public class MessageBirdLegacySignatureTests
{
    private static readonly long Now = WebhookEdge.Now.ToUnixTimeSeconds();
    private static readonly WebhookCall Report = Calls.Get(
        "status=delivered&price%5Bcurrency%5D=EUR&id=5c1fa0d2&reference=msg_01jd7q.0.1&statusDatetime=2026-11-23T10%3A14%3A59%2B00%3A00");

    private const string Sorted = "id=5c1fa0d2&price%5Bcurrency%5D=EUR&reference=msg_01jd7q.0.1&status=delivered"
        + "&statusDatetime=2026-11-23T10%3A14%3A59%2B00%3A00";

    [Fact]
    public async Task The_older_scheme_counts_only_where_it_is_switched_on()
    {
        var call = Signed(Report, Sorted);

        Assert.Equal(401, (await Calls.NewEdge().CallAsync(call)).StatusCode);
        Assert.Equal(401, (await Calls.NewEdge(("MESSAGEBIRD_LEGACY_SIGNATURE", "false")).CallAsync(call)).StatusCode);
        var edge = Legacy();
        Assert.Equal(200, (await edge.CallAsync(call)).StatusCode);
        Assert.Single(edge.Queued);
    }

    [Fact]
    public async Task A_body_and_an_empty_query_are_signed_too()
    {
        var form = Calls.Form("id=1&originator=14155550123&recipient=12065550100&body=Hi");

        Assert.Equal(200, (await Legacy().CallAsync(Signed(form, ""))).StatusCode);
        Assert.Equal(401, (await Legacy().CallAsync(Signed(form, "") with { Body = "id=2"u8.ToArray() })).StatusCode);
    }

    [Theory]
    [InlineData(-120, true)]
    [InlineData(120, true)]
    [InlineData(-121, false)]
    [InlineData(121, false)]
    public async Task A_call_is_fresh_for_two_minutes_either_way(int seconds, bool counts) =>
        Assert.Equal(counts ? 200 : 401, (await Legacy().CallAsync(Signed(Report, Sorted, Now + seconds))).StatusCode);

    [Fact]
    public async Task How_long_it_is_fresh_can_be_set()
    {
        var edge = Calls.NewEdge(("MESSAGEBIRD_LEGACY_SIGNATURE", "true"), ("MESSAGEBIRD_LEGACY_SECONDS", "10"));

        Assert.Equal(401, (await edge.CallAsync(Signed(Report, Sorted, Now - 11))).StatusCode);
        Assert.Equal(200, (await edge.CallAsync(Signed(Report, Sorted, Now - 10))).StatusCode);
    }

    [Fact]
    public async Task Where_both_are_there_the_token_decides()
    {
        var legacy = Signed(Report, Sorted);
        var bad = legacy with { Headers = new Dictionary<string, string>(legacy.Headers) { ["MessageBird-Signature-JWT"] = "a.b.c" } };

        Assert.Equal(401, (await Legacy().CallAsync(bad)).StatusCode);
        Assert.Equal(200, (await Legacy().CallAsync(legacy.Signed())).StatusCode);
    }

    [Theory]
    [InlineData("MessageBird-Signature", "")]
    [InlineData("MessageBird-Signature", "%%%")]
    [InlineData("MessageBird-Request-Timestamp", "")]
    [InlineData("MessageBird-Request-Timestamp", "now")]
    [InlineData("MessageBird-Request-Timestamp", "-1")]
    public async Task A_header_that_is_missing_or_wrong_is_refused(string header, string value)
    {
        var call = Signed(Report, Sorted);

        Assert.Equal(401, (await Legacy().CallAsync(
            call with { Headers = new Dictionary<string, string>(call.Headers) { [header] = value } })).StatusCode);
    }

    [Fact]
    public async Task The_key_before_counts_here_too()
    {
        var edge = Calls.NewEdge(("MESSAGEBIRD_LEGACY_SIGNATURE", "true"), ("MESSAGEBIRD_WEBHOOK_SECRET_PREVIOUS", Signer.Previous));

        Assert.Equal(200, (await edge.CallAsync(Signed(Report, Sorted, key: Signer.Previous))).StatusCode);
    }

    private static WebhookEdge Legacy() => Calls.NewEdge(("MESSAGEBIRD_LEGACY_SIGNATURE", "true"));

    private static WebhookCall Signed(WebhookCall call, string sorted, long? at = null, string key = Signer.Key) => call with
    {
        Headers = new Dictionary<string, string>(call.Headers)
        {
            ["MessageBird-Signature"] = Signer.Legacy(sorted, call.Body, at ?? Now, key),
            ["MessageBird-Request-Timestamp"] = (at ?? Now).ToString(CultureInfo.InvariantCulture),
        },
    };
}
