using System.Text.Json;
using Omni.Aws;
using Omni.Shared;

namespace Omni.Api.Tests;

/// <summary>Conversations in lists, their history, and answers in them.</summary>
public sealed class SessionTests
{
    private const string Hello = """{"content":{"type":"text","body":"Hello"}}""";

    private static readonly Address Person = Address.Phone("+14155550123"),
        Other = Address.Phone("+14155550199"),
        UserId = new(AddressType.WhatsappUserId, "NL.8841ab");

    private readonly TestApi _api = new();

    [Theory]
    [InlineData(1)]
    [InlineData(4)]
    [InlineData(100)]
    public async Task Pages_give_every_conversation_once_by_its_last_day_newest_first(int limit)
    {
        var all = Enumerable.Range(0, 30).Select(i => (
            At: TestApi.Noon.AddHours(-7 * (i / 3)),
            Id: _api.StoreSession("twilio", Address.Phone($"+1415556{i:0000}")))).ToArray();
        foreach (var (at, id) in all) _api.Activate(id, at);

        Assert.Equal(
            all.OrderByDescending(s => s.At).ThenByDescending(s => s.Id, StringComparer.Ordinal).Select(s => s.Id),
            await AllAsync($"limit={limit}"));
    }

    [Fact]
    public async Task People_take_a_conversation_from_its_processor_once_and_give_it_back()
    {
        var id = _api.StoreSession("twilio", Person);
        var path = $"/api/v1/sessions/{id}";
        Assert.False((await _api.GetAsync(path)).Json.TryGetProperty("handOff", out _));

        var taken = await _api.CallAsync(
            "POST", path + "/handOff", body: """{"reason":"The person is angry.","resumeAfterSeconds":7200}""");
        Assert.Equal(200, taken.Status);
        await _api.CallAsync("POST", path + "/handOff", body: """{"reason":"again"}""");

        var handOff = (await _api.GetAsync(path)).Json.GetProperty("handOff");
        Assert.Equal("The person is angry.", handOff.GetProperty("reason").GetString());
        Assert.Equal(7200, handOff.GetProperty("resumeAfterSeconds").GetInt32());
        Assert.Equal(taken.Json.GetProperty("handOff").GetRawText(), handOff.GetRawText());

        for (var times = 0; times < 2; times++)
            Assert.False((await _api.CallAsync("POST", path + "/resume")).Json.TryGetProperty("handOff", out _));
        Assert.Null((await _api.Dialogs.FindAsync(id))!.HandOff);
    }

    [Theory]
    [InlineData("{}", "reason")]
    [InlineData("""{"reason":""}""", "reason")]
    [InlineData("""{"reason":7}""", "reason")]
    [InlineData("""{"reason":"so","resumeAfterSeconds":59}""", "resumeAfterSeconds")]
    [InlineData("""{"reason":"so","resumeAfterSeconds":7776001}""", "resumeAfterSeconds")]
    [InlineData("""{"reason":"so","forever":true}""", "forever")]
    [InlineData("[]", "$")]
    public async Task A_hand_over_that_cannot_be_names_its_field(string body, string field)
    {
        var id = _api.StoreSession("twilio", Person);
        var refused = await _api.CallAsync("POST", $"/api/v1/sessions/{id}/handOff", body: body);
        Assert.Equal((400, field), (refused.Status, refused.Json.GetProperty("errors")[0].GetProperty("field").GetString()));
        Assert.Null(await _api.Dialogs.FindAsync(id));
    }

    [Theory]
    [InlineData("", "window lapsed sms")]
    [InlineData("&open=true", "window sms")]
    [InlineData("&open=false", "lapsed")]
    [InlineData("&carrier=whatsapp", "window lapsed")]
    [InlineData("&carrier=whatsapp&open=true", "window")]
    [InlineData("&carrier=bandwidth", "")]
    [InlineData("&person=+14155550123", "window sms")]
    [InlineData("&person=phone:%2B14155550199", "lapsed")]
    [InlineData("&person=%2B14155550123&carrier=twilio", "sms")]
    [InlineData("&person=+14155550123&open=false", "")]
    [InlineData("&person=+14155550000", "")]
    public async Task Filters_leave_what_matches(string filter, string names)
    {
        var ids = new Dictionary<string, string>
        {
            [_api.StoreSession("whatsapp", Person, TestApi.Noon.AddHours(1))] = "window",
            [_api.StoreSession("whatsapp", Other, TestApi.Noon.AddHours(-1))] = "lapsed",
            [_api.StoreSession("twilio", Person)] = "sms",
            [_api.StoreSession("whatsapp", Person, TestApi.Noon.AddHours(1), tenant: "another")] = "another's",
        };
        foreach (var (index, id) in ids.Keys.Index()) _api.Activate(id, TestApi.Noon.AddDays(-index));
        _api.StoreSession("bandwidth", Person); // nothing came from them

        foreach (var limit in (int[])[1, 100])
            Assert.Equal(names, string.Join(' ', (await AllAsync($"limit={limit}{filter}")).Select(id => ids[id])));
    }

    [Fact]
    public async Task A_person_is_found_under_every_address_and_their_longest_window_counts()
    {
        var number = _api.StoreSession("whatsapp", Person, TestApi.Noon.AddHours(-1), more: ("ln", UserId.Key));
        var user = _api.StoreSession("whatsapp", UserId, TestApi.Noon.AddHours(1), more: ("ln", Person.Key));
        _api.Activate(number, TestApi.Noon.AddDays(-1));
        _api.Activate(user, TestApi.Noon);

        Assert.Equal([user, number], await AllAsync("person=+14155550123&open=true"));
        Assert.Equal([user, number], await AllAsync("person=whatsappUserId:NL.8841ab&limit=1"));
        Assert.Equal([user, number], await AllAsync("open=true"));
    }

    [Fact]
    public async Task One_that_moved_to_a_newer_day_than_the_index_tells_is_shown_once()
    {
        var id = _api.Activate(_api.StoreSession("twilio", Person), TestApi.Noon.AddDays(-3));
        var stale = _api.Tables.Items("sessions").Single(item => item["pk"].S == id);
        _api.Activate(id, TestApi.Noon);
        Assert.Equal([id], await AllAsync("limit=1"));

        // The index is behind the table: it shows the old place, the table the new one.
        _api.Tables.Before = call =>
        {
            if (call == "Query") _api.Tables.Store("sessions", stale);
            if (call == "BatchGetItem") _api.Activate(id, TestApi.Noon);
        };
        Assert.Empty(await AllAsync("limit=1"));
    }

    [Theory]
    [InlineData("cursor=nonsense", "invalid_cursor")]
    [InlineData("open=perhaps", "invalid_parameter")]
    [InlineData("person=nobody at all", "invalid_parameter")]
    [InlineData("carrier=pigeon", "invalid_parameter")]
    [InlineData("limit=101", "invalid_parameter")]
    [InlineData("status=open", "invalid_parameter")]
    public async Task A_list_that_cannot_be_is_refused(string query, string code)
    {
        var reply = await _api.GetAsync("/api/v1/sessions?" + query);

        Assert.Equal((400, code), (reply.Status, reply["code"]));
    }

    [Fact]
    public async Task A_cursor_belongs_to_its_filters()
    {
        for (var i = 0; i < 2; i++) _api.Activate(_api.StoreSession("twilio", Address.Phone($"+1415556{i:0000}")), TestApi.Noon);
        var cursor = (await _api.GetAsync("/api/v1/sessions?limit=1"))["nextCursor"];

        Assert.Equal(200, (await _api.GetAsync($"/api/v1/sessions?cursor={cursor}")).Status);
        Assert.Equal("invalid_cursor", (await _api.GetAsync($"/api/v1/sessions?carrier=twilio&cursor={cursor}"))["code"]);
        Assert.Equal("invalid_cursor", (await _api.GetAsync($"/api/v1/messages?cursor={cursor}"))["code"]);
    }

    [Theory]
    [InlineData(1)]
    [InlineData(3)]
    [InlineData(100)]
    public async Task The_history_is_that_of_every_address_of_the_person(int limit)
    {
        var id = _api.StoreSession("whatsapp", Person, TestApi.Noon, more: ("ln", UserId.Key));
        _api.StoreSession("whatsapp", UserId, TestApi.Noon, more: ("ln", Person.Key));
        for (var i = 0; i < 8; i++)
        {
            var at = TestApi.Noon.AddDays(-i * 9);
            _api.StoreInbound(
                $"msg_{i}", "whatsapp", new TextContent { Body = $"{i}" },
                m => m with { CreatedAt = at, From = i % 2 == 0 ? Person : UserId });
        }

        _api.StoreInbound("msg_elses", "whatsapp", new TextContent { Body = "Else" }, m => m with { From = Other });

        Assert.Equal(
            Enumerable.Range(0, 8).Select(i => $"msg_{i}"), await AllAsync($"limit={limit}", $"/api/v1/sessions/{id}/messages"));
    }

    [Fact]
    public async Task An_answer_is_a_send_with_the_conversations_carrier_and_addresses()
    {
        var id = _api.StoreSession("whatsapp", UserId, TestApi.Noon.AddHours(1));

        var reply = await AnswerAsync(id, """{"content":{"type":"text","body":"Hello"},"clientReference":"c-1","priority":"high"}""");

        Assert.Equal(
            (202, "whatsapp", "+12065550100", id, "c-1", "high"),
            (reply.Status, reply["carrier"], reply["from"], reply["conversationId"], reply["clientReference"], reply["priority"]));
        Assert.Equal("/api/v1/messages/" + reply["id"], reply.Header("Location"));
        var message = (await _api.Messages.FindAsync(reply["id"]!))!.Message;
        Assert.Equal((UserId, "default", "key_1"), (message.To, message.Tenant, message.Actor));
    }

    [Fact]
    public async Task An_answer_that_is_repeated_is_one_message_and_the_key_is_no_others()
    {
        var id = _api.StoreSession("twilio", Person);
        var other = _api.StoreSession("twilio", Other);

        var first = await AnswerAsync(id, Hello, "key-1");
        var again = await AnswerAsync(id, """{ "content": { "body": "Hello", "type": "text" }, "priority": "normal" }""", "key-1");
        var elsewhere = await AnswerAsync(other, Hello, "key-1");

        Assert.Equal((202, first.Text, "true"), (again.Status, again.Text, again.Header("Idempotency-Replayed")));
        Assert.Equal((422, "idempotency_key_reused"), (elsewhere.Status, elsewhere["code"]));
        Assert.Equal("invalid_idempotency_key", (await AnswerAsync(id, Hello, ""))["code"]);
        Assert.Single(_api.Tables.Items("messages"));
    }

    [Theory]
    [InlineData("""{"content":{"type":"text","body":"Hello"},"to":"+14155550123"}""", 400, "to unknown_field")]
    [InlineData("""{"content":{"type":"text","body":"Hello"},"from":"+14155550123","carrier":"twilio"}""", 400,
        "carrier unknown_field, from unknown_field")]
    [InlineData("""{"text":"Hello"}""", 400, "content required, text unknown_field")]
    [InlineData("[]", 400, "$ wrong_type")]
    [InlineData("""{"content":{"type":"text","body":"Hello"}}""", 422, "content.type window_closed")]
    public async Task An_answer_that_cannot_be_taken_is_refused_as_a_send_is(string body, int status, string errors)
    {
        var id = _api.StoreSession("whatsapp", Person, TestApi.Noon);

        var reply = await AnswerAsync(id, body);

        Assert.Equal((status, errors), (reply.Status, string.Join(", ", reply.Errors.Order(StringComparer.Ordinal))));
        Assert.Empty(_api.Tables.Items("messages"));
    }

    [Theory]
    [InlineData("GET", "")]
    [InlineData("GET", "/messages")]
    [InlineData("POST", "/messages")]
    public async Task Another_tenants_conversation_and_one_that_is_none_are_not_there(string method, string path)
    {
        var theirs = _api.StoreSession("twilio", Person, tenant: "another");

        foreach (var id in (string[])[theirs, "ses_" + new string('0', 32), "ses_1", "msg_1", "per_" + Ids.Hash("default", Person.Key)])
        {
            var reply = await _api.CallAsync(method, $"/api/v1/sessions/{id}{path}", body: method == "POST" ? Hello : null);
            Assert.Equal((404, "session_not_found"), (reply.Status, reply["code"]));
        }

        Assert.Empty(_api.Tables.Items("messages"));
    }

    [Fact]
    public async Task To_answer_takes_the_right_to_write()
    {
        var id = _api.StoreSession("twilio", Person);

        Assert.Equal(403, (await _api.CallAsync("POST", $"/api/v1/sessions/{id}/messages", TestApi.ReadOnlyKey, Hello)).Status);
        Assert.Equal(200, (await _api.GetAsync($"/api/v1/sessions/{id}/messages", TestApi.ReadOnlyKey)).Status);
        Assert.Equal(200, (await _api.GetAsync("/api/v1/sessions", TestApi.ReadOnlyKey)).Status);
    }

    [Fact]
    public void An_answer_has_all_fields_of_a_send_but_those_of_the_conversation()
    {
        var send = Contract.Schema("SendRequest").GetProperty("properties").EnumerateObject();
        var answer = Contract.Schema("AnswerRequest").GetProperty("properties").EnumerateObject();

        Assert.Equal(
            send.Where(p => p.Name is not ("carrier" or "to" or "from" or "channel" or "failover"))
                .Select(p => (p.Name, Compact(p.Value))).Order(),
            answer.Select(p => (p.Name, Compact(p.Value))).Order());

        static string Compact(JsonElement value) => JsonSerializer.Serialize(value);
    }

    private Task<Reply> AnswerAsync(string id, string body, string? key = null) => _api.CallAsync(
        "POST", $"/api/v1/sessions/{id}/messages", body: body, headers: key is null ? [] : new() { ["idempotency-key"] = key });

    private async Task<List<string>> AllAsync(string query, string path = "/api/v1/sessions")
    {
        var ids = new List<string>();
        for (var cursor = ""; ;)
        {
            var page = await _api.GetAsync($"{path}?{query}{cursor}");
            Assert.Equal(200, page.Status);
            ids.AddRange(page.Json.GetProperty("data").EnumerateArray().Select(item => item.GetProperty("id").GetString()!));
            if (page["nextCursor"] is not { } next) return ids;
            cursor = "&cursor=" + next;
        }
    }
}
