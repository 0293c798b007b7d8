using Omni.Aws;
using Omni.Testing;

namespace Omni.Inteliquent.Inbound.Tests;

/// <summary>What proves that a call comes from the carrier.</summary>
public sealed class InteliquentProofTests
{
    private const string Body = """{"referenceId":"a","from":"14155550123","to":["12065550100"],"text":"Hi"}""";

    [Theory]
    [InlineData("any", true, 200)]
    [InlineData("any", false, 200)]
    [InlineData("hmac", true, 200)]
    [InlineData("hmac", false, 401)]
    [InlineData("sha256", true, 401)]
    [InlineData("sha256", false, 200)]
    public async Task Either_formula_counts_until_one_is_chosen(string chosen, bool hmac, int status) =>
        Assert.Equal(status, await StatusAsync(Registered.Call(Body, hmac: hmac), ("INTELIQUENT_WEBHOOK_HASH", chosen)));

    // printf %s KEYID | openssl dgst -sha256, and printf %s ID | openssl dgst -sha256 -hmac KEY
    [Theory]
    [InlineData("a6be5b8193af96c201a98bdc697e256c5329141d8335902faef8847acb097f4a", 200)]
    [InlineData("48b4d68126323d5fd7cf86fd0944edfb66313e57bfeeea39d57cec7f1441bab3", 200)]
    [InlineData("48b4d68126323d5fd7cf86fd0944edfb66313e57bfeeea39d57cec7f1441bab4", 401)]
    public async Task The_formulas_are_those_of_another_implementation(string token, int status) =>
        Assert.Equal(status, await StatusAsync(Registered.Call(Body).With("Verificationtoken", token)));

    [Fact]
    public async Task A_hash_may_be_written_in_capitals_or_in_base64()
    {
        var hex = Registered.Hmac(Registered.Key, Registered.MessageId);

        Assert.Equal(200, await StatusAsync(Registered.Call(Body).With("Verificationtoken", hex.ToUpperInvariant())));
        Assert.Equal(
            200, await StatusAsync(Registered.Call(Body).With("Verificationtoken", Convert.ToBase64String(Convert.FromHexString(hex)))));
    }

    [Theory]
    [InlineData("Verificationtoken", null)]
    [InlineData("Verificationtoken", "")]
    [InlineData("Verificationtoken", "%%% no hash \u00e9")]
    [InlineData("Verificationtoken", "zz0c6f3e0f0e4c0b9a552f0f0c8a7b115d0c6f3e0f0e4c0b9a552f0f0c8a7b11")]
    [InlineData("MessageId", null)]
    [InlineData("MessageId", "another")]
    [InlineData(Registered.HeaderName, null)]
    [InlineData(Registered.HeaderName, "")]
    [InlineData(Registered.HeaderName, "another")]
    public async Task A_call_that_lacks_a_piece_of_its_proof_is_refused(string header, string? value) =>
        Assert.Equal(401, await StatusAsync(Registered.Call(Body).With(header, value)));

    [Theory]
    [InlineData("")]
    [InlineData("another")]
    [InlineData(Registered.PathToken + "/")]
    public async Task A_call_to_another_path_is_refused(string token) =>
        Assert.Equal(401, await StatusAsync(Registered.Call(Body) with { PathToken = token }));

    // A plain hash can be carried on by whoever has seen one: the padding and what follows it need other characters than these,
    // or more of them.
    [Theory]
    [InlineData("a", 200)]
    [InlineData("aZ09_-", 200)]
    [InlineData("1234567890123456789012345678901234567890123456789012345678901234", 200)]
    [InlineData("12345678901234567890123456789012345678901234567890123456789012345", 401)]
    [InlineData("", 401)]
    [InlineData("a\u0080\u0001", 401)]
    [InlineData("a b", 401)]
    [InlineData("a\u00e9", 401)]
    public async Task An_id_of_other_characters_proves_nothing(string messageId, int status) =>
        Assert.Equal(status, await StatusAsync(Registered.Call(Body, messageId: messageId)));

    [Fact]
    public async Task What_was_not_agreed_is_not_asked_for()
    {
        var edge = Registered.NewEdge(new Dictionary<string, string> { ["INTELIQUENT_WEBHOOK_SECRET"] = Registered.Key });

        Assert.Equal(
            200, (await edge.CallAsync(Registered.Call(Body).With(Registered.HeaderName, null) with { PathToken = "" })).StatusCode);
    }

    [Fact]
    public async Task A_rotated_secret_counts_from_the_next_call_on_and_the_one_before_it_as_long_as_it_is_set()
    {
        var edge = Registered.NewEdge();
        foreach (var name in (string[])["INTELIQUENT_WEBHOOK_SECRET", "INTELIQUENT_WEBHOOK_HEADER_VALUE", "INTELIQUENT_WEBHOOK_TOKEN"])
        {
            var old = edge.Environment[name];
            edge.Environment[name] = "the-new-secret";
            Assert.Equal(401, (await edge.CallAsync(Registered.Call(Body))).StatusCode);

            edge.Environment[name + "_PREVIOUS"] = old;
            Assert.Equal(200, (await edge.CallAsync(Registered.Call(Body))).StatusCode);
        }

        var renewed = Registered.Call(Body, key: "the-new-secret")
            .With(Registered.HeaderName, "the-new-secret") with { PathToken = "the-new-secret" };
        Assert.Equal(200, (await edge.CallAsync(renewed)).StatusCode);
    }

    [Fact]
    public async Task A_secret_that_vanished_lets_nobody_in()
    {
        foreach (var name in (string[])["INTELIQUENT_WEBHOOK_SECRET", "INTELIQUENT_WEBHOOK_HEADER_VALUE"])
        {
            var edge = Registered.NewEdge();
            edge.Environment[name] = "";

            Assert.Equal(401, (await edge.CallAsync(Registered.Call(Body).With(Registered.HeaderName, ""))).StatusCode);
            Assert.Equal(401, (await edge.CallAsync(Registered.Call(Body, key: ""))).StatusCode);
        }
    }

    [Fact]
    public void All_that_is_missing_is_named_at_once()
    {
        Assert.Equal(["INTELIQUENT_WEBHOOK_SECRET"], Missing([]));
        Assert.Equal(
            ["INTELIQUENT_WEBHOOK_SECRET", "INTELIQUENT_WEBHOOK_HEADER_VALUE"],
            Missing(new() { ["INTELIQUENT_WEBHOOK_HEADER_NAME"] = "X-Key" }));
        Assert.Equal(
            ["INTELIQUENT_WEBHOOK_SECRET", "INTELIQUENT_WEBHOOK_HEADER_NAME"],
            Missing(new() { ["INTELIQUENT_WEBHOOK_HEADER_VALUE"] = "x" }));
    }

    [Fact]
    public void A_formula_that_is_none_fails_at_the_start() =>
        Assert.Contains("INTELIQUENT_WEBHOOK_HASH", Assert.Throws<InvalidOperationException>(
            () => new InteliquentOptions(new Settings(
                new Dictionary<string, string>(Registered.Settings()) { ["INTELIQUENT_WEBHOOK_HASH"] = "md5" }))).Message,
            StringComparison.Ordinal);

    private static IReadOnlyList<string> Missing(Dictionary<string, string> settings) =>
        Assert.Throws<SettingsException>(() => new InteliquentOptions(new Settings(settings))).Missing;

    private static async Task<int> StatusAsync(WebhookCall call, params (string Name, string Value)[] settings)
    {
        var all = Registered.Settings();
        foreach (var (name, value) in settings) all[name] = value;
        return (await Registered.NewEdge(all).CallAsync(call)).StatusCode;
    }
}
