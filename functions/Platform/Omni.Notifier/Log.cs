using Microsoft.Extensions.Logging;

namespace Omni.Notifier;

/// <summary>What the Notifier logs: ids and codes; never an address, a header, a secret or what is sent.</summary>
internal static partial class Log
{
    [LoggerMessage(100, LogLevel.Information, "{EndpointId} did not take {EventId}, attempt {Attempt}: {Status} {Error}")]
    public static partial void NotTaken(ILogger log, string endpointId, string eventId, int attempt, int? status, string? error);

    [LoggerMessage(101, LogLevel.Warning, "{EndpointId} is failing: {Cause}")]
    public static partial void Failing(ILogger log, string endpointId, string cause);

    [LoggerMessage(102, LogLevel.Information, "{EndpointId} takes events again")]
    public static partial void Recovered(ILogger log, string endpointId);

    [LoggerMessage(103, LogLevel.Error, "{EndpointId} is disabled: {Cause}")]
    public static partial void Disabled(ILogger log, string endpointId, string cause);

    [LoggerMessage(104, LogLevel.Information, "{EndpointId} rests for {Seconds} s")]
    public static partial void Rests(ILogger log, string endpointId, long seconds);

    [LoggerMessage(105, LogLevel.Warning, "{EndpointId} will not be sent {EventId} again after {Attempts} attempts")]
    public static partial void GivenUp(ILogger log, string endpointId, string eventId, int attempts);

    [LoggerMessage(106, LogLevel.Error, "{EndpointId} was so far behind in lane {Lane} that events have expired; it goes on behind them")]
    public static partial void Expired(ILogger log, string endpointId, int lane);

    [LoggerMessage(107, LogLevel.Error, "Cannot work for group {Group}; its record comes again")]
    public static partial void Fault(ILogger log, Exception fault, string? group);
}
