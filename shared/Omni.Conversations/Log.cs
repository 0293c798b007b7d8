using Microsoft.Extensions.Logging;

namespace Omni.Conversations;

/// <summary>What turns log: ids and codes.</summary>
internal static partial class Log
{
    [LoggerMessage(140, LogLevel.Information, "Turn {TurnId}: {Result}, {Replies} replies ({Written})")]
    public static partial void Taken(ILogger log, string turnId, string result, int replies, string written);

    [LoggerMessage(141, LogLevel.Error, "Turn {TurnId} failed {Tries} time(s)")]
    public static partial void Failed(ILogger log, Exception fault, string turnId, int tries);

    [LoggerMessage(142, LogLevel.Error, "The turn of record {RecordId} is not taken; it comes again")]
    public static partial void NotTaken(ILogger log, Exception fault, string recordId);
}
