using System.Globalization;
using Omni.Aws;
using Omni.Shared;

namespace Omni.Api;

/// <summary>
/// The place where a list goes on, for these filters only. Opaque to clients, and no secret: it opens nothing that its key does not.
/// </summary>
internal static class ListCursor
{
    public static string Write(ListPosition position, ListFilter filter) => CursorText.Write(
        string.Create(CultureInfo.InvariantCulture, $"{position.CreatedAt.ToUnixTimeMilliseconds()}.{position.MessageId}.{filter.Hash}"));

    /// <summary>The place; null when the text is no cursor of this list.</summary>
    public static ListPosition? Read(string cursor, ListFilter filter) =>
        CursorText.Read(cursor)?.Split('.') is [var time, var id, var hash]
        && hash == filter.Hash
        && (id.Length == 0 || Ids.IsMessage(id))
        && long.TryParse(time, NumberStyles.None, CultureInfo.InvariantCulture, out var milliseconds)
        && milliseconds <= DateTimeOffset.MaxValue.ToUnixTimeMilliseconds()
            ? new(DateTimeOffset.FromUnixTimeMilliseconds(milliseconds), id)
            : null;
}
