using Microsoft.Extensions.Logging;

namespace Omni.Dispatcher;

/// <summary>What the Dispatcher logs: ids and codes.</summary>
internal static partial class Log
{
    [LoggerMessage(41, LogLevel.Error, "A queue did not take {Count} record(s); the stream delivers them again")]
    public static partial void NotEnqueued(ILogger log, Exception fault, int count);

    [LoggerMessage(43, LogLevel.Error, "What follows {Count} reply(ies) could not be read; the stream delivers them again")]
    public static partial void NotRead(ILogger log, Exception fault, int count);
}
