using Omni.Local.Deployment;

namespace Omni.Local.Functions;

/// <summary>What an invocation gave: a result, or an error that the function threw.</summary>
/// <param name="Payload">The result's JSON; empty for none.</param>
/// <param name="Error">The error, for the log; null when there was none.</param>
internal sealed record InvocationResult(byte[] Payload, string? Error)
{
    /// <summary>The answer to who is turned away: as many run as may.</summary>
    public static InvocationResult Throttled { get; } = new([], "TooManyRequestsException: Rate Exceeded.");

    public bool IsThrottled => ReferenceEquals(this, Throttled);

    public bool IsError => Error is not null;
}

/// <summary>Runs a function's code on events.</summary>
internal interface IFunctionHost : IAsyncDisposable
{
    /// <summary>The function.</summary>
    StackFunction Function { get; }

    /// <summary>The ids of the processes that run it; this one when it runs here.</summary>
    IReadOnlyList<int> Processes { get; }

    /// <summary>How many invocations it takes at once.</summary>
    int MostAtOnce { get; }

    /// <summary>Invokes it with an event. A fault of the function is a result, not an exception.</summary>
    Task<InvocationResult> InvokeAsync(byte[] eventJson, CancellationToken cancellation);
}
