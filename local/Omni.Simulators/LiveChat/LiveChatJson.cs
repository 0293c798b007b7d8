using System.Globalization;
using System.Security.Cryptography;
using System.Text.Json;
using System.Text.Json.Nodes;
using System.Text.Json.Serialization;
using Microsoft.AspNetCore.Http;

namespace Omni.Simulators.LiveChat;

/// <summary>LiveChat's JSON, times and ids.</summary>
internal static class LiveChatJson
{
    private static readonly JsonSerializerOptions Options = new() { DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull };

    public static IResult Result(object value, int status = StatusCodes.Status200OK) => Results.Json(value, Options, statusCode: status);

    /// <summary>RFC 3339 in UTC, with microseconds.</summary>
    public static string Time(DateTimeOffset at) =>
        at.UtcDateTime.ToString("yyyy-MM-dd'T'HH:mm:ss.ffffff'Z'", CultureInfo.InvariantCulture);

    /// <summary>The form of chats' and threads' ids.</summary>
    public static string NewId() => RandomNumberGenerator.GetString("ABCDEFGHJKLMNPQRSTUVWXYZ0123456789", 10);

    /// <summary>A member that is a string; null when it is missing or something else.</summary>
    public static string? Text(this JsonNode? node, string name) =>
        node is JsonObject members && members.TryGetPropertyValue(name, out var value) && value?.GetValueKind() == JsonValueKind.String
            ? (string?)value
            : null;

    /// <summary>A member that is an object; null when it is missing or something else.</summary>
    public static JsonObject? Object(this JsonNode? node, string name) => node is JsonObject members ? members[name] as JsonObject : null;

    /// <summary>A member that is an array; null when it is missing or something else.</summary>
    public static JsonArray? Array(this JsonNode? node, string name) => node is JsonObject members ? members[name] as JsonArray : null;

    /// <summary>A member that is true; a missing one is what is usual.</summary>
    public static bool Flag(this JsonObject members, string name, bool usual = false) => members[name]?.GetValueKind() switch
    {
        JsonValueKind.True => true,
        JsonValueKind.False => false,
        _ => usual,
    };
}
