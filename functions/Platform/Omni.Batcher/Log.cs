using Microsoft.Extensions.Logging;

namespace Omni.Batcher;

/// <summary>What the Batcher logs: ids and codes.</summary>
internal static partial class Log
{
    [LoggerMessage(120, LogLevel.Information, "{BatchId} released {Count} message(s), up to {Released}")]
    public static partial void Released(ILogger log, string batchId, int count, int released);

    [LoggerMessage(121, LogLevel.Information, "{BatchId} is canceled: {Count} message(s) were asked to stop")]
    public static partial void Canceled(ILogger log, string batchId, int count);

    [LoggerMessage(122, LogLevel.Error, "A step of {Group} failed; it comes again")]
    public static partial void Fault(ILogger log, Exception fault, string? group);
}
