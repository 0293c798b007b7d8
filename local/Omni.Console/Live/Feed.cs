using Omni.Client;

namespace Omni.WebConsole.Live;

/// <summary>What happens, told to every open page. The feed is read once, and only while somebody looks.</summary>
public sealed class Feed(OmniClient omni, TimeProvider clock) : IAsyncDisposable
{
    private static readonly TimeSpan Pause = TimeSpan.FromSeconds(5);

    private readonly Lock _lock = new();
    private readonly List<Action<Event>> _listeners = [];
    private CancellationTokenSource? _stop;
    private Task _reading = Task.CompletedTask;

    /// <summary>Why nothing is told at the moment; null while it is.</summary>
    public OmniException? Problem { get; private set; }

    /// <summary>Tells of every event from now on, until the answer is disposed of.</summary>
    public IDisposable Listen(Action<Event> listener)
    {
        lock (_lock)
        {
            _listeners.Add(listener);
            if (_stop is null)
            {
                _stop = new();
                _reading = ReadAsync(_stop.Token);
            }
        }

        return new Listening(this, listener);
    }

    /// <inheritdoc/>
    public async ValueTask DisposeAsync()
    {
        Task reading;
        lock (_lock)
        {
            _listeners.Clear();
            _stop?.Cancel();
            (reading, _stop) = (_reading, null);
        }

        await reading;
    }

    private async Task ReadAsync(CancellationToken cancellation)
    {
        await Task.Yield();
        while (!cancellation.IsCancellationRequested)
        {
            try
            {
                await foreach (var e in omni.Events.ReadAsync(cancellation: cancellation))
                {
                    Problem = null;
                    Action<Event>[] listeners;
                    lock (_lock) listeners = [.. _listeners];
                    foreach (var listener in listeners) listener(e);
                }
            }
            catch (OmniException refused)
            {
                Problem = refused;
                await Task.Delay(Pause, clock, cancellation).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
            }
            catch (OperationCanceledException) when (cancellation.IsCancellationRequested)
            {
                // Nobody looks any more.
            }
        }
    }

    private void Forget(Action<Event> listener)
    {
        lock (_lock)
        {
            _listeners.Remove(listener);
            if (_listeners.Count > 0 || _stop is null) return;
            _stop.Cancel();
            _stop = null;
        }
    }

    private sealed class Listening(Feed feed, Action<Event> listener) : IDisposable
    {
        public void Dispose() => feed.Forget(listener);
    }
}
