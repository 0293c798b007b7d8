using System.Net;
using System.Text.Json;
using Omni.Aws;
using Omni.Shared;

namespace Omni.Api.Tests;

/// <summary>Webhook endpoints, as their clients handle them.</summary>
public sealed class EndpointTests
{
    private const string Path = "/api/v1/webhook-endpoints";
    private const string Url = "https://shop.example/omni";

    private static readonly JsonElement[] Refused =
        [.. JsonDocument.Parse(File.ReadAllText("Fixtures/refused-endpoints.json")).RootElement.EnumerateArray()];

    private readonly TestApi _api = new();

    public static TheoryData<string> Names() => [.. Refused.Select(c => c.GetProperty("name").GetString()!)];

    [Theory, MemberData(nameof(Names))]
    public async Task What_is_wrong_is_refused_and_named(string name)
    {
        var wrong = Refused.Single(c => c.GetProperty("name").GetString() == name);
        var id = await CreateAsync();

        var reply = await CallAsync(
            wrong.GetProperty("method").GetString()!,
            wrong.GetProperty("path").GetString()!.Replace("{id}", id, StringComparison.Ordinal),
            wrong.GetProperty("body").GetRawText());

        Assert.Equal((400, "invalid_request"), (reply.Status, reply["code"]));
        Assert.Equal(wrong.GetProperty("errors").EnumerateArray().Select(e => e.GetString()).Order(), reply.Errors.Order());
    }

    [Fact]
    public async Task A_new_endpoint_has_a_secret_that_is_shown_once_and_never_logged()
    {
        var made = await CallAsync("POST", "", Body(new
        {
            url = Url, types = new[] { "message.sent" }, carriers = new[] { "twilio" }, description = "The shop",
            headers = new Dictionary<string, string> { ["Authorization"] = "Bearer their-own" },
        }));

        Assert.Equal((201, $"{Path}/{made["id"]}", "enabled"), (made.Status, made.Header("Location"), made["state"]));
        var secret = made["secret"]!;
        Assert.Equal(32, Convert.FromBase64String(secret["whsec_".Length..]).Length);
        var read = await CallAsync("GET", $"/{made["id"]}");
        Assert.Equal("[\"Authorization\"]", read["headerNames"]);
        var listed = await CallAsync("GET", "");
        Assert.Equal(read.Text, listed.Json.GetProperty("data")[0].GetRawText());
        foreach (var text in (string[])[read.Text!, listed.Text!, _api.LogLines.ToString()])
        {
            Assert.DoesNotContain(secret["whsec_".Length..], text);
            Assert.DoesNotContain("their-own", text);
        }
    }

    [Fact]
    public async Task There_are_at_most_twenty_and_a_deleted_one_makes_room()
    {
        var id = "";
        for (var i = 0; i < 20; i++) id = await CreateAsync();

        var refused = await CallAsync("POST", "", Body(new { url = Url }));
        Assert.Equal((409, "too_many_endpoints"), (refused.Status, refused["code"]));

        Assert.Equal(204, (await CallAsync("DELETE", $"/{id}")).Status);
        Assert.Equal("endpoint_not_found", (await CallAsync("DELETE", $"/{id}"))["code"]);
        Assert.Equal(201, (await CallAsync("POST", "", Body(new { url = Url }))).Status);
        Assert.Equal(409, (await CallAsync("POST", "", Body(new { url = Url }))).Status);
    }

    [Theory]
    [InlineData("GET", "/{id}")]
    [InlineData("PATCH", "/{id}")]
    [InlineData("DELETE", "/{id}")]
    [InlineData("POST", "/{id}/test")]
    [InlineData("POST", "/{id}/rotate-secret")]
    [InlineData("POST", "/{id}/replay")]
    [InlineData("GET", "/{id}/attempts")]
    public async Task Another_tenants_endpoint_is_not_there(string method, string path)
    {
        var theirs = await StoreAsync(tenant: "another");
        var body = path.EndsWith("/replay", StringComparison.Ordinal)
            ? Body(new { from = "2026-03-14T11:00:00Z" })
            : method == "PATCH" ? Body(new { url = Url }) : null;

        foreach (var id in (string[])[theirs.Id, Ids.NewEndpoint(), "whe_1", "msg_1"])
        {
            var reply = await CallAsync(method, path.Replace("{id}", id, StringComparison.Ordinal), body);
            Assert.Equal((404, "endpoint_not_found"), (reply.Status, reply["code"]));
        }

        Assert.Equal(theirs.Url, (await _api.Endpoints.Endpoints.FindAsync("another", theirs.Id))!.Url);
        Assert.Empty((await CallAsync("GET", "")).Json.GetProperty("data").EnumerateArray());
    }

    [Fact]
    public async Task A_change_leaves_alone_what_it_does_not_name()
    {
        var id = await CreateAsync(new { url = Url, types = new[] { "message.sent" }, description = "The shop" });

        var changed = await CallAsync(
            "PATCH", $"/{id}", Body(new { types = Array.Empty<string>(), carriers = new[] { "twilio", "twilio" } }));

        Assert.Equal(
            (200, "[]", "[\"twilio\"]", "The shop"), (changed.Status, changed["types"], changed["carriers"], changed["description"]));
        Assert.Null((await CallAsync("PATCH", $"/{id}", Body(new { description = "" })))["description"]);
    }

    [Fact]
    public async Task A_test_is_posted_at_once_and_signed()
    {
        var id = await CreateAsync();
        HttpRequestMessage? call = null;
        _api.Endpoint = request =>
        {
            call = request;
            return new(HttpStatusCode.Accepted) { Content = new StringContent(new string('x', 2_000)) };
        };

        var reply = await CallAsync("POST", $"/{id}/test");

        Assert.Equal(("True", "202", 1024), (reply["succeeded"], reply["status"], reply["body"]!.Length));
        Assert.Equal(Url, call!.RequestUri!.AbsoluteUri);
        Assert.Equal(reply["eventId"], call.Headers.GetValues("webhook-id").Single());
        Assert.StartsWith("v1,", call.Headers.GetValues("webhook-signature").Single(), StringComparison.Ordinal);

        _api.Endpoint = _ => throw new HttpRequestException(HttpRequestError.NameResolutionError);
        var lost = await CallAsync("POST", $"/{id}/test");
        Assert.Equal(("False", "dns", null), (lost["succeeded"], lost["error"], lost["status"]));
    }

    [Fact]
    public async Task A_rotated_secret_signs_beside_the_one_before_for_a_day()
    {
        var made = await CallAsync("POST", "", Body(new { url = Url }));
        var path = $"/{made["id"]}/rotate-secret";

        var rotated = await CallAsync("POST", path);
        Assert.NotEqual(made["secret"], rotated["secret"]);
        Assert.Equal("2026-03-15T12:00:00.123Z", rotated["previousSecretUntil"]);
        Assert.Equal(2, await SignaturesAsync());

        _api.Clock.Advance(TimeSpan.FromHours(25));
        Assert.Equal(1, await SignaturesAsync());
        Assert.Null((await CallAsync("POST", path, Body(new { previousValidForSeconds = 0 })))["previousSecretUntil"]);
        Assert.Equal(1, await SignaturesAsync());

        async Task<int> SignaturesAsync()
        {
            var count = 0;
            _api.Endpoint = request =>
            {
                count = request.Headers.GetValues("webhook-signature").Single().Split(' ').Length;
                return new(HttpStatusCode.OK);
            };
            await CallAsync("POST", $"/{made["id"]}/test");
            return count;
        }
    }

    [Fact]
    public async Task An_endpoint_is_enabled_when_it_takes_a_test_and_not_again_within_ten_minutes()
    {
        var id = await CreateAsync();
        Assert.Equal(("disabled", "client"), State(await CallAsync("PATCH", $"/{id}", Body(new { state = "disabled" }))));
        _api.Endpoint = _ => new(HttpStatusCode.BadGateway);
        var refused = await CallAsync("PATCH", $"/{id}", Body(new { state = "enabled", url = "https://other.example/" }));
        Assert.Equal((409, "endpoint_not_answering"), (refused.Status, refused["code"]));
        Assert.Contains("502", refused["detail"]);
        Assert.Equal(Url, (await CallAsync("GET", $"/{id}"))["url"]); // nothing of it was done

        var hosts = new List<string>();
        _api.Endpoint = request =>
        {
            hosts.Add(request.RequestUri!.Host);
            return new(HttpStatusCode.OK);
        };
        var enabled = await CallAsync("PATCH", $"/{id}", Body(new { state = "enabled", url = "https://other.example/" }));
        Assert.Equal(("enabled", null), State(enabled));
        Assert.Equal(["other.example"], hosts);
        Assert.Equal(Enumerable.Range(0, 4).Select(lane => $"{id}#{lane}"), _api.Woken.Order());

        await CallAsync("PATCH", $"/{id}", Body(new { state = "disabled" }));
        _api.Clock.Advance(TimeSpan.FromMinutes(9));
        var again = await CallAsync("PATCH", $"/{id}", Body(new { state = "enabled" }));
        Assert.Equal((409, "enabled_recently", "60"), (again.Status, again["code"], again.Header("Retry-After")));
        _api.Clock.Advance(TimeSpan.FromMinutes(1));
        Assert.Equal(200, (await CallAsync("PATCH", $"/{id}", Body(new { state = "enabled" }))).Status);
    }

    [Fact]
    public async Task An_endpoint_that_slept_too_long_goes_on_with_what_comes_only()
    {
        var id = await CreateAsync();
        await CallAsync("PATCH", $"/{id}", Body(new { state = "disabled" }));
        await HappenAsync();
        _api.Clock.Advance(TimeSpan.FromDays(9));
        _api.EndpointTables.Expire(_api.Clock.GetUtcNow());
        await HappenAsync();

        var refused = await CallAsync("PATCH", $"/{id}", Body(new { state = "enabled" }));
        Assert.Equal((409, "position_expired"), (refused.Status, refused["code"]));
        Assert.Contains("2026-03-16T12:00:00.123Z", refused["detail"]);
        var replay = await CallAsync("POST", $"/{id}/replay", Body(new { from = "2026-03-15T00:00:00Z" }));
        Assert.Equal((409, "position_expired"), (replay.Status, replay["code"]));

        Assert.Equal(200, (await CallAsync("PATCH", $"/{id}", Body(new { state = "enabled", from = "latest" }))).Status);
        foreach (var position in await _api.Endpoints.Positions.ListAsync("default", id))
            Assert.Empty((await _api.Endpoints.Events.ReadAsync("default", position.Lane, position.At, 10)).Segments);
    }

    [Fact]
    public async Task A_replay_sets_positions_back_and_wakes()
    {
        var id = await CreateAsync();
        await HappenAsync();
        var from = _api.Clock.GetUtcNow();
        _api.Clock.Advance(TimeSpan.FromMinutes(1));
        await HappenAsync();
        _api.Clock.Advance(TimeSpan.FromMinutes(1));
        foreach (var position in await _api.Endpoints.Positions.ListAsync("default", id))
        {
            var end = await _api.Endpoints.Events.EndAsync("default", position.Lane);
            await _api.Endpoints.Positions.AdvanceAsync("default", id, position with { At = end });
        }

        Assert.Equal(202, (await CallAsync("POST", $"/{id}/replay", Body(new { from = from.AddSeconds(30) }))).Status);

        Assert.Equal(4, _api.Woken.Count);
        var lane = EventLanes.Of(EventOf(1));
        var set = await _api.Endpoints.Positions.FindAsync("default", id, lane);
        Assert.Equal(
            Enumerable.Range(1, 20).Select(EventOf).Count(e => EventLanes.Of(e) == lane),
            (await _api.Endpoints.Events.ReadAsync("default", lane, set!.At, 100)).Segments.Count);
    }

    [Fact]
    public async Task Attempts_are_listed_page_by_page()
    {
        var id = await CreateAsync();
        for (var i = 0; i < 5; i++)
        {
            await _api.Endpoints.Attempts.AddAsync("default", id, new()
            {
                EventId = $"evt_{i}", Type = "message.sent", At = TestApi.Noon.AddSeconds(i), Attempt = 1, Succeeded = i == 2, Status = 500,
                Latency = TimeSpan.FromMilliseconds(7), Next = TestApi.Noon.AddHours(1),
            });
        }

        var first = await CallAsync("GET", $"/{id}/attempts?limit=3");
        var rest = await CallAsync("GET", $"/{id}/attempts?limit=3&cursor={first["nextCursor"]}");

        Assert.Equal(["evt_2", "evt_4", "evt_3"], EventIds(first));
        Assert.Equal(["evt_1", "evt_0"], EventIds(rest));
        Assert.Equal("invalid_cursor", (await CallAsync("GET", $"/{id}/attempts?cursor=!"))["code"]);
    }

    public static TheoryData<string, string> Repeatable() => new()
    {
        { "", Body(new { url = Url }) },
        { "/{id}/test", "" },
        { "/{id}/rotate-secret", Body(new { previousValidForSeconds = 60 }) },
        { "/{id}/replay", Body(new { from = "2026-03-14T11:00:00Z" }) },
    };

    [Theory, MemberData(nameof(Repeatable))]
    public async Task The_same_request_under_the_same_key_is_done_once_and_another_is_refused(string path, string body)
    {
        var id = await CreateAsync();
        path = path.Replace("{id}", id, StringComparison.Ordinal);
        var tests = 0;
        _api.Endpoint = _ => new((HttpStatusCode)(200 + tests++));

        var first = await CallAsync("POST", path, body, "key-1");
        _api.Clock.Advance(TimeSpan.FromHours(23));
        var again = await CallAsync("POST", path, body, "key-1");
        var other = await CallAsync("POST", path, body + " ", "key-1");

        Assert.Null(first.Header("Idempotency-Replayed"));
        Assert.Equal(
            (first.Status, first.Text, first.Header("Location"), "true"),
            (again.Status, again.Text, again.Header("Location"), again.Header("Idempotency-Replayed")));
        Assert.Equal((422, "idempotency_key_reused"), (other.Status, other["code"]));
        Assert.InRange(tests, 0, 1);
        Assert.Equal(path.Length == 0 ? 2 : 1, (await CallAsync("GET", "")).Json.GetProperty("data").GetArrayLength());
        Assert.Equal(path.EndsWith("replay", StringComparison.Ordinal) ? 4 : 0, _api.Woken.Count);

        Assert.Equal(400, (await CallAsync("POST", path, body, " ")).Status);
        Assert.Null((await CallAsync("POST", path, body, "key-2")).Header("Idempotency-Replayed"));
        _api.Clock.Advance(TimeSpan.FromHours(2)); // TTL has not come by yet
        Assert.Null((await CallAsync("POST", path, body.Length == 0 ? "" : body + " ", "key-1")).Header("Idempotency-Replayed"));
    }

    [Fact]
    public async Task A_key_of_what_was_refused_is_free_again()
    {
        var refused = await CallAsync("POST", "", Body(new { url = "nowhere" }), "key-1");
        Assert.Equal("invalid_request", refused["code"]);

        Assert.Equal(201, (await CallAsync("POST", "", Body(new { url = Url }), "key-1")).Status);
    }

    [Fact]
    public async Task While_a_request_is_handled_the_same_waits_and_when_its_handler_died_it_is_taken_up()
    {
        var body = Body(new { url = Url });
        var claim = await _api.Endpoints.Answers.ClaimAsync("default", "key-1", Ids.Hash("POST", Path, "", body));
        Assert.IsType<KeyClaim.Taken>(claim);

        var early = await CallAsync("POST", "", body, "key-1");
        Assert.Equal((409, "request_in_progress", "1"), (early.Status, early["code"], early.Header("Retry-After")));

        _api.Clock.Advance(TimeSpan.FromSeconds(31));
        Assert.Equal(201, (await CallAsync("POST", "", body, "key-1")).Status);
    }

    [Theory]
    [InlineData("")]
    [InlineData("/{id}/rotate-secret")]
    public async Task Who_dies_between_the_deed_and_its_answer_has_done_it_once(string path)
    {
        var id = await CreateAsync();
        path = path.Replace("{id}", id, StringComparison.Ordinal);
        var body = path.Length == 0 ? Body(new { url = Url }) : "";
        var died = await CallAsync("POST", path, body, "key-1");
        await DieAsync();

        var again = await CallAsync("POST", path, body, "key-1");

        Assert.Null(again.Header("Idempotency-Replayed"));
        Assert.Equal((died["id"], died["secret"]), (again["id"], again["secret"]));
        Assert.Equal(path.Length == 0 ? 2 : 1, (await CallAsync("GET", "")).Json.GetProperty("data").GetArrayLength());
        Assert.Equal(died["previousSecretUntil"], again["previousSecretUntil"]);

        // As if the answer had not been kept.
        async Task DieAsync()
        {
            await _api.Endpoints.Dynamo.UpdateItemAsync(new()
            {
                TableName = "control",
                Key = new() { ["pk"] = new($"idem#default#{Ids.Hash("key-1")}"), ["sk"] = new("*") },
                UpdateExpression = "REMOVE #s, #b, #l",
                ExpressionAttributeNames = new() { ["#s"] = "st", ["#b"] = "b", ["#l"] = "lo" },
            });
            _api.Clock.Advance(TimeSpan.FromSeconds(31));
        }
    }

    [Fact]
    public async Task On_one_machine_an_endpoint_may_be_on_it()
    {
        var local = new TestApi(isLocal: true);

        foreach (var (url, status) in ((string, int)[])
            [("http://127.0.0.1:5000/", 201), ("http://localhost:5000/", 201), ("http://shop.example/", 400), ("https://10.0.0.1/", 400)])
            Assert.Equal(status, (await local.CallAsync("POST", Path, body: Body(new { url }))).Status);
    }

    private static string[] EventIds(Reply reply) =>
        [.. reply.Json.GetProperty("data").EnumerateArray().Select(attempt => attempt.GetProperty("eventId").GetString()!)];

    private static (string?, string?) State(Reply reply) => (reply["state"], reply["why"]);

    private static string Body(object body) => JsonSerializer.Serialize(body);

    private Task<Reply> CallAsync(string method, string path, string? body = null, string? idempotencyKey = null) => _api.CallAsync(
        method, Path + path, body: body, headers: idempotencyKey is null ? null : new() { ["idempotency-key"] = idempotencyKey });

    private async Task<string> CreateAsync(object? body = null) =>
        (await CallAsync("POST", "", Body(body ?? new { url = Url })))["id"] ?? throw new InvalidOperationException("It was refused.");

    private async Task<WebhookEndpoint> StoreAsync(string tenant)
    {
        var endpoint = new WebhookEndpoint
        {
            Id = Ids.NewEndpoint(), Tenant = tenant, Url = new(Url), Secret = StandardWebhooks.NewSecret(),
            Since = TestApi.Noon, CreatedAt = TestApi.Noon, UpdatedAt = TestApi.Noon,
        };
        await _api.Endpoints.Endpoints.CreateAsync(endpoint, []);
        return endpoint;
    }

    private async Task HappenAsync()
    {
        foreach (var e in Enumerable.Range(1, 20).Select(EventOf))
            await _api.Endpoints.Events.AppendAsync("default", EventLanes.Of(e), [e]);
    }

    private static ClientEvent EventOf(int conversation) => new()
    {
        Id = Ids.Event("msg_1", $"{conversation}"), Type = "message.sent", Timestamp = TestApi.Noon, Tenant = "default",
        Data = JsonDocument.Parse($$"""{"id":"msg_1","conversationId":"ses_{{conversation}}"}""").RootElement,
    };
}
