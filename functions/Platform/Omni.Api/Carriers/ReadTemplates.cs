using Omni.Aws;
using Omni.Shared;

namespace Omni.Api;

/// <summary>Lists a carrier's approved templates, as the carrier listed them within the last hour or so.</summary>
internal sealed class ReadTemplates(TemplateStore templates)
{
    public static readonly string[] Parameters = ["carrier", "limit", "cursor"];

    private const int DefaultLimit = 100;
    private const int MaxLimit = 500;

    public async Task<ApiResult> HandleAsync(ApiCall call, CancellationToken cancellation)
    {
        var query = call.Query;
        var carrier = query.Parsed("carrier", "There is no such carrier.", CarrierCatalogue.Find);
        if (query.Text("carrier") is null) query.Refuse("carrier", "required", "It is required.");
        if (carrier is { ListsTemplates: false })
        {
            var others = CarrierCatalogue.All.Where(other => other.ListsTemplates).Select(other => other.Id);
            query.Refuse("carrier", "invalid_value", $"{carrier.Name} lists no templates; these do: {string.Join(", ", others)}.");
        }

        var limit = query.Whole("limit", 1, MaxLimit) ?? DefaultLimit;
        if (query.Errors.Count > 0) return Problems.InvalidParameter.Because(query.Errors);

        string? place = null;
        if (query.Text("cursor") is { } cursor && (place = TemplateCursor.Read(cursor)) is null)
            return Problems.InvalidCursor.Because("It is not a cursor of this list.");

        var page = await templates.ListAsync(carrier!.Id, place, limit, cancellation);
        return ApiResult.Ok(
            new TemplateListView(
                page.Templates,
                await templates.ListedAtAsync(carrier.Id, cancellation),
                page.Next is null ? null : TemplateCursor.Write(page.Next)),
            ApiJson.Wire.TemplateListView);
    }
}

/// <summary>One page of a carrier's templates.</summary>
/// <param name="Data">The templates, by name and language.</param>
/// <param name="ListedAt">When the carrier listed them; null when it has not yet.</param>
/// <param name="NextCursor">Where to go on; null at the end.</param>
internal sealed record TemplateListView(IReadOnlyList<CarrierTemplate> Data, DateTimeOffset? ListedAt, string? NextCursor);

/// <summary>The place where the list of templates goes on. Opaque to clients; it opens nothing.</summary>
internal static class TemplateCursor
{
    private const int MaxLength = 1_500;

    public static string Write(string place) => CursorText.Write(place);

    /// <summary>The place; null when the text is no cursor of this list.</summary>
    public static string? Read(string cursor) =>
        cursor.Length is > 0 and <= MaxLength && CursorText.Read(cursor) is { } place && place.StartsWith("t#", StringComparison.Ordinal)
            ? place
            : null;
}
