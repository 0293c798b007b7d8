using Microsoft.AspNetCore.Components;
using Omni.Client;

namespace Omni.WebConsole.Live;

/// <summary>A page that shows what the API says, and says it anew when something happens.</summary>
public abstract class LivePage : ComponentBase, IDisposable
{
    // Much may happen at once: it is read once.
    private static readonly TimeSpan Gather = TimeSpan.FromMilliseconds(150);

    private readonly CancellationTokenSource _gone = new();
    private readonly SemaphoreSlim _news = new(0, 1);
    private IDisposable? _listening;
    private Task _running = Task.CompletedTask;

    /// <summary>The API.</summary>
    [Inject]
    protected OmniClient Omni { get; set; } = null!;

    /// <summary>What happens.</summary>
    [Inject]
    protected Feed Feed { get; set; } = null!;

    /// <summary>How numbers are shown.</summary>
    [Inject]
    protected Screen Screen { get; set; } = null!;

    /// <summary>The time.</summary>
    [Inject]
    protected TimeProvider Clock { get; set; } = null!;

    /// <summary>Whether it has been read once.</summary>
    protected bool IsLoaded { get; private set; }

    /// <summary>What the API said when it was last asked in vain.</summary>
    protected Exception? Problem { get; set; }

    /// <summary>Ends when nobody looks any more.</summary>
    protected CancellationToken Gone => _gone.Token;

    /// <summary>How often it is read although nothing happened; null for what events tell of.</summary>
    protected virtual TimeSpan? Every => null;

    /// <summary>Reads what the page shows.</summary>
    protected abstract Task LoadAsync(CancellationToken cancellation);

    /// <summary>Whether an event changes the page.</summary>
    protected virtual bool Concerns(Event e) => true;

    /// <summary>Reads it anew soon.</summary>
    protected void Refresh()
    {
        try
        {
            _news.Release();
        }
        catch (SemaphoreFullException)
        {
            // It is going to be read anyway.
        }
        catch (ObjectDisposedException)
        {
            // Nobody looks any more.
        }
    }

    /// <summary>Does something that the API may refuse, and reads the page anew.</summary>
    protected async Task DoAsync(Func<Task> act)
    {
        ArgumentNullException.ThrowIfNull(act);
        try
        {
            Problem = null;
            await act();
            await LoadAsync(Gone);
        }
        catch (Exception refused) when (refused is OmniException or HttpRequestException)
        {
            Problem = refused;
        }
    }

    /// <inheritdoc/>
    protected override void OnInitialized()
    {
        Screen.Changed += Show;
        _listening = Feed.Listen(e =>
        {
            if (Concerns(e)) Refresh();
        });
        _running = InvokeAsync(RunAsync);
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        Dispose(true);
        GC.SuppressFinalize(this);
    }

    /// <summary>Ends it.</summary>
    protected virtual void Dispose(bool disposing)
    {
        Screen.Changed -= Show;
        _listening?.Dispose();
        _gone.Cancel();
    }

    private void Show() => _ = InvokeAsync(StateHasChanged);

    private async Task RunAsync()
    {
        var hasFailed = false;
        while (!Gone.IsCancellationRequested)
        {
            try
            {
                await LoadAsync(Gone);
                if (hasFailed) Problem = null;
                hasFailed = false;
            }
            catch (Exception refused) when (refused is OmniException or HttpRequestException)
            {
                (Problem, hasFailed) = (refused, true);
            }
            catch (OperationCanceledException) when (Gone.IsCancellationRequested)
            {
                return;
            }

            IsLoaded = true;
            StateHasChanged();
            try
            {
                await _news.WaitAsync(Every ?? Timeout.InfiniteTimeSpan, Gone);
                await Task.Delay(Gather, Clock, Gone);
            }
            catch (OperationCanceledException)
            {
                return;
            }
        }
    }
}
