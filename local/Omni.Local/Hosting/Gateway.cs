using System.Globalization;
using System.Text.Json;
using System.Text.Json.Nodes;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.Extensions;
using Omni.Local.Deployment;
using Omni.Local.Functions;

namespace Omni.Local.Hosting;

/// <summary>
/// The HTTP API: turns a request into the event of payload format 2.0, invokes the route's function and turns its answer back, with what a
/// gateway does to both on the way. https://docs.aws.amazon.com/apigateway/latest/developerguide/http-api-develop-integrations-lambda.html
/// </summary>
internal sealed class Gateway(
    IReadOnlyList<Route> routes, IReadOnlyDictionary<string, IFunctionHost> functions, TextWriter log, TimeProvider clock)
{
    /// <summary>
    /// The most bytes of a request: https://docs.aws.amazon.com/apigateway/latest/developerguide/http-api-quotas.html.
    /// </summary>
    public const int MaxRequestBytes = 10 * 1024 * 1024;

    /// <summary>
    /// The most bytes of an event, the JSON around the body and base64 counted: Lambda's quota of 6 MB for a synchronous invocation,
    /// https://docs.aws.amazon.com/lambda/latest/dg/gettingstarted-limits.html.
    /// </summary>
    public const int MaxEventBytes = 6 * 1024 * 1024;

    /// <summary>The most bytes of a function's answer. Lambda's own message names these hundred more.</summary>
    public const int MaxAnswerBytes = MaxEventBytes + 100;

    /// <summary>How long a function is waited for, whatever its own time-out says. It is given up on, and goes on.</summary>
    public static readonly TimeSpan IntegrationTimeout = TimeSpan.FromSeconds(30);

    /// <summary>Answers a request when one of the routes is its; false otherwise.</summary>
    public async Task<bool> TryHandleAsync(HttpContext http)
    {
        foreach (var route in routes)
        {
            if (Match(route.Key, http.Request) is not { } parameters) continue;

            await HandleAsync(http, route, parameters);
            return true;
        }

        return false;
    }

    private async Task HandleAsync(HttpContext http, Route route, JsonObject parameters)
    {
        if (await BodyAsync(http.Request) is not { } body)
        {
            await AnswerAsync(http, 413, "Request Entity Too Large");
            return;
        }

        var eventJson = JsonSerializer.SerializeToUtf8Bytes(EventOf(http, route, parameters, body));
        if (eventJson.Length > MaxEventBytes)
        {
            await AnswerAsync(http, 413, "Request Too Long");
            return;
        }

        InvocationResult result;
        try
        {
            result = await functions[route.Function].InvokeAsync(eventJson, http.RequestAborted)
                .WaitAsync(IntegrationTimeout, clock, http.RequestAborted);
        }
        catch (TimeoutException)
        {
            await log.WriteLineAsync($"{route.Function} failed: no answer within {IntegrationTimeout.TotalSeconds} s.");
            await AnswerAsync(http, 503, "Service Unavailable");
            return;
        }

        if (result.IsThrottled)
        {
            await log.WriteLineAsync($"{route.Function} was not asked: {result.Error}");
            await AnswerAsync(http, 503, "Service Unavailable");
            return;
        }

        if ((result.Error ?? TooLarge(result.Payload)) is { } error)
        {
            await log.WriteLineAsync($"{route.Function} failed: {error}");
            await AnswerAsync(http, 500, "Internal Server Error");
            return;
        }

        await AnswerAsync(http, JsonNode.Parse(result.Payload)!.AsObject());
    }

    /// <summary>A request's body; null when it is too large.</summary>
    private static async Task<byte[]?> BodyAsync(HttpRequest request)
    {
        if (request.ContentLength > MaxRequestBytes) return null;

        using var body = new MemoryStream();
        await request.Body.CopyToAsync(body, request.HttpContext.RequestAborted);
        return body.Length > MaxRequestBytes ? null : body.ToArray();
    }

    private static string? TooLarge(byte[] answer) =>
        answer.Length > MaxAnswerBytes ? $"its answer has {answer.Length} bytes, and Lambda takes {MaxAnswerBytes}." : null;

    private JsonObject EventOf(HttpContext http, Route route, JsonObject parameters, byte[] body)
    {
        var request = http.Request;
        var path = request.Path.Value ?? "/";
        var now = clock.GetUtcNow();
        var e = new JsonObject
        {
            ["version"] = "2.0",
            ["routeKey"] = route.Key,
            ["rawPath"] = path,
            ["rawQueryString"] = request.QueryString.HasValue ? request.QueryString.Value![1..] : "",
            ["headers"] = Pairs(request.Headers.Where(h => !h.Key.Equals("cookie", StringComparison.OrdinalIgnoreCase)).Select(
                h => (h.Key.ToLowerInvariant(), string.Join(',', h.Value.AsEnumerable())))),
            ["requestContext"] = new JsonObject
            {
                ["accountId"] = "000000000000",
                ["apiId"] = "local",
                ["domainName"] = request.Host.Value,
                ["domainPrefix"] = "local",
                ["http"] = new JsonObject
                {
                    ["method"] = request.Method,
                    ["path"] = path,
                    ["protocol"] = request.Protocol,
                    ["sourceIp"] = http.Connection.RemoteIpAddress?.ToString(),
                    ["userAgent"] = request.Headers.UserAgent.ToString(),
                },
                ["requestId"] = Guid.NewGuid().ToString(),
                ["routeKey"] = route.Key,
                ["stage"] = "$default",
                ["time"] = now.ToString("dd/MMM/yyyy:HH:mm:ss +0000", CultureInfo.InvariantCulture),
                ["timeEpoch"] = now.ToUnixTimeMilliseconds(),
            },
        };
        if (request.Cookies.Count > 0) e["cookies"] = new JsonArray([.. request.Cookies.Select(c => (JsonNode)$"{c.Key}={c.Value}")]);
        if (request.Query.Count > 0)
            e["queryStringParameters"] = Pairs(request.Query.Select(q => (q.Key, string.Join(',', q.Value.AsEnumerable()))));
        if (parameters.Count > 0) e["pathParameters"] = parameters;
        var isBase64 = body.Length > 0 && !IsText(request.ContentType);
        if (body.Length > 0) e["body"] = isBase64 ? Convert.ToBase64String(body) : System.Text.Encoding.UTF8.GetString(body);
        e["isBase64Encoded"] = isBase64;
        return e;
    }

    private static JsonObject Pairs(IEnumerable<(string Name, string Value)> pairs)
    {
        var made = new JsonObject();
        foreach (var (name, value) in pairs) made[name] = value;
        return made;
    }

    private static async Task AnswerAsync(HttpContext http, JsonObject answer)
    {
        var response = http.Response;
        response.StatusCode = (int)answer["statusCode"]!;
        response.ContentType = "text/plain; charset=utf-8";
        foreach (var (name, value) in answer["headers"]?.AsObject() ?? [])
        {
            // The real gateway renames this one too.
            var sent = name.Equals("www-authenticate", StringComparison.OrdinalIgnoreCase) ? "x-amzn-remapped-www-authenticate" : name;
            response.Headers[sent] = (string?)value;
        }

        foreach (var cookie in answer["cookies"]?.AsArray() ?? []) response.Headers.Append("Set-Cookie", (string?)cookie);
        var text = (string?)answer["body"] ?? "";
        if (text.Length == 0) response.Headers.ContentType = default;
        else
            await response.Body.WriteAsync(
                (bool?)answer["isBase64Encoded"] == true ? Convert.FromBase64String(text) : System.Text.Encoding.UTF8.GetBytes(text),
                http.RequestAborted);
    }

    private static Task AnswerAsync(HttpContext http, int status, string message)
    {
        http.Response.StatusCode = status;
        return http.Response.WriteAsJsonAsync(new { message }, http.RequestAborted);
    }

    // Bodies of these types arrive as text, all others as base64.
    private static bool IsText(string? contentType) =>
        contentType is not null
        && contentType.Split(';')[0].Trim().ToLowerInvariant() is var type
        && (type.StartsWith("text/", StringComparison.Ordinal)
            || type.EndsWith("json", StringComparison.Ordinal)
            || type.EndsWith("xml", StringComparison.Ordinal)
            || type is "application/javascript" or "application/x-www-form-urlencoded");

    private static JsonObject? Match(string key, HttpRequest request)
    {
        var space = key.IndexOf(' ', StringComparison.Ordinal);
        if (key[..space] is var method && method != "ANY" && method != request.Method) return null;

        var template = key[(space + 1)..].Trim('/').Split('/');
        var path = (request.Path.Value ?? "").Trim('/').Split('/');
        var parameters = new JsonObject();
        for (var i = 0; i < template.Length; i++)
        {
            if (template[i] is ['{', .. var rest, '+', '}'])
            {
                if (i >= path.Length || path[i].Length == 0) return null;
                parameters[rest] = string.Join('/', path[i..]);
                return parameters;
            }

            if (i >= path.Length) return null;
            if (template[i] is ['{', .. var name, '}']) parameters[name] = path[i];
            else if (template[i] != path[i]) return null;
        }

        return path.Length == template.Length ? parameters : null;
    }
}
