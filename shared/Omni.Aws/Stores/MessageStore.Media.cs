using Omni.Shared;
using Columns = Omni.Aws.MessageColumns;

namespace Omni.Aws;

public sealed partial class MessageStore
{
    /// <summary>
    /// Writes a message's files as its carrier takes them, and asks for it to be sent: one write, once. A message that is over, or that is
    /// to be canceled, is left as it is.
    /// </summary>
    /// <param name="messageId">The message.</param>
    /// <param name="files">The files, in the order of <see cref="ContentFiles"/>.</param>
    /// <param name="cancellation">Stops the call.</param>
    /// <returns>Whether this call asked.</returns>
    public async Task<bool> SetPreparedAsync(
        string messageId, IReadOnlyList<PreparedFile> files, CancellationToken cancellation = default) =>
        (await Update(messageId)
            .Set(Columns.Prepared, Attr.S(MessageCodec.PreparedText(files)))
            .IfMissing(Columns.Prepared)
            .If(Columns.Rank, "<", Attr.S(RankKey.Floor(MessageStatus.Canceled)))
            .Increment(Columns.Dispatch)
            .WriteAsync(dynamo, cancellation).ConfigureAwait(false)).Done;

    /// <summary>Ends a message whose files cannot go to its carrier. Why is written first: who sees that it ended, sees that too.</summary>
    /// <param name="messageId">The message.</param>
    /// <param name="reason">Why, in our words.</param>
    /// <param name="code">Why, as a code.</param>
    /// <param name="detail">Why, in words.</param>
    /// <param name="cancellation">Stops the call.</param>
    public async Task RejectMediaAsync(
        string messageId, FailureReason reason, string code, string detail, CancellationToken cancellation = default)
    {
        await Update(messageId)
            .Set(Columns.MediaProblem, Attr.S(detail))
            .If(Columns.Rank, "<", Attr.S(RankKey.Floor(MessageStatus.Canceled)))
            .WriteAsync(dynamo, cancellation).ConfigureAwait(false);
        await CloseAsync(messageId, MessageStatus.Rejected, reason, code, cancellation: cancellation).ConfigureAwait(false);
    }
}
