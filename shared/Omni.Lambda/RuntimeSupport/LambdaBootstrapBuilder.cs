using Amazon.Lambda.Core;
using Amazon.Lambda.RuntimeSupport.Bootstrap;

namespace Amazon.Lambda.RuntimeSupport;

/// <summary>Makes a function's loop out of its handler.</summary>
public partial class LambdaBootstrapBuilder
{
    private readonly LambdaBootstrapHandler _handler;
    private readonly ILambdaSerializer _serializer;
    private readonly LambdaBootstrapOptions _options = new();
    private LambdaBootstrapInitializer _initializer;

    private LambdaBootstrapBuilder(LambdaBootstrapHandler handler, ILambdaSerializer serializer)
    {
        _handler = handler;
        _serializer = serializer;
    }

    public LambdaBootstrapBuilder UseBootstrapHandler(LambdaBootstrapInitializer lambdaBootstrapInitializer)
    {
        _initializer = lambdaBootstrapInitializer;
        return this;
    }

    public LambdaBootstrapBuilder ConfigureOptions(Action<LambdaBootstrapOptions> options = null)
    {
        options?.Invoke(_options);
        return this;
    }

    public LambdaBootstrap Build() => new(_handler, _options, _initializer, _serializer);

    private static LambdaBootstrapBuilder Silent(Func<InvocationRequest, Task> call, ILambdaSerializer serializer = null) =>
        new(
            async request =>
            {
                await call(request);
                return new(null);
            },
            serializer);

    private static LambdaBootstrapBuilder Streamed(Func<InvocationRequest, Task<Stream>> call, ILambdaSerializer serializer = null) =>
        new(async request => new(await call(request)), serializer);

    private static LambdaBootstrapBuilder Typed<TOutput>(Func<InvocationRequest, Task<TOutput>> call, ILambdaSerializer serializer) =>
        Buffered(async (request, output) => serializer.Serialize(await call(request), output), serializer);

    /// <summary>One invocation runs at a time, so all share one buffer for their results.</summary>
    private static LambdaBootstrapBuilder Buffered(Func<InvocationRequest, MemoryStream, Task> call, ILambdaSerializer serializer = null)
    {
        var output = new MemoryStream();
        return new(
            async request =>
            {
                output.SetLength(0);
                await call(request, output);
                output.Position = 0;
                return new(output, false);
            },
            serializer);
    }

    /// <summary>Read inside the invocation, so that a bad event is that invocation's error and not the process's end.</summary>
    private static TInput Read<TInput>(InvocationRequest request, ILambdaSerializer serializer) =>
        serializer.Deserialize<TInput>(request.InputStream);
}
