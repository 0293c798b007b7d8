namespace Omni.Api;

/// <summary>The place where the list of an endpoint's attempts goes on. Opaque to clients; it opens nothing.</summary>
internal static class AttemptCursor
{
    private const int MaxLength = 200;

    public static string Write(string place) => CursorText.Write(place);

    /// <summary>The place; null when the text is no cursor.</summary>
    public static string? Read(string cursor) => cursor.Length is > 0 and <= MaxLength ? CursorText.Read(cursor) : null;
}
