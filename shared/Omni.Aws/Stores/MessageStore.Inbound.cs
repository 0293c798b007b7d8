using System.Text.Json;
using Omni.Shared;
using Columns = Omni.Aws.MessageColumns;

namespace Omni.Aws;

public sealed partial class MessageStore
{
    /// <summary>The timeline event of a read mark that the carrier took.</summary>
    public const string ReadMarked = "readMarked";

    /// <summary>The timeline event of a read mark that the carrier refused for good.</summary>
    public const string ReadMarkRefused = "readMarkRefused";

    /// <summary>Writes what became of a file of an inbound message.</summary>
    /// <param name="messageId">The message.</param>
    /// <param name="file">The file, from 0.</param>
    /// <param name="state">What became of it.</param>
    /// <param name="cancellation">Stops the call.</param>
    /// <returns>Whether it was written: not when the message's content was deleted meanwhile.</returns>
    public async Task<bool> SetFileAsync(string messageId, int file, FileState state, CancellationToken cancellation = default) =>
        (await Update(messageId)
            .Set(Columns.FileName(file), Attr.S(JsonSerializer.Serialize(state, OmniJson.Wire.FileState)))
            .IfMissing(Columns.Gone)
            .WriteAsync(dynamo, cancellation).ConfigureAwait(false)).Done;

    /// <summary>Asks that the carrier be told that an inbound message was read. Asking again changes nothing.</summary>
    /// <param name="messageId">The message.</param>
    /// <param name="cancellation">Stops the call.</param>
    /// <returns>Whether this call asked.</returns>
    public async Task<bool> AskReadAsync(string messageId, CancellationToken cancellation = default) =>
        (await Update(messageId)
            .Set(Columns.ReadAsked, Attr.Time(clock.GetUtcNow()))
            .IfMissing(Columns.ReadAsked)
            .Increment(Columns.Dispatch)
            .WriteAsync(dynamo, cancellation).ConfigureAwait(false)).Done;

    /// <summary>Writes that the carrier was told, or that it will not hear of it.</summary>
    /// <param name="messageId">The message.</param>
    /// <param name="isRefused">It refused the mark, or was never reached.</param>
    /// <param name="cancellation">Stops the call.</param>
    public Task SetReadMarkedAsync(string messageId, bool isRefused = false, CancellationToken cancellation = default)
    {
        // The whole message's events have their type as id, so the code of a refusal is not in it: the log has it.
        var type = isRefused ? ReadMarkRefused : ReadMarked;
        return Update(messageId)
            .Set(EventPath(type), MessageCodec.Entry(new() { Id = type, Type = type, At = clock.GetUtcNow() }))
            .WriteAsync(dynamo, cancellation);
    }
}
