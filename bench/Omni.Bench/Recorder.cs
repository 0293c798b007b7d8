using System.Collections.Concurrent;
using Omni.Local.Deployment;
using Omni.Local.Functions;

namespace Omni.Bench;

/// <summary>
/// A function whose invocations are counted and whose events are kept, so that they can be played to a process of its own.
/// </summary>
internal sealed class Recorder(IFunctionHost function) : IFunctionHost
{
    private readonly ConcurrentQueue<byte[]> _events = new();

    public StackFunction Function => function.Function;

    public IReadOnlyList<int> Processes => function.Processes;

    public int MostAtOnce => function.MostAtOnce;

    public IReadOnlyCollection<byte[]> Events => _events;

    public async Task<InvocationResult> InvokeAsync(byte[] eventJson, CancellationToken cancellation)
    {
        _events.Enqueue(eventJson);
        var result = await function.InvokeAsync(eventJson, cancellation);
        return result.IsError ? throw new BenchException($"{Function.Project} failed: {result.Error}") : result;
    }

    public ValueTask DisposeAsync() => function.DisposeAsync();
}

/// <summary>Something was not as a measurement needs it; what it would print would be wrong.</summary>
internal sealed class BenchException(string message) : Exception(message);
