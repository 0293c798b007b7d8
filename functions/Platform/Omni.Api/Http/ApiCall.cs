using System.Buffers;
using Amazon.Lambda.APIGatewayEvents;
using Omni.Aws;

namespace Omni.Api;

/// <summary>One call, as its endpoint sees it.</summary>
internal sealed record ApiCall
{
    public required APIGatewayHttpApiV2ProxyRequest Request { get; init; }

    /// <summary>The values of the path's parameters, in order.</summary>
    public required IReadOnlyList<string> Ids { get; init; }

    /// <summary>The value of the path's parameter; empty where it has none.</summary>
    public string Id => Ids is [var first, ..] ? first : "";

    public required Query Query { get; init; }

    /// <summary>Who calls; null at endpoints that need no key.</summary>
    public ApiKey? Caller { get; init; }

    /// <summary>The W3C <c>traceparent</c> of the call.</summary>
    public required string Trace { get; init; }

    /// <summary>The key under which the call may be repeated, where its endpoint keeps answers; null for none.</summary>
    public string? IdempotencyKey { get; init; }

    /// <summary>How long the invocation may still take.</summary>
    public required Func<TimeSpan> RemainingTime { get; init; }

    public string Tenant => Caller?.Tenant ?? throw new InvalidOperationException("The endpoint has no scope, so it has no caller.");

    public string? Header(string name) => Request.Header(name);
}

internal static class RequestHeaders
{
    private const int MaxRequestId = 128;

    private static readonly SearchValues<char> RequestIdCharacters =
        SearchValues.Create("abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789-_.:");

    /// <summary>A header by its lower-case name, which is how the gateway writes them all; null when it is missing or empty.</summary>
    public static string? Header(this APIGatewayHttpApiV2ProxyRequest request, string name) =>
        request.Headers?.TryGetValue(name, out var value) == true && value is { Length: > 0 } ? value : null;

    /// <summary>The caller's request id when it is fit for logs and headers, otherwise the invocation's.</summary>
    public static string RequestId(this APIGatewayHttpApiV2ProxyRequest request, string invocation) =>
        request.Header("x-request-id") is { Length: <= MaxRequestId } id && id.AsSpan().IndexOfAnyExcept(RequestIdCharacters) < 0
            ? id
            : invocation;
}
