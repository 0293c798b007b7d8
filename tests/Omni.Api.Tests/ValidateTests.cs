using System.Text.Json;
using Omni.Shared;

namespace Omni.Api.Tests;

public sealed class ValidateTests
{
    private const int Requests = 2000;

    private readonly TestApi _api = new();

    [Fact]
    public async Task A_request_that_would_be_taken_is_shown_as_it_would_be_sent()
    {
        var reply = await ValidateAsync(new { to = "+1 (415) 555-0123", content = new { type = "text", body = "Tschüß ☺" } });

        Assert.Equal((200, "True"), (reply.Status, reply["valid"]));
        Assert.Equal(
            """{"carrier":"twilio","to":"+14155550123","from":"+12065550100","parts":["""
                + """{"index":0,"segments":1,"encoding":"ucs2"}],"segments":1,"encoding":"ucs2"}""",
            reply["message"]);
        Assert.Equal(("""{"optedOut":false}""", "[]", null, null), (reply["consent"], reply["warnings"], reply["window"], reply["errors"]));
    }

    [Fact]
    public async Task Nothing_is_written()
    {
        await ValidateAsync();
        _api.Tables.Forget();

        await ValidateAsync();
        await ValidateAsync(new { carrier = "whatsapp" });

        Assert.DoesNotContain(_api.Tables.Calls, call => call is "PutItem" or "UpdateItem");
        Assert.Empty(_api.Tables.Items("messages"));
    }

    /// <summary>A change of the request, and the refusal of a send with its fields.</summary>
    [Theory]
    [InlineData("""{"to":"nobody","tll":5}""", "invalid_request", 400, "to invalid_address", "tll unknown_field")]
    [InlineData("""{"scheduledAt":"2026-03-14T11:00:00Z"}""", "invalid_request", 400, "scheduledAt not_in_future")]
    [InlineData("""{"scheduledAt":"2026-05-14T11:00:00Z"}""", "invalid_request", 400, "scheduledAt too_far")]
    [InlineData("""{"carrier":"pigeon"}""", "not_carried", 422, "carrier unknown_carrier")]
    [InlineData("""{"carrier":"inteliquent"}""", "carrier_not_available", 422)]
    [InlineData("""{"carrier":"whatsapp"}""", "window_closed", 422, "content.type window_closed")]
    [InlineData("""{"content":{"type":"location","latitude":1,"longitude":2}}""", "not_carried", 422, "content.type content_not_carried")]
    public async Task What_a_send_would_refuse_is_an_answer(string change, string code, int status, params string[] errors)
    {
        var reply = await ValidateAsync(JsonDocument.Parse(change).RootElement);

        Assert.Equal((200, "False"), (reply.Status, reply["valid"]));
        var problem = reply.Json.GetProperty("problem");
        Assert.Equal((code, status), (problem.GetProperty("code").GetString(), problem.GetProperty("status").GetInt32()));
        Assert.Equal(errors, reply.Errors);
    }

    [Theory]
    [InlineData("{", "invalid_json", 400)]
    [InlineData("", "invalid_json", 400)]
    public async Task What_is_no_JSON_is_refused(string body, string code, int status)
    {
        var reply = await _api.CallAsync("POST", "/api/v1/messages/validate", TestApi.Key, body);

        Assert.Equal((status, code), (reply.Status, reply["code"]));
    }

    [Fact]
    public async Task The_reply_window_is_shown_also_where_it_is_not_needed()
    {
        var end = TestApi.Noon.AddHours(1);
        _api.StoreSession("whatsapp", Address.Phone("+14155550123"), end);

        foreach (var content in (object[])
        [
            new { type = "text", body = "Hello" }, new { type = "template", name = "order_sent", language = "en" },
        ])
        {
            var reply = await ValidateAsync(new { carrier = "whatsapp", content });
            Assert.Equal(("True", """{"open":true,"expiresAt":"2026-03-14T13:00:00.123Z"}"""), (reply["valid"], reply["window"]));
        }

        _api.Clock.Advance(TimeSpan.FromHours(2));
        var late = await ValidateAsync(new { carrier = "whatsapp" });
        Assert.Equal(("False", """{"open":false,"expiresAt":"2026-03-14T13:00:00.123Z"}"""), (late["valid"], late["window"]));
    }

    [Theory]
    [InlineData("""{}""")]
    [InlineData("""{"adapt":true,"content":{"type":"location","latitude":47.6,"longitude":-122.3}}""", "adapted")]
    [InlineData("""{"carrier":"whatsapp","scheduledAt":"2026-03-14T12:30:00Z"}""")]
    [InlineData("""{"carrier":"whatsapp","scheduledAt":"2026-03-14T14:00:00Z"}""", "window_unsure")]
    [InlineData("""{"to":"+14155550177"}""", "opted_out")]
    public async Task What_stops_no_send_is_a_warning(string change, params string[] warnings)
    {
        _api.StoreSession("whatsapp", Address.Phone("+14155550123"), TestApi.Noon.AddHours(1));
        await _api.Consents.RecordAsync(
            "default", Address.Phone("+14155550177"), Address.Phone("+12065550100"), optedOut: true, TestApi.Noon, "STOP");
        await _api.Consents.RecordAsync("another", Address.Phone("+14155550123"), ours: null, optedOut: true, TestApi.Noon, "STOP");

        var reply = await ValidateAsync(JsonDocument.Parse(change).RootElement);

        Assert.Equal("True", reply["valid"]);
        Assert.Equal(warnings, reply.Json.GetProperty("warnings").EnumerateArray().Select(w => w.GetProperty("code").GetString()));
        Assert.Equal($$"""{"optedOut":{{(warnings.Contains("opted_out") ? "true" : "false")}}}""", reply["consent"]);
    }

    [Fact]
    public async Task A_long_text_warns_that_it_is_split()
    {
        var reply = await ValidateAsync(new { content = new { type = "text", body = string.Concat(Enumerable.Repeat("word ", 700)) } });

        Assert.Equal("split", Assert.Single(reply.Json.GetProperty("warnings").EnumerateArray()).GetProperty("code").GetString());
        Assert.Equal(
            reply.Json.GetProperty("message").GetProperty("parts").EnumerateArray().Sum(part => part.GetProperty("segments").GetInt32()),
            reply.Json.GetProperty("message").GetProperty("segments").GetInt32());
    }

    [Fact]
    public async Task A_message_or_a_file_of_another_tenant_is_unknown()
    {
        _api.Store("msg_anothers", tenant: "another");
        _api.StoreSession("whatsapp", Address.Phone("+14155550123"), TestApi.Noon.AddHours(1));

        var reply = await ValidateAsync(new { carrier = "whatsapp", replyTo = "msg_anothers" });

        Assert.Equal("unknown_message", reply.Json.GetProperty("problem").GetProperty("code").GetString());
    }

    [Fact]
    public async Task A_key_that_only_reads_is_refused()
    {
        var reply = await _api.CallAsync("POST", "/api/v1/messages/validate", TestApi.ReadOnlyKey, TestApi.Body());

        Assert.Equal((403, "insufficient_scope"), (reply.Status, reply["code"]));
    }

    /// <summary>Whatever a request is made of: the same refusal, in the same words, or the same plan.</summary>
    [Fact]
    public async Task A_send_and_its_validation_agree_on_every_request()
    {
        _api.StoreSession("whatsapp", Address.Phone("+14155550123"), TestApi.Noon.AddHours(1));
        _api.Store("msg_sent");
        _api.StoreTemplate("whatsapp", "order_sent", "en", ["1"]);
        _api.StoreTemplate("twilio", "HX0123456789abcdef0123456789abcdef", "en", ["1", "2"]);
        _api.Files["media/default/" + GeneratedRequests.Kept] = 1024;
        var random = new Random(20260314);
        var (taken, refused) = (new Dictionary<string, int>(), new Dictionary<string, int>());
        for (var i = 0; i < Requests; i++)
        {
            var body = GeneratedRequests.Next(random);

            var sent = await _api.SendBodyAsync(body);
            var validated = await _api.CallAsync("POST", "/api/v1/messages/validate", TestApi.Key, body);

            var label = $"request {i}: {body}";
            if (sent.Status == 202)
            {
                foreach (var kind in KindsOf(body)) taken[kind] = taken.GetValueOrDefault(kind) + 1;
                Assert.True(validated["valid"] == "True", label);
                var message = validated.Json.GetProperty("message");
                foreach (var member in (string[])["carrier", "to", "from", "parts", "adaptedFrom", "scheduledAt"])
                {
                    var told = message.TryGetProperty(member, out var value) ? value.ToString() : null;
                    Assert.True(sent[member] == told, $"{member}, {label}");
                }

                continue;
            }

            foreach (var code in (string[])[sent["code"]!, .. sent.Errors.Select(error => error.Split(' ')[1]).Distinct()])
                refused[code] = refused.GetValueOrDefault(code) + 1;
            Assert.True(validated["valid"] == "False", label);
            var problem = validated.Json.GetProperty("problem");
            foreach (var member in (string[])["code", "status", "title", "detail", "retryable"])
                Assert.True(sent[member] == problem.GetProperty(member).ToString(), $"{member}, {label}");
            Assert.True(sent.Errors.SequenceEqual(validated.Errors) && sent["errorCount"] == validated["errorCount"], label);
        }

        // The corpus knows both, with everything that a request may have, and refusals of every kind.
        Assert.InRange(taken["all"], Requests / 10, Requests * 9 / 10);
        Assert.Empty(
            new[]
            {
                "label", "deliveryWindow", "maxSegments", "scheduledAt", "adapt", "replyTo", "metadata", "template", "image", "interactive",
            }.Except(taken.Keys));
        Assert.Empty(
            new[]
            {
                "invalid_request", "not_carried", "carrier_not_available", "window_closed", "unknown_message", "unknown_media",
                "too_many_segments", "never_open", "required", "unknown_variable", "unknown_field", "not_in_future", "too_far",
            }.Except(refused.Keys));
    }

    /// <summary>What a request has: its members, and its kind of content.</summary>
    private static IEnumerable<string> KindsOf(string body)
    {
        using var request = JsonDocument.Parse(body);
        return
        [
            "all", request.RootElement.GetProperty("content").GetProperty("type").GetString()!,
            .. request.RootElement.EnumerateObject().Select(member => member.Name),
        ];
    }

    private Task<Reply> ValidateAsync(object? changes = null) =>
        _api.CallAsync("POST", "/api/v1/messages/validate", TestApi.Key, TestApi.Body(changes));
}
