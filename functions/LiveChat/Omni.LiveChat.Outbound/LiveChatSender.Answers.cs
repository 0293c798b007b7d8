using Omni.Pipeline;
using Omni.Shared;

namespace Omni.LiveChat.Outbound;

// What answers mean.
internal sealed partial class LiveChatSender
{
    // A 2xx without an id is not proof: something in between may have answered. Looked up, it is found if LiveChat has it, and with its id.
    private static SendOutcome Taken(OutboundPart part, string? id, string? chat, string? thread)
    {
        if (id is not { Length: > 0 }) return new SendOutcome.Unknown("unreadable");

        var recipient = part.Message.To.Type == AddressType.LivechatChat || chat is null
            ? null
            : new Address(AddressType.LivechatChat, chat);
        return new SendOutcome.Accepted(id, recipient is null ? null : [recipient], thread);
    }

    private static SendOutcome Refusal(CarrierReply? reply, SendOutcome? lost) =>
        reply is null ? lost! : LiveChatErrors.Table.Refusal(LiveChatClient.ProblemOf(reply)?.Type, reply);

    private static SendOutcome UploadRefusal(CarrierReply reply) => Unprepared(reply) switch
    {
        // Of a file these say more than of a text.
        SendOutcome.Rejected { Reason: FailureReason.ContentTooLong } large => large with { Reason = FailureReason.MediaTooLarge },
        SendOutcome.Rejected { Reason: FailureReason.BadRequest or FailureReason.Unknown } wrong =>
            wrong with { Reason = FailureReason.MediaRejected },
        var other => other,
    };

    /// <summary>The outcome when a call before the send was refused: nothing is unknown about the message, it has not left.</summary>
    private static SendOutcome Unprepared(CarrierReply reply) =>
        LiveChatErrors.Table.RepeatableRefusal(LiveChatClient.ProblemOf(reply)?.Type, reply);

    private static bool Is(CarrierReply? reply, string type) =>
        type.Equals(LiveChatClient.ProblemOf(reply)?.Type, StringComparison.OrdinalIgnoreCase);

    // Nothing but the sentence tells this refusal from others that are for good.
    private static bool IsNotInChat(CarrierReply? reply) =>
        LiveChatClient.ProblemOf(reply)?.Message?.Contains("not user of the chat", StringComparison.OrdinalIgnoreCase) == true;
}
