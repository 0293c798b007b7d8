using Microsoft.Extensions.Logging;

namespace Omni.Scheduler;

/// <summary>What the Scheduler logs: ids and codes.</summary>
internal static partial class Log
{
    [LoggerMessage(80, LogLevel.Information, "Released {Released}, raised {Raised}, expired {Expired}")]
    public static partial void Ran(ILogger log, int released, int raised, int expired);

    [LoggerMessage(81, LogLevel.Error, "Cannot read {MessageId}")]
    public static partial void Unreadable(ILogger log, Exception fault, string messageId);
}
