using System.Text.Json;
using Amazon.Lambda.Core;
using Amazon.Lambda.RuntimeSupport;

namespace Omni.Lambda.Tests;

public sealed class LoopTests
{
    private static readonly LambdaBootstrapBuilder _quiet = LambdaBootstrapBuilder.Create(() => { });

    [Fact]
    public async Task A_string_is_answered_as_JSON()
    {
        await using var lambda = new MockRuntimeApi().Start(Answering(_ => "héllo"));

        var answer = await lambda.InvokeAsync("\"x\"");

        Assert.Equal("\"héllo\"", answer.Body);
        Assert.Equal("application/json", answer.Headers["Content-Type"]);
        Assert.DoesNotContain("Expect", answer.Headers.Keys);
    }

    [Fact]
    public async Task Nothing_is_answered_as_an_empty_body()
    {
        await using var lambda = new MockRuntimeApi().Start(_quiet);

        var answer = await lambda.InvokeAsync("");

        Assert.Equal(("0", "application/json"), (answer.Headers["Content-Length"], answer.Headers["Content-Type"]));
    }

    [Fact]
    public async Task An_exception_is_reported_with_its_causes_and_the_loop_goes_on()
    {
        await using var lambda = new MockRuntimeApi().Start(Answering(
            input => input == "good" ? input : throw new MyException("outer é\n2nd", new ArgumentException("inner"))));

        var report = await lambda.InvokeAsync("\"bad\"");

        Assert.Equal("/2018-06-01/runtime/invocation/request-1/error", report.Path);
        Assert.Equal("MyException", report.Headers["Lambda-Runtime-Function-Error-Type"]);
        Assert.Equal("application/vnd.aws.lambda.error+json", report.Headers["Content-Type"]);
        var body = JsonDocument.Parse(report.Body).RootElement;
        Assert.Equal(
            ("MyException", "outer é\n2nd"), (body.GetProperty("errorType").GetString(), body.GetProperty("errorMessage").GetString()));
        Assert.StartsWith("at ", body.GetProperty("stackTrace")[0].GetString(), StringComparison.Ordinal);
        Assert.Equal("ArgumentException", body.GetProperty("cause").GetProperty("errorType").GetString());
        Assert.Equal("\"good\"", (await lambda.InvokeAsync("\"good\"")).Body);
    }

    [Fact]
    public async Task A_result_is_sent_from_where_its_stream_stands()
    {
        await using var lambda = new MockRuntimeApi().Start(LambdaBootstrapBuilder.Create(
            (Func<Stream>)(() => new MemoryStream("before|after"u8.ToArray()) { Position = 7 })));

        Assert.Equal("after", (await lambda.InvokeAsync("")).Body);
    }

    [Fact]
    public async Task An_exception_is_reported_for_X_Ray()
    {
        await using var lambda = new MockRuntimeApi().Start(Answering(_ => throw new MyException("outer é\n2nd")));

        var report = await lambda.InvokeAsync("\"x\"");

        var cause = JsonDocument.Parse(report.Headers["Lambda-Runtime-Function-XRay-Error-Cause"]).RootElement;
        var exception = Assert.Single(cause.GetProperty("exceptions").EnumerateArray());
        var frame = exception.GetProperty("stack")[0];
        Assert.Equal(Environment.CurrentDirectory, cause.GetProperty("working_directory").GetString());
        Assert.Equal("MyException", exception.GetProperty("type").GetString());
        Assert.Contains(nameof(An_exception_is_reported_for_X_Ray), frame.GetProperty("label").GetString(), StringComparison.Ordinal);
        Assert.True(frame.GetProperty("line").GetInt32() > 0);
        Assert.Equal(frame.GetProperty("path").GetString(), cause.GetProperty("paths")[0].GetString());
    }

    [Fact]
    public async Task All_causes_of_an_aggregate_are_reported()
    {
        await using var lambda = new MockRuntimeApi()
            .Start(Answering(_ => throw new AggregateException(new MyException("1"), new ArgumentException("2"))));

        var report = JsonDocument.Parse((await lambda.InvokeAsync("\"x\"")).Body).RootElement;

        Assert.Equal(
            ["MyException", "ArgumentException"],
            report.GetProperty("causes").EnumerateArray().Select(cause => cause.GetProperty("errorType").GetString()));
        Assert.Equal("MyException", report.GetProperty("cause").GetProperty("errorType").GetString());
    }

    [OursFact("the short report has no errorType")]
    public async Task A_report_beyond_its_limit_is_replaced_by_a_short_one()
    {
        await using var lambda = new MockRuntimeApi().Start(Answering(_ => throw new MyException(new string('x', 300_000))));

        var report = await lambda.InvokeAsync("\"x\"");

        Assert.InRange(report.Body.Length, 1, 1000);
        Assert.Equal("MyException", JsonDocument.Parse(report.Body).RootElement.GetProperty("errorType").GetString());
    }

    [Fact]
    public async Task Causes_of_any_depth_are_survived()
    {
        var deep = Enumerable.Range(0, 5000).Aggregate(new MyException("first"), (cause, _) => new MyException("next", cause));
        await using var lambda = new MockRuntimeApi().Start(Answering(_ => throw deep));

        Assert.Equal("MyException", (await lambda.InvokeAsync("\"x\"")).Headers["Lambda-Runtime-Function-Error-Type"]);
    }

    [Fact]
    public async Task A_bad_event_is_an_error_of_its_invocation_only()
    {
        await using var lambda = new MockRuntimeApi().Start(Answering(input => input));

        var report = await lambda.InvokeAsync("{");

        Assert.Equal("JsonSerializerException", report.Headers["Lambda-Runtime-Function-Error-Type"]);
        Assert.Equal("\"good\"", (await lambda.InvokeAsync("\"good\"")).Body);
    }

    [OursTheory("the process ends")]
    [InlineData(400)]
    [InlineData(413)]
    public async Task A_refused_result_is_an_error_of_its_invocation_only(int status)
    {
        await using var lambda = new MockRuntimeApi().Start(Answering(input => input));

        await lambda.InvokeAsync(MockReply.Event("\"large\""), new(status, "{}"));
        var report = await lambda.PostedAsync();

        Assert.EndsWith("/request-1/error", report.Path, StringComparison.Ordinal);
        Assert.Contains($"7 bytes with status {status}", report.Body, StringComparison.Ordinal);
        Assert.Equal("\"good\"", (await lambda.InvokeAsync("\"good\"")).Body);
    }

    [Theory]
    [InlineData(403)]
    [InlineData(500)]
    public async Task The_loop_ends_when_it_gets_no_event(int status)
    {
        await using var lambda = new MockRuntimeApi().Start(_quiet);

        lambda.Offer(new(status, "{}"));

        await Assert.ThrowsAnyAsync<Exception>(() => lambda.Loop.WaitAsync(MockRuntimeApi.Patience));
    }

    [Theory]
    [InlineData(403)]
    [InlineData(500)]
    public async Task The_loop_ends_when_a_result_cannot_be_handed_in(int status)
    {
        await using var lambda = new MockRuntimeApi().Start(_quiet);

        await lambda.InvokeAsync(MockReply.Event(""), new(status, "{}"));

        await Assert.ThrowsAnyAsync<Exception>(() => lambda.Loop.WaitAsync(MockRuntimeApi.Patience));
    }

    [Fact]
    public async Task An_initializer_that_says_no_ends_the_loop_without_a_call()
    {
        await using var lambda = new MockRuntimeApi()
            .Start(LambdaBootstrapBuilder.Create(() => { }).UseBootstrapHandler(() => Task.FromResult(false)));

        await lambda.Loop.WaitAsync(MockRuntimeApi.Patience);

        Assert.Empty(lambda.Requests);
    }

    [Fact]
    public async Task An_initializer_runs_once_before_the_first_event()
    {
        var runs = 0;
        await using var lambda = new MockRuntimeApi()
            .Start(Answering(_ => $"{runs}").UseBootstrapHandler(() => Task.FromResult(++runs > 0)));

        await lambda.InvokeAsync("\"x\"");

        Assert.Equal("\"1\"", (await lambda.InvokeAsync("\"x\"")).Body);
    }

    [Fact]
    public async Task An_initializer_that_throws_is_reported_and_thrown()
    {
        await using var lambda = new MockRuntimeApi()
            .Start(LambdaBootstrapBuilder.Create(() => { }).UseBootstrapHandler(() => throw new MyException("no")));

        await Assert.ThrowsAsync<MyException>(() => lambda.Loop.WaitAsync(MockRuntimeApi.Patience));

        var report = Assert.Single(lambda.Requests);
        Assert.Equal("/2018-06-01/runtime/init/error", report.Path);
        Assert.Equal("MyException", JsonDocument.Parse(report.Body).RootElement.GetProperty("errorType").GetString());
    }

    [Fact]
    public async Task A_cancelled_loop_ends_normally()
    {
        await using var lambda = new MockRuntimeApi();
        using var stop = new CancellationTokenSource();
        using var bootstrap = LambdaBootstrapBuilder.Create(() => { })
            .ConfigureOptions(options => options.RuntimeApiEndpoint = lambda.Endpoint)
            .Build();
        var loop = bootstrap.RunAsync(stop.Token);
        lambda.Offer(MockReply.Event(""));
        await lambda.PostedAsync();

        await stop.CancelAsync();

        await loop.WaitAsync(MockRuntimeApi.Patience);
    }

    [Fact]
    public async Task The_headers_become_the_context()
    {
        ILambdaContext? context = null;
        await using var lambda = new MockRuntimeApi().Start(LambdaBootstrapBuilder.Create((Action<ILambdaContext>)(c => context = c)));

        await lambda.InvokeAsync(MockReply.Event(
            "",
            ("Lambda-Runtime-Invoked-Function-Arn", "arn:f"),
            ("Lambda-Runtime-Trace-Id", "Root=1"),
            ("Lambda-Runtime-Aws-Tenant-Id", "tenant"),
            ("Lambda-Runtime-Client-Context", """{"client":{"app_title":"e"},"custom":{"a":"b"},"env":{"c":"d"}}"""),
            ("Lambda-Runtime-Cognito-Identity", """{"cognitoIdentityId":"i","cognitoIdentityPoolId":"p"}""")));

        Assert.NotNull(context);
        Assert.Equal(
            ("request-1", "arn:f", "Root=1", "tenant"),
            (context.AwsRequestId, context.InvokedFunctionArn, context.TraceId, context.TenantId));
        Assert.Equal(
            ("e", "b", "d"),
            (context.ClientContext.Client.AppTitle, context.ClientContext.Custom["a"], context.ClientContext.Environment["c"]));
        Assert.Equal(("i", "p"), (context.Identity.IdentityId, context.Identity.IdentityPoolId));
        Assert.True(context.RemainingTime > TimeSpan.FromDays(1)); // the mock's deadline is in the year 3000
    }

    [OursFact("a header is read as Latin-1")]
    public async Task A_header_is_UTF_8()
    {
        ILambdaContext? context = null;
        await using var lambda = new MockRuntimeApi().Start(LambdaBootstrapBuilder.Create((Action<ILambdaContext>)(c => context = c)));

        await lambda.InvokeAsync(MockReply.Event("", ("Lambda-Runtime-Client-Context", """{"client":{"app_title":"é"}}""")));

        Assert.Equal("é", context?.ClientContext.Client.AppTitle);
    }

    [Fact]
    public async Task Absent_headers_leave_null_but_objects_stay()
    {
        ILambdaContext? context = null;
        await using var lambda = new MockRuntimeApi().Start(
            LambdaBootstrapBuilder.Create((Func<string, ILambdaContext, Task>)((_, c) => Task.FromResult(context = c)), Json.Serializer));

        await lambda.InvokeAsync(new MockReply(200, "\"x\"", ("Lambda-Runtime-Aws-Request-Id", "1"), ("Lambda-Runtime-Deadline-Ms", "1")));

        Assert.NotNull(context);
        Assert.Null(context.InvokedFunctionArn);
        Assert.Null(context.TraceId);
        Assert.Null(context.TenantId);
        Assert.Null(context.ClientContext.Client);
        Assert.Null(context.Identity.IdentityId);
        Assert.Same(Json.Serializer, context.Serializer);
        Assert.True(context.RemainingTime < TimeSpan.Zero);
    }

    private static LambdaBootstrapBuilder Answering(Func<string, string> handler) =>
        LambdaBootstrapBuilder.Create(handler, Json.Serializer);
}

internal sealed class MyException : Exception
{
    public MyException(string message)
        : base(message)
    {
    }

    public MyException(string message, Exception cause)
        : base(message, cause)
    {
    }
}
