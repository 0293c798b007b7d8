using Omni.Aws;
using Omni.Shared;

namespace Omni.Api;

/// <summary>
/// The messages of a conversation, newest first. Where the carrier knows the person by several addresses, what was said under each of them
/// is one history: they answer from another address than the one that we wrote to.
/// </summary>
internal sealed class SessionHistory(SessionStore sessions, MessageQueries queries, TimeProvider clock)
{
    public static readonly string[] Parameters = ["limit", "cursor"];

    public async Task<ApiResult> HandleAsync(ApiCall call, CancellationToken cancellation)
    {
        var limit = call.Query.Whole("limit", 1, ListMessages.MaxLimit) ?? ListMessages.DefaultLimit;
        if (call.Query.Errors.Count > 0) return Problems.InvalidParameter.Because(call.Query.Errors);
        if (await sessions.FindOfAsync(call, cancellation) is not { } session) return ReadSession.NotFound;

        var now = clock.GetUtcNow();
        var hash = Ids.Hash(call.Tenant, session.Id);
        ListPosition? from = new(Rfc3339.Cut(now + ListMessages.ClockDrift), "");
        if (call.Query.Text("cursor") is { } cursor && (from = ListCursor.Read(cursor, hash, Ids.IsMessage)) is null)
            return Problems.InvalidCursor.Because("It is not a cursor of this conversation.");

        var linked = await sessions.FindAllAsync(session.Conversation, cancellation);
        var pages = await Task.WhenAll(linked.Select(
            each => queries.ByConversationAsync(each.Id, from!, now - ListDays.Kept, limit, cancellation)));
        ListPosition[] keys = [.. pages.SelectMany(page => page.Keys).Order(ListPosition.NewestFirst).Take(limit)];
        var records = await queries.ReadAsync(keys.Select(key => key.MessageId), cancellation);
        var isCut = pages.Sum(page => page.Keys.Count) > keys.Length || pages.Any(page => page.Next is not null);

        var messages = new MessagePage(limit);
        ListPosition? next = isCut ? keys[^1] : null;
        foreach (var (index, key) in keys.Index())
        {
            if (records.TryGetValue(key.MessageId, out var record) && record.Message.Tenant == call.Tenant)
                messages.Add(MessageView.Of(record));
            if (!messages.IsFull || index == keys.Length - 1) continue;

            next = key;
            break;
        }

        return ApiResult.Ok(
            new MessageListView(messages.Data, next is null ? null : ListCursor.Write(next, hash)), ApiJson.Wire.MessageListView);
    }
}
