using System.Globalization;
using Omni.Aws;
using Omni.Shared;

namespace Omni.Api;

/// <summary>How far a client has read in a lane of the log.</summary>
/// <param name="Position">Behind which segment.</param>
/// <param name="Taken">How many events of the segment that follows it has as well.</param>
internal readonly record struct LaneCursor(LanePosition Position, int Taken = 0);

/// <summary>
/// How far a client has read in the log of a tenant: in each of its lanes. Opaque to clients, and no secret: it opens nothing that its key
/// does not.
/// </summary>
internal static class EventCursor
{
    private const int SealLength = 8;

    public static string Write(string tenant, IEnumerable<LaneCursor> lanes)
    {
        var places = string.Join('.', lanes.Select(lane => string.Create(
            CultureInfo.InvariantCulture, $"{lane.Position.N}-{lane.Taken}-{lane.Position.AsOf.ToUnixTimeMilliseconds()}")));
        return CursorText.Write($"{SealOf(tenant, places)}.{places}");
    }

    /// <summary>The places; null when the text is no cursor of this log.</summary>
    public static LaneCursor[]? Read(string tenant, string cursor)
    {
        if (CursorText.Read(cursor)?.Split('.', 2) is not [var seal, var places]) return null;
        if (seal != SealOf(tenant, places)) return null;

        var lanes = places.Split('.').Select(Lane).OfType<LaneCursor>().ToArray();
        return lanes.Length == EventLanes.Count ? lanes : null;
    }

    private static LaneCursor? Lane(string text) =>
        text.Split('-') is [var number, var taken, var time]
        && Number(number, long.MaxValue) is { } n
        && Number(taken, int.MaxValue) is { } count
        && Number(time, DateTimeOffset.MaxValue.ToUnixTimeMilliseconds()) is { } milliseconds
            ? new(new(n, DateTimeOffset.FromUnixTimeMilliseconds(milliseconds)), (int)count)
            : null;

    private static long? Number(string text, long max) =>
        long.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var number) && number <= max ? number : null;

    // A cursor that was cut off, or of another tenant's log, would skip what happened without a word.
    private static string SealOf(string tenant, string places) => Ids.Hash(tenant, places)[..SealLength];
}
