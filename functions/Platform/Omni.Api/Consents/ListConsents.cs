using Omni.Aws;
using Omni.Shared;

namespace Omni.Api;

/// <summary>
/// Lists what people said about being written to, the newest first. The index holds keys only, so filters are applied to what was read; a
/// call reads a bounded number of pages.
/// </summary>
internal sealed class ListConsents(ConsentStore consents, TimeProvider clock)
{
    public static readonly string[] Parameters = [.. Filters, "limit", "cursor"];

    private const int MaxPages = 5;
    private const int HashLength = 32;

    private static string[] Filters => ["optedOut", "sender", "scope"];

    public async Task<ApiResult> HandleAsync(ApiCall call, CancellationToken cancellation)
    {
        var query = call.Query;
        var optedOut = query.Flag("optedOut");
        var sender = query.Parsed("sender", AddressReader.UrlRule, text => AddressReader.FromPath(text));
        var scope = query.Word<ConsentScope>("scope");
        var limit = query.Whole("limit", 1, ListMessages.MaxLimit) ?? ListMessages.DefaultLimit;
        if (query.Errors.Count > 0) return Problems.InvalidParameter.Because(query.Errors);

        var hash = Ids.Hash(
            [call.Tenant, "consents", .. query.Values.Where(v => Filters.Contains(v.Key)).Select(v => $"{v.Key}={v.Value}")]);
        ListPosition? position = new(Rfc3339.Cut(clock.GetUtcNow() + ListMessages.ClockDrift), "");
        if (query.Text("cursor") is { } cursor
            && (position = ListCursor.Read(cursor, hash, id => id.Length == HashLength)) is null)
        {
            return Problems.InvalidCursor.Because("Give the cursor of a list together with the same filters.");
        }

        var data = new List<ConsentView>();
        var isSelective = optedOut is not null || sender is not null || scope is not null;
        for (var pages = 0; pages < MaxPages && position is not null && data.Count < limit; pages++)
        {
            var size = isSelective ? ListMessages.MaxLimit : limit - data.Count;
            var (page, next) = await consents.ListAsync(call.Tenant, position, size, cancellation);
            position = next;
            foreach (var (index, (place, consent)) in page.Index())
            {
                if (Matches(consent)) data.Add(consent);
                if (data.Count < limit || index == page.Count - 1) continue;

                position = place;
                break;
            }
        }

        return ApiResult.Ok(
            new ConsentListView(data, position is null ? null : ListCursor.Write(position, hash)), ApiJson.Wire.ConsentListView);

        bool Matches(ConsentView consent) =>
            (optedOut is null || consent.OptedOut == optedOut)
            && (sender is null || consent.Sender == sender)
            && (scope is null || consent.Scope == scope);
    }
}

/// <summary>One page of what people said.</summary>
/// <param name="Data">The records; perhaps fewer than asked for although more follow.</param>
/// <param name="NextCursor">Where to go on; null at the end.</param>
internal sealed record ConsentListView(IReadOnlyList<ConsentView> Data, string? NextCursor);
