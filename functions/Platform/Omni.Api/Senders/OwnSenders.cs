using Omni.Aws;
using Omni.Shared;

namespace Omni.Api;

/// <summary>
/// Who may send from which address: a tenant from those that are registered to it, the default one from such that are nobody's too, unless
/// the stage takes registered senders only. Answers, and that somebody opted out, come to the tenant that an address is registered to: who
/// sent from another's, or from nobody's, would not hear of them.
/// </summary>
/// <param name="senders">The registered senders.</param>
/// <param name="onlyRegistered">Whether the default tenant too sends from registered senders only.</param>
internal sealed class OwnSenders(SenderStore senders, bool onlyRegistered)
{
    /// <summary>Why a message cannot leave from its sender; null when it can.</summary>
    public async Task<ApiResult.Refusal?> RefuseAsync(Message message)
    {
        var sender = await senders.GlanceAsync(message.Carrier, message.From);
        var isOwn = sender is null ? message.Tenant == Defaults.Tenant && !onlyRegistered : sender.Tenant == message.Tenant;
        return isOwn ? null : Problems.UnknownSender.Because([new("from", "unknown_sender", "No such sender is registered to you.")]);
    }
}
