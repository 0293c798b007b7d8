using System.Globalization;
using Omni.Aws;
using Omni.Shared;

namespace Omni.Api;

/// <summary>The small answer to "where is it?", which a client may keep by its ETag and wait for.</summary>
internal sealed class ReadStatus(MessageStore messages, LongPoll poll)
{
    public async Task<ApiResult> HandleAsync(ApiCall call, CancellationToken cancellation)
    {
        var wait = LongPoll.WaitOf(call.Query);
        if (call.Query.Errors.Count > 0) return Problems.InvalidParameter.Because(call.Query.Errors);

        var known = call.Header("if-none-match");
        return await poll.AnswerAsync(call, wait, LookAsync, cancellation);

        async Task<(ApiResult, bool IsNews)> LookAsync()
        {
            if (await messages.FindOfAsync(call, cancellation) is not { } record) return (ReadMessage.NotFound, true);

            var tag = TagOf(record);
            var same = Matches(known, tag);
            var answer = same ? new ApiResult.Answer(304, null) : ApiResult.Ok(StatusView.Of(record), ApiJson.Wire.StatusView);
            return (
                answer with { Headers = new Dictionary<string, string> { ["ETag"] = tag, ["Cache-Control"] = "private, no-cache" } },
                known is null ? record.Status.IsFinal() : !same);
        }
    }

    private static string TagOf(MessageRecord record) =>
        $"\"{Ids.Hash(record.State.Rank.Value, record.State.UpdatedAt.ToUnixTimeMilliseconds().ToString(CultureInfo.InvariantCulture))}\"";

    // The weak comparison: https://www.rfc-editor.org/rfc/rfc9110#section-13.1.2
    private static bool Matches(string? header, string tag) =>
        header is not null
            && header.Split(',', StringSplitOptions.TrimEntries).Any(known => known == "*" || known == tag || known == "W/" + tag);
}

/// <summary>Where a message is.</summary>
internal sealed record StatusView(
    string Id, MessageStatus Status, ErrorView? Error, ErrorView? Deferral, bool Contradicted, DateTimeOffset UpdatedAt, bool Final)
{
    public static StatusView Of(MessageRecord record) => new(
        record.Message.Id,
        record.Status,
        ErrorView.Of(record),
        ErrorView.OfDeferral(record),
        record.State.Contradicted,
        record.State.UpdatedAt,
        record.Status.IsFinal());
}
