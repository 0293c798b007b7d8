using Omni.Aws;
using Omni.Shared;

namespace Omni.Api;

/// <summary>
/// Lists a tenant's messages, newest first. The indexes hold keys only, so filters are applied to what was read;
/// a call reads a bounded number of pages.
/// </summary>
internal sealed class ListMessages(MessageQueries queries, TimeProvider clock)
{
    public static readonly string[] Parameters = [.. ListFilter.Parameters, "limit", "cursor"];

    public const int DefaultLimit = 20;
    public const int MaxLimit = 100;
    private const int MaxPages = 5;

    // Without createdAfter: as much as the pages of one call can walk through when there is little to find.
    private static readonly TimeSpan DefaultReach = TimeSpan.FromDays(30);

    // What is older is gone: a message is kept for its retention, counted from the time that it was scheduled for.
    private static readonly TimeSpan FurthestReach = ListDays.Kept;

    // Messages taken in this very moment by a machine whose clock is a little ahead belong to the list.
    public static readonly TimeSpan ClockDrift = TimeSpan.FromSeconds(1);

    public async Task<ApiResult> HandleAsync(ApiCall call, CancellationToken cancellation)
    {
        var filter = ListFilter.Read(call);
        var limit = call.Query.Whole("limit", 1, MaxLimit) ?? DefaultLimit;
        if (call.Query.Errors.Count > 0) return Problems.InvalidParameter.Because(call.Query.Errors);

        // No message lies outside these times, so a filter may name any: days are counted between them only.
        var now = clock.GetUtcNow();
        var latest = Rfc3339.Cut(now + ClockDrift);
        var earliest = Rfc3339.Cut(now - FurthestReach);
        var newest = filter.CreatedBefore is { } before && before < latest ? before : latest;
        ListPosition? position = new(newest, "");
        if (call.Query.Text("cursor") is { } cursor)
        {
            position = ListCursor.Read(cursor, filter.Hash, Ids.IsMessage);
            if (position is null) return Problems.InvalidCursor.Because("Give the cursor of a list together with the same filters.");
        }

        var notBefore = filter.CreatedAfter ?? (newest < earliest ? earliest : newest - DefaultReach);
        if (notBefore < earliest) notBefore = earliest;
        var page = new MessagePage(limit);
        for (var pages = 0; pages < MaxPages && position is not null && !page.IsFull; pages++)
        {
            position = await ReadPageAsync(filter, position, notBefore, page, cancellation);
        }

        return ApiResult.Ok(
            new MessageListView(page.Data, position is null ? null : ListCursor.Write(position, filter.Hash)),
            ApiJson.Wire.MessageListView);
    }

    /// <summary>Adds what belongs to the list, until the page is full, and tells where to go on; null at the end.</summary>
    private async Task<ListPosition?> ReadPageAsync(
        ListFilter filter, ListPosition from, DateTimeOffset notBefore, MessagePage page, CancellationToken cancellation)
    {
        if (from.CreatedAt < notBefore) return null;

        var size = filter.IsSelective ? MaxLimit : page.Room;
        var keys = filter switch
        {
            { OneConversation: { } conversation } => await queries.ByConversationAsync(conversation, from, notBefore, size, cancellation),
            { Label: { } label } => await queries.ByLabelAsync(filter.Tenant, label, from, notBefore, size, cancellation),
            _ => await queries.ByTenantAsync(filter.Tenant, from, notBefore, size, cancellation),
        };
        var records = keys.Keys.Count > 0 ? await queries.ReadAsync(keys.Keys.Select(key => key.MessageId), cancellation) : null;
        foreach (var (index, key) in keys.Keys.Index())
        {
            if (records!.TryGetValue(key.MessageId, out var record) && filter.Matches(record)) page.Add(MessageView.Of(record));
            if (page.IsFull && index < keys.Keys.Count - 1) return key;
        }

        return keys.Next;
    }
}

/// <summary>One page of a list.</summary>
/// <param name="Data">The messages; perhaps fewer than asked for although more follow.</param>
/// <param name="NextCursor">Where to go on; null at the end.</param>
internal sealed record MessageListView(IReadOnlyList<MessageView> Data, string? NextCursor);
