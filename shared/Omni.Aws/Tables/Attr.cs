using System.Globalization;
using Amazon.DynamoDBv2.Model;

namespace Omni.Aws;

/// <summary>Makes and reads DynamoDB attribute values. Moments are whole milliseconds since 1970.</summary>
internal static class Attr
{
    public static AttributeValue S(string value) => new() { S = value };

    public static AttributeValue N(long value) => new() { N = value.ToString(CultureInfo.InvariantCulture) };

    public static AttributeValue Time(DateTimeOffset value) => N(value.ToUnixTimeMilliseconds());

    /// <summary>The form that DynamoDB's TTL reads: seconds since 1970.</summary>
    public static AttributeValue Expiry(DateTimeOffset value) => N(value.ToUnixTimeSeconds());

    public static AttributeValue M(Dictionary<string, AttributeValue> value) => new() { M = value };

    public static AttributeValue True { get; } = new() { BOOL = true };

    public static Dictionary<string, AttributeValue> Key(string pk, string? sk) =>
        sk is null ? new() { ["pk"] = S(pk) } : new() { ["pk"] = S(pk), ["sk"] = S(sk) };

    public static string? Text(this IReadOnlyDictionary<string, AttributeValue> item, string name) => item.GetValueOrDefault(name)?.S;

    public static long? Number(this IReadOnlyDictionary<string, AttributeValue> item, string name) =>
        item.GetValueOrDefault(name)?.N is { } n ? long.Parse(n, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture) : null;

    public static DateTimeOffset? Moment(this IReadOnlyDictionary<string, AttributeValue> item, string name) =>
        item.Number(name) is { } ms ? DateTimeOffset.FromUnixTimeMilliseconds(ms) : null;

    public static bool Flag(this IReadOnlyDictionary<string, AttributeValue> item, string name) =>
        item.GetValueOrDefault(name)?.BOOL == true;
}
