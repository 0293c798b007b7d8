using Amazon.Lambda.Core;
using Amazon.Lambda.RuntimeSupport.Bootstrap;
using Amazon.Lambda.RuntimeSupport.Logging;

namespace Amazon.Lambda.RuntimeSupport;

/// <summary>The loop of a custom runtime: next event, handler, result or error, and again.</summary>
public class LambdaBootstrap : IDisposable
{
    private readonly RuntimeEnvironment _environment = new();
    private readonly LambdaBootstrapHandler _handler;
    private readonly LambdaBootstrapInitializer _initializer;
    private readonly ILambdaSerializer _serializer;
    private readonly RuntimeLogger _logger;
    private readonly RuntimeApi _api;

    internal LambdaBootstrap(
        LambdaBootstrapHandler handler,
        LambdaBootstrapOptions options,
        LambdaBootstrapInitializer initializer,
        ILambdaSerializer serializer)
    {
        _handler = handler;
        _initializer = initializer;
        _serializer = serializer;
        _api = new(options.RuntimeApiEndpoint ?? _environment.RuntimeApi ?? throw new InvalidOperationException(
            "AWS_LAMBDA_RUNTIME_API is not set."));
        _logger = RuntimeLogger.Install(_environment);
    }

    /// <summary>Runs until it is cancelled, or until Lambda or the initializer says that there is nothing to run for.</summary>
    public async Task RunAsync(CancellationToken cancellationToken = default)
    {
        LimitMemory();
        if (!await InitializeAsync()) return;

        try
        {
            do await InvokeAsync(cancellationToken);
            while (!_environment.RunOnce);
        }
        catch (OperationCanceledException) when (cancellationToken.IsCancellationRequested)
        {
            // Asked to stop while waiting for an event: a normal end.
        }
    }

    public void Dispose()
    {
        _api.Dispose();
        GC.SuppressFinalize(this);
    }

    private async Task<bool> InitializeAsync()
    {
        try
        {
            return _initializer is null || await _initializer();
        }
        catch (Exception e)
        {
            _logger.Failed("The initializer failed.", e);
            await _api.ReportInitErrorAsync(e);
            throw;
        }
    }

    private async Task InvokeAsync(CancellationToken cancellation)
    {
        var next = await _api.NextAsync(cancellation);
        var context = new LambdaContext(next.Headers, _environment, _logger, _serializer);
        using var request = new InvocationRequest(
            new MemoryStream(next.Body.Array, next.Body.Offset, next.Body.Count, writable: false), context);

        // The AWS SDK takes the trace from here to pass it on.
        Environment.SetEnvironmentVariable(LambdaTraceProvider.Variable, context.TraceId);
        _logger.Context = context;

        if (await HandleAsync(request) is { } result) await _api.RespondAsync(context.AwsRequestId, result);
        _logger.Context = null;
    }

    /// <summary>The handler's result, or null when it threw and that was reported.</summary>
    private async Task<ReadOnlyMemory<byte>?> HandleAsync(InvocationRequest request)
    {
        try
        {
            var response = await _handler(request);
            return await response.ReadAsync();
        }
        catch (Exception e)
        {
            _logger.Failed("The invocation failed.", e);
            await _api.ReportErrorAsync(request.LambdaContext.AwsRequestId, e);
            return null;
        }
        finally
        {
            // A line without an end is still this invocation's.
            await Console.Out.FlushAsync();
            await Console.Error.FlushAsync();
        }
    }

    /// <summary>Lambda kills a process that outgrows its memory; the GC works harder before that if it knows the limit.</summary>
    private void LimitMemory()
    {
        var limit = (ulong)_environment.MemorySize * 1024 * 1024;
        if (limit == 0 || limit >= (ulong)GC.GetGCMemoryInfo().TotalAvailableMemoryBytes) return;

        AppContext.SetData("GCHeapHardLimit", limit);
        GC.RefreshMemoryLimit();
    }
}
