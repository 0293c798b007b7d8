using System.Buffers.Text;
using System.Text;

namespace Omni.Api;

/// <summary>How a place is written into a cursor: opaque to clients, and fit for a query string.</summary>
internal static class CursorText
{
    public static string Write(string place) => Base64Url.EncodeToString(Encoding.UTF8.GetBytes(place));

    /// <summary>The place; null when the text is not a cursor of ours.</summary>
    public static string? Read(string cursor)
    {
        var bytes = new byte[cursor.Length];
        return Base64Url.IsValid(cursor) && Base64Url.TryDecodeFromChars(cursor, bytes, out var length)
            ? Encoding.UTF8.GetString(bytes, 0, length)
            : null;
    }
}
