using System.Diagnostics;

namespace Omni.Lambda.Tests;

/// <summary>This assembly as a function's process, with variables and a console of its own.</summary>
internal sealed class FunctionProcess : IAsyncDisposable
{
    private readonly Process _process;
    private readonly Task<string> _output;
    private readonly Task<string> _errors;

    public FunctionProcess(MockRuntimeApi api, string handler, params (string Name, string Value)[] variables)
    {
        var start = new ProcessStartInfo(Environment.GetEnvironmentVariable("DOTNET_HOST_PATH") ?? "dotnet")
        {
            ArgumentList = { "exec", typeof(FunctionProcess).Assembly.Location },
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        };
        start.Environment["AWS_LAMBDA_RUNTIME_API"] = api.Endpoint;
        start.Environment["AWS_LAMBDA_DOTNET_DEBUG_RUN_ONCE"] = "true";
        start.Environment["_HANDLER"] = handler;
        foreach (var (name, value) in variables) start.Environment[name] = value;

        _process = Process.Start(start)!;
        _output = _process.StandardOutput.ReadToEndAsync();
        _errors = _process.StandardError.ReadToEndAsync();
    }

    public async Task<(int ExitCode, string[] Output, string[] Errors)> EndAsync()
    {
        await _process.WaitForExitAsync().WaitAsync(MockRuntimeApi.Patience);
        return (_process.ExitCode, Lines(await _output), Lines(await _errors));
    }

    public async ValueTask DisposeAsync()
    {
        if (!_process.HasExited) _process.Kill();
        await _process.WaitForExitAsync();
        _process.Dispose();
    }

    private static string[] Lines(string text) => text.Split('\n', StringSplitOptions.RemoveEmptyEntries);
}
