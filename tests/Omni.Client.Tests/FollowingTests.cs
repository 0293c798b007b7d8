namespace Omni.Client.Tests;

/// <summary>Waiting for a status, and reading the feed.</summary>
public sealed class FollowingTests
{
    private static Func<HttpResponseMessage> Status(string status, bool final, string version) => StubApi.Json(
        200,
        $$"""
        {"id":"msg_1","status":"{{status}}","contradicted":false,"updatedAt":"2026-01-31T08:00:00Z","final":{{(final ? "true" : "false")}}}
        """,
        ("ETag", $"\"{version}\""));

    private static Func<HttpResponseMessage> Whole(string status) => StubApi.Json(200, $$"""
        {"id":"msg_1","direction":"outbound","status":"{{status}}","final":true,"contradicted":false,
         "carrier":"twilio","to":"+1","from":"+2","content":{"type":"text","body":"Hello"},"conversationId":"ses_1",
         "createdAt":"2026-01-31T08:00:00Z","updatedAt":"2026-01-31T08:00:00Z",
         "links":{"self":"/a","status":"/b","timeline":"/c"} }
        """);

    private static Func<HttpResponseMessage> Events(string next, params string[] ids) => StubApi.Json(
        200,
        $$"""
        {"data":[{{string.Join(',', ids.Select(id => $$"""
            {"id":"{{id}}","type":"message.sent","timestamp":"2026-01-31T08:00:00Z","tenant":"default","data":{} }
            """))}}],"nextCursor":"{{next}}"}
        """);

    public static TheoryData<string, string, bool, bool> Ends() => new()
    {
        { "delivered", "delivered", true, true },
        { "delivered", "read", true, true }, // higher
        { "sent", "delivered", true, true },
        { "delivered", "failed", true, true }, // it cannot come any more
        { "read", "undelivered", true, true },
        { "read", "delivered", true, false }, // it may still be read
        { "delivered", "sent", false, false },
        { "sent", "sending", false, false },
    };

    [Theory, MemberData(nameof(Ends))]
    public async Task Waiting_ends_when_the_status_has_come_or_cannot_come(string wanted, string status, bool final, bool ends)
    {
        var (api, clock) = (new StubApi(Status(status, final, "1"), Whole(status)), new Omni.Testing.VirtualClock());
        if (!ends) api = new(Status(status, final, "1"), Status("read", true, "2"), Whole("read"));
        using var omni = api.NewClient(clock);

        var message = await omni.Messages.WaitForAsync("msg_1", wanted, TimeSpan.FromMinutes(1));

        Assert.Equal(ends ? status : "read", message.Status);
        Assert.Equal(ends ? 2 : 3, api.Calls.Count);
        if (!ends) Assert.Equal(("\"1\"", "/api/v1/messages/msg_1/status?wait=20"), (api.Calls[1].IfNoneMatch, api.Calls[1].Path));
    }

    [Fact]
    public async Task Waiting_ends_when_time_is_over_and_leaves_the_API_alone_meanwhile()
    {
        var (same, clock) = (StubApi.Json(304, "", ("ETag", "\"1\""), ("Retry-After", "5")), new Omni.Testing.VirtualClock());
        var api = new StubApi(Status("sent", false, "1"), same, same, same, Whole("sent"));
        using var omni = api.NewClient(clock);
        var begun = clock.GetUtcNow();

        Assert.Equal("sent", (await omni.Messages.WaitForAsync("msg_1", "delivered", TimeSpan.FromSeconds(12))).Status);

        Assert.Equal(TimeSpan.FromSeconds(15), clock.GetUtcNow() - begun);
        Assert.Equal(["", "?wait=12", "?wait=7", "?wait=2", ""], api.Calls.Select(call => call.Url.Query));
    }

    [Fact]
    public async Task The_feed_goes_on_from_its_cursors_over_quiet_and_faults()
    {
        var fault = StubApi.Problem(503, "busy", ("Retry-After", "1"));
        var api = new StubApi(
            [Events("c1"), Events("c2", "evt_1", "evt_2"), Events("c3"), .. Enumerable.Repeat(fault, 9), Events("c4", "evt_3")]);
        using var omni = api.NewClient();

        List<(string, string?)> read = [];
        await foreach (var one in omni.Events.ReadAsync())
        {
            read.Add((one.Id, one.Cursor));
            if (read.Count == 3) break;
        }

        // Whoever stops at the first of a page reads the page again; at the last, the next.
        Assert.Equal([("evt_1", "c1"), ("evt_2", "c2"), ("evt_3", "c4")], read);
        Assert.Equal("/api/v1/events?after=latest", api.Calls[0].Path); // held before it waits
        Assert.Equal(["c1", "c2", "c3"], api.Calls.Skip(1).Select(call => call.Url.Query.Split("after=")[1].Split('&')[0]).Distinct());
        Assert.All(api.Calls.Skip(1), call => Assert.EndsWith("&wait=20", call.Path));
    }

    [Fact]
    public async Task A_cursor_that_is_too_old_ends_the_feed()
    {
        using var omni = new StubApi(StubApi.Problem(410, "cursor_expired")).NewClient();

        var problem = await Assert.ThrowsAsync<OmniException>(async () =>
        {
            await foreach (var _ in omni.Events.ReadAsync("old")) Assert.Fail("There is nothing to read.");
        });

        Assert.Equal(ProblemCode.CursorExpired, problem.Code);
    }

    [Fact]
    public async Task A_list_goes_on_over_empty_pages_to_the_last()
    {
        var api = new StubApi(
            StubApi.Json(200, """{"data":[],"nextCursor":"a b"}"""),
            StubApi.Json(200, """{"data":[{"address":"+1","optedOut":true,"scope":"everything","at":"2026-01-31T08:00:00Z"}]}"""));
        using var omni = api.NewClient();

        List<Consent> all = [];
        await foreach (var one in omni.Consents.List(limit: 1)) all.Add(one);

        Assert.Single(all);
        Assert.Equal(["?limit=1", "?limit=1&cursor=a%20b"], api.Calls.Select(call => call.Url.Query));
    }
}
