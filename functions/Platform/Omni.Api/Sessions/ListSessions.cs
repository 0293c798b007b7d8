using Omni.Aws;
using Omni.Shared;

namespace Omni.Api;

/// <summary>
/// Lists a tenant's conversations by the last day on which something came from the person, newest first, or those of one person. The index
/// holds keys only, so filters are applied to what was read; a call reads a bounded number of pages.
/// </summary>
internal sealed class ListSessions(SessionStore sessions, TimeProvider clock)
{
    public static readonly string[] Parameters = [.. Filters, "limit", "cursor"];

    private const int MaxPages = 5;

    private static string[] Filters => ["carrier", "person", "open"];

    public async Task<ApiResult> HandleAsync(ApiCall call, CancellationToken cancellation)
    {
        var query = call.Query;
        var carrier = query.Parsed("carrier", "There is no such carrier.", CarrierCatalogue.Find);
        var person = query.Parsed("person", AddressReader.UrlRule, text => AddressReader.FromPath(text));
        var open = query.Flag("open");
        var limit = query.Whole("limit", 1, ListMessages.MaxLimit) ?? ListMessages.DefaultLimit;
        if (query.Errors.Count > 0) return Problems.InvalidParameter.Because(query.Errors);

        var now = clock.GetUtcNow();
        var hash = Ids.Hash(
            [call.Tenant, "sessions", .. query.Values.Where(v => Filters.Contains(v.Key)).Select(v => $"{v.Key}={v.Value}")]);
        ListPosition? position = new(Rfc3339.Cut(now + ListMessages.ClockDrift), "");
        if (query.Text("cursor") is { } cursor && (position = ListCursor.Read(cursor, hash, Ids.IsConversation)) is null)
            return Problems.InvalidCursor.Because("Give the cursor of a list together with the same filters.");

        var page = new List<SessionView>();
        if (person is not null)
        {
            var all = Places(await sessions.OfPersonAsync(call.Tenant, person, cancellation), position!);
            position = await AddAsync(all);
        }
        else
        {
            var isSelective = carrier is not null || open is not null;
            for (var pages = 0; pages < MaxPages && position is not null && page.Count < limit; pages++)
            {
                var size = isSelective ? ListMessages.MaxLimit : limit - page.Count;
                var keys = await sessions.ByTenantAsync(call.Tenant, position, now - ListDays.Kept, size, cancellation);
                var read = await sessions.ReadAsync(keys.Keys.Select(key => key.MessageId), cancellation);

                // One that moved to a newer day meanwhile is no more at the place that the index told.
                var there = keys.Keys.Where(place => read.GetValueOrDefault(place.MessageId)?.ActiveAt == place.CreatedAt);
                position = await AddAsync([.. there.Select(place => (place, read[place.MessageId]))]) ?? keys.Next;
            }
        }

        return ApiResult.Ok(
            new SessionListView(page, position is null ? null : ListCursor.Write(position, hash)), ApiJson.Wire.SessionListView);

        // Adds what belongs to the list until the page is full, and then tells the place of the last one if more follow.
        async Task<ListPosition?> AddAsync(IReadOnlyList<(ListPosition Place, Session Session)> found)
        {
            (ListPosition Place, Session Session)[] ofCarrier =
                [.. found.Where(s => s.Session.Tenant == call.Tenant && (carrier is null || s.Session.Carrier == carrier.Id))];
            var windows = await sessions.WindowsAsync([.. ofCarrier.Select(s => s.Session)], cancellation);
            foreach (var (index, (place, session)) in ofCarrier.Index())
            {
                var view = SessionView.Of(session, windows, now);
                if (open is null || open == (view.WindowOpen != false)) page.Add(view);
                if (page.Count == limit && index < ofCarrier.Length - 1) return place;
            }

            return null;
        }
    }

    private static IReadOnlyList<(ListPosition Place, Session Session)> Places(IEnumerable<Session> all, ListPosition after) =>
    [
        .. all.Where(session => session.ActiveAt is not null)
            .Select(session => (Place: new ListPosition(session.ActiveAt!.Value, session.Id), session))
            .Where(s => s.Place.IsOlderThan(after))
            .OrderBy(s => s.Place, ListPosition.NewestFirst),
    ];
}

/// <summary>One page of conversations.</summary>
/// <param name="Data">The conversations; perhaps fewer than asked for although more follow.</param>
/// <param name="NextCursor">Where to go on; null at the end.</param>
internal sealed record SessionListView(IReadOnlyList<SessionView> Data, string? NextCursor);
