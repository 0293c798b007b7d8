using System.Diagnostics.CodeAnalysis;
using System.Net;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json.Nodes;

namespace Omni.EndToEnd.Tests;

/// <summary>
/// Twilio: one form a call, signed with its URL and its sorted fields; receipts to the URL that was given with the message.
/// </summary>
public sealed class TwilioScene : Scene
{
    private const string Account = "AC00000000000000000000000000000042", Token = "e2e-twilio-token";
    private const string FormType = "application/x-www-form-urlencoded; charset=UTF-8";

    public override string Carrier => "twilio";

    public override IReadOnlyDictionary<string, string> Settings { get; } =
        new Dictionary<string, string> { ["TWILIO_ACCOUNT_SID"] = Account, ["TWILIO_AUTH_TOKEN"] = Token };

    public override IReadOnlyList<string> Path { get; } = ["sent", "delivered"];

    public override JsonObject Throttle => new() { ["httpStatus"] = 429, ["errorCode"] = 20429, ["retryAfterSeconds"] = 1 };

    public override (string Code, int? Status) Refusal => ("21211", 400);

    public override (JsonObject Content, string Field, string Limit) NotCarried => (new()
    {
        ["type"] = "image", ["mediaUrl"] = "https://media.example.com/0.png",
        ["more"] = new JsonArray(
            [.. Enumerable.Range(1, 10).Select(i => new JsonObject { ["mediaUrl"] = $"https://media.example.com/{i}.png" })]),
    }, "content.more", "10 file(s)");

    public override IReadOnlyList<CarrierCall> Calls(Host host, IReadOnlyList<Written> messages, IReadOnlyList<JsonNode> submissions) =>
    [
        .. messages.Select(m => Sign(host, "/webhooks/twilio", MessageForm("SM" + m.Id, m.From, m.To, m.Text))),
        .. submissions.Select(
            s => Sign(host, new Uri((string)s["parameters"]!["StatusCallback"]![0]!).PathAndQuery, new(StringComparer.Ordinal)
            {
                ["AccountSid"] = Account,
                ["From"] = (string)s["from"]!,
                ["MessageSid"] = (string)s["sid"]!,
                ["MessageStatus"] = "delivered",
                ["To"] = (string)s["to"]!,
            })),
    ];

    // A webhook of Twilio's Conversations, where somebody pointed it here. https://www.twilio.com/docs/conversations/conversations-webhooks
    public override CarrierCall UnknownEvent(Host host, string person) => Sign(host, "/webhooks/twilio", new(StringComparer.Ordinal)
    {
        ["AccountSid"] = Account,
        ["ConversationSid"] = "CH" + Guid.NewGuid().ToString("N"),
        ["EventType"] = "onParticipantAdded",
        ["MessagingBinding.Address"] = person,
    });

    public override CarrierCall Tamper(CarrierCall call, Written message) =>
        call with { Body = call.Body!.Replace("mine", "wine", StringComparison.Ordinal) };

    public override (int Status, string Body) Answer(RecordedRequest request) =>
        (201, $$"""{"sid":"{{TakenId}}","account_sid":"{{Account}}","status":"queued","error_code":null,"num_segments":"1"}""");

    public override void Check(RecordedRequest request, Host host, string person, string text, string reference)
    {
        Assert.Equal($"/2010-04-01/Accounts/{Account}/Messages.json", request.Path);
        Assert.Equal(Basic(Account, Token), request.Headers["Authorization"]);
        Assert.StartsWith("application/x-www-form-urlencoded", request.Headers["Content-Type"], StringComparison.Ordinal);
        var fields = request.Body.Split('&')
            .Select(field => field.Split('='))
            .ToDictionary(field => field[0], field => WebUtility.UrlDecode(field[1]));
        // what a message lives by default
        Assert.InRange(int.Parse(fields["ValidityPeriod"], System.Globalization.CultureInfo.InvariantCulture), 14_000, 14_400);
        var callback = new Uri(fields["StatusCallback"]);
        Assert.Equal(host.WebhookBaseUrl + "/webhooks/twilio", callback.GetLeftPart(UriPartial.Path));
        Assert.Contains(reference, callback.Query, StringComparison.Ordinal);
        Assert.Contains("rp=5xx", callback.Fragment, StringComparison.Ordinal); // Twilio repeats only what it is told to
        Assert.Equal(
            new Dictionary<string, string> { ["To"] = person, ["From"] = Ours[0], ["Body"] = text },
            fields.Where(f => f.Key is not ("ValidityPeriod" or "StatusCallback")).ToDictionary());
    }

    /// <summary>The fields of a message.</summary>
    public static SortedDictionary<string, string> MessageForm(string sid, string from, string to, string body) =>
        new(StringComparer.Ordinal)
        {
            ["AccountSid"] = Account, ["Body"] = body, ["From"] = from, ["MessageSid"] = sid, ["NumMedia"] = "0", ["To"] = to,
        };

    // https://www.twilio.com/docs/usage/security#validating-requests
    [SuppressMessage("Security", "CA5350", Justification = "Twilio signs with HMAC-SHA1.")]
    public static CarrierCall Sign(Host host, string pathAndQuery, SortedDictionary<string, string> form)
    {
        var signed = host.WebhookBaseUrl + pathAndQuery + string.Concat(form.Select(f => f.Key + f.Value));
        var signature = Convert.ToBase64String(HMACSHA1.HashData(Encoding.UTF8.GetBytes(Token), Encoding.UTF8.GetBytes(signed)));
        return new(pathAndQuery, Form(form), FormType)
        {
            Headers = () => new Dictionary<string, string> { ["X-Twilio-Signature"] = signature }
        };
    }
}

public sealed class TwilioTests(SharedHost shared) : CarrierRules(new TwilioScene(), shared)
{
    [Fact]
    public Task A_receipt_without_our_reference_finds_its_message() => ExpectFoundWithoutReferenceAsync(taken =>
        taken["parameters"]!["StatusCallback"]![0] = Host.WebhookBaseUrl + "/webhooks/twilio");

    [Theory]
    [InlineData("+15005550002", "failed", "21612")]
    [InlineData("+15005550003", "failed", "21408")]
    [InlineData("+15005553003", "undelivered", "30003")]
    [InlineData("+15005553005", "undelivered", "30005")]
    [InlineData("+15005553007", "failed", "30007")]
    [InlineData("+15005553036", "expired", "30036")]
    public async Task A_message_that_does_not_arrive_says_why(string to, string status, string code)
    {
        var id = await Host.SendAsync(Scene.Text(to, "Anybody there?"), status);

        Assert.Equal(code, (string?)(await Host.Client.GetAsync($"/api/v1/messages/{id}"))["error"]!["carrierCode"]);
    }

    [Fact]
    public async Task A_message_is_acknowledged_with_an_empty_reply()
    {
        var person = Host.NewPhone();
        var form = TwilioScene.MessageForm("SM" + Guid.NewGuid().ToString("N"), person, Scene.Ours[0], "With more");
        form["FieldOfNextYear"] = "x & y = z";

        var answer = await TwilioScene.Sign(Host, "/webhooks/twilio", form).MakeAsync(Host);

        Assert.Equal((HttpStatusCode.OK, "<Response/>"), (answer.Status, answer.Body));
        await TextsAsync(person, "With more");
    }
}
