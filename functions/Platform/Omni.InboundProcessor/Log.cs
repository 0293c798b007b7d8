using Microsoft.Extensions.Logging;

namespace Omni.InboundProcessor;

/// <summary>What the InboundProcessor logs: ids and codes.</summary>
internal static partial class Log
{
    [LoggerMessage(60, LogLevel.Error, "Cannot write record {RecordId}")]
    public static partial void NotWritten(ILogger log, Exception fault, string recordId);

    [LoggerMessage(61, LogLevel.Information, "Received {MessageId} over {Carrier} (new: {IsNew})")]
    public static partial void Received(ILogger log, string messageId, string carrier, bool isNew);

    [LoggerMessage(62, LogLevel.Information, "{MessageId} was reported {Status} {Code}")]
    public static partial void Reported(ILogger log, string messageId, string status, string code);

    [LoggerMessage(63, LogLevel.Information, "A receipt of {Carrier} for {CarrierMessageId}, which nobody knows yet, waits")]
    public static partial void Waits(ILogger log, string carrier, string carrierMessageId);

    [LoggerMessage(65, LogLevel.Information, "A receipt of {Carrier} for {CarrierMessageId} has a reference that is not ours")]
    public static partial void Foreign(ILogger log, string carrier, string carrierMessageId);

    [LoggerMessage(66, LogLevel.Information, "Answered {MessageId} about {About} by {AnswerId} (new: {IsNew})")]
    public static partial void KeywordAnswered(ILogger log, string messageId, string about, string answerId, bool isNew);

    [LoggerMessage(67, LogLevel.Warning, "Cannot answer {MessageId}: {Problem}")]
    public static partial void NotAnswered(ILogger log, string messageId, string problem);

    [LoggerMessage(64, LogLevel.Warning, "A receipt of {Carrier} is about {MessageId}, which is not known")]
    public static partial void Unmatched(ILogger log, string carrier, string messageId);

    [LoggerMessage(68, LogLevel.Warning, "{Sender} names a processor that this version does not have")]
    public static partial void NoProcessor(ILogger log, string sender);
}
