using System.Text.Json;
using Omni.Shared;

namespace Omni.Bandwidth.Inbound;

/// <summary>What can be told of a message whose JSON is not as it should be: that it came, from whom and to whom. Its raw form is kept beside it.</summary>
internal static class BandwidthSalvage
{
    /// <summary>The message; null when even that is not there, or when it is no message.</summary>
    /// <param name="element">The element of the call.</param>
    public static CarrierEvent.MessageReceived? Message(JsonElement element)
    {
        if (Text(element, "type") != "message-received" || Member(element, "message") is not { ValueKind: JsonValueKind.Object } message) return null;
        if (Text(message, "id") is not { Length: > 0 } id || Text(message, "direction") is not (null or "in")) return null;

        try
        {
            return new()
            {
                CarrierMessageId = id,
                From = BandwidthAddress.Parse(Text(message, "from")),
                To = BandwidthAddress.ParseOurs(Text(message, "owner") ?? Text(element, "to")),
                Content = new UnsupportedContent { Kind = BandwidthMapper.Unreadable, Text = Text(message, "text") },
            };
        }
        catch (FormatException)
        {
            return null;
        }
    }

    private static string? Text(JsonElement element, string name)
    {
        if (Member(element, name) is not { ValueKind: JsonValueKind.String } text) return null;
        try
        {
            return text.GetString();
        }
        catch (InvalidOperationException)
        {
            return null; // half of a surrogate pair: no text that could be stored
        }
    }

    private static JsonElement? Member(JsonElement element, string name) =>
        element.ValueKind is JsonValueKind.Object && element.TryGetProperty(name, out var member) ? member : null;
}
