using Omni.Local.Deployment;

namespace Omni.Local.Functions;

/// <summary>
/// A function as processes of its own, each fed over the Lambda Runtime API as in the cloud: one invocation at a time and process, another
/// process when all are busy, a new one for one that died.
/// </summary>
internal sealed class IsolatedFunction(StackFunction function, TextWriter log) : IFunctionHost
{
    private const int MaxProcesses = 8;

    private readonly SemaphoreSlim _places = new(MaxProcesses);
    private readonly Lock _lock = new();
    private readonly Stack<FunctionProcess> _idle = [];
    private readonly List<FunctionProcess> _all = [];

    public StackFunction Function => function;

    public int MostAtOnce => MaxProcesses;

    public IReadOnlyList<int> Processes
    {
        get
        {
            lock (_lock) return [.. _all.Where(p => p.IsAlive).Select(p => p.Id)];
        }
    }

    public async Task<InvocationResult> InvokeAsync(byte[] eventJson, CancellationToken cancellation)
    {
        await _places.WaitAsync(cancellation);
        FunctionProcess? process = null;
        try
        {
            process = await TakeAsync() ?? await StartAsync(cancellation);
            return await process.InvokeAsync(eventJson, cancellation);
        }
        catch (Exception fault) when (!cancellation.IsCancellationRequested)
        {
            return new([], fault.Message);
        }
        finally
        {
            if (process is not null) await ReturnAsync(process);
            _places.Release();
        }
    }

    public async ValueTask DisposeAsync()
    {
        FunctionProcess[] all;
        lock (_lock) all = [.. _all];
        foreach (var process in all) await process.DisposeAsync();
        _places.Dispose();
    }

    /// <summary>An idle process; those that died while they were idle are cleared away.</summary>
    private async Task<FunctionProcess?> TakeAsync()
    {
        while (Pop() is { } process)
        {
            if (process.IsAlive) return process;

            await RemoveAsync(process);
        }

        return null;
    }

    private FunctionProcess? Pop()
    {
        lock (_lock) return _idle.TryPop(out var process) ? process : null;
    }

    private async Task<FunctionProcess> StartAsync(CancellationToken cancellation)
    {
        var process = await FunctionProcess.StartAsync(function, FunctionExecutable.Find(function.Project), log, cancellation);
        lock (_lock) _all.Add(process);
        return process;
    }

    private async Task ReturnAsync(FunctionProcess process)
    {
        if (process.IsAlive)
        {
            lock (_lock) _idle.Push(process);
            return;
        }

        await RemoveAsync(process);
    }

    private async Task RemoveAsync(FunctionProcess process)
    {
        lock (_lock) _all.Remove(process);
        await process.DisposeAsync();
    }
}
