using System.Text;
using Amazon.Lambda.Core;
using Amazon.Lambda.RuntimeSupport;

namespace Omni.Lambda.Tests;

/// <summary>Every shape of handler answers the event "in"; a shape without input answers by itself.</summary>
public sealed class CreateTests
{
    private static readonly Dictionary<string, LambdaBootstrapBuilder> _shapes = new()
    {
        ["nothing, awaited"] = LambdaBootstrapBuilder.Create((Func<Task>)(() => Task.CompletedTask)),
        ["nothing, awaited, context"] = LambdaBootstrapBuilder.Create((Func<ILambdaContext, Task>)(c => Task.FromResult(Id(c)))),
        ["nothing, awaited, stream"] = LambdaBootstrapBuilder.Create((Func<Stream, Task>)(s => Task.FromResult(Text(s)))),
        ["nothing, awaited, stream, context"] = LambdaBootstrapBuilder.Create(
            (Func<Stream, ILambdaContext, Task>)((s, c) => Task.FromResult(Text(s) + Id(c)))),
        ["nothing, awaited, typed"] = LambdaBootstrapBuilder.Create((Func<string, Task>)(s => Task.FromResult(In(s))), Json.Serializer),
        ["nothing, awaited, typed, context"] = LambdaBootstrapBuilder.Create(
            (Func<string, ILambdaContext, Task>)((s, c) => Task.FromResult(In(s) + Id(c))), Json.Serializer),

        ["stream, awaited"] = LambdaBootstrapBuilder.Create((Func<Task<Stream>>)(() => Task.FromResult<Stream>(Bytes("out")))),
        ["stream, awaited, context"] = LambdaBootstrapBuilder.Create(
            (Func<ILambdaContext, Task<Stream>>)(c => Task.FromResult<Stream>(Bytes(Id(c))))),
        ["stream, awaited, stream"] = LambdaBootstrapBuilder.Create(
            (Func<Stream, Task<Stream>>)(s => Task.FromResult<Stream>(Bytes(Text(s))))),
        ["stream, awaited, stream, context"] = LambdaBootstrapBuilder.Create(
            (Func<Stream, ILambdaContext, Task<Stream>>)((s, c) => Task.FromResult<Stream>(Bytes(Text(s) + Id(c))))),
        ["stream, awaited, typed"] = LambdaBootstrapBuilder.Create(
            (Func<string, Task<Stream>>)(s => Task.FromResult<Stream>(Bytes(In(s)))), Json.Serializer),
        ["stream, awaited, typed, context"] = LambdaBootstrapBuilder.Create(
            (Func<string, ILambdaContext, Task<Stream>>)((s, c) => Task.FromResult<Stream>(Bytes(In(s) + Id(c)))), Json.Serializer),

        ["typed, awaited"] = LambdaBootstrapBuilder.Create((Func<Task<string>>)(() => Task.FromResult("out")), Json.Serializer),
        ["typed, awaited, context"] = LambdaBootstrapBuilder.Create(
            (Func<ILambdaContext, Task<string>>)(c => Task.FromResult(Id(c))), Json.Serializer),
        ["typed, awaited, stream"] = LambdaBootstrapBuilder.Create(
            (Func<Stream, Task<string>>)(s => Task.FromResult(Text(s))), Json.Serializer),
        ["typed, awaited, stream, context"] = LambdaBootstrapBuilder.Create(
            (Func<Stream, ILambdaContext, Task<string>>)((s, c) => Task.FromResult(Text(s) + Id(c))), Json.Serializer),
        ["typed, awaited, typed"] = LambdaBootstrapBuilder.Create(
            (Func<string, Task<string>>)(s => Task.FromResult(In(s))), Json.Serializer),
        ["typed, awaited, typed, context"] = LambdaBootstrapBuilder.Create(
            (Func<string, ILambdaContext, Task<string>>)((s, c) => Task.FromResult(In(s) + Id(c))), Json.Serializer),

        ["nothing"] = LambdaBootstrapBuilder.Create((Action)(() => { })),
        ["nothing, context"] = LambdaBootstrapBuilder.Create((Action<ILambdaContext>)(c => Id(c))),
        ["nothing, stream"] = LambdaBootstrapBuilder.Create((Action<Stream>)(s => Text(s))),
        ["nothing, stream, context"] = LambdaBootstrapBuilder.Create((Action<Stream, ILambdaContext>)((s, c) => Id(c))),
        ["nothing, typed"] = LambdaBootstrapBuilder.Create((Action<string>)(s => In(s)), Json.Serializer),
        ["nothing, typed, context"] = LambdaBootstrapBuilder.Create((Action<string, ILambdaContext>)((s, c) => Id(c)), Json.Serializer),

        ["stream"] = LambdaBootstrapBuilder.Create((Func<Stream>)(() => Bytes("out"))),
        ["stream, context"] = LambdaBootstrapBuilder.Create((Func<ILambdaContext, Stream>)(c => Bytes(Id(c)))),
        ["stream, stream"] = LambdaBootstrapBuilder.Create((Func<Stream, Stream>)(s => Bytes(Text(s)))),
        ["stream, stream, context"] = LambdaBootstrapBuilder.Create(
            (Func<Stream, ILambdaContext, Stream>)((s, c) => Bytes(Text(s) + Id(c)))),
        ["stream, typed"] = LambdaBootstrapBuilder.Create((Func<string, Stream>)(s => Bytes(In(s))), Json.Serializer),
        ["stream, typed, context"] = LambdaBootstrapBuilder.Create(
            (Func<string, ILambdaContext, Stream>)((s, c) => Bytes(In(s) + Id(c))), Json.Serializer),

        ["typed"] = LambdaBootstrapBuilder.Create((Func<string>)(() => "out"), Json.Serializer),
        ["typed, context"] = LambdaBootstrapBuilder.Create((Func<ILambdaContext, string>)(c => Id(c)), Json.Serializer),
        ["typed, stream"] = LambdaBootstrapBuilder.Create((Func<Stream, string>)(s => Text(s)), Json.Serializer),
        ["typed, stream, context"] = LambdaBootstrapBuilder.Create(
            (Func<Stream, ILambdaContext, string>)((s, c) => Text(s) + Id(c)), Json.Serializer),
        ["typed, typed"] = LambdaBootstrapBuilder.Create((Func<string, string>)(s => In(s)), Json.Serializer),
        ["typed, typed, context"] = LambdaBootstrapBuilder.Create(
            (Func<string, ILambdaContext, string>)((s, c) => In(s) + Id(c)), Json.Serializer),

        ["buffer"] = LambdaBootstrapBuilder.Create((s, c, output) => output.Write(Encoding.UTF8.GetBytes(Text(s) + Id(c)))),
    };

    public static TheoryData<string> Shapes() => [.. _shapes.Keys];

    [Theory, MemberData(nameof(Shapes))]
    public async Task A_handler_of_any_shape_answers(string shape)
    {
        await using var lambda = new MockRuntimeApi().Start(_shapes[shape]);

        // Twice, since results share a buffer.
        await lambda.InvokeAsync("\"in\"");
        var answer = await lambda.InvokeAsync("\"in\"");

        Assert.Equal(("POST", "/2018-06-01/runtime/invocation/request-1/response"), (answer.Method, answer.Path));
        Assert.Equal(Expected(shape), answer.Body);
    }

    [Fact]
    public void The_set_is_whole() => Assert.Equal(37, _shapes.Count);

    private static string Expected(string shape)
    {
        var words = shape.Split(", ");
        var inputs = words[1..].Where(word => word != "awaited").ToArray();
        var input = string.Concat(inputs.Select(word => word switch { "stream" => "\"in\"", "typed" => "in", _ => "request-1" }));
        return words[0] switch
        {
            "nothing" => "",
            "buffer" => "\"in\"request-1",
            "stream" => input.Length == 0 ? "out" : input,
            _ => $"\"{(input.Length == 0 ? "out" : input.Replace("\"", "\\\"", StringComparison.Ordinal))}\"",
        };
    }

    private static string Text(Stream stream) => new StreamReader(stream).ReadToEnd();

    private static string In(string value) => value == "in" ? value : throw new ArgumentException(value);

    private static string Id(ILambdaContext context) => context.AwsRequestId;

    private static MemoryStream Bytes(string text) => new(Encoding.UTF8.GetBytes(text));
}
