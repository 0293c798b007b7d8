using System.Globalization;

namespace Omni.Shared;

/// <summary>
/// A status with its reason as one comparable text, <c>"{rank:00}#{reason}:{carrierCode}"</c>: a total order, so that any order of the same
/// events ends in the same item.
/// </summary>
/// <param name="Value">The text, as it is stored and compared by DynamoDB.</param>
public readonly record struct RankKey(string Value) : IComparable<RankKey>
{
    /// <summary>The key of a status.</summary>
    /// <param name="status">The status.</param>
    /// <param name="reason">Why, for failures.</param>
    /// <param name="carrierCode">The carrier's own code.</param>
    public static RankKey Of(MessageStatus status, FailureReason? reason = null, string? carrierCode = null)
    {
        var code = reason is { } r ? carrierCode is null ? r.Code() : $"{r.Code()}:{carrierCode}" : "";
        return new(string.Create(CultureInfo.InvariantCulture, $"{(int)status:00}#{code}"));
    }

    /// <summary>The smallest text of a status and of all above it: the bound for a condition such as "below sent".</summary>
    /// <param name="status">The status.</param>
    public static string Floor(MessageStatus status) => string.Create(CultureInfo.InvariantCulture, $"{(int)status:00}");

    /// <summary>The status.</summary>
    public MessageStatus Status => (MessageStatus)int.Parse(Value.AsSpan(0, 2), NumberStyles.None, CultureInfo.InvariantCulture);

    /// <summary>Why, for failures; null otherwise.</summary>
    public FailureReason? Reason => Value.Length <= 3 ? null : EnumWords.FromCode(Value[3..].Split(':', 2)[0]);

    /// <summary>The carrier's own code; null when there is none.</summary>
    public string? CarrierCode => Value.IndexOf(':', StringComparison.Ordinal) is > 0 and var colon ? Value[(colon + 1)..] : null;

    /// <inheritdoc/>
    public int CompareTo(RankKey other) => string.CompareOrdinal(Value, other.Value);

    /// <summary>Lower in the lifecycle.</summary>
    public static bool operator <(RankKey left, RankKey right) => left.CompareTo(right) < 0;

    /// <summary>Higher in the lifecycle.</summary>
    public static bool operator >(RankKey left, RankKey right) => left.CompareTo(right) > 0;

    /// <summary>Lower or the same.</summary>
    public static bool operator <=(RankKey left, RankKey right) => left.CompareTo(right) <= 0;

    /// <summary>Higher or the same.</summary>
    public static bool operator >=(RankKey left, RankKey right) => left.CompareTo(right) >= 0;

    /// <inheritdoc/>
    public override string ToString() => Value;
}
