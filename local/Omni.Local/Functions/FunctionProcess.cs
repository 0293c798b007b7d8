using System.Collections.Concurrent;
using System.Diagnostics;
using System.Globalization;
using System.Threading.Channels;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Logging;
using Omni.Local.Deployment;

namespace Omni.Local.Functions;

/// <summary>
/// One process of a function, and the Lambda Runtime API that feeds it: https://docs.aws.amazon.com/lambda/latest/dg/runtimes-api.html.
/// </summary>
internal sealed class FunctionProcess : IAsyncDisposable
{
    private const string Api = "/2018-06-01/runtime";

    private readonly StackFunction _function;
    private readonly WebApplication _api;
    private readonly TextWriter _log;
    private readonly Channel<(string Id, byte[] Event, DateTimeOffset Deadline)> _waiting =
        Channel.CreateUnbounded<(string, byte[], DateTimeOffset)>();
    private readonly ConcurrentDictionary<string, TaskCompletionSource<InvocationResult>> _open = new();
    private readonly TaskCompletionSource _exited = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly TaskCompletionSource<long> _ready = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private Process? _process;

    private FunctionProcess(StackFunction function, TextWriter log)
    {
        (_function, _log) = (function, log);
        var builder = WebApplication.CreateSlimBuilder(LocalHost.WatchesNoFiles);
        builder.Logging.ClearProviders();
        builder.WebHost.UseUrls("http://127.0.0.1:0");
        builder.WebHost.ConfigureKestrel(kestrel => kestrel.Limits.MaxRequestBodySize = 16 * 1024 * 1024);
        _api = builder.Build();
        _api.MapGet(Api + "/invocation/next", NextAsync);
        _api.MapPost(Api + "/invocation/{id}/response", (string id, HttpRequest request) => FinishAsync(id, request, isError: false));
        _api.MapPost(Api + "/invocation/{id}/error", (string id, HttpRequest request) => FinishAsync(id, request, isError: true));
        _api.MapPost(Api + "/init/error", InitErrorAsync);
    }

    public int Id => _process!.Id;

    /// <summary>When the process was started, by the <see cref="Stopwatch"/>.</summary>
    public long StartedAt { get; private set; }

    /// <summary>When it asked for its first event.</summary>
    public Task<long> Ready => _ready.Task;

    public bool IsAlive => _process is { HasExited: false };

    public static async Task<FunctionProcess> StartAsync(
        StackFunction function, ProcessStartInfo executable, TextWriter log, CancellationToken cancellation)
    {
        var made = await PrepareAsync(function, log, cancellation);
        made.Start(executable);
        return made;
    }

    /// <summary>The Runtime API of a process that is not started yet.</summary>
    public static async Task<FunctionProcess> PrepareAsync(StackFunction function, TextWriter log, CancellationToken cancellation)
    {
        var made = new FunctionProcess(function, log);
        await made._api.StartAsync(cancellation);
        return made;
    }

    /// <summary>Starts the process.</summary>
    public void Start(ProcessStartInfo start)
    {
        start.RedirectStandardOutput = start.RedirectStandardError = true;
        foreach (var (name, value) in _function.Settings) start.Environment[name] = value;
        start.Environment["AWS_LAMBDA_RUNTIME_API"] = new Uri(_api.Urls.First()).Authority;
        start.Environment["AWS_LAMBDA_FUNCTION_NAME"] = _function.Name;
        start.Environment["AWS_LAMBDA_FUNCTION_VERSION"] = "$LATEST";
        start.Environment["AWS_LAMBDA_FUNCTION_MEMORY_SIZE"] = _function.MemoryMegabytes.ToString(CultureInfo.InvariantCulture);
        start.Environment["AWS_LAMBDA_LOG_FORMAT"] = "JSON";
        start.Environment["_HANDLER"] = _function.Project;

        _process = new Process { StartInfo = start, EnableRaisingEvents = true };
        _process.OutputDataReceived += Log;
        _process.ErrorDataReceived += Log;
        _process.Exited += Exited;
        StartedAt = Stopwatch.GetTimestamp();
        _process.Start();
        DeathWatch.Shared.Began(_process);
        _process.BeginOutputReadLine();
        _process.BeginErrorReadLine();
    }

    public async Task<InvocationResult> InvokeAsync(byte[] eventJson, CancellationToken cancellation)
    {
        var id = Guid.NewGuid().ToString();
        var done = _open[id] = new(TaskCreationOptions.RunContinuationsAsynchronously);
        await _waiting.Writer.WriteAsync((id, eventJson, TimeProvider.System.GetUtcNow() + _function.Timeout), cancellation);

        // The first invocation includes the start of the process.
        var first = await Task.WhenAny(done.Task, _exited.Task, Task.Delay(_function.Timeout + TimeSpan.FromSeconds(10), cancellation));
        _open.TryRemove(id, out _);
        if (first == done.Task) return await done.Task;
        if (first == _exited.Task) return new([], $"{_function.Project} died.");

        cancellation.ThrowIfCancellationRequested();
        _process!.Kill();
        return new([], $"{_function.Project} timed out.");
    }

    public async ValueTask DisposeAsync()
    {
        if (IsAlive) _process!.Kill();
        await _exited.Task.WaitAsync(TimeSpan.FromSeconds(5));
        _process!.Dispose();
        await _api.DisposeAsync();
    }

    private void Exited(object? sender, EventArgs e)
    {
        DeathWatch.Shared.Ended(_process!);
        _exited.TrySetResult();
    }

    private void Log(object sender, DataReceivedEventArgs line)
    {
        if (line.Data is { Length: > 0 } text) _log.WriteLine(text);
    }

    private async Task NextAsync(HttpContext context)
    {
        _ready.TrySetResult(Stopwatch.GetTimestamp());
        var (id, json, deadline) = await _waiting.Reader.ReadAsync(context.RequestAborted);
        context.Response.Headers["Lambda-Runtime-Aws-Request-Id"] = id;
        context.Response.Headers["Lambda-Runtime-Deadline-Ms"] = deadline.ToUnixTimeMilliseconds().ToString(CultureInfo.InvariantCulture);
        context.Response.Headers["Lambda-Runtime-Invoked-Function-Arn"] = $"arn:aws:lambda:{Emulators.LocalEmulators.Region}"
            + $":000000000000:function:{_function.Name}";
        context.Response.ContentType = "application/json";
        context.Response.ContentLength = json.Length;
        await context.Response.Body.WriteAsync(json, context.RequestAborted);
    }

    private async Task<IResult> FinishAsync(string id, HttpRequest request, bool isError)
    {
        using var body = new MemoryStream();
        await request.Body.CopyToAsync(body);
        if (_open.TryGetValue(id, out var waiting))
        {
            waiting.TrySetResult(isError ? new([], System.Text.Encoding.UTF8.GetString(body.ToArray())) : new(body.ToArray(), null));
        }

        return Results.Json(new { status = "OK" }, statusCode: 202);
    }

    private async Task<IResult> InitErrorAsync(HttpRequest request)
    {
        using var reader = new StreamReader(request.Body);
        await _log.WriteLineAsync($"{_function.Project} could not start: {await reader.ReadToEndAsync()}");
        return Results.Json(new { status = "OK" }, statusCode: 202);
    }
}
