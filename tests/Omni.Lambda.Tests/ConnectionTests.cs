using Amazon.Lambda.RuntimeSupport;

namespace Omni.Lambda.Tests;

/// <summary>Whatever way the Runtime API writes HTTP/1.1, the event arrives.</summary>
public sealed class ConnectionTests
{
    [Fact]
    public async Task All_requests_go_over_one_connection()
    {
        await using var lambda = new MockRuntimeApi().Start(Echo());

        for (var i = 0; i < 3; i++) await lambda.InvokeAsync($"\"{i}\"");

        Assert.Equal(1, lambda.Connections);
    }

    [Theory]
    [InlineData(1)]
    [InlineData(7)]
    [InlineData(100_000)]
    public async Task A_body_may_come_in_chunks(int size)
    {
        await using var lambda = new MockRuntimeApi().Start(Echo());

        var answer = await lambda.InvokeAsync(MockReply.Event("\"chunked é\"") with { ChunkSize = size, LowerCaseNames = true });

        Assert.Equal("\"chunked é\"", answer.Body);
        Assert.Equal("\"again\"", (await lambda.InvokeAsync("\"again\"")).Body);
        Assert.Equal(1, lambda.Connections);
    }

    [Theory]
    [InlineData(0)]
    [InlineData(5)]
    public async Task An_answer_may_come_byte_by_byte(int chunkSize)
    {
        await using var lambda = new MockRuntimeApi().Start(Echo());

        var answer = await lambda.InvokeAsync(MockReply.Event("\"slow\"") with { ByteByByte = true, ChunkSize = chunkSize });

        Assert.Equal("\"slow\"", answer.Body);
    }

    [Theory]
    [InlineData(0)]
    [InlineData(64 * 1024)]
    public async Task Seven_megabytes_go_in_and_out(int chunkSize)
    {
        await using var lambda = new MockRuntimeApi().Start(Echo());
        var large = $"\"{new string('x', 7_000_000)}\"";

        var answer = await lambda.InvokeAsync(MockReply.Event(large) with { ChunkSize = chunkSize });

        Assert.True(large == answer.Body); // not Equal: nobody wants to read the difference
        Assert.Equal("\"small\"", (await lambda.InvokeAsync("\"small\"")).Body);
    }

    [Fact]
    public async Task A_header_may_be_longer_than_the_buffer()
    {
        await using var lambda = new MockRuntimeApi().Start(LambdaBootstrapBuilder.Create(
            (Func<Amazon.Lambda.Core.ILambdaContext, string>)(context => $"{context.InvokedFunctionArn.Length}"), Json.Serializer));

        var answer = await lambda.InvokeAsync(MockReply.Event("", ("Lambda-Runtime-Invoked-Function-Arn", new string('x', 50_000))));

        Assert.Equal("\"50000\"", answer.Body);
    }

    [Fact]
    public async Task A_connection_that_is_said_to_close_is_replaced()
    {
        await using var lambda = new MockRuntimeApi().Start(Echo());

        Assert.Equal("\"1\"", (await lambda.InvokeAsync(MockReply.Event("\"1\"", ("Connection", "close")))).Body);
        Assert.Equal("\"2\"", (await lambda.InvokeAsync("\"2\"")).Body);
        Assert.Equal(2, lambda.Connections);
    }

    [Fact]
    public async Task A_body_may_end_with_its_connection()
    {
        await using var lambda = new MockRuntimeApi().Start(Echo());

        Assert.Equal("\"1\"", (await lambda.InvokeAsync(MockReply.Event("\"1\"") with { EndedByClose = true })).Body);
        Assert.Equal("\"2\"", (await lambda.InvokeAsync("\"2\"")).Body);
    }

    [Fact]
    public async Task A_connection_that_dropped_is_replaced_before_anything_is_sent()
    {
        await using var lambda = new MockRuntimeApi();
        lambda.Start(LambdaBootstrapBuilder.Create(
            (Func<string, Task<string>>)(async input =>
            {
                if (input == "drop") await lambda.Dropped;
                return input;
            }),
            Json.Serializer));

        Assert.Equal("\"drop\"", (await lambda.InvokeAsync(MockReply.Event("\"drop\"") with { Drops = true })).Body);
        Assert.Equal("\"2\"", (await lambda.InvokeAsync("\"2\"")).Body);
        Assert.Equal(2, lambda.Connections);
    }

    [OursFact("the loop ends with another kind of exception")]
    public async Task A_request_whose_answer_was_lost_is_not_repeated()
    {
        await using var lambda = new MockRuntimeApi().Start(Echo());

        await lambda.InvokeAsync(MockReply.Event("\"1\""), MockReply.Accepted with { Hangs = true });

        await Assert.ThrowsAnyAsync<IOException>(() => lambda.Loop.WaitAsync(MockRuntimeApi.Patience));
        Assert.Equal(["GET", "POST"], lambda.Requests.Select(request => request.Method));
    }

    private static LambdaBootstrapBuilder Echo() => LambdaBootstrapBuilder.Create((Func<string, string>)(input => input), Json.Serializer);
}
