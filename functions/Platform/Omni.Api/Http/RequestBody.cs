using System.Text;
using System.Text.Json;

namespace Omni.Api;

/// <summary>Takes the JSON out of a call.</summary>
internal static class RequestBody
{
    public const int MaxBytes = 256 * 1024;

    // A member given twice would let two readers of the same body see two different messages.
    private static readonly JsonDocumentOptions Strict = new() { AllowDuplicateProperties = false };

    /// <summary>The body of a call, or why it is refused.</summary>
    /// <param name="call">The call.</param>
    /// <param name="maxBytes">The most bytes that it may have.</param>
    public static (JsonDocument? Body, ApiResult? Refusal) Read(ApiCall call, int maxBytes = MaxBytes)
    {
        if (!IsJson(call.Header("content-type")))
        {
            return (null, Problems.UnsupportedMediaType.Because("Send the header Content-Type: application/json; the text is UTF-8."));
        }

        if (Bytes(call) is not { } bytes)
            return (null, Problems.InvalidJson.Because("The body is not base64, though the gateway says so."));
        if (bytes.Length > maxBytes)
            return (null, Problems.BodyTooLarge.Because($"A body has at most {maxBytes} bytes; this has {bytes.Length}."));
        if (bytes.Length == 0) return (null, Problems.InvalidJson.Because("The body is empty."));

        try
        {
            var document = JsonDocument.Parse(bytes, Strict);
            if (BrokenText(document.RootElement, "$") is not { } path) return (document, null);

            document.Dispose();
            return (null, Broken(path));
        }
        catch (InvalidOperationException)
        {
            // From the search for members given twice, which reads the names.
            return (null, Broken("$"));
        }
        catch (JsonException malformed)
        {
            return (null, Problems.InvalidJson.Because(malformed is { LineNumber: { } line, BytePositionInLine: { } column }
                ? $"It breaks off or goes wrong in line {line + 1} at byte {column + 1}."
                : "A member is given twice."));
        }
    }

    private static ApiResult.Refusal Broken(string path) =>
        Problems.InvalidJson.Because(
            $"{path} holds half a surrogate pair.", [new(path, "invalid_text", "Half a surrogate pair is no text.")]);

    private static bool IsJson(string? contentType)
    {
        var pieces = (contentType ?? "application/json").Split(';', StringSplitOptions.TrimEntries);
        return pieces[0].Equals("application/json", StringComparison.OrdinalIgnoreCase)
            && pieces.Skip(1).All(piece => !piece.StartsWith("charset=", StringComparison.OrdinalIgnoreCase)
                || piece["charset=".Length..].Trim('"').Equals("utf-8", StringComparison.OrdinalIgnoreCase));
    }

    /// <summary>The bytes of a body; null when they cannot be had from what the gateway made of them.</summary>
    public static byte[]? Bytes(ApiCall call)
    {
        var body = call.Request.Body ?? "";
        if (!call.Request.IsBase64Encoded) return Encoding.UTF8.GetBytes(body);

        var bytes = new byte[body.Length];
        return Convert.TryFromBase64String(body, bytes, out var length) ? bytes[..length] : null;
    }

    /// <summary>
    /// The path of a text with an escape for half a surrogate pair; null when there is none. JSON's grammar allows it, but it is no text
    /// and no table would take it: RFC 8259, section 8.2.
    /// </summary>
    private static string? BrokenText(JsonElement element, string path)
    {
        switch (element.ValueKind)
        {
            case JsonValueKind.String:
                return Reads(element.GetString) ? null : path;
            case JsonValueKind.Array:
                return element.EnumerateArray().Index().Select(e => BrokenText(e.Item, $"{path}[{e.Index}]")).FirstOrDefault(
                    found => found is not null);
            case JsonValueKind.Object:
                return element.EnumerateObject()
                    .Select(p => Reads(() => p.Name) ? BrokenText(p.Value, $"{path}.{p.Name}") : path)
                    .FirstOrDefault(found => found is not null);
            default:
                return null;
        }
    }

    private static bool Reads(Func<string?> text)
    {
        try
        {
            return text() is not null;
        }
        catch (InvalidOperationException)
        {
            return false;
        }
    }
}
