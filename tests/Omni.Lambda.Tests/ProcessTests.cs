using System.Globalization;
using System.Text.Json;
using System.Text.RegularExpressions;

namespace Omni.Lambda.Tests;

/// <summary>What only a whole process shows: its variables, its exit code, its log.</summary>
public sealed partial class ProcessTests
{
    [Fact]
    public async Task The_variables_become_the_context()
    {
        await using var lambda = new MockRuntimeApi();
        await using var function = new FunctionProcess(
            lambda,
            "context",
            ("AWS_LAMBDA_FUNCTION_NAME", "f"),
            ("AWS_LAMBDA_FUNCTION_VERSION", "$LATEST"),
            ("AWS_LAMBDA_LOG_GROUP_NAME", "g"),
            ("AWS_LAMBDA_LOG_STREAM_NAME", "s"),
            ("AWS_LAMBDA_FUNCTION_MEMORY_SIZE", "512"));

        Assert.Equal("\"f $LATEST g s 512\"", (await lambda.InvokeAsync("\"x\"")).Body);
        Assert.Equal(0, (await function.EndAsync()).ExitCode);
    }

    [Fact]
    public async Task The_collector_knows_the_memory_limit()
    {
        await using var lambda = new MockRuntimeApi();
        await using var function = new FunctionProcess(lambda, "memory", ("AWS_LAMBDA_FUNCTION_MEMORY_SIZE", "256"));

        Assert.Equal($"\"{256 * 1024 * 1024}\"", (await lambda.InvokeAsync("\"x\"")).Body);
    }

    [Fact]
    public async Task The_trace_is_set_for_each_invocation_and_cleared()
    {
        await using var lambda = new MockRuntimeApi();
        await using var function = new FunctionProcess(lambda, "trace", ("AWS_LAMBDA_DOTNET_DEBUG_RUN_ONCE", "false"));

        Assert.Equal("\"Root=1|Root=1\"", (await lambda.InvokeAsync(MockReply.Event("\"x\"", ("Lambda-Runtime-Trace-Id", "Root=1")))).Body);
        Assert.Equal("\"Root=2|Root=2\"", (await lambda.InvokeAsync(MockReply.Event("\"x\"", ("Lambda-Runtime-Trace-Id", "Root=2")))).Body);
        Assert.Equal("\"|\"", (await lambda.InvokeAsync("\"x\"")).Body);
    }

    [Fact]
    public async Task An_initializer_that_throws_ends_the_process_abnormally()
    {
        await using var lambda = new MockRuntimeApi();
        await using var function = new FunctionProcess(lambda, "init throws");

        var report = await lambda.PostedAsync();
        var end = await function.EndAsync();

        Assert.Equal("/2018-06-01/runtime/init/error", report.Path);
        Assert.NotEqual(0, end.ExitCode);
    }

    [Fact]
    public async Task An_initializer_that_says_no_ends_the_process_normally()
    {
        await using var lambda = new MockRuntimeApi();
        await using var function = new FunctionProcess(lambda, "init false");

        Assert.Equal(0, (await function.EndAsync()).ExitCode);
        Assert.Empty(lambda.Requests);
    }

    [Fact]
    public async Task Text_logs_have_time_request_and_level()
    {
        var (output, errors) = await LogAsync("log");

        Assert.Equal(
            [
                "before",
                "TIME\trequest-1\tinfo\tAnn has 007, {missing}",
                "TIME\trequest-1\twarn\ta and b",
                "TIME\trequest-1\tfail\tfailed m1",
                "Omni.Lambda.Tests.MyException: bad",
                " ---> System.ArgumentException: why",
                "   --- End of inner exception stack trace ---",
                "TIME\trequest-1\tcrit\tstatic",
                "TIME\trequest-1\ttrce\tof no level",
                "TIME\trequest-1\ttrce\tof a level of its own",
                "TIME\trequest-1\tinfo\tline",
                "raw",
                "TIME\trequest-1\tinfo\tconsole",
            ],
            output);
        Assert.Equal(["TIME\trequest-1\tfail\terror"], errors);
    }

    [Fact]
    public async Task JSON_logs_have_a_member_per_argument_and_the_causes_of_an_exception()
    {
        var (output, errors) = await LogAsync("log", ("AWS_LAMBDA_LOG_FORMAT", "JSON"));

        const string Start = """{"timestamp":"TIME","level":"LEVEL","requestId":"request-1","message":""";
        Assert.Equal(
            [
                "before",
                Line("Information", "\"Ann has 007, {missing}\",\"name\":\"Ann\",\"count\":\"007\""),
                Line("Warning", "\"a and b\",\"0\":\"a\",\"1\":\"b\""),
                Line("Error", "\"failed m1\",\"id\":\"m1\",\"errorType\":\"Omni.Lambda.Tests.MyException\",\"errorMessage\":\"bad\","
                    + "\"stackTrace\":[\"Omni.Lambda.Tests.MyException: bad\",\"---> System.ArgumentException: why\","
                    + "\"--- End of inner exception stack trace ---\"]"),
                Line("Critical", "\"static\""),
                Line("Trace", "\"of no level\""),
                Line("Trace", "\"of a level of its own\""),
                Line("Information", "\"line\""),
                "raw",
                Line("Information", "\"console\""),
            ],
            output);
        Assert.Equal([Line("Error", "\"error\"")], errors);

        static string Line(string level, string rest) => Start.Replace("LEVEL", level, StringComparison.Ordinal) + rest + "}";
    }

    [Fact]
    public async Task Templates_are_rendered_as_Lambda_renders_them()
    {
        var (output, _) = await LogAsync("templates", ("AWS_LAMBDA_LOG_FORMAT", "JSON"));

        Assert.Equal(
            [
                """ "{a} x","b":"x" """,
                """ "{list}","list":[1,2] """,
                """ "{map}","map":{"k":"v"} """,
                """ "01AB","bytes":"01AB" """,
                """ "2026-01-02T03:04:05.678Z","time":"2026-01-02T03:04:05.678Z" """,
                """ "2026-01-02T03:04:05.000Z","time":"2026-01-02T03:04:05.000Z" """,
                """ "2026-01-02 03:04:05.000 00:01:30","day":"2026-01-02","time":"03:04:05.000","span":"00:01:30" """,
                """ "2026 FF 1.500","time":"2026","hex":"FF","number":"1.500" """,
                """ "{{x}} 1 {{2}} }}","y":1,"z":2 """,
                """ "2 {x","a":2 """,
                """ "1 {b}","a":1 """,
                """ "1","a":1 """,
                """ "q p","1":"q","0":"p" """,
                """ "p q","0":"p","2":"q" """,
                """ "p q","0":"p","name":"q" """,
                """ "text {@list}","text":"text","list":["a"] """,
                """ "1.5 1.5 1.5 True c Warning","d":1.5,"f":1.5,"m":1.5,"flag":true,"c":"c","kind":"Warning" """,
                """ "{{x}} without arguments" """,
            ],
            output[1..].Select(line => $" {line[(line.IndexOf("\"message\":", StringComparison.Ordinal) + 10)..^1]} "));
    }

    [OursFact("objects are text inside of another, what was written without an end is no event, JSON of objects, and none of NaN")]
    public async Task What_is_written_to_the_console_is_an_event_and_an_object_stays_one()
    {
        var (output, _) = await LogAsync("console", ("AWS_LAMBDA_LOG_FORMAT", "JSON"));

        const string Start = """{"timestamp":"TIME","level":"Information","requestId":"request-1","message":""";
        Assert.Equal(
            [
                "before",
                Start + """ "NaN { A = 1 }","number":"NaN","object":"{ A = 1 }"}""".TrimStart(),
                Start + "\"part 1\"}",
                """{"own":"json"}""",
                Start + "\"unfinished\"}",
            ],
            output);
    }

    [Fact]
    public async Task Unformatted_logs_are_the_message()
    {
        var (output, _) = await LogAsync("log", ("AWS_LAMBDA_LOG_FORMAT", "JSON"), ("AWS_LAMBDA_HANDLER_LOG_FORMAT", "Unformatted"));

        Assert.Equal(["before", "Ann has 007, {missing}", "a and b", "failed m1"], output[..4]);
    }

    [Fact]
    public async Task A_variable_without_a_value_is_none()
    {
        var (output, _) = await LogAsync(
            "log",
            ("AWS_LAMBDA_LOG_FORMAT", "JSON"),
            ("AWS_LAMBDA_HANDLER_LOG_FORMAT", ""),
            ("AWS_LAMBDA_LOG_LEVEL", "ERROR"),
            ("AWS_LAMBDA_HANDLER_LOG_LEVEL", ""));

        Assert.Equal("Error", JsonDocument.Parse(output[1]).RootElement.GetProperty("level").GetString());
    }

    [Theory]
    [InlineData("debug", "", "dbug")]
    [InlineData("WARN", "dbug info", "warn")]
    [InlineData("FATAL", "dbug info warn fail", "crit")]
    public async Task Lines_below_the_level_are_left_out(string level, string absent, string present)
    {
        var (output, _) = await LogAsync("log", ("AWS_LAMBDA_LOG_LEVEL", level));
        var levels = output.Select(line => line.Split('\t')).Where(parts => parts.Length == 4).Select(parts => parts[2]).ToHashSet();

        Assert.Contains(present, levels);
        Assert.DoesNotContain(absent.Split(' '), levels.Contains);
    }

    [Fact]
    public async Task A_failed_invocation_is_logged()
    {
        await using var lambda = new MockRuntimeApi();
        await using var function = new FunctionProcess(lambda, "throw", ("AWS_LAMBDA_LOG_FORMAT", "JSON"));

        await lambda.InvokeAsync(MockReply.Event("\"x\"", ("Lambda-Runtime-Trace-Id", "Root=1"), ("Lambda-Runtime-Aws-Tenant-Id", "t")));

        var line = JsonDocument.Parse((await function.EndAsync()).Output[^1]).RootElement;
        Assert.Equal(
            ["Error", "request-1", "t", "Root=1", "Omni.Lambda.Tests.MyException", "outer"],
            new[] { "level", "requestId", "tenantId", "traceId", "errorType", "errorMessage" }.Select(
                name => line.GetProperty(name).GetString()));
        Assert.NotEqual(0, line.GetProperty("stackTrace").GetArrayLength());
    }

    private static async Task<(string[] Output, string[] Errors)> LogAsync(
        string handler, params (string Name, string Value)[] variables)
    {
        await using var lambda = new MockRuntimeApi();
        await using var function = new FunctionProcess(lambda, handler, variables);
        await lambda.InvokeAsync("\"x\"");
        var (_, output, errors) = await function.EndAsync();
        return ([.. output.Select(Timeless)], [.. errors.Select(Timeless)]);
    }

    private static string Timeless(string line) => Time().Replace(Unescaped(line), "TIME");

    /// <summary>JSON allows an escape for what needs none, and the official writer uses it.</summary>
    private static string Unescaped(string line) => line.Replace("\\u003E", ">", StringComparison.Ordinal);

    [GeneratedRegex(@"(?<=^|""timestamp"":"")\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z")]
    private static partial Regex Time();
}
