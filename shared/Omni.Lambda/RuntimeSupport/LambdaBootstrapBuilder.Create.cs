using Amazon.Lambda.Core;

namespace Amazon.Lambda.RuntimeSupport;

/// <content>
/// Every shape of handler: no input, a stream or a typed one, without or with the context, and a result that is nothing,
/// a stream or typed, at once or awaited. The set is whole because overload resolution of lambdas depends on it.
/// </content>
public partial class LambdaBootstrapBuilder
{
    // Nothing, awaited.
    public static LambdaBootstrapBuilder Create(Func<Task> handler) =>
        Silent(_ => handler());

    public static LambdaBootstrapBuilder Create(Func<ILambdaContext, Task> handler) =>
        Silent(request => handler(request.LambdaContext));

    public static LambdaBootstrapBuilder Create(Func<Stream, Task> handler) =>
        Silent(request => handler(request.InputStream));

    public static LambdaBootstrapBuilder Create(Func<Stream, ILambdaContext, Task> handler) =>
        Silent(request => handler(request.InputStream, request.LambdaContext));

    public static LambdaBootstrapBuilder Create<TInput>(Func<TInput, Task> handler, ILambdaSerializer serializer) =>
        Silent(request => handler(Read<TInput>(request, serializer)), serializer);

    public static LambdaBootstrapBuilder Create<TInput>(Func<TInput, ILambdaContext, Task> handler, ILambdaSerializer serializer) =>
        Silent(request => handler(Read<TInput>(request, serializer), request.LambdaContext), serializer);

    // A stream, awaited.
    public static LambdaBootstrapBuilder Create(Func<Task<Stream>> handler) =>
        Streamed(_ => handler());

    public static LambdaBootstrapBuilder Create(Func<ILambdaContext, Task<Stream>> handler) =>
        Streamed(request => handler(request.LambdaContext));

    public static LambdaBootstrapBuilder Create(Func<Stream, Task<Stream>> handler) =>
        Streamed(request => handler(request.InputStream));

    public static LambdaBootstrapBuilder Create(Func<Stream, ILambdaContext, Task<Stream>> handler) =>
        Streamed(request => handler(request.InputStream, request.LambdaContext));

    public static LambdaBootstrapBuilder Create<TInput>(Func<TInput, Task<Stream>> handler, ILambdaSerializer serializer) =>
        Streamed(request => handler(Read<TInput>(request, serializer)), serializer);

    public static LambdaBootstrapBuilder Create<TInput>(Func<TInput, ILambdaContext, Task<Stream>> handler, ILambdaSerializer serializer) =>
        Streamed(request => handler(Read<TInput>(request, serializer), request.LambdaContext), serializer);

    // Typed, awaited.
    public static LambdaBootstrapBuilder Create<TOutput>(Func<Task<TOutput>> handler, ILambdaSerializer serializer) =>
        Typed(_ => handler(), serializer);

    public static LambdaBootstrapBuilder Create<TOutput>(Func<ILambdaContext, Task<TOutput>> handler, ILambdaSerializer serializer) =>
        Typed(request => handler(request.LambdaContext), serializer);

    public static LambdaBootstrapBuilder Create<TOutput>(Func<Stream, Task<TOutput>> handler, ILambdaSerializer serializer) =>
        Typed(request => handler(request.InputStream), serializer);

    public static LambdaBootstrapBuilder Create<TOutput>(
        Func<Stream, ILambdaContext, Task<TOutput>> handler, ILambdaSerializer serializer) =>
        Typed(request => handler(request.InputStream, request.LambdaContext), serializer);

    public static LambdaBootstrapBuilder Create<TInput, TOutput>(Func<TInput, Task<TOutput>> handler, ILambdaSerializer serializer) =>
        Typed(request => handler(Read<TInput>(request, serializer)), serializer);

    public static LambdaBootstrapBuilder Create<TInput, TOutput>(
        Func<TInput, ILambdaContext, Task<TOutput>> handler, ILambdaSerializer serializer) =>
        Typed(request => handler(Read<TInput>(request, serializer), request.LambdaContext), serializer);

    // Nothing, at once.
    public static LambdaBootstrapBuilder Create(Action handler) =>
        Silent(_ => Done(() => handler()));

    public static LambdaBootstrapBuilder Create(Action<ILambdaContext> handler) =>
        Silent(request => Done(() => handler(request.LambdaContext)));

    public static LambdaBootstrapBuilder Create(Action<Stream> handler) =>
        Silent(request => Done(() => handler(request.InputStream)));

    public static LambdaBootstrapBuilder Create(Action<Stream, ILambdaContext> handler) =>
        Silent(request => Done(() => handler(request.InputStream, request.LambdaContext)));

    public static LambdaBootstrapBuilder Create<TInput>(Action<TInput> handler, ILambdaSerializer serializer) =>
        Silent(request => Done(() => handler(Read<TInput>(request, serializer))), serializer);

    public static LambdaBootstrapBuilder Create<TInput>(Action<TInput, ILambdaContext> handler, ILambdaSerializer serializer) =>
        Silent(request => Done(() => handler(Read<TInput>(request, serializer), request.LambdaContext)), serializer);

    // A stream, at once.
    public static LambdaBootstrapBuilder Create(Func<Stream> handler) =>
        Streamed(_ => Task.FromResult(handler()));

    public static LambdaBootstrapBuilder Create(Func<ILambdaContext, Stream> handler) =>
        Streamed(request => Task.FromResult(handler(request.LambdaContext)));

    public static LambdaBootstrapBuilder Create(Func<Stream, Stream> handler) =>
        Streamed(request => Task.FromResult(handler(request.InputStream)));

    public static LambdaBootstrapBuilder Create(Func<Stream, ILambdaContext, Stream> handler) =>
        Streamed(request => Task.FromResult(handler(request.InputStream, request.LambdaContext)));

    public static LambdaBootstrapBuilder Create<TInput>(Func<TInput, Stream> handler, ILambdaSerializer serializer) =>
        Streamed(request => Task.FromResult(handler(Read<TInput>(request, serializer))), serializer);

    public static LambdaBootstrapBuilder Create<TInput>(Func<TInput, ILambdaContext, Stream> handler, ILambdaSerializer serializer) =>
        Streamed(request => Task.FromResult(handler(Read<TInput>(request, serializer), request.LambdaContext)), serializer);

    // Typed, at once.
    public static LambdaBootstrapBuilder Create<TOutput>(Func<TOutput> handler, ILambdaSerializer serializer) =>
        Typed(_ => Task.FromResult(handler()), serializer);

    public static LambdaBootstrapBuilder Create<TOutput>(Func<ILambdaContext, TOutput> handler, ILambdaSerializer serializer) =>
        Typed(request => Task.FromResult(handler(request.LambdaContext)), serializer);

    public static LambdaBootstrapBuilder Create<TOutput>(Func<Stream, TOutput> handler, ILambdaSerializer serializer) =>
        Typed(request => Task.FromResult(handler(request.InputStream)), serializer);

    public static LambdaBootstrapBuilder Create<TOutput>(Func<Stream, ILambdaContext, TOutput> handler, ILambdaSerializer serializer) =>
        Typed(request => Task.FromResult(handler(request.InputStream, request.LambdaContext)), serializer);

    public static LambdaBootstrapBuilder Create<TInput, TOutput>(Func<TInput, TOutput> handler, ILambdaSerializer serializer) =>
        Typed(request => Task.FromResult(handler(Read<TInput>(request, serializer))), serializer);

    public static LambdaBootstrapBuilder Create<TInput, TOutput>(
        Func<TInput, ILambdaContext, TOutput> handler, ILambdaSerializer serializer) =>
        Typed(request => Task.FromResult(handler(Read<TInput>(request, serializer), request.LambdaContext)), serializer);

    // Into the buffer of the result, without a copy.
    public static LambdaBootstrapBuilder Create(Action<Stream, ILambdaContext, MemoryStream> handler) =>
        Buffered((request, output) => Done(() => handler(request.InputStream, request.LambdaContext, output)));

    private static Task Done(Action action)
    {
        action();
        return Task.CompletedTask;
    }
}
