using System.Globalization;
using System.IO.Compression;
using System.Text.Json;
using Amazon.DynamoDBv2.Model;
using Omni.Shared;

namespace Omni.Aws;

/// <summary>A piece of a lane of the log: the events of one append, in their order.</summary>
/// <param name="N">Its number. In a lane each follows on the one before, but for a jump after a sleep.</param>
/// <param name="AppendedAt">When it was appended.</param>
/// <param name="Events">The events.</param>
public sealed record EventSegment(long N, DateTimeOffset AppendedAt, IReadOnlyList<ClientEvent> Events);

/// <summary>Turns events into the items of segments and back.</summary>
internal static class SegmentCodec
{
    /// <summary>The most events of a segment: a reader keeps a bit for each.</summary>
    public const int MaxEvents = 100;

    /// <summary>The most bytes of a segment: every kilobyte of a write is billed, and a reader holds several at once.</summary>
    public const int MaxBytes = 64 * 1024;

    public const string Pk = "pk";

    public const string Sk = "sk";

    /// <summary>The events: a JSON array, compressed by Brotli.</summary>
    public const string Events = "z";

    public const string AppendedAt = "t";

    /// <summary>Who appended it: tells an append whose answer was lost from another's.</summary>
    public const string Writer = "w";

    /// <summary>Whether the lane was empty or asleep before it, so that the number before it need not be there.</summary>
    public const string AfterSleep = "j";

    public const string Expires = "ex";

    /// <summary>Cuts events into as few segments as hold them.</summary>
    /// <param name="events">The events.</param>
    public static IEnumerable<(ReadOnlyMemory<ClientEvent> Events, byte[] Packed)> Pack(ReadOnlyMemory<ClientEvent> events)
    {
        for (; events.Length > MaxEvents; events = events[MaxEvents..])
        {
            foreach (var segment in Pack(events[..MaxEvents])) yield return segment;
        }

        if (events.Length == 0) yield break;

        var packed = Compress(events);
        if (packed.Length <= MaxBytes || events.Length == 1)
        {
            yield return (events, packed);
            yield break;
        }

        var half = events.Length / 2;
        foreach (var segment in Pack(events[..half]).Concat(Pack(events[half..]))) yield return segment;
    }

    /// <summary>The segment of an item.</summary>
    public static EventSegment Read(IReadOnlyDictionary<string, AttributeValue> item)
    {
        using var plain = new BrotliStream(item[Events].B, CompressionMode.Decompress);
        return new(
            Number(item),
            item.Moment(AppendedAt)!.Value,
            JsonSerializer.Deserialize(plain, EventJson.Wire.IReadOnlyListClientEvent)!);
    }

    public static long Number(IReadOnlyDictionary<string, AttributeValue> item) =>
        long.Parse(item[Sk].N, NumberStyles.None, CultureInfo.InvariantCulture);

    private static byte[] Compress(ReadOnlyMemory<ClientEvent> events)
    {
        using var buffer = new MemoryStream();
        // Quality 4: on messages as small as half of gzip's best at a tenth of the time that Brotli's own best takes.
        using (var packed = new BrotliStream(buffer, new BrotliCompressionOptions { Quality = 4 }, leaveOpen: true))
            JsonSerializer.Serialize(packed, events.ToArray(), EventJson.Wire.IReadOnlyListClientEvent);
        return buffer.ToArray();
    }
}
