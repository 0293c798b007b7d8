using Microsoft.Extensions.Logging;

namespace Omni.MediaConverter;

/// <summary>What the function logs: ids, codes and numbers.</summary>
internal static partial class Log
{
    [LoggerMessage(91, LogLevel.Information, "{MessageId}: its files are ready")]
    public static partial void Ready(ILogger log, string messageId);

    [LoggerMessage(92, LogLevel.Information, "{MessageId}: a file cannot go: {Code}")]
    public static partial void Refused(ILogger log, string messageId, string code);

    [LoggerMessage(93, LogLevel.Information, "{Type} of {Bytes} bytes became {Made} of {MadeBytes} in {Encodes} encode(s) and {Ms} ms")]
    public static partial void Converted(ILogger log, string type, long bytes, string made, long madeBytes, int encodes, long ms);

    [LoggerMessage(94, LogLevel.Information, "{MessageId}: its files are waited for: {Code}")]
    public static partial void PutOff(ILogger log, string messageId, string code);

    [LoggerMessage(95, LogLevel.Error, "A record was not handled and comes again")]
    public static partial void Fault(ILogger log, Exception fault);
}
