using System.Text.Json.Serialization;

namespace Omni.Shared;

/// <summary>What a carrier takes of one kind of file.</summary>
public sealed record FileLimits
{
    /// <summary>The content types that it takes, the one that others are best converted to first; null for all.</summary>
    public IReadOnlyList<string>? Types { get; init; }

    /// <summary>The most bytes.</summary>
    public required long Bytes { get; init; }

    /// <summary>The most bytes of some types, where that is not <see cref="Bytes"/>.</summary>
    public IReadOnlyDictionary<string, long>? BytesOf { get; init; }

    /// <summary>The most bytes of one that does not move, where that is fewer.</summary>
    public long? StillBytes { get; init; }

    /// <summary>The width and height that it must have, in pixels; null for any.</summary>
    public int? Side { get; init; }

    /// <summary>The longest side that a picture keeps when it is converted, in pixels: more is not shown.</summary>
    public int LongestSide { get; init; } = 4096;

    /// <summary>Whether pictures must have eight bits each of red, green and blue.</summary>
    public bool PlainColours { get; init; }

    /// <summary>The codecs of films; null for any.</summary>
    public IReadOnlyList<string>? VideoCodecs { get; init; }

    /// <summary>The codecs of sound; null for any.</summary>
    public IReadOnlyList<string>? AudioCodecs { get; init; }

    /// <summary>The most channels of sound of some types.</summary>
    public IReadOnlyDictionary<string, int>? ChannelsOf { get; init; }
}

/// <summary>The kinds of numbers that networks in North America let send different sizes of messages.</summary>
[JsonConverter(typeof(CamelCaseEnumConverter<NumberKind>))]
public enum NumberKind
{
    /// <summary>A usual number.</summary>
    LongCode,

    /// <summary>A number that is free for who calls it.</summary>
    TollFree,

    /// <summary>Five or six digits.</summary>
    ShortCode,
}

/// <summary>Tells kinds of numbers.</summary>
public static class NumberKinds
{
    // https://www.nanpa.com/numbering/800-toll-free-codes
    private static readonly string[] TollFree = ["800", "833", "844", "855", "866", "877", "888"];

    /// <summary>The kind of a sender's number; null where it is none.</summary>
    /// <param name="sender">The sender.</param>
    public static NumberKind? Of(Address sender) => sender.Type switch
    {
        AddressType.ShortCode => NumberKind.ShortCode,
        AddressType.Phone when sender.Value.StartsWith("+1", StringComparison.Ordinal)
            && TollFree.Any(code => sender.Value.AsSpan(2).StartsWith(code)) => NumberKind.TollFree,
        AddressType.Phone => NumberKind.LongCode,
        _ => null,
    };
}
