using Omni.Aws;
using Omni.Shared;

namespace Omni.Api;

/// <summary>
/// The time after a person's last message in which a carrier lets them be written to freely. Asked only where the carrier has one, and not
/// for a scheduled message: by its time the person may have written, and if not, the carrier refuses it.
/// </summary>
internal sealed class ReplyWindow(SessionStore sessions)
{
    /// <summary>How it is with a person's window; null where the carrier has none.</summary>
    public async Task<WindowView?> FindAsync(Message message, DateTimeOffset now, CancellationToken cancellation)
    {
        if (CarrierCatalogue.Get(message.Carrier).ReplyWindow is null) return null;

        var session = await sessions.FindWithWindowAsync(message.Conversation, cancellation);
        return new(session?.WindowExpiresAt > now, session?.WindowExpiresAt);
    }

    /// <summary>Why a message cannot be sent freely now; null when it can, or need not ask.</summary>
    public async Task<ApiResult.Refusal?> RefuseAsync(Message message, DateTimeOffset now, CancellationToken cancellation)
    {
        if (message.Content is TemplateContent || message.ScheduledAt is not null) return null;
        if (await FindAsync(message, now, cancellation) is not { Open: false } window) return null;

        var carrier = CarrierCatalogue.Get(message.Carrier);
        var hours = carrier.ReplyWindow!.Value.TotalHours;
        var why = window.ExpiresAt is { } ended
            ? $"this window ended at {Rfc3339.Write(ended)}"
            : "this person has not written to this sender yet";
        return Problems.WindowClosed.Because(
        [
            new("content.type", "window_closed",
                $"{carrier.Name} takes {message.Content.Type.Word()} for {hours:0} hours after a person's last message, "
                    + $"and {why}. Send content of type template."),
        ]);
    }
}

/// <summary>A person's reply window.</summary>
/// <param name="Open">Whether they may be written to freely now.</param>
/// <param name="ExpiresAt">When it ends, or ended; null when they have not written yet.</param>
internal sealed record WindowView(bool Open, DateTimeOffset? ExpiresAt);
