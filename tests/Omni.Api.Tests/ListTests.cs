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
    public async Task Another_tenants_messages_are_never_listed()
    {
        _api.Store("msg_1");
        var conversation = (await _api.GetAsync("/api/v1/messages/msg_1"))["conversationId"];

        Assert.Empty(await AllAsync("limit=5", TestApi.OtherTenantsKey));
        Assert.Empty(await AllAsync($"conversationId={conversation}", TestApi.OtherTenantsKey));
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
        Assert.Equal("invalid_cursor", (await _api.GetAsync($"/api/v1/messages?carrier=twilio&cursor={cursor}", TestApi.OtherTenantsKey))["code"]);
    }

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
