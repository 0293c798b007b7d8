using System.Text.Json;
using System.Text.Json.Nodes;

namespace Omni.Twilio.Inbound.Tests;

public class FunctionTests
{
    private static readonly Dictionary<string, string> Sms = new()
    {
        ["MessageSid"] = "SM00112233445566778899aabbccddeeff",
        ["AccountSid"] = Edge.Account,
        ["From"] = "+14155550123",
        ["To"] = "+12065550100",
        ["Body"] = "a private word",
        ["SmsStatus"] = "received",
    };

    private readonly Edge _edge = new();

    public static TheoryData<string> Calls() =>
        [.. Directory.EnumerateFiles(Path.Combine("Fixtures", "Calls"), "*.json")
            .Select(path => Path.GetFileNameWithoutExtension(path)).Order()];

    [Theory, MemberData(nameof(Calls))]
    public async Task A_call_becomes_its_events_and_an_answer(string name)
    {
        var fixture = JsonNode.Parse(await File.ReadAllTextAsync(Path.Combine("Fixtures", "Calls", $"{name}.json")))!;
        var form = fixture["form"].Deserialize<Dictionary<string, string>>()!;

        var response = await _edge.PostAsync(form, (string)fixture["query"]!);

        Assert.Equal((int)fixture["answer"]!, response.StatusCode);
        Assert.Equal(response.StatusCode == 200 ? "<Response/>" : null, response.Body);
        Assert.Equal(response.StatusCode == 200 ? "text/xml" : null, response.Headers?["content-type"]);
        Assert.Equal(Text(fixture["queued"]!), Text(_edge.Events));
        if (fixture["ignored"] is { } reason) Assert.Contains($"\"reason\":\"{reason}\"", _edge.Log, StringComparison.Ordinal);

        static string Text(JsonNode node) => node.ToJsonString(new JsonSerializerOptions { WriteIndented = true });
    }

    [Fact]
    public async Task The_same_call_twice_gives_the_same_event_twice_for_the_tables_to_tell()
    {
        await _edge.PostAsync(Sms);
        await _edge.PostAsync(Sms);

        Assert.Equal(_edge.Queued[0]["event"]!.ToJsonString(), _edge.Queued[1]["event"]!.ToJsonString());
    }

    [Theory]
    [InlineData("no signature", null)]
    [InlineData("an empty one", "")]
    [InlineData("no base64", "%%% not base64 \u00e9")]
    [InlineData("another one", "RSOYDt4T1cUTdK1PDd93/VVr8B8=")]
    public async Task A_call_that_is_not_signed_is_refused_with_one_constant_answer(string _, string? signature)
    {
        var response = await _edge.PostAsync(Edge.Encode(Sms), "", signature);

        Assert.Equal(403, response.StatusCode);
        Assert.Equal("""{"title":"Forbidden","status":403,"code":"forbidden"}""", response.Body);
        Assert.Empty(_edge.Queued);
        Assert.Empty(_edge.Blobs);
    }

    [Fact]
    public async Task A_rotated_token_counts_from_the_next_call_on_and_the_one_before_it_as_long_as_it_is_set()
    {
        _edge.Environment["TWILIO_AUTH_TOKEN"] = "the-new-token";
        Assert.Equal(403, (await _edge.PostAsync(Sms)).StatusCode);

        _edge.Environment["TWILIO_AUTH_TOKEN_PREVIOUS"] = Edge.Token;
        Assert.Equal(200, (await _edge.PostAsync(Sms)).StatusCode);
        Assert.Equal(200, (await _edge.PostAsync(Sms, signature: Signer.Sign("the-new-token", Edge.Url, Sms))).StatusCode);
    }

    [Fact]
    public async Task Without_an_account_of_ours_any_account_counts()
    {
        _edge.Environment.Remove("TWILIO_ACCOUNT_SID");

        await _edge.PostAsync(new Dictionary<string, string>(Sms) { ["AccountSid"] = "AC00000000000000000000000000000099" });

        Assert.Single(_edge.Queued);
    }

    [Theory]
    [InlineData("broken percent-encoding", "100%", "100%")]
    [InlineData("a percent sign before letters", "%zz", "%zz")]
    [InlineData("an emoji that was cut", "%F0%9F%98", "\ufffd")]
    [InlineData("padded with NUL", "Hi%00%00", "Hi")]
    public async Task A_text_that_is_badly_encoded_is_shown_as_far_as_it_can_be_read(string _, string encoded, string text)
    {
        var body = $"MessageSid=SM1&From=%2B14155550123&To=%2B12065550100&Body={encoded}";
        var form = TwilioForm.Decode(System.Text.Encoding.UTF8.GetBytes(body));

        var response = await _edge.PostAsync(body, "", TwilioSignature.Sign(Edge.Token, Edge.Url, TwilioSignature.InSigningOrder(form)));

        Assert.Equal(200, response.StatusCode);
        Assert.Equal(text, (string?)Assert.Single(_edge.Events)!["content"]!["body"]);
    }

    [Theory]
    [InlineData("From", null, "unknown", "+12065550100", "text")]
    [InlineData("To", null, "+14155550123", "unknown", "text")]
    [InlineData("From", "messenger:1234567890", "unknown", "+12065550100", "text")]
    [InlineData("From", "266696687266696687", "unknown", "+12065550100", "text")]
    [InlineData("MediaUrl0", "not a url", "+14155550123", "+12065550100", "unsupported")]
    [InlineData("MediaUrl0", "file:///etc/passwd", "+14155550123", "+12065550100", "unsupported")]
    public async Task A_message_of_which_not_all_can_be_told_is_shown(string field, string? value, string from, string to, string content)
    {
        var form = new Dictionary<string, string>(Sms);
        if (value is null) form.Remove(field);
        else form[field] = value;

        var response = await _edge.PostAsync(form);

        Assert.Equal(200, response.StatusCode);
        var e = Assert.Single(_edge.Events)!;
        Assert.Equal((from, to), (Value(e["from"]!), Value(e["to"]!)));
        Assert.Equal(
            (content, "a private word"), ((string)e["content"]!["type"]!, (string)(e["content"]!["body"] ?? e["content"]!["text"])!));
        Assert.Equal(Edge.Encode(form), (string?)Assert.Single(_edge.Queued)["raw"]);

        static string Value(JsonNode address) => (string)(address is JsonObject typed ? typed["value"] : address)!;
    }

    [Fact]
    public async Task An_empty_body_is_nothing_to_do()
    {
        var response = await _edge.PostAsync("", "", Signer.Sign(Edge.Token, Edge.Url));

        Assert.Equal(204, response.StatusCode);
        Assert.Contains("no_message", _edge.Log, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_body_of_a_megabyte_reaches_the_queue_without_its_text()
    {
        var form = new Dictionary<string, string>(Sms) { ["Body"] = new string('x', 1024 * 1024) };

        var response = await _edge.PostAsync(form);

        Assert.Equal(200, response.StatusCode);
        Assert.Equal("unsupported", (string?)Assert.Single(_edge.Queued)["event"]!["content"]!["type"]);
        Assert.Equal(Edge.Encode(form), Assert.Single(_edge.Blobs).Value);
    }

    [Theory]
    [InlineData("text/plain")]
    [InlineData("application/json")]
    [InlineData("multipart/form-data; boundary=x")]
    [InlineData(null)]
    public async Task A_body_that_is_not_a_form_is_refused_unless_its_hash_is_signed(string? contentType)
    {
        const string Body = """{"MessageSid":"SM1"}""";
        var hash = Convert.ToHexStringLower(System.Security.Cryptography.SHA256.HashData(System.Text.Encoding.UTF8.GetBytes(Body)));
        var query = $"bodySHA256={hash}";

        Assert.Equal(403, (await _edge.PostAsync(Body, "", Signer.Sign(Edge.Token, Edge.Url), contentType)).StatusCode);
        Assert.Equal(
            403, (await _edge.PostAsync(Body + " ", query, Signer.Sign(Edge.Token, Edge.WithQuery(query)), contentType)).StatusCode);
        Assert.Empty(_edge.Blobs);

        // Signed, but no form: none of the calls that we know.
        Assert.Equal(204, (await _edge.PostAsync(Body, query, Signer.Sign(Edge.Token, Edge.WithQuery(query)), contentType)).StatusCode);
        Assert.Equal(Body, Assert.Single(_edge.Blobs).Value);
    }

    [Fact]
    public async Task No_log_line_has_a_secret_a_text_or_a_number()
    {
        await _edge.PostAsync(Sms);
        await _edge.PostAsync(Sms, signature: "wrong");
        await _edge.PostAsync(new Dictionary<string, string>(Sms) { ["From"] = "messenger:a-private-name" });
        await _edge.PostAsync("Body=a+private+word%", "", Signer.Sign(Edge.Token, Edge.Url + "Bodya private word%"));

        Assert.Equal(5, _edge.Log.Count(c => c == '\n'));
        foreach (var secret in (string[])[Edge.Token, "private", "4155550123", "2065550100", Signer.Sign(Edge.Token, Edge.Url, Sms)])
        {
            Assert.DoesNotContain(secret, _edge.Log, StringComparison.Ordinal);
        }
    }

    [Fact]
    public void A_missing_token_fails_at_the_start() =>
        Assert.Equal(
            ["TWILIO_AUTH_TOKEN"],
            Assert.Throws<Omni.Aws.SettingsException>(() => new Function(new Omni.Aws.Settings(new Dictionary<string, string>()))).Missing);
}
