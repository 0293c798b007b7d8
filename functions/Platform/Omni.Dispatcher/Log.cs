using Microsoft.Extensions.Logging;

namespace Omni.Dispatcher;

/// <summary>What the Dispatcher logs: ids and codes.</summary>
internal static partial class Log
{
    [LoggerMessage(40, LogLevel.Error, "Stream record {SequenceNumber} goes to the dead-letter queue: {Problem}")]
    public static partial void SetAside(ILogger log, string sequenceNumber, string problem);

    [LoggerMessage(41, LogLevel.Error, "A queue did not take {Count} record(s); the stream delivers them again")]
    public static partial void NotEnqueued(ILogger log, Exception fault, int count);
}
