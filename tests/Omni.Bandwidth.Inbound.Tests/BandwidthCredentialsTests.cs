using System.Text;
using FsCheck.Xunit;
using Omni.Aws;
using Omni.Pipeline;
using Omni.Testing;

namespace Omni.Bandwidth.Inbound.Tests;

public class BandwidthCredentialsTests
{
    private static readonly string Sms = Bandwidth.Sms();

    private readonly WebhookEdge _edge = Bandwidth.NewEdge();

    [Theory]
    [InlineData("")]
    [InlineData("[{}]")]
    public async Task A_call_without_anything_is_told_to_sign_in(string body)
    {
        var answer = await _edge.CallAsync(Bandwidth.Bare(body));

        Assert.Equal(401, answer.StatusCode);
        Assert.Equal("Basic realm=\"Omni\"", answer.Headers["WWW-Authenticate"]);
        Assert.Null(answer.Body);
        Assert.Empty(_edge.Log); // every callback begins with it: no refusal, no alarm
    }

    [Fact]
    public async Task The_call_after_the_challenge_is_taken()
    {
        Assert.Equal(204, (await _edge.CallAsync(Bandwidth.SignedIn(Sms))).StatusCode);
        Assert.Single(_edge.Queued);
    }

    [Theory]
    [InlineData("Basic !!!")]
    [InlineData("Basic")]
    [InlineData("Basic ")]
    [InlineData("Basic Og==")]
    [InlineData("Bearer abc")]
    [InlineData("Digest username=\"omni-callbacks\"")]
    [InlineData("Basic b21uaS1jYWxsYmFja3M=")]
    [InlineData("Basic b21uaS1jYWxsYmFja3M6")]
    [InlineData("Basic /////w==")]
    public async Task Anything_else_is_told_the_same(string authorization)
    {
        var answer = await _edge.CallAsync(Bandwidth.WithHeader(Bandwidth.Bare(Sms), authorization));

        Assert.Equal(401, answer.StatusCode);
        Assert.Equal("Basic realm=\"Omni\"", answer.Headers["WWW-Authenticate"]);
        Assert.Empty(_edge.Queued);
    }

    [Theory]
    [InlineData("basic")]
    [InlineData("BASIC")]
    public async Task The_scheme_is_read_in_any_case(string scheme)
    {
        var header = $"{scheme} {Convert.ToBase64String(Encoding.UTF8.GetBytes($"{Bandwidth.User}:{Bandwidth.Password}"))}";
        Assert.Equal(204, (await _edge.CallAsync(Bandwidth.WithHeader(Bandwidth.Bare(Sms), header))).StatusCode);
    }

    [Fact]
    public async Task The_right_user_with_a_wrong_password_and_the_reverse_are_refused()
    {
        Assert.Equal(401, (await _edge.CallAsync(Bandwidth.SignedIn(Sms, password: "wrong"))).StatusCode);
        Assert.Equal(401, (await _edge.CallAsync(Bandwidth.SignedIn(Sms, user: "wrong"))).StatusCode);
        Assert.Empty(_edge.Queued);
    }

    [Fact]
    public async Task A_right_path_is_enough_and_a_wrong_one_is_not_found()
    {
        Assert.Equal(204, (await _edge.CallAsync(Bandwidth.Bare(Sms, Bandwidth.Token))).StatusCode);
        foreach (var path in (string[])["wrong", Bandwidth.Token + "/", Bandwidth.Token.ToUpperInvariant()])
        {
            var answer = await _edge.CallAsync(Bandwidth.Bare(Sms, path));
            Assert.Equal(404, answer.StatusCode);
            Assert.Equal("""{"title":"Not Found","status":404,"code":"not_found"}""", answer.Body);
        }

        Assert.Equal(404, (await _edge.CallAsync(Bandwidth.SignedIn(Sms, password: "wrong", pathToken: "wrong"))).StatusCode);
        Assert.Single(_edge.Queued);
    }

    [Fact]
    public async Task Either_of_the_two_is_enough_where_both_are_given()
    {
        Assert.Equal(204, (await _edge.CallAsync(Bandwidth.SignedIn(Sms, pathToken: "an-old-path"))).StatusCode);
        Assert.Equal(204, (await _edge.CallAsync(Bandwidth.SignedIn(Sms, password: "wrong", pathToken: Bandwidth.Token))).StatusCode);
    }

    [Fact]
    public async Task A_first_call_without_a_body_is_told_to_sign_in_even_at_the_right_path()
    {
        // Acknowledged, the call with the event would never come.
        var answer = await _edge.CallAsync(Bandwidth.Bare("", Bandwidth.Token));

        Assert.Equal(401, answer.StatusCode);
        Assert.Empty(_edge.Blobs);
    }

    [Fact]
    public async Task Without_a_token_of_ours_no_path_is_right()
    {
        var edge = Bandwidth.NewEdge(Bandwidth.Settings.Where(s => s.Key != "BANDWIDTH_WEBHOOK_TOKEN").ToDictionary());

        Assert.Equal(404, (await edge.CallAsync(Bandwidth.Bare(Sms, "anything"))).StatusCode);
        Assert.Equal(204, (await edge.CallAsync(Bandwidth.SignedIn(Sms))).StatusCode);
    }

    [Fact]
    public async Task Rotated_secrets_count_at_once_and_those_before_as_long_as_they_are_set()
    {
        (_edge.Environment["BANDWIDTH_WEBHOOK_SECRET"], _edge.Environment["BANDWIDTH_WEBHOOK_TOKEN"]) = ("new-password", "new-token");
        Assert.Equal(401, (await _edge.CallAsync(Bandwidth.SignedIn(Sms))).StatusCode);
        Assert.Equal(404, (await _edge.CallAsync(Bandwidth.Bare(Sms, Bandwidth.Token))).StatusCode);

        (_edge.Environment["BANDWIDTH_WEBHOOK_SECRET_PREVIOUS"], _edge.Environment["BANDWIDTH_WEBHOOK_TOKEN_PREVIOUS"]) =
            (Bandwidth.Password, Bandwidth.Token);
        Assert.Equal(204, (await _edge.CallAsync(Bandwidth.SignedIn(Sms))).StatusCode);
        Assert.Equal(204, (await _edge.CallAsync(Bandwidth.SignedIn(Sms, password: "new-password"))).StatusCode);
        Assert.Equal(204, (await _edge.CallAsync(Bandwidth.Bare(Sms, Bandwidth.Token))).StatusCode);
        Assert.Equal(204, (await _edge.CallAsync(Bandwidth.Bare(Sms, "new-token"))).StatusCode);
    }

    [Property]
    public void Whatever_comes_is_refused_without_an_exception(string? authorization, string? path, byte[]? body)
    {
        var request = new WebhookRequest
        {
            Method = "POST",
            Url = "",
            Query = "",
            PathToken = path ?? "",
            Headers = new Dictionary<string, string> { ["authorization"] = authorization ?? "" },
            Body = body ?? [],
            ReceivedAt = default,
        };
        Assert.False(
            new BandwidthWebhook(new BandwidthOptions(new Settings(new Dictionary<string, string>(Bandwidth.Settings)))).Verify(request));
    }

    [Fact]
    public void All_that_is_missing_is_named_at_once() => Assert.Equal(
        ["BANDWIDTH_APPLICATION_ID", "BANDWIDTH_WEBHOOK_USER", "BANDWIDTH_WEBHOOK_SECRET"],
        Assert.Throws<SettingsException>(() => new BandwidthOptions(new Settings(new Dictionary<string, string>()))).Missing);
}
