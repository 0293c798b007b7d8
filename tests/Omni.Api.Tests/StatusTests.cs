using Microsoft.Extensions.Time.Testing;
using Omni.Shared;

namespace Omni.Api.Tests;

public sealed class StatusTests
{
    private readonly TestApi _api = new(new ImpatientClock());

    private TimeSpan Waited => _api.Clock.GetUtcNow() - TestApi.Noon;

    [Fact]
    public async Task A_status_is_small_and_has_an_ETag()
    {
        _api.Store("msg_1");

        var reply = await _api.GetAsync("/api/v1/messages/msg_1/status");

        Assert.Equal((200, "accepted", "False"), (reply.Status, reply["status"], reply["final"]));
        Assert.Matches("^\"[0-9a-f]+\"$", reply.Header("ETag"));
        Assert.Equal(TimeSpan.Zero, Waited);
    }

    [Theory]
    [InlineData("{0}")]
    [InlineData("W/{0}")]
    [InlineData("\"other\", {0}")]
    [InlineData("*")]
    public async Task A_known_ETag_is_answered_with_304(string known)
    {
        _api.Store("msg_1");
        var tag = (await _api.GetAsync("/api/v1/messages/msg_1/status")).Header("ETag")!;

        var reply = await StatusAsync("", string.Format(known, tag));

        Assert.Equal((304, null, tag), (reply.Status, reply.Text, reply.Header("ETag")));
    }

    [Fact]
    public async Task A_wait_ends_when_the_status_is_final()
    {
        _api.Store("msg_1");
        AtRead(6, () => _api.Store("msg_1", rank: RankKey.Of(MessageStatus.Sent)));
        AtRead(9, () => _api.Store("msg_1", rank: RankKey.Of(MessageStatus.Delivered)));

        var reply = await StatusAsync("?wait=20");

        Assert.Equal((200, "delivered"), (reply.Status, reply["status"]));
        Assert.InRange(Waited, TimeSpan.FromSeconds(1), TimeSpan.FromSeconds(19));
    }

    [Fact]
    public async Task A_wait_with_an_ETag_ends_at_any_change()
    {
        _api.Store("msg_1");
        var tag = (await _api.GetAsync("/api/v1/messages/msg_1/status")).Header("ETag");
        AtRead(6, () => _api.Store("msg_1", rank: RankKey.Of(MessageStatus.Queued)));

        var reply = await StatusAsync("?wait=20", tag);

        Assert.Equal((200, "queued"), (reply.Status, reply["status"]));
        Assert.InRange(Waited, TimeSpan.FromMilliseconds(100), TimeSpan.FromSeconds(19));
    }

    [Theory]
    [InlineData(false, 200)]
    [InlineData(true, 304)]
    public async Task A_wait_in_vain_ends_at_its_time_with_growing_pauses(bool withTag, int status)
    {
        _api.Store("msg_1");
        var tag = withTag ? (await _api.GetAsync("/api/v1/messages/msg_1/status")).Header("ETag") : null;
        _api.Tables.Forget();

        var reply = await StatusAsync("?wait=20", tag);

        Assert.Equal((status, TimeSpan.FromSeconds(20)), (reply.Status, Waited));
        Assert.InRange(_api.Tables.Calls.Count, 20, 30);
    }

    [Fact]
    public async Task A_wait_ends_well_before_the_invocation_does()
    {
        _api.Store("msg_1");
        _api.RemainingTime = TimeSpan.FromSeconds(8);

        Assert.Equal(200, (await StatusAsync("?wait=20")).Status);
        Assert.Equal(TimeSpan.FromSeconds(5), Waited);
    }

    [Fact]
    public async Task A_final_status_is_not_waited_for()
    {
        _api.Store("msg_1", rank: RankKey.Of(MessageStatus.Failed, FailureReason.Blocked, "21610"));

        Assert.Equal("failed", (await StatusAsync("?wait=20"))["status"]);
        Assert.Equal(TimeSpan.Zero, Waited);
    }

    private Task<Reply> StatusAsync(string query, string? tag = null) =>
        _api.GetAsync("/api/v1/messages/msg_1/status" + query, headers: tag is null ? null : new() { ["if-none-match"] = tag });

    private void AtRead(int number, Action change)
    {
        var before = _api.Tables.Before;
        _api.Tables.Before = call =>
        {
            before(call);
            if (_api.Tables.Calls.Count == number) change();
        };
    }

    /// <summary>Lets each wait pass as soon as it begins, by its whole length.</summary>
    private sealed class ImpatientClock() : FakeTimeProvider(TestApi.Noon)
    {
        public override ITimer CreateTimer(TimerCallback callback, object? state, TimeSpan dueTime, TimeSpan period)
        {
            var timer = base.CreateTimer(callback, state, dueTime, period);
            ThreadPool.QueueUserWorkItem(_ => Advance(dueTime));
            return timer;
        }
    }
}
