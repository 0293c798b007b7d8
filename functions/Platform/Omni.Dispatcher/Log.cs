using Microsoft.Extensions.Logging;

namespace Omni.Dispatcher;

/// <summary>What the Dispatcher logs: ids and codes.</summary>
internal static partial class Log
{
    [LoggerMessage(40, LogLevel.Error, "Cannot read stream record {SequenceNumber}: {Problem}; it goes to the dead-letter queue")]
    public static partial void Unreadable(ILogger log, string sequenceNumber, string problem);

    [LoggerMessage(41, LogLevel.Error, "A queue did not take {Count} record(s); the stream delivers them again")]
    public static partial void NotEnqueued(ILogger log, Exception fault, int count);
}
