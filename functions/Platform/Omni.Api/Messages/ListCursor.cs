using System.Globalization;
using Omni.Aws;
using Omni.Shared;

namespace Omni.Api;

/// <summary>
/// The place where a list goes on, for this list and these filters only, which a hash tells from others. Opaque to clients, and no secret:
/// it opens nothing that its key does not.
/// </summary>
internal static class ListCursor
{
    public static string Write(ListPosition position, string hash) => CursorText.Write(
        string.Create(CultureInfo.InvariantCulture, $"{position.CreatedAt.ToUnixTimeMilliseconds()}.{position.MessageId}.{hash}"));

    /// <summary>The place; null when the text is no cursor of this list.</summary>
    public static ListPosition? Read(string cursor, string hash, Func<string, bool> isId) =>
        CursorText.Read(cursor)?.Split('.') is [var time, var id, var given]
        && given == hash
        && (id.Length == 0 || isId(id))
        && long.TryParse(time, NumberStyles.None, CultureInfo.InvariantCulture, out var milliseconds)
        && milliseconds <= DateTimeOffset.MaxValue.ToUnixTimeMilliseconds()
            ? new(DateTimeOffset.FromUnixTimeMilliseconds(milliseconds), id)
            : null;
}
