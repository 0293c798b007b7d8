using System.Globalization;
using Omni.Aws;
using Omni.Shared;

namespace Omni.Api;

/// <summary>
/// Shows batches, and stops and goes on with them. Asked again, nothing more happens: no endpoint needs an idempotency key.
/// </summary>
internal sealed class Batches(ApiParts parts, LongPoll poll)
{
    public static readonly string[] ListParameters = ["limit", "cursor"];
    public static readonly string[] MessageParameters = ["status", "limit", "cursor"];

    // As many places as are looked at for one answer when few of them have what is asked for.
    private const int MostLooks = 500;

    public async Task<ApiResult> ReadAsync(ApiCall call, CancellationToken cancellation)
    {
        var wait = LongPoll.WaitOf(call.Query);
        if (call.Query.Errors.Count > 0) return Problems.InvalidParameter.Because(call.Query.Errors);

        (int?, BatchState)? first = null;
        return await poll.AnswerAsync(call, wait, LookAsync, cancellation);

        async Task<(ApiResult, bool IsNews)> LookAsync()
        {
            if (await CountAsync(call, cancellation) is not { } view) return (NotFound, true);

            var isNews = first is { } known ? known != (view.Percent, view.State) : IsOver(view);
            first ??= (view.Percent, view.State);
            return (ApiResult.Ok(view, ApiJson.Wire.BatchView), isNews);
        }
    }

    public async Task<ApiResult> ListAsync(ApiCall call, CancellationToken cancellation)
    {
        var limit = call.Query.Whole("limit", 1, ListMessages.MaxLimit) ?? ListMessages.DefaultLimit;
        if (call.Query.Errors.Count > 0) return Problems.InvalidParameter.Because(call.Query.Errors);

        var now = parts.Clock.GetUtcNow();
        var hash = Ids.Hash("batches", call.Tenant);
        ListPosition? position = new(Rfc3339.Cut(now + ListMessages.ClockDrift), "");
        if (call.Query.Text("cursor") is { } cursor && (position = ListCursor.Read(cursor, hash, Ids.IsBatch)) is null)
            return Problems.InvalidCursor.Because("Give the cursor of a list of batches.");

        var (batches, next) = await parts.Batches.ListAsync(
            call.Tenant, position, Rfc3339.Cut(now - ListDays.Kept), limit, cancellation);
        return ApiResult.Ok(
            new BatchListView([.. batches.Select(batch => BatchView.Of(batch, now))], next is null ? null : ListCursor.Write(next, hash)),
            ApiJson.Wire.BatchListView);
    }

    public async Task<ApiResult> MessagesAsync(ApiCall call, CancellationToken cancellation)
    {
        var status = call.Query.Word<MessageStatus>("status");
        var limit = call.Query.Whole("limit", 1, ListMessages.MaxLimit) ?? ListMessages.DefaultLimit;
        if (call.Query.Errors.Count > 0) return Problems.InvalidParameter.Because(call.Query.Errors);
        if (await FindAsync(call, cancellation) is not { } record) return NotFound;

        var hash = Ids.Hash(record.Batch.Id, status?.Word() ?? "");
        var place = 0;
        if (call.Query.Text("cursor") is { } cursor && (place = PlaceOf(cursor, hash)) < 0)
            return Problems.InvalidCursor.Because("Give the cursor of this list together with the same status.");

        var page = new MessagePage(limit);
        for (var looks = 0; looks < MostLooks && place < record.Progress.Claimed && !page.IsFull;)
        {
            // One answer of the database has so many.
            int[] places = [.. Enumerable.Range(place, Math.Min(ListMessages.MaxLimit, record.Progress.Claimed - place))];
            var ids = places.ToDictionary(index => Ids.MessageOfBatch(record.Batch.Id, index));
            var found = await parts.Queries.ReadAsync(await WithStatusAsync(record.Batch.Id, places, status, cancellation), cancellation);
            looks += places.Length;
            place = places[^1] + 1;
            foreach (var message in found.Values.OrderBy(message => ids[message.Message.Id]))
            {
                if (status is not null && message.Status != status) continue;
                if (page.IsFull)
                {
                    place = ids[message.Message.Id];
                    break;
                }

                page.Add(MessageView.Of(message));
            }
        }

        return ApiResult.Ok(
            new MessageListView(page.Data, place < record.Progress.Claimed ? CursorOf(place, hash) : null), ApiJson.Wire.MessageListView);
    }

    public Task<ApiResult> PauseAsync(ApiCall call, CancellationToken cancellation) =>
        ChangeAsync(call, parts.Batches.PauseAsync, state => state == BatchState.Paused, cancellation);

    public Task<ApiResult> ResumeAsync(ApiCall call, CancellationToken cancellation) =>
        ChangeAsync(call, parts.Batches.ResumeAsync, state => state is BatchState.Running or BatchState.Scheduled, cancellation);

    public Task<ApiResult> CancelAsync(ApiCall call, CancellationToken cancellation) =>
        ChangeAsync(call, parts.Batches.CancelAsync, state => state == BatchState.Canceled, cancellation);

    private async Task<ApiResult> ChangeAsync(
        ApiCall call,
        Func<string, CancellationToken, Task<BatchRecord?>> change,
        Func<BatchState, bool> isSo,
        CancellationToken cancellation)
    {
        if (await FindAsync(call, cancellation) is null) return NotFound;

        var isChanged = await change(call.Id, cancellation) is not null;
        var view = await CountAsync(call, cancellation);
        return isChanged || isSo(view!.State)
            ? ApiResult.Ok(view!, ApiJson.Wire.BatchView)
            : Problems.BatchOver.Because($"The batch is {view.State.Word()}.");
    }

    private async Task<BatchRecord?> FindAsync(ApiCall call, CancellationToken cancellation) =>
        Ids.IsBatch(call.Id) && await parts.Batches.FindAsync(call.Id, cancellation) is { } record && record.Batch.Tenant == call.Tenant
            ? record
            : null;

    private async Task<BatchView?> CountAsync(ApiCall call, CancellationToken cancellation) =>
        Ids.IsBatch(call.Id)
        && await parts.BatchStatuses.CountAsync(call.Id, parts.Batches, cancellation) is { } counted
        && counted.Record.Batch.Tenant == call.Tenant
            ? BatchView.Of(counted.Record, parts.Clock.GetUtcNow(), counted.Counts)
            : null;

    /// <summary>The messages that may have a status: what is not decided yet may have any.</summary>
    private async Task<IEnumerable<string>> WithStatusAsync(
        string batchId, int[] places, MessageStatus? status, CancellationToken cancellation)
    {
        if (status is null) return places.Select(place => Ids.MessageOfBatch(batchId, place));

        var known = await parts.BatchStatuses.ReadAsync(batchId, places[0], places[^1] + 1, cancellation);
        return places.Where(place => !known.TryGetValue(place, out var now) || now == status)
            .Select(place => Ids.MessageOfBatch(batchId, place));
    }

    private static bool IsOver(BatchView view) =>
        view.State == BatchState.Completed || view is { State: BatchState.Canceled, Cancellation.Pending: 0 };

    private static string CursorOf(int place, string hash) =>
        CursorText.Write(string.Create(CultureInfo.InvariantCulture, $"{place}.{hash}"));

    private static int PlaceOf(string cursor, string hash) =>
        CursorText.Read(cursor)?.Split('.') is [var place, var given] && given == hash
        && int.TryParse(place, NumberStyles.None, CultureInfo.InvariantCulture, out var index)
            ? index
            : -1;

    private static ApiResult.Refusal NotFound => Problems.BatchNotFound.Because("No batch has this id.");
}

/// <summary>One page of a list of batches.</summary>
/// <param name="Data">The batches, without their counts.</param>
/// <param name="NextCursor">Where to go on; null at the end.</param>
internal sealed record BatchListView(IReadOnlyList<BatchView> Data, string? NextCursor);
