using System.Globalization;
using Amazon.Lambda.Core;
using Amazon.Lambda.RuntimeSupport;
using Omni.Lambda.Tests;

// The function processes of ProcessTests, chosen by _HANDLER as one binary may do on Lambda.
LambdaLogger.Log("before\n");
await (Environment.GetEnvironmentVariable("_HANDLER") switch
{
    "context" => Typed((_, context) =>
        $"{context.FunctionName} {context.FunctionVersion} {context.LogGroupName} {context.LogStreamName} {context.MemoryLimitInMB}"),
    "memory" => Typed((_, _) => GC.GetGCMemoryInfo().TotalAvailableMemoryBytes.ToString(CultureInfo.InvariantCulture)),
    "trace" => Typed((_, _) => $"{Environment.GetEnvironmentVariable("_X_AMZN_TRACE_ID")}|{LambdaTraceProvider.CurrentTraceId}"),
    "log" => Typed(WriteLog),
    "throw" => Typed((_, _) => throw new MyException("outer", new ArgumentException("inner"))),
    "init throws" => Typed((_, _) => "").UseBootstrapHandler(() => throw new MyException("init")),
    "init false" => Typed((_, _) => "").UseBootstrapHandler(() => Task.FromResult(false)),
    var other => throw new ArgumentException(other),
}).Build().RunAsync();

static LambdaBootstrapBuilder Typed(Func<string, ILambdaContext, string> handler) =>
    LambdaBootstrapBuilder.Create(handler, Json.Serializer);

static string WriteLog(string input, ILambdaContext context)
{
    context.Logger.LogDebug("debug");
    context.Logger.LogInformation("{name} has {count:000} of {{x}}, {missing}", "Ann", 7);
    context.Logger.LogWarning("{0} and {1} and {0}", "a", "b");
    context.Logger.LogError(new MyException("bad"), "failed {id}", "m1");
    LambdaLogger.Log(LogLevel.Critical, "static");
    Console.WriteLine("console");
    Console.Write("par");
    Console.Write('t');
    Console.WriteLine(" {0}", 1);
    Console.WriteLine("""{"own":"json"}""");
    Console.Error.WriteLine("error");
    context.Logger.Log("raw\n");
    Console.Write("unfinished");
    return "";
}
