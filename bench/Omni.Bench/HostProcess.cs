using System.Diagnostics;
using Omni.Local;

namespace Omni.Bench;

/// <summary>CPU time of the local host.</summary>
/// <param name="Own">Of its own process: functions, gateway, simulator, and what joins them.</param>
/// <param name="DynamoDb">Of DynamoDB Local.</param>
/// <param name="Sqs">Of the SQS server.</param>
internal readonly record struct HostCpu(TimeSpan Own, TimeSpan DynamoDb, TimeSpan Sqs)
{
    public static HostCpu operator -(HostCpu a, HostCpu b) => new(a.Own - b.Own, a.DynamoDb - b.DynamoDb, a.Sqs - b.Sqs);

    public static HostCpu operator *(HostCpu a, double factor) => new(a.Own * factor, a.DynamoDb * factor, a.Sqs * factor);
}

/// <summary>
/// The local host with Twilio alone as a process of its own: the kernel knows what it used, and nothing of the bench is in that.
/// </summary>
internal sealed class HostProcess : IAsyncDisposable
{
    private const string ReadyWords = "Omni is ready at ";

    private readonly Process _process;
    private readonly TaskCompletionSource<Uri> _ready = new(TaskCreationOptions.RunContinuationsAsynchronously);

    private HostProcess()
    {
        var start = new ProcessStartInfo("dotnet", [
            Path.Combine(AppContext.BaseDirectory, "Omni.Local.dll"), "--port", "0", "--carriers", "twilio"
        ])
        {
            RedirectStandardOutput = true,
            // So fast that no message waits for its slot: what is measured is work.
            Environment = { ["TWILIO_RATE"] = "1000000", ["OMNI_API_KEY"] = ApiKey },
        };
        _process = new Process { StartInfo = start, EnableRaisingEvents = true };
        _process.OutputDataReceived += (_, line) => Read(line.Data);
        _process.Exited += (_, _) => _ready.TrySetException(new BenchException("The local host ended."));
        _process.Start();
        _process.BeginOutputReadLine();
    }

    /// <summary>The key that its API takes.</summary>
    public static string ApiKey { get; } = new LocalOptions().ApiKey;

    /// <summary>Where it serves.</summary>
    public Uri Url => _ready.Task.Result;

    /// <summary>Starts it and waits until it serves.</summary>
    public static async Task<HostProcess> StartAsync(CancellationToken cancellation)
    {
        var host = new HostProcess();
        try
        {
            await host._ready.Task.WaitAsync(cancellation);
            return host;
        }
        catch
        {
            await host.DisposeAsync();
            throw;
        }
    }

    /// <summary>The CPU time so far.</summary>
    public HostCpu CpuTime() => new(Kernel.CpuTime(_process.Id), Child("java"), Child("node"));

    public async ValueTask DisposeAsync()
    {
        if (!_process.HasExited) Kernel.Terminate(_process.Id);
        await _process.WaitForExitAsync();
        _process.Dispose();
    }

    private TimeSpan Child(string command) => Kernel.CpuTime(Kernel.ChildOf(_process.Id, command));

    private void Read(string? line)
    {
        if (line?.IndexOf(ReadyWords, StringComparison.Ordinal) is not (>= 0 and var at)) return;

        _ready.TrySetResult(new(line[(at + ReadyWords.Length)..].Split(' ')[0]));
    }
}
