using System.Text;
using System.Text.Json.Nodes;
using Omni.Shared;

namespace Omni.Api.Tests;

/// <summary>
/// Whatever a client sends, it hears an answer that the document describes, and never that Omni has a fault. The requests come from a seed,
/// so that a failure can be played again; the fake tables refuse keys as the real ones do.
/// </summary>
public sealed class HostileRequestTests
{
    private const int Requests = 20_000;
    private const int RequestsOfOneApi = 500;
    private const int Seed = 10;

    private static readonly IReadOnlyList<Route> Table = Routes.Of(TestParts.Unused);

    // What takes most from outside comes most often; what takes nothing hardly needs to come.
    private static readonly IReadOnlyList<Route> Weighed =
    [
        .. Table.SelectMany(route => Enumerable.Repeat(
            route,
            route.Template.EndsWith("/send") ? 8
                : route.Template.EndsWith("/validate") ? 4
                : route.Parameters.Count > 2 ? 6
                : route.HasParameter ? 3 : 1)),
    ];

    private static readonly string Kept = Ids.Media("msg_1", 0);
    private static readonly string Conversation =
        Ids.Conversation("default", "twilio", Defaults.Account, Address.Phone("+12065550100"), Address.Phone("+14155550123"));

    // Values as they stand in a path, a query or a header, before anybody escapes them.
    private static readonly string[] Values =
    [
        "", " ", "0", "-1", "1e9", "2147483648", "99999999999999999999999999", "NaN", "null", "true", "TRUE", "%", "%zz", "%00", "%ff%fe",
        "%ed%a0%80", "..", "../..", "%2e%2e%2f",
        "a/b", "a%2Fb", "+", "+1", "+14155550123", "phone:", ":", "phone:+1", "shortCode:1", "email:a@b.example", "\0", "\u0001\u001f",
        "\ud83d", "\ude00\ud83d", "\u202e", "😀",
        "é", "'; DROP TABLE", "${jndi:ldap://a}", "<script>", "{}", "[]", "{id}", "twilio", "whatsapp", "acme", "inbound", "delivered",
        "msg_", "msg_1", "msg_2", "msg_none", "ses_", "med_",
        "0001-01-01T00:00:00Z", "0001-01-01T00:00:00+14:00", "0001-01-01T00:00:00.0000001Z", "9999-12-31T23:59:59.9999999Z",
        "9999-12-31T23:59:59Z", "9999-12-31T23:59:59-14:00",
        "1969-12-31T23:59:59Z", "1970-01-01T00:00:00Z", "2026-02-30T00:00:00Z", "2026-03-14T12:00:00Z", "2026-03-14",
        "2026-03-14T12:00:00+99:00", "0", "20", "21", "100", "101",
        "LTEuLg", "MC5tc2dfMS4", "*", "\"a\"", "W/\"a\"", ",", ";", "Bearer", "00-00000000000000000000000000000000-0000000000000000-00",
        "00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01",
    ];

    // Values as they stand in JSON.
    private static readonly string[] Json =
    [
        "null", "true", "false", "0", "-0", "-1", "1.5", "1e400", "-1e400", "1E-400", "9223372036854775808",
        "99999999999999999999999999999999999999", "2147483648",
        "\"\"", "\" \"", "\"\\u0000\"", "\"\\ud83d\"", "\"\\ude00\\ud83d\"", "\"\\ud83d\\ude00\"", "\"\\uffff\"", "\"\ud83d\"", "[]", "{}",
        "[null]", "[[]]", "[{}]", "[1,\"a\",null,{}]",
        "{\"type\":null}", "{\"type\":\"text\"}", "{\"type\":\"phone\",\"value\":\"\"}", "{\"type\":\"phone\",\"value\":[]}",
        "{\"a\":1,\"a\":2}", "{\"\":\"\"}", "{\"\\ud83d\":1}",
        "\"http://\"", "\"http://[\"", "\"https://a b\"", "\"//a\"", "\"file:///etc/passwd\"", "\"javascript:alert(1)\"",
        "\"https://xn--a\"", "\"https://\\u0000\"", "\"http://localhost/\"",
        "\"https://127.0.0.1/\"", "\"https://\\ud83d\\ude00.example/a\"", "\"https://example.com:99999/\"", "\"data:,\"",
        "\"mailto:a@b.example\"", "\"https://user:pass@example.com/\"",
        "\"0001-01-01T00:00:00Z\"", "\"0001-01-01T00:00:00+14:00\"", "\"9999-12-31T23:59:59.9999999Z\"", "\"9999-12-31T23:59:59-14:00\"",
        "\"2026-03-14T13:00:00Z\"", "\"tomorrow\"",
        "\"msg_1\"", "\"msg_2\"", "\"msg_none\"", "\"med_1\"", "\"+14155550123\"", "\"+1\"", "\"12345\"", "\"Omni\"", "\"twilio\"",
        "\"whatsapp\"", "\"livechat\"", "\"acme\"", "\"bulk\"",
        "\"text\"", "\"unsupported\"", "\"interactive\"", "\"template\"", "{\"a\":null}", "{\"a\":{}}", "{\"1\":\"a\",\"3\":\"b\"}",
    ];

    // What a parameter really takes, so that not every second value of a call is refused for the first.
    private static readonly Dictionary<string, string[]> Sane = new()
    {
        ["direction"] = ["inbound", "outbound"],
        ["carrier"] = ["twilio", "whatsapp"],
        ["status"] = ["delivered", "accepted"],
        ["to"] = ["+14155550123", "livechatChat:PJ0MRSHTDG"],
        ["from"] = ["+12065550100", "12345"],
        ["conversationId"] = [Conversation],
        ["clientReference"] = ["a", ""],
        ["createdAfter"] = ["0001-01-01T00:00:00Z", "1969-12-31T23:59:59Z", "2026-03-10T00:00:00Z", "9999-12-31T23:59:59.999Z"],
        ["createdBefore"] = ["0001-01-01T00:00:00Z", "1970-01-01T00:00:00Z", "2026-03-12T00:00:00Z", "9999-12-31T23:59:59.9999999Z"],
        ["limit"] = ["1", "100"],
        ["wait"] = ["0", "20"],
        ["deep"] = ["true", "false"],
    };

    private static readonly string[] Contents =
    [
        """{"type":"text","body":"Hello"}""",
        """{"type":"image","mediaUrl":"https://example.com/a.png","caption":"Look","filename":"a.png","mimeType":"image/png","more":"""
            + """[{"mediaUrl":"https://example.com/b.png"}]}""",
        $$"""{"type":"document","mediaId":"{{Kept}}"}""",
        """{"type":"location","latitude":52.5,"longitude":13.4,"name":"Berlin","address":"Platz 1"}""",
        """{"type":"contacts","contacts":[{"name":"Ina","phones":["+14155550123"],"emails":["a@b.example"],"organization":"Omni"}]}""",
        """{"type":"template","name":"HX1","language":"en","variables":{"1":"a","2":"b"},"header":{"document":"""
            + """{"mediaUrl":"https://example.com/a.pdf"}},"buttons":[{"index":0,"type":"url","value":"42"}]}""",
        """{"type":"interactive","body":"Which?","header":"a","footer":"b","buttons":[{"id":"1","title":"One"},"""
            + """{"id":"2","title":"Two"}]}""",
        """{"type":"interactive","body":"Which?","list":{"button":"Open","sections":[{"title":"a","rows":"""
            + """[{"id":"1","title":"One","description":"c"}]}]}}""",
        """{"type":"interactive","body":"Which?","ctaUrl":{"title":"Go","url":"https://example.com/"}}""",
        """{"type":"interactive","cards":[{"title":"a","subtitle":"b","imageUrl":"https://example.com/a.png","buttons":"""
            + """[{"id":"1","title":"One","url":"https://example.com/"}]}]}""",
        """{"type":"reaction","messageId":"msg_1","emoji":"😀"}""",
    ];

    private readonly Random _random = new(Seed);

    [Fact]
    public async Task No_request_meets_a_fault_and_every_refusal_is_a_problem()
    {
        TestApi? api = null;
        var faults = new List<string>();
        var statuses = new Dictionary<int, int>();
        for (var i = 0; i < Requests && faults.Count < 5; i++)
        {
            if (i % RequestsOfOneApi == 0) api = NewApi();
            var (method, path, key, body, headers, base64) = NextRequest();
            string Told() => $"Request {i} of seed {Seed}: {method} {Cut(path)} "
                + $"{string.Join(", ", headers.Select(h => $"{h.Key}: {Cut(h.Value)}"))} {Cut(body)}";
            try
            {
                var reply = await api!.CallAsync(method, path, key, body, headers, base64);

                statuses[reply.Status] = statuses.GetValueOrDefault(reply.Status) + 1;
                if (reply.Status >= 500)
                    faults.Add($"{Told()} was answered {reply.Text}; "
                        + $"{api.LogLines.ToString().Split('\n').LastOrDefault(line => line.Contains("failed:"))}");
                else if (reply.Status >= 400 && reply.Header("Content-Type") != "application/problem+json")
                    faults.Add($"{Told()} was refused without a problem.");
            }
            catch (Exception fault)
            {
                faults.Add($"{Told()} met {fault}");
            }
        }

        Assert.True(faults.Count == 0, string.Join("\n\n", faults));

        // The requests reach what they are meant to reach.
        Assert.All(
            (int[])[200, 202, 302, 400, 401, 403, 404, 405, 413, 415, 422],
            status => Assert.True(statuses.GetValueOrDefault(status) > 3, $"{status} came {statuses.GetValueOrDefault(status)} times."));
    }

    private static TestApi NewApi()
    {
        var api = new TestApi { RemainingTime = TimeSpan.Zero }; // nobody waits for a status
        api.Store("msg_1");
        api.Store("msg_2", TestApi.Noon.AddDays(-3), direction: Direction.Inbound);
        api.StoreSession("twilio", Address.Phone("+14155550123"));
        api.StoreSession("whatsapp", Address.Phone("+14155550123"), TestApi.Noon.AddHours(1));
        api.Files["media/default/" + Kept] = 1000;
        return api;
    }

    private (string Method, string Path, string? Key, string? Body, Dictionary<string, string> Headers, bool IsBase64) NextRequest()
    {
        var route = Pick(Weighed);
        var method = Rarely() ? Pick((string[])["", "PUT", "DELETE", "get", "TRACE", new string('X', 5000)]) : route.Method;
        var path = string.Join('/', route.Template.Split('/').Select(piece => piece.StartsWith('{') ? NextId() : piece));
        if (Rarely())
            path = Pick((string[])[
                "", "/", "//", path + "/", "/" + path, path.ToUpperInvariant(), path + "/%00", path.Replace("v1", Value()), Value(),
                "/api/v1/" + Value()
            ]).Replace('?', '_');
        var query = NextQuery(route);
        var key = Rarely()
            ? Pick((string?[])[null, "", TestApi.ReadOnlyKey, TestApi.OtherTenantsKey, "wrong", Value(), Long()])
            : TestApi.Key;
        var headers = new Dictionary<string, string>();
        foreach (var name in (string[])["idempotency-key", "traceparent", "x-request-id", "if-none-match"])
        {
            if (_random.Next(4) == 0) headers[name] = Sometimes() ? "key-" + _random.Next(20) : Rarely() ? Long() : Value();
        }

        var body = route.Method == "POST" ? NextBody() : Rarely() ? Value() : null;
        if (Rarely())
            headers["content-type"] = Pick((string[])[
                "", "text/plain", "application/json; charset=utf-16", "application/json;", ";", "application/json; charset=\"utf-8\"",
                Value()
            ]);
        var isBase64 = body is not null && Rarely();
        if (isBase64 && Sometimes()) body = Convert.ToBase64String(Encoding.UTF8.GetBytes(body!));
        return (method, query.Length > 0 ? path + "?" + query : path, key, body, headers, isBase64);
    }

    private string NextId() => _random.Next(6) switch
    {
        0 => "msg_1",
        1 => "msg_2",
        2 => Pick((string[])[Conversation, Kept, "twilio", "whatsapp", "invalid_json"]),
        3 => Pick((string[])["msg_", "ses_", "med_", ""]) + new string('a', Pick((int[])[1, 28, 32, 60, 64, 1024, 2048, 2049, 9000])),
        _ => Value().Replace("?", "", StringComparison.Ordinal),
    };

    private string NextQuery(Route route)
    {
        if (route.Parameters.Count == 0 && !Rarely()) return "";

        var pairs = new List<string>();
        var names = route.Parameters.Count > 0 && !Rarely() ? route.Parameters : ["limit", "wait", "", "a", "%", "\ud83d"];
        foreach (var name in names.Where(name => Sane.ContainsKey(name) && _random.Next(4) == 0))
        {
            pairs.Add($"{name}={Uri.EscapeDataString(Pick(Sane[name]))}");
        }

        for (var count = Sometimes() ? _random.Next(3) : 0; count > 0; count--)
        {
            var value = Rarely() ? Long() : _random.Next(8) == 0 ? Conversation : Value();
            pairs.Add(Pick(names) + (Rarely() ? "" : "=") + (Sometimes() ? Uri.EscapeDataString(WellFormed(value)) : value));
        }

        return string.Join(Rarely() ? "&&" : "&", pairs);
    }

    private string NextBody()
    {
        if (_random.Next(10) == 0)
            return Pick((string[])[
                "", " ", "nul", "{", "[", "\"", "{\"a\":}", "\ufeff{}", "{}", "[]", Value(), Pick(Json), Deep("["), Deep("{\"a\":"),
                Deep("[", 70) + Deep("]", 70), Huge()
            ]);

        var carrier = Pick(CarrierCatalogue.All).Id;
        var request = (JsonObject)JsonNode.Parse($$"""
            {"carrier":"{{carrier}}","to":"+14155550123","from":"+12065550100","content":{{Pick(Contents)}},"priority":"high",
             "ttlSeconds":60,"clientReference":"a",
             "metadata":{"a":"b","c":"d"},"onUnknownOutcome":"hold","adapt":true,"replyTo":"msg_1","scheduledAt":"2026-03-14T13:00:00Z"}
            """)!;
        foreach (var optional
            in (string[])["priority", "ttlSeconds", "clientReference", "metadata", "onUnknownOutcome", "replyTo", "scheduledAt"])
        {
            if (_random.Next(3) > 0) request.Remove(optional);
        }

        // Hostile values go in as text, since a tree of JSON would not hold all of them.
        var hostile = new List<string>();
        for (var changes = _random.Next(4); changes > 0; changes--) Change(request, hostile);
        var body = request.ToJsonString();
        for (var i = 0; i < hostile.Count; i++) body = body.Replace($"\"@{i}@\"", hostile[i], StringComparison.Ordinal);
        return Rarely() ? body[.._random.Next(body.Length)] : body;
    }

    private void Change(JsonObject request, List<string> hostile)
    {
        var places = Places(request).ToList();
        var (owner, name, index) = Pick(places);
        hostile.Add(_random.Next(12) switch
        {
            0 => "\"" + new string(Pick((char[])['a', 'é', '漢', '\u0001']), Pick((int[])[11, 64, 257, 1025, 2049, 5000]))
                .Replace("\u0001", "\\u0001") + "\"",
            1 => Deep("[", 20) + Deep("]", 20),
            2 => "{" + string.Join(',', Enumerable.Range(0, Pick((int[])[21, 300])).Select(i => $"\"{i}\":\"a\"")) + "}",
            3 => "[" + string.Join(',', Enumerable.Repeat(Pick(Json), 40)) + "]",
            _ => Pick(Json),
        });
        var mark = JsonValue.Create($"@{hostile.Count - 1}@");
        if (owner is JsonArray list) list[index] = mark;
        else if (_random.Next(5) == 0) ((JsonObject)owner)[Value() + "x"] = mark;
        else ((JsonObject)owner)[name!] = mark;
    }

    private static IEnumerable<(JsonNode Owner, string? Name, int Index)> Places(JsonNode node) => node switch
    {
        JsonObject o => o.ToArray()
            .SelectMany(p => ((IEnumerable<(JsonNode, string?, int)>)[(o, p.Key, 0)]).Concat(p.Value is null ? [] : Places(p.Value))),
        JsonArray a => a.ToArray().Index().SelectMany(
            p => ((IEnumerable<(JsonNode, string?, int)>)[(a, null, p.Index)]).Concat(p.Item is null ? [] : Places(p.Item))),
        _ => [],
    };

    private bool Rarely() => _random.Next(20) == 0;

    private bool Sometimes() => _random.Next(2) == 0;

    private string Value() => Pick(Values);

    private string Long() => new(Pick((char[])['a', '漢', '%', '+', '\ud83d']), Pick((int[])[129, 256, 2049, 9000]));

    private static string Huge() => "\"" + new string('a', RequestBody.MaxBytes) + "\"";

    private static string Deep(string text, int times = 1000) => string.Concat(Enumerable.Repeat(text, times));

    private static string WellFormed(string text) => Encoding.UTF8.GetString(Encoding.UTF8.GetBytes(text));

    private static string Cut(string? text) => text is { Length: > 300 } ? text[..300] + $"… ({text.Length})" : text ?? "";

    private T Pick<T>(IReadOnlyList<T> from) => from[_random.Next(from.Count)];
}
