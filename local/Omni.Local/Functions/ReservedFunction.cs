using Omni.Local.Deployment;

namespace Omni.Local.Functions;

/// <summary>
/// A function that has so many executions reserved and gets no more: who comes beyond them is turned away at once.
/// https://docs.aws.amazon.com/lambda/latest/dg/configuration-concurrency.html
/// </summary>
internal sealed class ReservedFunction(IFunctionHost function, int most) : IFunctionHost
{
    private int _running;

    public StackFunction Function => function.Function;

    public IReadOnlyList<int> Processes => function.Processes;

    public int MostAtOnce => function.MostAtOnce;

    /// <summary>The function, held to what is reserved for it.</summary>
    public static IFunctionHost Around(IFunctionHost function) =>
        function.Function.ReservedConcurrency is { } most ? new ReservedFunction(function, most) : function;

    public async Task<InvocationResult> InvokeAsync(byte[] eventJson, CancellationToken cancellation)
    {
        try
        {
            return Interlocked.Increment(ref _running) <= most
                ? await function.InvokeAsync(eventJson, cancellation)
                : InvocationResult.Throttled;
        }
        finally
        {
            Interlocked.Decrement(ref _running);
        }
    }

    public ValueTask DisposeAsync() => function.DisposeAsync();
}
