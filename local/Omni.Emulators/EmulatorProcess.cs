using System.Diagnostics;
using System.Globalization;

namespace Omni.Emulators;

/// <summary>
/// One emulator as a child process. It says <c>ready PORT</c> once it listens, and ends when its standard input closes:
/// by <see cref="DisposeAsync"/>, or by the system when this process dies.
/// </summary>
internal sealed class EmulatorProcess : IAsyncDisposable
{
    private const string ReadyWord = "ready ";
    private const int KeptLines = 20;
    private static readonly TimeSpan Grace = TimeSpan.FromSeconds(5);

    private readonly Process _process;
    private readonly Queue<string> _lastLines = [];
    private readonly TaskCompletionSource<int> _port = new(TaskCreationOptions.RunContinuationsAsynchronously);

    private EmulatorProcess(string name, ProcessStartInfo start)
    {
        start.RedirectStandardInput = start.RedirectStandardOutput = start.RedirectStandardError = true;
        _process = Process.Start(start)!;
        _ = WatchAsync(name);
    }

    public Uri Address => new($"http://127.0.0.1:{_port.Task.Result}");

    /// <summary>Starts the emulator and waits until it listens.</summary>
    public static async Task<EmulatorProcess> StartAsync(
        string name, ProcessStartInfo start, IProgress<string>? progress, CancellationToken cancellation)
    {
        var began = Stopwatch.GetTimestamp();
        var process = new EmulatorProcess(name, start);
        try
        {
            await process._port.Task.WaitAsync(cancellation).ConfigureAwait(false);
        }
        catch
        {
            await process.DisposeAsync().ConfigureAwait(false);
            throw;
        }

        var seconds = Stopwatch.GetElapsedTime(began).TotalSeconds.ToString("0.0", CultureInfo.InvariantCulture);
        progress?.Report($"{name} is ready at {process.Address} ({seconds} s)");
        return process;
    }

    public async ValueTask DisposeAsync()
    {
        _process.StandardInput.Close();
        using var grace = new CancellationTokenSource(Grace);
        try
        {
            await _process.WaitForExitAsync(grace.Token).ConfigureAwait(false);
        }
        catch (OperationCanceledException)
        {
            _process.Kill();
            await _process.WaitForExitAsync(CancellationToken.None).ConfigureAwait(false);
        }

        _process.Dispose();
    }

    // Reads for as long as the child lives: one that nobody reads from stops when the pipe is full.
    private async Task WatchAsync(string name)
    {
        await Task.WhenAll(ReadAsync(_process.StandardOutput), ReadAsync(_process.StandardError)).ConfigureAwait(false);
        lock (_lastLines)
            _port.TrySetException(new EmulatorException($"{name} ended before it was ready:\n{string.Join('\n', _lastLines)}"));
    }

    private async Task ReadAsync(TextReader output)
    {
        while (await output.ReadLineAsync().ConfigureAwait(false) is { } line)
        {
            if (line.StartsWith(ReadyWord, StringComparison.Ordinal))
                _port.TrySetResult(int.Parse(line.AsSpan(ReadyWord.Length), CultureInfo.InvariantCulture));

            lock (_lastLines)
            {
                _lastLines.Enqueue(line);
                if (_lastLines.Count > KeptLines) _lastLines.Dequeue();
            }
        }
    }
}
