using System.Reflection;
using System.Text.Json.Serialization;
using Amazon.Lambda.Core;
using Amazon.Lambda.Serialization.SystemTextJson;
using Omni.Aws;
using Omni.Local.Deployment;

namespace Omni.Local.Functions;

/// <summary>
/// A function's own code in this process: its <c>Function</c> class, fed and answering with the same JSON as in Lambda through the
/// function's own serializer. Faster to start and to debug than a process of its own; the code, the events and the answers are the same.
/// </summary>
internal sealed class InProcessFunction : IFunctionHost
{
    private readonly object _instance;
    private readonly MethodInfo _invoke;
    private readonly MethodInfo _handler;
    private readonly ILambdaSerializer _serializer;

    /// <summary>The function over its settings.</summary>
    public InProcessFunction(StackFunction function)
    {
        Function = function;
        var assembly = Assembly.Load(function.Project);
        var type = assembly.GetType($"{function.Project}.Function", throwOnError: true)!;
        try
        {
            _instance = Activator.CreateInstance(type, new Settings(function.Settings))!;
        }
        catch (TargetInvocationException fault)
        {
            System.Runtime.ExceptionServices.ExceptionDispatchInfo.Capture(fault.InnerException!).Throw();
            throw;
        }

        _handler = type.GetMethod("HandleAsync")!;
        _invoke = typeof(InProcessFunction).GetMethod(nameof(CallAsync), BindingFlags.NonPublic | BindingFlags.Instance)!
            .MakeGenericMethod(_handler.GetParameters()[0].ParameterType, _handler.ReturnType.GetGenericArguments()[0]);
        _serializer = (ILambdaSerializer)typeof(InProcessFunction).GetMethod(
            nameof(NewSerializer), BindingFlags.NonPublic | BindingFlags.Static)!
            .MakeGenericMethod(JsonOf(_handler)).Invoke(null, null)!;
    }

    public StackFunction Function { get; }

    public IReadOnlyList<int> Processes => [Environment.ProcessId];

    public int MostAtOnce => int.MaxValue;

    public async Task<InvocationResult> InvokeAsync(byte[] eventJson, CancellationToken cancellation)
    {
        try
        {
            // Each invocation is a flow of its own, as in Lambda.
            var payload = await Task.Run(() => (Task<byte[]>)_invoke.Invoke(this, [eventJson])!, cancellation)
                .WaitAsync(Function.Timeout, cancellation);
            return new(payload, null);
        }
        catch (Exception fault) when (!cancellation.IsCancellationRequested)
        {
            return new([], (fault is TargetInvocationException { InnerException: { } inner } ? inner : fault).ToString());
        }
    }

    public ValueTask DisposeAsync() => ValueTask.CompletedTask;

    private async Task<byte[]> CallAsync<TInput, TOutput>(byte[] eventJson)
    {
        using var input = new MemoryStream(eventJson);
        var output = await (Task<TOutput>)_handler.Invoke(_instance, [_serializer.Deserialize<TInput>(input), new LocalContext(Function)])!;
        using var result = new MemoryStream();
        _serializer.Serialize(output, result);
        return result.ToArray();
    }

    /// <summary>
    /// The source-generated JSON of a handler's event: beside the handler, in the function's own project or in the one that has its shape.
    /// </summary>
    private static Type JsonOf(MethodInfo handler) =>
        handler.DeclaringType!.Assembly.GetTypes()
            .Single(type => type.IsSubclassOf(typeof(JsonSerializerContext)) && type.CustomAttributes.Any(attribute =>
                attribute.AttributeType == typeof(JsonSerializableAttribute)
                    && (Type)attribute.ConstructorArguments[0].Value! == handler.GetParameters()[0].ParameterType));

    private static SourceGeneratorLambdaJsonSerializer<T> NewSerializer<T>() where T : JsonSerializerContext => new();
}

/// <summary>The context of an invocation in this process.</summary>
internal sealed class LocalContext(StackFunction function) : ILambdaContext
{
    private readonly DateTimeOffset _deadline = TimeProvider.System.GetUtcNow() + function.Timeout;

    public string AwsRequestId { get; } = Guid.NewGuid().ToString();

    public IClientContext ClientContext => null!;

    public string FunctionName => function.Name;

    public string FunctionVersion => "$LATEST";

    public ICognitoIdentity Identity => null!;

    public string InvokedFunctionArn => function.Name;

    public ILambdaLogger Logger { get; } = new ConsoleLogger();

    public string LogGroupName => "/local/" + function.Name;

    public string LogStreamName => "local";

    public int MemoryLimitInMB => function.MemoryMegabytes;

    public TimeSpan RemainingTime => _deadline - TimeProvider.System.GetUtcNow();

    private sealed class ConsoleLogger : ILambdaLogger
    {
        public void Log(string message) => Console.Out.Write(message);

        public void LogLine(string message) => Console.Out.WriteLine(message);
    }
}
