using Omni.Aws;

namespace Omni.Api;

/// <summary>Lists a tenant's messages, newest first. The indexes hold keys only, so filters are applied to what was read; a call reads a bounded number of pages.</summary>
internal sealed class ListMessages(MessageQueries queries, TimeProvider clock)
{
    public static readonly string[] Parameters = [.. ListFilter.Parameters, "limit", "cursor"];

    private const int DefaultLimit = 20;
    private const int MaxLimit = 100;
    private const int MaxPages = 5;

    // Without createdAfter: as much as the pages of one call can walk through when there is little to find.
    private static readonly TimeSpan DefaultReach = TimeSpan.FromDays(30);

    // Messages taken in this very moment by a machine whose clock is a little ahead belong to the list.
    private static readonly TimeSpan ClockDrift = TimeSpan.FromSeconds(1);

    public async Task<ApiResult> HandleAsync(ApiCall call, CancellationToken cancellation)
    {
        var filter = ListFilter.Read(call);
        var limit = call.Query.Whole("limit", 1, MaxLimit) ?? DefaultLimit;
        if (call.Query.Errors.Count > 0) return Problems.InvalidParameter.Because(call.Query.Errors);

        var newest = filter.CreatedBefore ?? Rfc3339.Cut(clock.GetUtcNow() + ClockDrift);
        ListPosition? position = new(newest, "");
        if (call.Query.Text("cursor") is { } cursor)
        {
            position = ListCursor.Read(cursor, filter);
            if (position is null) return Problems.InvalidCursor.Because("Give the cursor of a list together with the same filters.");
        }

        var notBefore = filter.CreatedAfter ?? newest - DefaultReach;
        var data = new List<MessageView>();
        for (var pages = 0; pages < MaxPages && position is not null && data.Count < limit; pages++)
        {
            position = await ReadPageAsync(filter, position, notBefore, limit, data, cancellation);
        }

        return ApiResult.Ok(new MessageListView(data, position is null ? null : ListCursor.Write(position, filter)), ApiJson.Wire.MessageListView);
    }

    /// <summary>Adds what belongs to the list, up to the limit, and tells where to go on; null at the end.</summary>
    private async Task<ListPosition?> ReadPageAsync(
        ListFilter filter, ListPosition from, DateTimeOffset notBefore, int limit, List<MessageView> data, CancellationToken cancellation)
    {
        if (from.CreatedAt < notBefore) return null;

        var size = filter.IsSelective ? MaxLimit : limit - data.Count;
        var page = filter.OneConversation is { } conversation
            ? await queries.ByConversationAsync(conversation, from, notBefore, size, cancellation)
            : await queries.ByTenantAsync(filter.Tenant, from, notBefore, size, cancellation);
        var records = page.Keys.Count > 0 ? await queries.ReadAsync(page.Keys.Select(key => key.MessageId), cancellation) : null;
        foreach (var (index, key) in page.Keys.Index())
        {
            if (records!.TryGetValue(key.MessageId, out var record) && filter.Matches(record)) data.Add(MessageView.Of(record));
            if (data.Count == limit && index < page.Keys.Count - 1) return key;
        }

        return page.Next;
    }
}

/// <summary>One page of a list.</summary>
/// <param name="Data">The messages; perhaps fewer than asked for although more follow.</param>
/// <param name="NextCursor">Where to go on; null at the end.</param>
internal sealed record MessageListView(IReadOnlyList<MessageView> Data, string? NextCursor);
