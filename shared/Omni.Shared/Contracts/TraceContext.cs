using System.Diagnostics;

namespace Omni.Shared;

/// <summary>
/// W3C trace context (https://www.w3.org/TR/trace-context/): one trace id follows a message from the API call to its last receipt.
/// </summary>
public static class TraceContext
{
    /// <summary>A caller's <c>traceparent</c> when it is well formed, a new one otherwise.</summary>
    /// <param name="header">The header; null or empty when there is none.</param>
    public static string FromHeaderOrNew(string? header) =>
        ActivityContext.TryParse(header, null, out _)
            ? header!
            : $"00-{ActivityTraceId.CreateRandom().ToHexString()}-{ActivitySpanId.CreateRandom().ToHexString()}-01";
}
