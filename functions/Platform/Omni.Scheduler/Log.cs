using Microsoft.Extensions.Logging;

namespace Omni.Scheduler;

/// <summary>What the Scheduler logs: ids and codes.</summary>
internal static partial class Log
{
    [LoggerMessage(
        80, LogLevel.Information,
        "Released {Released}, raised {Raised}, expired {Expired}, woken {Woken}, counted {Counted}, deleted {Deleted}, failed {Failed}")]
    public static partial void Ran(
        ILogger log, int released, int raised, int expired, int woken, int counted, int deleted, int failed);

    [LoggerMessage(81, LogLevel.Error, "Cannot look at {Id}")]
    public static partial void NotLookedAt(ILogger log, Exception fault, string id);
}
