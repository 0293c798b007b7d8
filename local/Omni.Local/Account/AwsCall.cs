using System.Net;
using System.Security;
using System.Text;
using System.Text.Json;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.Features;
using Microsoft.AspNetCore.WebUtilities;

namespace Omni.Local.Account;

/// <summary>Handles a request to AWS.</summary>
internal delegate Task<AwsAnswer> AwsHandler(AwsCall call, CancellationToken cancellation);

/// <summary>A request to AWS on its way.</summary>
internal sealed record AwsCall
{
    /// <summary>The service that it is signed for, such as <c>dynamodb</c>; empty when it is not signed.</summary>
    public required string Service { get; init; }

    /// <summary>The access key that signed it; empty when it is not signed.</summary>
    public required string AccessKey { get; init; }

    /// <summary>The operation of a JSON protocol, such as <c>PutItem</c>; empty for S3, where method and path say it.</summary>
    public required string Operation { get; init; }

    public required string Method { get; init; }

    /// <summary>Path and query as they were sent.</summary>
    public required string Target { get; init; }

    public required IReadOnlyList<KeyValuePair<string, string?[]>> Headers { get; init; }

    public required byte[] Body { get; init; }

    /// <summary>The path, still escaped.</summary>
    public string Path => Target.Split('?', 2)[0];

    /// <summary>The names of the query's fields.</summary>
    public IEnumerable<string> QueryNames => QueryHelpers.ParseQuery(Target.Split('?', 2) is [_, var query] ? query : "").Keys;

    /// <summary>A header's first value; null when there is no such header.</summary>
    public string? Header(string name) =>
        Headers.FirstOrDefault(header => header.Key.Equals(name, StringComparison.OrdinalIgnoreCase)).Value?.FirstOrDefault();

    /// <summary>
    /// Reads a request. Who signed it, and for what, is in its header, or in its address when that is a signed link:
    /// https://docs.aws.amazon.com/IAM/latest/UserGuide/create-signed-request.html
    /// </summary>
    public static async Task<AwsCall> ReadAsync(HttpContext http)
    {
        var request = http.Request;
        var target = http.Features.Get<IHttpRequestFeature>()!.RawTarget;
        var credential = (Between(request.Headers.Authorization.ToString(), "Credential=", ',')
            ?? WebUtility.UrlDecode(Between(target, "X-Amz-Credential=", '&')) ?? "").Split('/'); // key/date/region/service/aws4_request
        return new()
        {
            Service = credential is [_, _, _, var service, _] ? service : "",
            AccessKey = credential[0],
            Operation = Arn.Last(request.Headers["X-Amz-Target"].ToString(), '.'),
            Method = request.Method,
            Target = target,
            Headers = [.. request.Headers.Select(header => KeyValuePair.Create(header.Key, header.Value.ToArray()))],
            Body = await BodyAsync(request, http.RequestAborted),
        };
    }

    private static string? Between(string text, string start, char end)
    {
        if (text.IndexOf(start, StringComparison.Ordinal) is not (>= 0 and var at)) return null;

        var rest = text.AsSpan(at + start.Length);
        return (rest.IndexOf(end) is >= 0 and var length ? rest[..length] : rest).ToString();
    }

    private static async Task<byte[]> BodyAsync(HttpRequest request, CancellationToken cancellation)
    {
        if (request.ContentLength is { } length)
        {
            var whole = new byte[length];
            await request.Body.ReadExactlyAsync(whole, cancellation);
            return whole;
        }

        using var body = new MemoryStream();
        await request.Body.CopyToAsync(body, cancellation);
        return body.ToArray();
    }
}

/// <summary>An answer of AWS.</summary>
internal sealed record AwsAnswer(int Status, IReadOnlyList<KeyValuePair<string, string[]>> Headers, byte[] Body)
{
    /// <summary>An error in the words and the shape of the service that was asked.</summary>
    /// <param name="call">What it answers.</param>
    /// <param name="status">The HTTP status.</param>
    /// <param name="code">The service's code.</param>
    /// <param name="message">The message.</param>
    public static AwsAnswer Error(AwsCall call, int status, string code, string message)
    {
        var id = Guid.NewGuid().ToString();
        return call.Service switch
        {
            "s3" or "" => new(
                status,
                [new("Content-Type", ["application/xml"]), new("x-amz-request-id", [id])],
                call.Method == "HEAD" ? [] : Encoding.UTF8.GetBytes(
                    $"""
                    <?xml version="1.0" encoding="UTF-8"?>
                    <Error><Code>{code}</Code><Message>{SecurityElement.Escape(message)}</Message><RequestId>{id}</RequestId></Error>
                    """)),
            // It had the query protocol first: its older codes come in a header.
            // https://docs.aws.amazon.com/AWSSimpleQueueService/latest/SQSDeveloperGuide/sqs-json-faqs.html
            "sqs" => Json($"com.amazonaws.sqs#{code}", "message", [new("x-amzn-query-error", [$"{code};Sender"])]),
            _ => Json($"com.amazon.coral.service#{code}", "Message", []),
        };

        AwsAnswer Json(string type, string messageName, KeyValuePair<string, string[]>[] more) => new(
            status,
            [new("Content-Type", ["application/x-amz-json-1.0"]), new("x-amzn-RequestId", [id]), .. more],
            JsonSerializer.SerializeToUtf8Bytes(new Dictionary<string, string> { ["__type"] = type, [messageName] = message }));
    }
}
