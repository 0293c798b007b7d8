using Microsoft.Extensions.Logging;

namespace Omni.EventRecorder;

/// <summary>What the recorder logs: ids and codes.</summary>
internal static partial class Log
{
    [LoggerMessage(110, LogLevel.Error, "The log did not take {Count} event(s); the stream delivers them again")]
    public static partial void NotAppended(ILogger log, Exception fault, int count);

    [LoggerMessage(111, LogLevel.Warning, "The endpoints were not woken for segment {N} of lane {Lane}; they are within a minute")]
    public static partial void NotWoken(ILogger log, Exception fault, int lane, long n);

    [LoggerMessage(112, LogLevel.Error, "Batch {BatchId} did not count {Count} message(s); the stream delivers them again")]
    public static partial void NotCounted(ILogger log, Exception fault, string batchId, int count);
}
