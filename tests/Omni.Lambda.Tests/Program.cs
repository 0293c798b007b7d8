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
    "templates" => Typed(WriteTemplates),
    "console" => Typed(WriteToConsole),
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
    context.Logger.LogInformation("{name} has {count:000}, {missing}", "Ann", 7);
    context.Logger.LogWarning("{0} and {1}", "a", "b");
    context.Logger.LogError(new MyException("bad", new ArgumentException("why")), "failed {id}", "m1");
    LambdaLogger.Log(LogLevel.Critical, "static");
    LambdaLogger.Log("of no level");
    context.Logger.Log("Custom", "of a level of its own");
    context.Logger.LogLine("line");
    context.Logger.Log("raw\n");
    Console.WriteLine("console");
    Console.Error.WriteLine("error");
    return "";
}

static string WriteTemplates(string input, ILambdaContext context)
{
    (string Template, object?[] Arguments)[] cases =
    [
        ("{a} {b}", [null, "x"]),
        ("{list}", [new[] { 1, 2 }]),
        ("{map}", [new Dictionary<string, string> { ["k"] = "v" }]),
        ("{bytes}", [new byte[] { 1, 171 }]),
        ("{time}", [new DateTime(2026, 1, 2, 3, 4, 5, 678, DateTimeKind.Utc)]),
        ("{time}", [new DateTimeOffset(2026, 1, 2, 3, 4, 5, TimeSpan.FromHours(2))]),
        ("{day} {time} {span}", [new DateOnly(2026, 1, 2), new TimeOnly(3, 4, 5), TimeSpan.FromSeconds(90)]),
        ("{time:yyyy} {hex:X} {number:0.000}", [new DateTime(2026, 1, 2, 0, 0, 0, DateTimeKind.Utc), 255, 1.5]),
        ("{{x}} {y} {{{z}}} }}", [1, 2]),
        ("{ a } {x", [2]),
        ("{a} {b}", [1]),
        ("{a}", [1, 2]),
        ("{1} {0}", ["p", "q"]),
        ("{0} {2}", ["p", "q", "r"]),
        ("{0} {name}", ["p", "q"]),
        ("{@text} {@list}", ["text", new[] { "a" }]),
        ("{d} {f} {m} {flag} {c} {kind}", [1.5, 1.5f, 1.5m, true, 'c', LogLevel.Warning]),
        ("{{x}} without arguments", []),
    ];
    foreach (var (template, arguments) in cases) context.Logger.LogInformation(template, arguments!);
    return "";
}

static string WriteToConsole(string input, ILambdaContext context)
{
    context.Logger.LogInformation("{number} {@object}", double.NaN, new { A = 1 });
    Console.Write("par");
    Console.Write('t');
    Console.WriteLine(" {0}", 1);
    Console.WriteLine("""{"own":"json"}""");
    Console.Write("unfinished");
    return "";
}
