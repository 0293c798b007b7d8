using Microsoft.Extensions.Logging;

namespace Omni.Api;

/// <summary>What the API logs: ids, codes and the endpoint's template; nothing of the path, the parameters or the body.</summary>
internal static partial class Log
{
    [LoggerMessage(LogLevel.Information, "{Method} {Route} answered {Status} in {Milliseconds} ms to {ApiKeyId}, request {RequestId}")]
    public static partial void Answered(
        this ILogger log, string method, string? route, int status, string requestId, string? apiKeyId, double milliseconds);

    [LoggerMessage(LogLevel.Warning, "The function was invoked for a key and answered {Status}, request {RequestId}")]
    public static partial void Bootstrapped(this ILogger log, int status, string requestId);

    [LoggerMessage(LogLevel.Information, "Dead letter {RecordId} of {Queue}: {Result}")]
    public static partial void Redriven(this ILogger log, string queue, string recordId, string result);

    [LoggerMessage(LogLevel.Warning, "{Carrier} is paused by {ApiKeyId}")]
    public static partial void Paused(this ILogger log, string carrier, string apiKeyId);

    [LoggerMessage(LogLevel.Warning, "{Carrier} is resumed by {ApiKeyId}")]
    public static partial void Resumed(this ILogger log, string carrier, string apiKeyId);

    [LoggerMessage(LogLevel.Warning, "{MessageId} goes the usual way: {FaultType}")]
    public static partial void NotExpress(this ILogger log, string messageId, string faultType);

    [LoggerMessage(LogLevel.Warning, "A dependency failed in request {RequestId}: {FaultType} {FaultCode}")]
    public static partial void DependencyFailed(this ILogger log, string requestId, string faultType, string? faultCode);

    [LoggerMessage(LogLevel.Error, "Request {RequestId} failed: {FaultType} {FaultCode} {FaultStack}")]
    public static partial void Failed(this ILogger log, string requestId, string faultType, string? faultCode, string? faultStack);
}
