using System.Text;
using System.Text.Json.Nodes;
using FsCheck.Xunit;
using Omni.Pipeline;
using Omni.Testing;

namespace Omni.MessageBird.Inbound.Tests;

public class MessageBirdSignatureTests
{
    private static readonly long Now = WebhookEdge.Now.ToUnixTimeSeconds();
    private static readonly WebhookCall Report = Calls.Get(Calls.Report),
        Event = Calls.Json("""{"type":"conversation.created"}""", "ref=1");

    // Written down once, made with the shell's tools and not with ours: sha256sum and openssl dgst -sha256 -hmac.
    [Fact]
    public void A_token_that_was_made_elsewhere_counts()
    {
        var token = File.ReadAllText(Path.Combine("Fixtures", "token.txt")).Trim();

        Assert.True(IsValid(Request(Calls.Get("a=%2B1&b=2"), token)));
        Assert.False(IsValid(Request(Calls.Get("b=2&a=%2B1"), token)));
        Assert.False(IsValid(Request(Calls.Get("a=+1&b=2"), token)));
    }

    [Theory]
    [InlineData("HS256")]
    [InlineData("HS384")]
    [InlineData("HS512")]
    public void Each_algorithm_of_the_list_counts_with_and_without_a_body(string algorithm)
    {
        foreach (var call in (WebhookCall[])[Report, Event]) Assert.True(IsValid(Request(call, Signer.Jwt(call, algorithm: algorithm))));
    }

    [Theory]
    [InlineData("""{"alg":"none"}""")]
    [InlineData("""{"alg":"None"}""")]
    [InlineData("""{"alg":"hs256"}""")]
    [InlineData("""{"alg":"RS256"}""")]
    [InlineData("""{"alg":"HS384"}""")]
    [InlineData("""{"alg":null}""")]
    [InlineData("""{"typ":"JWT"}""")]
    [InlineData("""{"alg":"HS256","crit":["b64"],"b64":false}""")]
    [InlineData("""{"alg":["HS256"]}""")]
    [InlineData("[]")]
    [InlineData("null")]
    [InlineData("{")]
    public void A_header_that_asks_for_anything_else_is_refused(string header) =>
        Assert.False(IsValid(Request(Report, Signer.Jwt(Report, header: header))));

    [Fact]
    public void An_unsigned_token_is_refused()
    {
        var pieces = Signer.Jwt(Report, header: """{"alg":"none"}""").Split('.');

        Assert.False(IsValid(Request(Report, $"{pieces[0]}.{pieces[1]}.")));
        Assert.False(IsValid(Request(Report, $"{pieces[0]}.{pieces[1]}")));
    }

    // Seconds from now; null takes the claim away.
    [Theory]
    [InlineData("nbf", 5, true)]
    [InlineData("nbf", 6, false)]
    [InlineData("nbf", null, true)]
    [InlineData("exp", -4, true)]
    [InlineData("exp", -5, false)]
    [InlineData("exp", null, false)]
    public void A_token_counts_between_its_times_with_five_seconds_of_skew(string claim, int? seconds, bool counts)
    {
        var token = Signer.Jwt(Report, change: claims =>
        {
            if (seconds is { } from) claims[claim] = Now + from;
            else claims.Remove(claim);
        });

        Assert.Equal(counts, IsValid(Request(Report, token)));
    }

    [Theory]
    [InlineData("iss", null)]
    [InlineData("iss", "\"messagebird\"")]
    [InlineData("iss", "\"Somebody\"")]
    [InlineData("exp", "\"never\"")]
    [InlineData("url_hash", null)]
    [InlineData("url_hash", "\"\"")]
    [InlineData("url_hash", "\"0000000000000000000000000000000000000000000000000000000000000000\"")]
    public void A_claim_that_is_missing_or_wrong_is_refused(string claim, string? value)
    {
        var token = Signer.Jwt(Report, change: claims =>
        {
            if (value is null) claims.Remove(claim);
            else claims[claim] = JsonNode.Parse(value);
        });

        Assert.False(IsValid(Request(Report, token)));
    }

    [Fact]
    public void A_body_must_have_its_hash_and_no_body_must_have_none()
    {
        Assert.False(IsValid(Request(Event, Signer.Jwt(Event, change: claims => claims.Remove("payload_hash")))));
        Assert.False(IsValid(Request(Event, Signer.Jwt(Event, change: claims => claims["payload_hash"] = Signer.Hash([])))));
        Assert.False(IsValid(Request(Report, Signer.Jwt(Report, change: claims => claims["payload_hash"] = Signer.Hash([])))));
        Assert.False(IsValid(Request(Report, Signer.Jwt(Report, change: claims => claims["payload_hash"] = ""))));
    }

    [Fact]
    public void The_url_is_that_which_messagebird_was_given_to_the_letter()
    {
        foreach (var query
            in (string[])[Calls.Report + "&", "x=1&" + Calls.Report, Calls.Report.Replace("%2B", "+", StringComparison.Ordinal), ""])
        {
            Assert.False(IsValid(Request(Report with { Query = query }, Signer.Jwt(Report))));
        }
    }

    [Fact]
    public void Any_of_our_keys_may_sign_and_none_other()
    {
        var request = Request(Report, Signer.Jwt(Report));

        Assert.True(MessageBirdSignature.IsValid(request, ["another", Signer.Key]));
        Assert.True(MessageBirdSignature.IsValid(request, [Signer.Key, "another"]));
        Assert.False(MessageBirdSignature.IsValid(request, ["another"]));
        Assert.False(MessageBirdSignature.IsValid(request, []));
    }

    [Property]
    public void Whatever_comes_is_refused_without_an_exception(string? token, byte[] body) =>
        Assert.False(IsValid(Request(Report with { Body = body ?? [] }, token ?? "")));

    [Property]
    public void A_token_with_one_character_changed_is_refused(uint where, char other)
    {
        var token = Signer.Jwt(Report).ToCharArray();
        var at = (int)(where % token.Length);
        if (token[at] == other || other is '.') return;
        token[at] = other;

        // The last character of a piece has bits that mean nothing.
        if (at + 1 < token.Length) Assert.False(IsValid(Request(Report, new string(token))));
    }

    internal static WebhookRequest Request(WebhookCall call, string? token, params (string Name, string Value)[] headers)
    {
        var all = headers.ToDictionary(header => header.Name, header => header.Value);
        if (token is not null) all["messagebird-signature-jwt"] = token;
        return new()
        {
            Method = call.Method,
            Url = call.Query.Length > 0 ? $"{Signer.Url}?{call.Query}" : Signer.Url,
            Query = call.Query,
            Headers = all,
            Body = call.Body,
            ReceivedAt = WebhookEdge.Now,
        };
    }

    private static bool IsValid(WebhookRequest request) => MessageBirdSignature.IsValid(request, [Signer.Key]);
}
