using System.Globalization;
using Omni.Aws;
using Omni.Shared;

namespace Omni.Api;

/// <summary>
/// The time after a person's last message in which a carrier lets them be written to freely. Asked only where the carrier has one, and not
/// for a scheduled message: by its time the person may have written, and if not, the carrier refuses it.
/// </summary>
internal sealed class ReplyWindow(SessionStore sessions)
{
    /// <summary>Why a message cannot be sent freely now; null when it can, or need not ask.</summary>
    public async Task<ApiResult.Refusal?> RefuseAsync(Message message, DateTimeOffset now, CancellationToken cancellation)
    {
        var carrier = CarrierCatalogue.Get(message.Carrier);
        if (carrier.ReplyWindow is not { } length || message.Content is TemplateContent || message.ScheduledAt is not null) return null;

        var session = await sessions.FindWithWindowAsync(message.Conversation, cancellation);
        if (session?.WindowExpiresAt > now) return null;

        var why = session?.WindowExpiresAt is { } ended
            ? $"this window ended at {ended.UtcDateTime.ToString("yyyy-MM-dd'T'HH:mm:ss'Z'", CultureInfo.InvariantCulture)}"
            : "this person has not written to this sender yet";
        return Problems.WindowClosed.Because(
        [
            new("content.type", "window_closed",
                $"{carrier.Name} takes {message.Content.Type.Word()} for {length.TotalHours:0} hours after a person's last message, "
                    + $"and {why}. Send content of type template."),
        ]);
    }
}
