using System.Text.Json;
using Omni.Aws;

namespace Omni.Api.Tests;

/// <summary>The keys of the API, as those who hold one look after them, and the first one.</summary>
public sealed class KeyTests
{
    private const string Path = "/api/v1/keys";

    private readonly TestApi _api = new();

    [Fact]
    public async Task A_new_key_is_shown_once_and_opens_what_its_scopes_say()
    {
        var made = await CreateAsync(new { name = "The shop", scopes = new[] { "messages:read" } });

        Assert.Equal((201, "The shop", "default", "active"), (made.Status, made["name"], made["tenant"], made["state"]));
        Assert.Equal(("key_1", "[\"messages:read\"]", null), (made["createdBy"], made["scopes"], made["lastUsedOn"]));
        var key = made["key"]!;
        Assert.Matches("^omni_[0-9a-f]{64}$", key);
        Assert.Equal(200, (await _api.GetAsync("/api/v1/messages", key)).Status);
        Assert.Equal("insufficient_scope", (await _api.SendAsync(key: key))["code"]);

        var listed = await ListedAsync(made["id"]!);
        Assert.Equal("2026-03-14", listed.GetProperty("lastUsedOn").GetString());
        Assert.False(listed.TryGetProperty("key", out _));
        Assert.DoesNotContain(key["omni_".Length..], _api.LogLines.ToString());
        Assert.DoesNotContain(_api.Tables.Items("control"), item => item.Values.Any(value => value.S?.Contains(key) == true));
    }

    [Theory]
    [InlineData("""{}""", "name required", "scopes required")]
    [InlineData("""[]""", "$ wrong_type")]
    [InlineData("""{"name":"","scopes":[]}""", "name invalid_length", "scopes invalid_length")]
    [InlineData("""{"name":5,"scopes":"messages:read"}""", "name wrong_type", "scopes wrong_type")]
    [InlineData("""{"name":"a","scopes":["messages:read","messages:erase"]}""", "scopes[1] invalid_value")]
    [InlineData("""{"name":"a","scopes":["messages:read"],"expiresAt":"2026-03-14T12:00:00Z"}""", "expiresAt not_in_future")]
    [InlineData("""{"name":"a","scopes":["messages:read"],"expiresAt":"tomorrow"}""", "expiresAt invalid_value")]
    [InlineData("""{"name":"a","scopes":["messages:read"],"tenant":"another"}""", "tenant unknown_field")]
    public async Task What_is_wrong_is_refused_and_named(string body, params string[] errors)
    {
        var reply = await _api.CallAsync("POST", Path, body: body);

        Assert.Equal((400, "invalid_request"), (reply.Status, reply["code"]));
        Assert.Equal(errors.Order(), reply.Errors.Order());
    }

    [Fact]
    public async Task A_key_makes_none_that_may_more_than_itself()
    {
        var clerk = (await CreateAsync(new { name = "Clerk", scopes = new[] { "keys:write", "messages:read" } }))["key"]!;

        var refused = await CreateAsync(new { name = "More", scopes = new[] { "messages:read", "messages:write" } }, clerk);

        Assert.Equal((403, "insufficient_scope"), (refused.Status, refused["code"]));
        Assert.Equal(["scopes[1] not_yours"], refused.Errors);
        Assert.Equal(201, (await CreateAsync(new { name = "Less", scopes = new[] { "messages:read" } }, clerk)).Status);
    }

    [Fact]
    public async Task A_deleted_key_stops_within_a_minute_and_is_told_so_for_ninety_days()
    {
        var made = await CreateAsync(new { name = "The shop", scopes = new[] { "messages:read" } });
        var key = made["key"]!;
        var other = new TestProcess(_api);
        Assert.NotNull(await other.Keys.FindAsync(key));

        Assert.Equal(204, (await _api.CallAsync("DELETE", $"{Path}/{made["id"]}")).Status);

        var refused = await _api.GetAsync("/api/v1/messages", key);
        Assert.Equal((401, "key_deleted"), (refused.Status, refused["code"]));
        Assert.Contains($"{made["id"]} was deleted at 2026-03-14T12:00:00Z", refused["detail"]);
        Assert.Equal("Bearer realm=\"omni\", error=\"invalid_token\"", refused.Header("WWW-Authenticate"));
        Assert.Equal("key_not_found", (await _api.CallAsync("DELETE", $"{Path}/{made["id"]}"))["code"]);
        Assert.DoesNotContain(made["id"]!, (await _api.GetAsync(Path)).Text);

        // A process that had it in memory lets it go a minute after it looked.
        _api.Clock.Advance(ApiKeyStore.Kept);
        Assert.NotNull((await other.Keys.FindAsync(key))!.DeletedAt);
        _api.Clock.Advance(TimeSpan.FromDays(89));
        _api.Tables.Expire(_api.Clock.GetUtcNow());
        Assert.Equal("key_deleted", (await _api.GetAsync("/api/v1/messages", key))["code"]);
        _api.Clock.Advance(TimeSpan.FromDays(2));
        _api.Tables.Expire(_api.Clock.GetUtcNow());
        Assert.Equal("unauthorized", (await _api.GetAsync("/api/v1/messages", key))["code"]);
    }

    [Fact]
    public async Task A_key_expires_to_the_moment_and_is_told_so_for_ninety_days()
    {
        var made = await CreateAsync(
            new { name = "The shop", scopes = new[] { "messages:read" }, expiresAt = "2026-03-14T12:00:30Z" });
        var key = made["key"]!;
        Assert.Equal(200, (await _api.GetAsync("/api/v1/messages", key)).Status);

        _api.Clock.Advance(TimeSpan.FromSeconds(30));

        var refused = await _api.GetAsync("/api/v1/messages", key);
        Assert.Equal((401, "key_expired"), (refused.Status, refused["code"]));
        Assert.Contains("expired at 2026-03-14T12:00:30Z", refused["detail"]);
        Assert.Equal("expired", (await ListedAsync(made["id"]!)).GetProperty("state").GetString());
        _api.Clock.Advance(TimeSpan.FromDays(91));
        _api.Tables.Expire(_api.Clock.GetUtcNow());
        Assert.Equal("unauthorized", (await _api.GetAsync("/api/v1/messages", key))["code"]);
        Assert.DoesNotContain(made["id"]!, (await _api.GetAsync(Path)).Text);
    }

    [Fact]
    public async Task The_day_of_the_last_use_is_written_once_a_day_by_all_processes_together()
    {
        var key = (await CreateAsync(new { name = "The shop", scopes = new[] { "messages:read" } }))["key"]!;
        _api.Tables.Forget();

        foreach (var process in (TestProcess[])[new(_api), new(_api), new(_api)])
        {
            for (var minute = 0; minute < 3; minute++)
            {
                await process.Keys.FindAsync(key);
                _api.Clock.Advance(TimeSpan.FromMinutes(1));
            }
        }

        Assert.Equal(1, _api.Tables.Calls.Count(call => call == "UpdateItem"));
        _api.Clock.Advance(TimeSpan.FromDays(1));
        await new TestProcess(_api).Keys.FindAsync(key);
        Assert.Equal(2, _api.Tables.Calls.Count(call => call == "UpdateItem"));
    }

    [Fact]
    public async Task A_day_that_cannot_be_noted_refuses_nobody()
    {
        var key = (await CreateAsync(new { name = "The shop", scopes = new[] { "messages:read" } }))["key"]!;
        _api.Tables.Before = call =>
        {
            if (call == "UpdateItem") throw new HttpRequestException();
        };

        Assert.NotNull(await new TestProcess(_api).Keys.FindAsync(key));
    }

    [Fact]
    public async Task A_key_that_was_written_by_hand_works_and_is_listed_from_its_first_use_on()
    {
        // SHA-256 of omni_by-hand
        var hash = Convert.ToHexStringLower(System.Security.Cryptography.SHA256.HashData("omni_by-hand"u8));
        await _api.Tables.Client.UpdateItemAsync(new()
        {
            TableName = "control",
            Key = new() { ["pk"] = new($"key#{hash}"), ["sk"] = new("*") },
            UpdateExpression = "SET #i = :i, #n = :n, #t = :t, #s = :s",
            ExpressionAttributeNames = new() { ["#i"] = "id", ["#n"] = "nm", ["#t"] = "tn", ["#s"] = "sc" },
            ExpressionAttributeValues = new()
            {
                [":i"] = new("key_abcdef01"), [":n"] = new("First key"), [":t"] = new("default"), [":s"] = new(["messages:read"]),
            },
        });

        Assert.Equal(200, (await _api.GetAsync("/api/v1/messages", "omni_by-hand")).Status);

        Assert.Equal("First key", (await ListedAsync("key_abcdef01")).GetProperty("name").GetString());
        Assert.Equal(204, (await _api.CallAsync("DELETE", $"{Path}/key_abcdef01")).Status);
        Assert.Equal("key_deleted", (await _api.GetAsync("/api/v1/messages", "omni_by-hand"))["code"]);
    }

    [Fact]
    public async Task There_are_at_most_a_hundred()
    {
        for (var known = (await _api.GetAsync(Path)).Json.GetProperty("data").GetArrayLength(); known < 100; known++)
            Assert.Equal(201, (await CreateAsync(new { name = "One more", scopes = new[] { "messages:read" } })).Status);

        var refused = await CreateAsync(new { name = "One more", scopes = new[] { "messages:read" } });
        Assert.Equal((409, "too_many_keys"), (refused.Status, refused["code"]));
    }

    [Theory]
    [InlineData("""{}""", "default", "First key")]
    [InlineData("""{"tenant":"acme","name":"Acme's first"}""", "acme", "Acme's first")]
    public async Task Who_may_invoke_the_function_makes_the_first_key_of_a_tenant(string wish, string tenant, string name)
    {
        var made = await InvokeAsync(wish);

        Assert.Equal((201, tenant, name, null), (made.Status, made["tenant"], made["name"], made["createdBy"]));
        Assert.Equal(
            Scopes.Of(tenant).Order(StringComparer.Ordinal),
            made.Json.GetProperty("scopes").EnumerateArray().Select(s => s.GetString()));
        Assert.Equal(tenant, (await _api.Keys.FindAsync(made["key"]!))!.Tenant);
        Assert.DoesNotContain(made["key"]!["omni_".Length..], _api.LogLines.ToString());
    }

    [Fact]
    public async Task A_first_key_has_the_scopes_and_the_end_that_are_asked_for()
    {
        var made = await InvokeAsync("""{"scopes":["keys:write"],"expiresAt":"2026-03-15T00:00:00Z"}""");

        Assert.Equal(("[\"keys:write\"]", "2026-03-15T00:00:00.000Z"), (made["scopes"], made["expiresAt"]));
    }

    [Theory]
    [InlineData("true", "$ wrong_type")]
    [InlineData("""{"tenant":"Acme"}""", "tenant invalid_value")]
    [InlineData("""{"tenant":"a#b"}""", "tenant invalid_value")]
    [InlineData("""{"tenant":"-a"}""", "tenant invalid_value")]
    [InlineData("""{"tenant":"a23456789012345678901234567890123"}""", "tenant invalid_value")]
    [InlineData("""{"scopes":["everything"]}""", "scopes[0] invalid_value")]
    [InlineData("""{"key":"my-own"}""", "key unknown_field")]
    public async Task A_wish_that_is_wrong_is_refused_as_a_request_is(string wish, string error)
    {
        var refused = await InvokeAsync(wish);

        Assert.Equal((400, "invalid_request"), (refused.Status, refused["code"]));
        Assert.Equal([error], refused.Errors);
    }

    [Fact]
    public async Task Nothing_that_comes_through_the_gateway_makes_a_first_key()
    {
        using var wish = JsonDocument.Parse("{}");
        var events = new ApiEvent[]
        {
            new() { RawPath = "/api/v1/keys", RequestContext = new() { Http = new() { Method = "POST", Path = "/api/v1/keys" } } },
            new() { RawPath = "/", RequestContext = new() { Http = new() { Method = "GET", Path = "/" } } },
        };
        foreach (var call in events)
        {
            // The gateway has no such member; and if it had, it would still not be who invokes the function.
            call.Bootstrap = wish.RootElement;
            call.Body = """{"bootstrap":{}}""";
            Assert.InRange((await _api.InvokeAsync(call)).Status, 401, 404);
        }

        Assert.Equal(401, (await _api.CallAsync("POST", Path, key: null, """{"bootstrap":{}}""")).Status);
        Assert.Equal(["bootstrap unknown_field", "name required", "scopes required"], (await _api.CallAsync(
            "POST", Path, body: """{"bootstrap":{}}""")).Errors.Order());
    }

    private async Task<Reply> InvokeAsync(string wish)
    {
        using var json = JsonDocument.Parse(wish);
        return await _api.InvokeAsync(new() { Bootstrap = json.RootElement });
    }

    private Task<Reply> CreateAsync(object body, string key = TestApi.Key) =>
        _api.CallAsync("POST", Path, key, JsonSerializer.Serialize(body));

    private async Task<JsonElement> ListedAsync(string id) =>
        (await _api.GetAsync(Path)).Json.GetProperty("data").EnumerateArray().Single(key => key.GetProperty("id").GetString() == id);

    /// <summary>Another process of the API.</summary>
    private sealed class TestProcess(TestApi api)
    {
        public ApiKeyStore Keys { get; } = new(api.Tables.Client, "control", api.Clock);
    }
}
