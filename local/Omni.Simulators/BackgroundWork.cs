using Microsoft.Extensions.Logging;

namespace Omni.Simulators;

/// <summary>What a simulator does after it has answered. It ends with the host, and with a reset.</summary>
internal sealed partial class BackgroundWork(ILogger logger, CancellationToken stopping)
{
    private CancellationTokenSource _round = CancellationTokenSource.CreateLinkedTokenSource(stopping);

    public CancellationToken Stopping => stopping;

    public void Run(Func<CancellationToken, Task> work)
    {
        var cancellation = _round.Token;
        _ = Task.Run(async () =>
        {
            try
            {
                await work(cancellation);
            }
            catch (OperationCanceledException) when (cancellation.IsCancellationRequested)
            {
                // The host stops, or somebody pressed reset: nobody waits for this any more.
            }
            catch (Exception exception)
            {
                LogFault(logger, exception);
            }
        }, CancellationToken.None);
    }

    /// <summary>Drops everything that is still under way.</summary>
    public void Reset() =>
        Interlocked.Exchange(ref _round, CancellationTokenSource.CreateLinkedTokenSource(stopping)).Cancel();

    [LoggerMessage(LogLevel.Error, "A simulator's background work failed")]
    private static partial void LogFault(ILogger logger, Exception exception);
}
