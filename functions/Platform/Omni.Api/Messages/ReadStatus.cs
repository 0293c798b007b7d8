using System.Globalization;
using Omni.Aws;
using Omni.Shared;

namespace Omni.Api;

/// <summary>The small answer to "where is it?", which a client may keep by its ETag and wait for.</summary>
internal sealed class ReadStatus(MessageStore messages, TimeProvider clock)
{
    public const string WaitParameter = "wait";

    private const int MaxWaitSeconds = 20;

    private static readonly TimeSpan FirstPause = TimeSpan.FromMilliseconds(100);
    private static readonly TimeSpan LongestPause = TimeSpan.FromSeconds(1);

    // For the last read and the answer, before Lambda stops the invocation.
    private static readonly TimeSpan Reserve = TimeSpan.FromSeconds(3);

    public async Task<ApiResult> HandleAsync(ApiCall call, CancellationToken cancellation)
    {
        var wait = TimeSpan.FromSeconds(call.Query.Whole(WaitParameter, 0, MaxWaitSeconds) ?? 0);
        if (call.Query.Errors.Count > 0) return Problems.InvalidParameter.Because(call.Query.Errors);

        var known = call.Header("if-none-match");
        var budget = call.RemainingTime() - Reserve;
        var until = clock.GetUtcNow() + (wait < budget ? wait : budget);
        for (var pause = FirstPause; ; pause = Min(pause * 1.5, LongestPause))
        {
            if (await messages.FindOfAsync(call, cancellation) is not { } record) return ReadMessage.NotFound;

            var tag = TagOf(record);
            var same = Matches(known, tag);
            var settled = known is null ? record.Status.IsFinal() : !same;
            var left = until - clock.GetUtcNow();
            if (settled || left <= TimeSpan.Zero)
            {
                var answer = same ? new ApiResult.Answer(304, null) : ApiResult.Ok(StatusView.Of(record), ApiJson.Wire.StatusView);
                return answer with { Headers = new Dictionary<string, string> { ["ETag"] = tag, ["Cache-Control"] = "private, no-cache" } };
            }

            await Task.Delay(Min(pause, left), clock, cancellation);
        }
    }

    private static string TagOf(MessageRecord record) =>
        $"\"{Ids.Hash(record.State.Rank.Value, record.State.UpdatedAt.ToUnixTimeMilliseconds().ToString(CultureInfo.InvariantCulture))}\"";

    // The weak comparison: https://www.rfc-editor.org/rfc/rfc9110#section-13.1.2
    private static bool Matches(string? header, string tag) =>
        header is not null
            && header.Split(',', StringSplitOptions.TrimEntries).Any(known => known == "*" || known == tag || known == "W/" + tag);

    private static TimeSpan Min(TimeSpan a, TimeSpan b) => a < b ? a : b;
}

/// <summary>Where a message is.</summary>
internal sealed record StatusView(
    string Id, MessageStatus Status, ErrorView? Error, ErrorView? Deferral, bool Contradicted, DateTimeOffset UpdatedAt, bool Final)
{
    public static StatusView Of(MessageRecord record) => new(
        record.Message.Id,
        record.Status,
        ErrorView.Of(record.State.Rank, record.Message.Carrier),
        ErrorView.OfDeferral(record),
        record.State.Contradicted,
        record.State.UpdatedAt,
        record.Status.IsFinal());
}
