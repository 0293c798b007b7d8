using System.Buffers.Text;
using System.Text;

namespace Omni.Api;

/// <summary>The place where the list of an endpoint's attempts goes on. Opaque to clients; it opens nothing.</summary>
internal static class AttemptCursor
{
    private const int MaxLength = 200;

    public static string Write(string place) => Base64Url.EncodeToString(Encoding.UTF8.GetBytes(place));

    /// <summary>Whether a text may be a cursor.</summary>
    public static bool IsOne(string cursor) => cursor.Length is > 0 and <= MaxLength && Base64Url.IsValid(cursor);

    /// <summary>The place of a cursor.</summary>
    public static string Read(string cursor) => Encoding.UTF8.GetString(Base64Url.DecodeFromChars(cursor));
}
