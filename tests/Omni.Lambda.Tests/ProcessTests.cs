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
        var (output, errors) = await LogAsync();

        Assert.Equal(
            [
                "before",
                "TIME\trequest-1\tinfo\tAnn has 007 of {x}, {missing}",
                "TIME\trequest-1\twarn\ta and b and a",
                "TIME\trequest-1\tfail\tfailed m1",
                "Omni.Lambda.Tests.MyException: bad",
                "TIME\trequest-1\tcrit\tstatic",
                "TIME\trequest-1\tinfo\tconsole",
                "TIME\trequest-1\tinfo\tpart 1",
                "TIME\trequest-1\tinfo\t{\"own\":\"json\"}",
                "raw",
                "TIME\trequest-1\tinfo\tunfinished",
            ],
            output);
        Assert.Equal(["TIME\trequest-1\tfail\terror"], errors);
    }

    [Fact]
    public async Task JSON_logs_have_a_member_per_argument_and_leave_objects_alone()
    {
        var (output, errors) = await LogAsync(("AWS_LAMBDA_LOG_FORMAT", "JSON"));

        Assert.Equal(
            [
                "before",
                """{"timestamp":"TIME","level":"Information","requestId":"request-1","message":"Ann has 007 of {x}"""
                    + """, {missing}","name":"Ann","count":7}""",
                """{"timestamp":"TIME","level":"Warning","requestId":"request-1","message":"a and b and a"}""",
                """{"timestamp":"TIME","level":"Error","requestId":"request-1","message":"failed """
                    + """m1","id":"m1","errorType":"Omni.Lambda.Tests.MyException","errorMessage":"bad","stackTrace":[]}""",
                """{"timestamp":"TIME","level":"Critical","requestId":"request-1","message":"static"}""",
                """{"timestamp":"TIME","level":"Information","requestId":"request-1","message":"console"}""",
                """{"timestamp":"TIME","level":"Information","requestId":"request-1","message":"part 1"}""",
                """{"own":"json"}""",
                "raw",
                """{"timestamp":"TIME","level":"Information","requestId":"request-1","message":"unfinished"}""",
            ],
            output);
        Assert.Equal(["""{"timestamp":"TIME","level":"Error","requestId":"request-1","message":"error"}"""], errors);
    }

    [Fact]
    public async Task Unformatted_logs_are_the_message()
    {
        var (output, _) = await LogAsync(("AWS_LAMBDA_LOG_FORMAT", "JSON"), ("AWS_LAMBDA_HANDLER_LOG_FORMAT", "Unformatted"));

        Assert.Equal(["before", "Ann has 007 of {x}, {missing}", "a and b and a", "failed m1"], output[..4]);
    }

    [Theory]
    [InlineData("debug", "trce dbug info warn fail crit", "dbug")]
    [InlineData("WARN", "dbug info", "warn")]
    [InlineData("FATAL", "fail warn info", "crit")]
    public async Task Lines_below_the_level_are_left_out(string level, string absent, string present)
    {
        var (output, _) = await LogAsync(("AWS_LAMBDA_LOG_LEVEL", level));
        var levels = output.Select(line => line.Split('\t')).Where(parts => parts.Length == 4).Select(parts => parts[2]).ToHashSet();

        Assert.Contains(present, levels);
        Assert.DoesNotContain(absent.Split(' ').TakeWhile(name => name != present), levels.Contains);
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

    private static async Task<(string[] Output, string[] Errors)> LogAsync(params (string Name, string Value)[] variables)
    {
        await using var lambda = new MockRuntimeApi();
        await using var function = new FunctionProcess(lambda, "log", variables);
        await lambda.InvokeAsync("\"x\"");
        var (_, output, errors) = await function.EndAsync();
        return ([.. output.Select(Timeless)], [.. errors.Select(Timeless)]);
    }

    private static string Timeless(string line) => Time().Replace(line, "TIME");

    [GeneratedRegex(@"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z")]
    private static partial Regex Time();
}
