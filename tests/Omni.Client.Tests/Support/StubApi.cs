using System.Net;
using System.Text;

namespace Omni.Client.Tests;

/// <summary>An API that answers as it is told, one after the other and the last for ever, and keeps what it was asked.</summary>
internal sealed class StubApi(params IEnumerable<Func<HttpResponseMessage>> answers) : HttpMessageHandler
{
    private readonly Queue<Func<HttpResponseMessage>> _answers = new(answers);

    public List<Asked> Calls { get; } = [];

    public static readonly Uri Url = new("https://omni.example");

    /// <summary>A client of it, on a clock on which no wait takes time.</summary>
    public OmniClient NewClient(TimeProvider? clock = null) =>
        new(Url, "key", new HttpClient(this), clock ?? new Omni.Testing.VirtualClock());

    public static Func<HttpResponseMessage> Json(int status, string body, params (string Name, string Value)[] headers) => () =>
    {
        var type = status < 400 ? "application/json" : "application/problem+json";
        var response = new HttpResponseMessage((HttpStatusCode)status) { Content = new StringContent(body, Encoding.UTF8, type) };
        foreach (var (name, value) in headers) response.Headers.TryAddWithoutValidation(name, value);
        return response;
    };

    public static Func<HttpResponseMessage> Problem(int status, string code, params (string Name, string Value)[] headers) => Json(
        status,
        $$"""
        {"type":"https://omni.example/api/v1/problems/{{code}}","title":"t","status":{{status}},"detail":"It is so.","code":"{{code}}",
         "errors":[{"field":"to","code":"required","detail":"It is required."}],"requestId":"r-1",
         "retryable":{{(status >= 429 ? "true" : "false")}} }
        """,
        headers);

    public static Func<HttpResponseMessage> Lost() => () => throw new HttpRequestException("The line went dead.");

    protected override async Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, CancellationToken cancellationToken)
    {
        cancellationToken.ThrowIfCancellationRequested();
        Calls.Add(new(
            request.Method.Method,
            request.RequestUri!,
            request.Headers.TryGetValues("Idempotency-Key", out var keys) ? keys.Single() : null,
            request.Headers.IfNoneMatch.ToString(),
            request.Headers.Authorization?.ToString(),
            request.Content is null ? null : await request.Content.ReadAsStringAsync(cancellationToken)));
        return (_answers.Count > 1 ? _answers.Dequeue() : _answers.Peek())();
    }
}

/// <summary>A call that was made.</summary>
internal sealed record Asked(string Method, Uri Url, string? IdempotencyKey, string IfNoneMatch, string? Authorization, string? Body)
{
    public string[] Parameters =>
        [.. Url.Query.TrimStart('?').Split('&', StringSplitOptions.RemoveEmptyEntries).Select(parameter => parameter.Split('=')[0])];

    public string Path => Url.PathAndQuery;
}
