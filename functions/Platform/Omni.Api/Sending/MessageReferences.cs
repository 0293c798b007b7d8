using Omni.Aws;
using Omni.Shared;

namespace Omni.Api;

/// <summary>
/// The message that another one quotes or reacts to. Clients name it by our id, carriers by theirs: it is looked up once, when the message
/// is taken. Any other text is the carrier's own id already.
/// </summary>
internal sealed class MessageReferences(MessageStore messages)
{
    /// <summary>The message with the carrier's ids in place of ours, or why there is none.</summary>
    public async Task<(Message Message, ApiResult.Refusal? Refusal)> ResolveAsync(Message message, CancellationToken cancellation)
    {
        if (Ids.IsMessage(message.ReplyTo))
        {
            var (id, refusal) = await FindAsync("replyTo", message.ReplyTo!, message, cancellation);
            if (refusal is not null) return (message, refusal);
            message = message with { ReplyTo = id };
        }

        if (message.Content is ReactionContent reaction && Ids.IsMessage(reaction.MessageId))
        {
            var (id, refusal) = await FindAsync("content.messageId", reaction.MessageId, message, cancellation);
            if (refusal is not null) return (message, refusal);
            message = message with { Content = reaction with { MessageId = id! } };
        }

        return (message, null);
    }

    private async Task<(string? CarrierId, ApiResult.Refusal? Refusal)> FindAsync(
        string field, string id, Message by, CancellationToken cancellation)
    {
        var named = await messages.FindAsync(id, cancellation);
        if (named is null || named.Message.Tenant != by.Tenant || named.Message.Carrier != by.Carrier)
        {
            return (null, Problems.UnknownMessage.Because([new(field, "unknown_message", "You have no such message at this carrier.")]));
        }

        // Of several parts people see the first one as the message.
        var carrierId = named.Message.CarrierMessageId
            ?? named.State.Parts.Select(part => part.CarrierMessageId).FirstOrDefault(known => known is not null);
        return carrierId is not null
            ? (carrierId, null)
            : (null, Problems.NotSentYet.Because(
                [new(field, "not_sent_yet", $"The message is {named.Status.Word()}: the carrier has no id for it yet.")]));
    }
}
