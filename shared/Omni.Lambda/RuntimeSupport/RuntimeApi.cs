namespace Amazon.Lambda.RuntimeSupport;

/// <summary>The calls of the Lambda Runtime API: docs.aws.amazon.com/lambda/latest/dg/runtimes-api.html</summary>
internal sealed class RuntimeApi(string endpoint) : IDisposable
{
    private const string Root = "/2018-06-01/runtime";
    private readonly HttpConnection _connection = new(endpoint);

    /// <summary>Waits for the next event. Any refusal means that the environment cannot go on.</summary>
    public async Task<HttpReply> NextAsync(CancellationToken cancellation)
    {
        var reply = await _connection.SendAsync("GET", $"{Root}/invocation/next", "", default, cancellation);
        if (reply.Status != 200) throw Refused("next", reply);
        if (!reply.Headers.ContainsKey("Lambda-Runtime-Aws-Request-Id"))
            throw new IOException("The Runtime API gave an event without a request id.");
        return reply;
    }

    /// <summary>
    /// Hands in a result. 400 and 413 are a fault of this result only, so they are that invocation's error, and the loop goes on.
    /// </summary>
    public async Task RespondAsync(string requestId, ReadOnlyMemory<byte> result)
    {
        var reply = await PostAsync($"invocation/{requestId}/response", "application/json", "", result);
        switch (reply.Status)
        {
            case 202:
                return;
            case 400 or 413:
                await ReportErrorAsync(requestId, new InvocationResultRefusedException(
                    $"The Runtime API refused a result of {result.Length} bytes with status {reply.Status}."));
                return;
            default:
                throw Refused("response", reply);
        }
    }

    public async Task ReportErrorAsync(string requestId, Exception exception)
    {
        var headers = $"Lambda-Runtime-Function-Error-Type: {exception.GetType().Name}\r\n"
            + $"Lambda-Runtime-Function-XRay-Error-Cause: {XRayCause.Of(exception)}\r\n";
        var reply = await PostAsync($"invocation/{requestId}/error", ErrorReport.ContentType, headers, ErrorReport.Of(exception));
        if (reply.Status != 202) throw Refused("error", reply);
    }

    public async Task ReportInitErrorAsync(Exception exception)
    {
        var reply = await PostAsync("init/error", ErrorReport.ContentType, "", ErrorReport.Of(exception));
        if (reply.Status != 202) throw Refused("init/error", reply);
    }

    public void Dispose() => _connection.Dispose();

    private Task<HttpReply> PostAsync(string path, string contentType, string headers, ReadOnlyMemory<byte> body) =>
        _connection.SendAsync(
            "POST",
            $"{Root}/{path}",
            $"{headers}Content-Type: {contentType}\r\nContent-Length: {body.Length}\r\n",
            body,
            CancellationToken.None);

    private static IOException Refused(string call, HttpReply reply) => new($"The Runtime API answered {call} with status {reply.Status}.");
}

/// <summary>Lambda did not take a result: too large (6 MB for a synchronous invocation) or malformed.</summary>
internal sealed class InvocationResultRefusedException(string message) : Exception(message);
