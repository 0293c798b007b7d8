using System.Text.Json;
using System.Text.Json.Serialization;

namespace Amazon.Lambda.Serialization.SystemTextJson.Converters;

/// <summary>Reads ISO 8601 text and Unix time, which is how DynamoDB streams send it; writes ISO 8601.</summary>
public class DateTimeConverter : JsonConverter<DateTime>
{
    /// <summary>As seconds this is past the year 6900, so a larger number is in milliseconds.</summary>
    private const long LargestSeconds = 157_753_180_800;

    public override DateTime Read(ref Utf8JsonReader reader, Type typeToConvert, JsonSerializerOptions options) => reader.TokenType switch
    {
        JsonTokenType.String => reader.GetDateTime(),
        JsonTokenType.Number when reader.TryGetInt64(out var whole) =>
            whole > LargestSeconds ? DateTime.UnixEpoch.AddMilliseconds(whole) : DateTime.UnixEpoch.AddSeconds(whole),
        JsonTokenType.Number => DateTime.UnixEpoch.AddSeconds(reader.GetDouble()),
        var other => throw new JsonException($"A time is text or a number, not {other}."),
    };

    public override void Write(Utf8JsonWriter writer, DateTime value, JsonSerializerOptions options) => writer.WriteStringValue(value);
}
