using System.Collections.Frozen;

namespace Omni.Simulators.MessageBird;

/// <summary>How a message ends when no rule says otherwise.</summary>
/// <param name="Path">The statuses that are reported.</param>
/// <param name="ErrorCode">The code in the last one.</param>
/// <param name="Silent">The statuses are reached and no report tells of it.</param>
internal sealed record MessageBirdEnding(IReadOnlyList<string> Path, int? ErrorCode = null, bool Silent = false);

/// <summary>Numbers with a meaning: this simulator's conventions. MessageBird has none.</summary>
internal static class MessageBirdNumbers
{
    /// <summary>Refused at once: no (correct) recipients found.</summary>
    public const string Nobody = "15005550000";

    /// <summary>The code of a recipient who has opted out.</summary>
    public const int OptedOut = 103;

    /// <summary>The code of a message outside WhatsApp's 24 hours.</summary>
    public const int WindowClosed = 470;

    /// <summary>SMS and MMS: the last four digits are the <c>statusErrorCode</c>.</summary>
    public static readonly FrozenDictionary<string, MessageBirdEnding> Endings = new Dictionary<string, MessageBirdEnding>
    {
        ["15005550001"] = new(["sent", "delivery_failed"], 1),
        ["15005550027"] = new(["sent", "buffered", "delivery_failed"], 27),
        ["15005550103"] = new(["delivery_failed"], OptedOut),
        ["15005559998"] = new(["sent", "buffered", "expired"]),
        ["15005559999"] = new(["sent"], Silent: true),
    }.ToFrozenDictionary();

    /// <summary>Conversations: the last four digits are the code of the error.</summary>
    public static readonly FrozenDictionary<string, MessageBirdEnding> ConversationEndings = new Dictionary<string, MessageBirdEnding>
    {
        ["15005550301"] = new(["pending", "failed"], 301),
        ["15005550302"] = new(["pending", "rejected"], 302),
        ["15005559999"] = new(["transmitted", "sent"], Silent: true),
    }.ToFrozenDictionary();

    public static readonly MessageBirdEnding Delivered = new(["sent", "delivered"]);

    public static readonly MessageBirdEnding DeliveredByChannel = new(["transmitted", "sent", "delivered"]);
}
