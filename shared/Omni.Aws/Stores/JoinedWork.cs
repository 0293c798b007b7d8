namespace Omni.Aws;

/// <summary>Work that several wait for and the first of them does.</summary>
internal sealed class JoinedWork
{
    private readonly Lock _lock = new();
    private List<TaskCompletionSource>? _waiters;

    public async Task JoinAsync(Func<Task> work)
    {
        List<TaskCompletionSource> waiters;
        TaskCompletionSource? turn = null;
        lock (_lock)
        {
            if (_waiters is null) _waiters = waiters = [];
            else (waiters = _waiters).Add(turn = new());
        }

        if (turn is not null)
        {
            await turn.Task.ConfigureAwait(false);
            return;
        }

        try
        {
            await work().ConfigureAwait(false);
            foreach (var waiter in Close(waiters)) waiter.SetResult();
        }
        catch (Exception fault)
        {
            foreach (var waiter in Close(waiters)) waiter.SetException(fault);
            throw;
        }
    }

    /// <summary>Whoever comes from now on is not served by the work under way.</summary>
    public void Close()
    {
        lock (_lock) _waiters = null;
    }

    private List<TaskCompletionSource> Close(List<TaskCompletionSource> waiters)
    {
        lock (_lock)
        {
            if (_waiters == waiters) _waiters = null;
        }

        return waiters;
    }
}
