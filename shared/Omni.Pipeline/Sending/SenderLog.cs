using Microsoft.Extensions.Logging;

namespace Omni.Pipeline;

/// <summary>What a sender logs: ids and codes.</summary>
internal static partial class SenderLog
{
    [LoggerMessage(20, LogLevel.Information, "Part {Part} of {MessageId}, attempt {Attempt}: {Outcome} {Code}")]
    public static partial void Attempted(ILogger log, string messageId, int part, int attempt, string outcome, string code);

    [LoggerMessage(21, LogLevel.Information, "{MessageId} is not sent: {Why}")]
    public static partial void NotSent(ILogger log, string messageId, string why);

    [LoggerMessage(22, LogLevel.Information, "{MessageId} waits {Milliseconds} ms: {Why}")]
    public static partial void Waits(ILogger log, string messageId, long milliseconds, string why);

    [LoggerMessage(23, LogLevel.Error, "Cannot read record {RecordId}: {Problem}; it goes to the dead-letter queue")]
    public static partial void Unreadable(ILogger log, string recordId, string problem);

    [LoggerMessage(24, LogLevel.Error, "A fault of ours stopped {MessageId}, the {Count}. time")]
    public static partial void Fault(ILogger log, Exception fault, string messageId, int count);

    [LoggerMessage(25, LogLevel.Information, "{MessageId}, part {Part}: reconciled as {Result}")]
    public static partial void Reconciled(ILogger log, string messageId, int part, string result);

    [LoggerMessage(26, LogLevel.Information, "File {File} of {MessageId}: {Status} {Code}")]
    public static partial void Fetched(ILogger log, string messageId, int file, string status, string code);

    [LoggerMessage(27, LogLevel.Warning, "Nothing is done for {MessageId}: {Why}")]
    public static partial void NotFetched(ILogger log, string messageId, string why);

    [LoggerMessage(29, LogLevel.Warning, "{Carrier} is degraded: {Faults} of {Attempts} attempts were faults, the last {Code}")]
    public static partial void Degraded(ILogger log, string carrier, long faults, long attempts, string code);

    [LoggerMessage(30, LogLevel.Information, "{Carrier} is well again, after {Attempts} attempts in the last minute")]
    public static partial void Recovered(ILogger log, string carrier, long attempts);

    [LoggerMessage(28, LogLevel.Information, "The read mark of {MessageId}: {Outcome}")]
    public static partial void ReadMarked(ILogger log, string messageId, string outcome);
}
