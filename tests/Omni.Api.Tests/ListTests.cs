using System.Buffers.Text;
using System.Text;
using System.Text.Json;
using Omni.Shared;

namespace Omni.Api.Tests;

public sealed class ListTests
{
    private readonly TestApi _api = new();

    [Theory]
    [InlineData(1)]
    [InlineData(7)]
    [InlineData(100)]
    public async Task Pages_give_every_message_exactly_once_newest_first(int limit)
    {
        // Over nine days, with several in one millisecond.
        var expected = Enumerable.Range(0, 130)
            .Select(i => _api.Store($"msg_{i:000}", TestApi.Noon.AddHours(-(i / 4) * 6.5)).Message)
            .OrderByDescending(m => m.CreatedAt).ThenByDescending(m => m.Id, StringComparer.Ordinal)
            .Select(m => m.Id)
            .ToList();

        Assert.Equal(expected, await AllAsync($"limit={limit}"));
    }

    [Theory]
    [InlineData("status=delivered", 5)]
    [InlineData("direction=inbound", 3)]
    [InlineData("to=+14155550199", 2)]
    [InlineData("to=%2B14155550199", 2)]
    [InlineData("to=phone:%2B14155550199", 2)]
    [InlineData("from=+12065550100&direction=outbound&carrier=twilio", 30)]
    [InlineData("carrier=bandwidth", 0)]
    [InlineData("clientReference=none", 0)]
    [InlineData("status=delivered&to=+14155550199", 0)]
    [InlineData("carrier=twilio&to=+14155550199&from=+12065550100&direction=outbound", 2)]
    public async Task Filters_leave_what_matches(string filter, int count)
    {
        for (var i = 0; i < 23; i++) _api.Store($"msg_a{i}", TestApi.Noon.AddMinutes(-i * 7));
        for (var i = 0; i < 5; i++) _api.Store($"msg_d{i}", TestApi.Noon.AddMinutes(-i * 20), rank: RankKey.Of(MessageStatus.Delivered));
        for (var i = 0; i < 3; i++) _api.Store($"msg_i{i}", TestApi.Noon.AddMinutes(-i * 30), direction: Direction.Inbound);
        for (var i = 0; i < 2; i++) _api.Store($"msg_t{i}", TestApi.Noon.AddMinutes(-i * 40), to: "+14155550199");

        Assert.Equal(count, (await AllAsync(filter + "&limit=3")).Count);
        Assert.Equal(count, (await AllAsync(filter + "&limit=100")).Count);
    }

    [Fact]
    public async Task A_conversation_is_listed_through_its_own_index()
    {
        for (var i = 0; i < 5; i++) _api.Store($"msg_{i}", TestApi.Noon.AddDays(-i), to: i % 2 == 0 ? "+14155550123" : "+14155550199");
        var conversation = (await _api.GetAsync("/api/v1/messages/msg_0"))["conversationId"];
        _api.Tables.Forget();

        Assert.Equal(["msg_0", "msg_2", "msg_4"], await AllAsync($"conversationId={conversation}"));
        Assert.Equal(["Query", "BatchGetItem"], _api.Tables.Calls);
    }

    [Fact]
    public async Task A_label_is_listed_through_its_own_index_alone()
    {
        var sent = new List<string>();
        for (var i = 0; i < 12; i++)
        {
            _api.Clock.Advance(TimeSpan.FromHours(5));
            sent.Insert(0, (await _api.SendAsync(new { label = i % 3 == 0 ? "spring #1" : "autumn" }))["id"]!);
        }

        string[] spring = [.. sent.Where((_, i) => (sent.Count - 1 - i) % 3 == 0)];
        _api.Tables.Forget();

        Assert.Equal(spring, await AllAsync("label=spring%20%231"));
        Assert.Equal(Defaults.ListShards + 1, _api.Tables.Calls.Count);
        Assert.Equal(spring, await AllAsync("label=spring%20%231&limit=2"));
        Assert.Equal(spring, await AllAsync("label=spring%20%231&carrier=twilio&to=+14155550123&from=+12065550100&direction=outbound"));
        Assert.Equal(spring[1..], await AllAsync("label=spring%20%231&createdBefore=2026-03-16T05:00:00Z"));
        Assert.Empty(await AllAsync("label=spring"));
        Assert.Equal("spring #1", (await _api.GetAsync($"/api/v1/messages/{spring[0]}"))["label"]);
        Assert.All((string[])["label=", $"label={new string('l', 65)}"], query =>
            Assert.Equal("invalid_parameter", _api.GetAsync("/api/v1/messages?" + query).Result["code"]));
    }

    [Fact]
    public async Task Another_tenants_messages_are_never_listed()
    {
        var theirs = _api.Store("msg_1", tenant: "another").Message;

        Assert.Empty(await AllAsync("limit=5"));
        Assert.Empty(await AllAsync($"conversationId={theirs.ConversationId}"));
    }

    [Fact]
    public async Task Two_ranges_side_by_side_share_nothing_and_miss_nothing()
    {
        for (var i = 0; i < 6; i++) _api.Store($"msg_{i}", TestApi.Noon.AddHours(-i));

        Assert.Equal(["msg_0", "msg_1", "msg_2"], await AllAsync("createdAfter=2026-03-14T10:00:00.123Z"));
        Assert.Equal(["msg_3", "msg_4", "msg_5"], await AllAsync("createdBefore=2026-03-14T10:00:00.123Z"));
        Assert.Empty(await AllAsync("createdAfter=2026-03-15T00:00:00Z"));
        Assert.Empty(await AllAsync("createdAfter=2026-03-14T00:00:00Z&createdBefore=2026-03-13T00:00:00Z"));
    }

    [Fact]
    public async Task A_list_reaches_back_thirty_days_unless_told_otherwise()
    {
        _api.Store("msg_old", TestApi.Noon.AddDays(-40));
        _api.Store("msg_new", TestApi.Noon.AddDays(-29));

        Assert.Equal(["msg_new"], await AllAsync("limit=10"));
        Assert.Equal(["msg_new", "msg_old"], await AllAsync("createdAfter=2026-01-01T00:00:00Z"));
    }

    [Fact]
    public async Task A_cursor_belongs_to_its_filters()
    {
        for (var i = 0; i < 3; i++) _api.Store($"msg_{i}", TestApi.Noon.AddMinutes(-i));
        var cursor = (await _api.GetAsync("/api/v1/messages?limit=1&carrier=twilio"))["nextCursor"];

        Assert.Equal(200, (await _api.GetAsync($"/api/v1/messages?limit=2&carrier=twilio&cursor={cursor}")).Status);
        Assert.Equal("invalid_cursor", (await _api.GetAsync($"/api/v1/messages?limit=1&cursor={cursor}"))["code"]);
    }

    [Theory]
    [InlineData("createdBefore=0001-01-01T00:00:00Z", 0)]
    [InlineData("createdBefore=9999-12-31T23:59:59.999Z", 3)]
    [InlineData("createdAfter=0001-01-01T00:00:00Z", 3)]
    [InlineData("createdAfter=9999-12-31T23:59:59.999Z", 0)]
    [InlineData("createdBefore=1969-12-31T23:59:59Z&createdAfter=1900-01-01T00:00:00Z", 0)]
    [InlineData("createdAfter=0001-01-01T00:00:00Z&carrier=bandwidth", 0)]
    public async Task Filters_may_name_any_time(string filter, int count)
    {
        for (var i = 0; i < 3; i++) _api.Store($"msg_{i}", TestApi.Noon.AddDays(-i * 10));

        Assert.Equal(count, (await AllAsync(filter)).Count);
        var conversation = _api.Store("msg_0").Message.ConversationId;
        Assert.Equal(count, (await AllAsync($"{filter}&conversationId={conversation}")).Count);
    }

    [Theory]
    [InlineData("conversationId=")]
    [InlineData("conversationId=ses_1")]
    [InlineData("createdBefore=10000-01-01T00:00:00Z")]
    [InlineData("createdBefore=0001-01-01T00:00:00%2B14:00")]
    public async Task A_filter_that_names_nothing_is_refused(string filter) =>
        Assert.Equal("invalid_parameter", (await _api.GetAsync("/api/v1/messages?" + filter))["code"]);

    [Theory]
    [InlineData(-1)]
    [InlineData(-62135596800000)]
    public async Task A_cursor_before_1970_is_none(long milliseconds)
    {
        for (var i = 0; i < 3; i++) _api.Store($"msg_{i}", TestApi.Noon.AddMinutes(-i));
        var cursor = (await _api.GetAsync("/api/v1/messages?limit=1"))["nextCursor"]!;
        var pieces = Encoding.UTF8.GetString(Base64Url.DecodeFromChars(cursor)).Split('.');
        var forged = Base64Url.EncodeToString(Encoding.UTF8.GetBytes($"{milliseconds}.{pieces[1]}.{pieces[2]}"));

        Assert.Equal("invalid_cursor", (await _api.GetAsync("/api/v1/messages?limit=1&cursor=" + forged))["code"]);
    }

    [Fact]
    public async Task A_page_ends_before_it_is_too_large_for_Lambda()
    {
        // Quotes and control characters are what grows most on the way out.
        var body = string.Concat(Enumerable.Repeat("\"\u0001", 50_000));
        for (var i = 0; i < 30; i++)
            _api.StoreInbound(
                $"msg_{i:00}", "twilio", new TextContent { Body = body }, m => m with { CreatedAt = TestApi.Noon.AddMinutes(-i) });
        var seen = new List<string>();
        for (string? cursor = null; ;)
        {
            var page = await _api.GetAsync($"/api/v1/messages?limit=100{(cursor is null ? "" : "&cursor=" + cursor)}");

            Assert.InRange(JsonSerializer.SerializeToUtf8Bytes(page.Text, Relaxed).Length, 1, 6 * 1024 * 1024);
            seen.AddRange(page.Json.GetProperty("data").EnumerateArray().Select(m => m.GetProperty("id").GetString()!));
            if ((cursor = page["nextCursor"]) is null) break;
        }

        Assert.Equal(Enumerable.Range(0, 30).Select(i => $"msg_{i:00}"), seen);
    }

    private static readonly JsonSerializerOptions Relaxed = new()
    {
        Encoder = System.Text.Encodings.Web.JavaScriptEncoder.UnsafeRelaxedJsonEscaping
    };

    private async Task<List<string>> AllAsync(string query, string key = TestApi.Key)
    {
        var all = new List<string>();
        string? cursor = null;
        do
        {
            var page = await _api.GetAsync($"/api/v1/messages?{query}{(cursor is null ? "" : "&cursor=" + cursor)}", key);
            Assert.True(page.Status == 200, page.Text);
            all.AddRange(page.Json.GetProperty("data").EnumerateArray().Select(m => m.GetProperty("id").GetString()!));
            cursor = page["nextCursor"];
        }
        while (cursor is not null);
        return all;
    }
}
