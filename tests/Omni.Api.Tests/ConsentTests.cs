using Omni.Shared;

namespace Omni.Api.Tests;

/// <summary>What people said about being written to, as clients read and record it.</summary>
public sealed class ConsentTests
{
    private const string Path = "/api/v1/consents/+14155550123";

    private static readonly Address Person = Address.Phone("+14155550123"),
        Ours = Address.Phone("+12065550100"),
        Else = new(AddressType.ShortCode, "12345");

    private readonly TestApi _api = new();

    [Fact]
    public async Task An_opt_out_is_the_record_that_a_STOP_makes_and_a_send_finds_it()
    {
        var reply = await PutAsync("""{"evidence":"letter"}""");

        Assert.Equal((200, "+14155550123", "True"), (reply.Status, reply["address"], reply["applied"]));
        Assert.Equal(
            """[{"address":"+14155550123","optedOut":true,"scope":"everything","at":"2026-03-14T12:00:00.123Z","evidence":"letter"}]""",
            reply["data"]);
        Assert.True(await _api.Consents.IsOptedOutAsync(Defaults.Tenant, Person, Ours));
        Assert.False(await _api.Consents.IsOptedOutAsync("another", Person, Ours));
        Assert.Equal(reply["data"], (await _api.GetAsync(Path))["data"]);
    }

    [Theory]
    [InlineData("""{"sender":"+12065550100"}""", true, false)]
    [InlineData("""{"sender":{"type":"shortCode","value":"12345"}}""", false, true)]
    [InlineData("""{"sender":"12345"}""", false, true)]
    [InlineData("""{"scope":"marketing"}""", false, false)]
    [InlineData("""{"scope":"everything"}""", true, true)]
    [InlineData("{}", true, true)]
    public async Task It_holds_for_the_sender_and_the_scope_that_are_named(string body, bool ours, bool elses)
    {
        await PutAsync(body);

        Assert.Equal(
            (ours, elses),
            (await _api.Consents.IsOptedOutAsync(Defaults.Tenant, Person, Ours),
                await _api.Consents.IsOptedOutAsync(Defaults.Tenant, Person, Else)));
    }

    /// <summary>What is recorded, at which second before now, how it ends, and whether the last record of them holds.</summary>
    [Theory]
    [InlineData("out3", true, true)]
    [InlineData("out3 in2", false, true)]
    [InlineData("in2 out3", false, false)]
    [InlineData("out2 in3", true, false)]
    [InlineData("in3 out3", true, true)]
    [InlineData("out3 in3", true, false)]
    [InlineData("out3 in2 out1", true, true)]
    public async Task The_latest_word_wins_whoever_tells_it_first(string said, bool isOut, bool applied)
    {
        Reply? last = null;
        foreach (var word in said.Split(' '))
        {
            var at = TestApi.Noon.AddSeconds('0' - word[^1]).ToString("O");
            last = word[0] == 'o'
                ? await PutAsync($$"""{"at":"{{at}}"}""")
                : await _api.CallAsync("DELETE", $"{Path}?at={at.Replace("+", "%2B")}");
        }

        Assert.Equal((200, applied.ToString()), (last!.Status, last["applied"]));
        Assert.Equal(isOut, await _api.Consents.IsOptedOutAsync(Defaults.Tenant, Person, Ours));
    }

    [Theory]
    [InlineData("", false, false)]
    [InlineData("?sender=%2B12065550100", true, true)] // what was said to all stands
    [InlineData("?scope=marketing", true, true)]
    public async Task An_opt_in_to_all_senders_is_one_to_each_of_them(string query, bool ours, bool elses)
    {
        await PutAsync("{}");
        await PutAsync("""{"sender":"+12065550100"}""");
        _api.Clock.Advance(TimeSpan.FromSeconds(1));

        Assert.Equal(200, (await _api.CallAsync("DELETE", Path + query)).Status);

        Assert.Equal(
            (ours, elses),
            (await _api.Consents.IsOptedOutAsync(Defaults.Tenant, Person, Ours),
                await _api.Consents.IsOptedOutAsync(Defaults.Tenant, Person, Else)));
    }

    [Fact]
    public async Task An_opt_in_of_one_whom_nobody_heard_of_outlives_an_older_STOP()
    {
        await _api.CallAsync("DELETE", Path + "?evidence=signed%20form");

        Assert.False(await _api.Consents.RecordAsync(
            Defaults.Tenant, Person, ours: null, optedOut: true, TestApi.Noon.AddMinutes(-1), "STOP"));
        Assert.False(await _api.Consents.IsOptedOutAsync(Defaults.Tenant, Person, Ours));
        Assert.Equal("signed form", (await _api.GetAsync(Path)).Json.GetProperty("data")[0].GetProperty("evidence").GetString());
    }

    [Fact]
    public async Task It_holds_for_every_address_of_the_person()
    {
        var user = new Address(AddressType.WhatsappUserId, "NL.8841ab");
        _api.Activate(_api.StoreSession("whatsapp", Person, more: ("ln", user.Key)), TestApi.Noon);
        _api.StoreSession("whatsapp", user, more: ("ln", Person.Key));

        await PutAsync("{}");
        Assert.True(await _api.Consents.IsOptedOutAsync(Defaults.Tenant, user, Ours));
        Assert.Single((await _api.GetAsync("/api/v1/consents/whatsappUserId:NL.8841ab")).Json.GetProperty("data").EnumerateArray());

        _api.Clock.Advance(TimeSpan.FromSeconds(1));
        await _api.CallAsync("DELETE", Path);
        Assert.False(await _api.Consents.IsOptedOutAsync(Defaults.Tenant, user, Ours));
    }

    [Theory]
    [InlineData("""{"at":"2026-03-14T12:00:00.124Z"}""", "at in_future")]
    [InlineData("""{"at":"yesterday"}""", "at invalid_value")]
    [InlineData("""{"scope":"all"}""", "scope invalid_value")]
    [InlineData("""{"sender":"nobody at all"}""", "sender invalid_address")]
    [InlineData("""{"sender":5}""", "sender wrong_type")]
    [InlineData("""{"evidence":""}""", "evidence invalid_length")]
    [InlineData("""{"optedOut":false,"at":"2027-01-01T00:00:00Z"}""", "at in_future, optedOut unknown_field")]
    [InlineData("[]", "$ wrong_type")]
    public async Task A_record_that_cannot_be_is_refused(string body, string errors)
    {
        var reply = await PutAsync(body);

        Assert.Equal((400, "invalid_request"), (reply.Status, reply["code"]));
        Assert.Equal(errors, string.Join(", ", reply.Errors));
        Assert.Empty((await _api.GetAsync(Path)).Json.GetProperty("data").EnumerateArray());
    }

    [Theory]
    [InlineData("DELETE", Path + "?at=2026-03-14T12:00:00.124Z", "at in_future")]
    [InlineData("DELETE", Path + "?scope=all&sender=nobody%20at%20all", "sender invalid_value, scope invalid_value")]
    [InlineData("DELETE", Path + "?evidence=", "evidence invalid_length")]
    [InlineData("DELETE", "/api/v1/consents/nobody%20at%20all", "address invalid_address")]
    [InlineData("GET", "/api/v1/consents/nobody%20at%20all", "address invalid_address")]
    [InlineData("GET", "/api/v1/consents?optedOut=perhaps&scope=all", "optedOut invalid_value, scope invalid_value")]
    [InlineData("GET", "/api/v1/consents?limit=0", "limit invalid_value")]
    public async Task Parameters_that_cannot_be_are_refused(string method, string path, string errors)
    {
        var reply = await _api.CallAsync(method, path);

        Assert.Equal((400, "invalid_parameter", errors), (reply.Status, reply["code"], string.Join(", ", reply.Errors)));
    }

    [Theory]
    [InlineData("", "4 3 2 1 0")]
    [InlineData("&optedOut=true", "4 2 1 0")]
    [InlineData("&optedOut=false", "3")]
    [InlineData("&sender=12345", "2")]
    [InlineData("&scope=marketing", "1")]
    [InlineData("&scope=everything&optedOut=true", "4 2 0")]
    public async Task A_list_gives_each_record_once_the_newest_first(string filter, string expected)
    {
        for (var i = 0; i < 5; i++)
        {
            await _api.Consents.RecordAsync(
                Defaults.Tenant,
                Address.Phone($"+1415556000{i}"),
                i == 2 ? Else : null,
                optedOut: i != 3,
                TestApi.Noon.AddMinutes(i - 10),
                "STOP",
                i == 1 ? ConsentScope.Marketing : ConsentScope.Everything);
        }

        await _api.Consents.RecordAsync("another", Person, null, optedOut: true, TestApi.Noon.AddMinutes(-1), "STOP");

        foreach (var limit in (int[])[1, 2, 100])
            Assert.Equal(expected, string.Join(' ', (await AllAsync($"limit={limit}{filter}")).Select(address => address[^1])));
    }

    [Fact]
    public async Task Records_of_one_moment_are_listed_once_each_and_cursors_name_nobody()
    {
        for (var i = 0; i < 25; i++)
        {
            await _api.Consents.RecordAsync(
                Defaults.Tenant, Address.Phone($"+14155560{i:000}"), null, optedOut: true, TestApi.Noon, "STOP");
        }

        var cursor = (await _api.GetAsync("/api/v1/consents?limit=1"))["nextCursor"]!;

        Assert.Equal(25, (await AllAsync("limit=3")).Distinct().Count());
        Assert.DoesNotContain("4155560", System.Text.Encoding.UTF8.GetString(System.Buffers.Text.Base64Url.DecodeFromChars(cursor)));
        Assert.Equal("invalid_cursor", (await _api.GetAsync($"/api/v1/consents?optedOut=true&cursor={cursor}"))["code"]);
    }

    [Theory]
    [InlineData("GET", "/api/v1/consents", "consents:read")]
    [InlineData("GET", Path, "consents:read")]
    [InlineData("PUT", Path, "consents:write")]
    [InlineData("DELETE", Path, "consents:write")]
    public async Task It_takes_the_right_to(string method, string path, string scope)
    {
        var reply = await _api.CallAsync(method, path, TestApi.ReadOnlyKey, method == "PUT" ? "{}" : null);

        Assert.Equal((403, "insufficient_scope"), (reply.Status, reply["code"]));
        Assert.Contains(scope, reply["detail"]);
        Assert.False(await _api.Consents.IsOptedOutAsync(Defaults.Tenant, Person, Ours));
    }

    private Task<Reply> PutAsync(string body) => _api.CallAsync("PUT", Path, body: body);

    private async Task<List<string>> AllAsync(string query)
    {
        var addresses = new List<string>();
        for (var cursor = ""; ;)
        {
            var page = await _api.GetAsync($"/api/v1/consents?{query}{cursor}");
            Assert.Equal(200, page.Status);
            addresses.AddRange(page.Json.GetProperty("data").EnumerateArray().Select(item => item.GetProperty("address").GetString()!));
            if (page["nextCursor"] is not { } next) return addresses;
            cursor = "&cursor=" + next;
        }
    }
}
