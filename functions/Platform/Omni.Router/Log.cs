using Microsoft.Extensions.Logging;

namespace Omni.Router;

/// <summary>What the router logs: ids and codes.</summary>
internal static partial class Log
{
    [LoggerMessage(140, LogLevel.Information, "{MessageId} goes on to leg {Leg} by {Carrier}")]
    public static partial void WentOn(ILogger log, string messageId, int leg, string carrier);

    [LoggerMessage(141, LogLevel.Information, "{MessageId} reached the person: leg {Leg} was taken back")]
    public static partial void TookBack(ILogger log, string messageId, int leg);

    [LoggerMessage(142, LogLevel.Error, "The plan of {MessageId} was not followed; it comes again")]
    public static partial void Fault(ILogger log, Exception fault, string? messageId);
}
