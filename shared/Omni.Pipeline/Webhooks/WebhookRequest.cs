using Amazon.Lambda.APIGatewayEvents;
using Omni.Shared;

namespace Omni.Pipeline;

/// <summary>A carrier's call as it was made: what its signature covers, to the byte.</summary>
public sealed record WebhookRequest
{
    /// <summary>The HTTP method.</summary>
    public required string Method { get; init; }

    /// <summary>
    /// The URL that the carrier was given: the configured public address, the route, and the query string as it came. Never rebuilt from
    /// headers, which a proxy may change.
    /// </summary>
    public required string Url { get; init; }

    /// <summary>
    /// What stands behind the carrier's route in the path, as it came: <c>/webhooks/{carrier}/{token}</c>, a secret of carriers that sign
    /// nothing. Empty when the route itself was called.
    /// </summary>
    public string PathToken { get; init; } = "";

    /// <summary>The query string as it came, still encoded, without the question mark.</summary>
    public required string Query { get; init; }

    /// <summary>The headers, names in lower case.</summary>
    public required IReadOnlyDictionary<string, string> Headers { get; init; }

    /// <summary>The body as it came.</summary>
    public required ReadOnlyMemory<byte> Body { get; init; }

    /// <summary>When it reached our edge.</summary>
    public required DateTimeOffset ReceivedAt { get; init; }

    /// <summary>The media type of the body, without parameters, in lower case.</summary>
    public string ContentType => Header("content-type").Split(';', 2)[0].Trim().ToLowerInvariant();

    /// <summary>A header; empty when it is missing.</summary>
    /// <param name="name">Its name, lower case.</param>
    public string Header(string name) => Headers.GetValueOrDefault(name) ?? "";

    /// <summary>
    /// The call inside a gateway's event.
    /// https://docs.aws.amazon.com/apigateway/latest/developerguide/http-api-develop-integrations-lambda.html
    /// </summary>
    /// <param name="e">The event.</param>
    /// <param name="carrier">The carrier whose route was called.</param>
    /// <param name="publicBaseUrl">The public address, without a slash at its end.</param>
    /// <param name="receivedAt">Now.</param>
    public static WebhookRequest From(APIGatewayHttpApiV2ProxyRequest e, Carrier carrier, string publicBaseUrl, DateTimeOffset receivedAt)
    {
        var query = e.RawQueryString ?? "";
        var route = $"/webhooks/{carrier.Id}";
        var at = e.RawPath?.IndexOf(route + "/", StringComparison.Ordinal) ?? -1; // a stage may stand in front of it
        var token = at < 0 ? "" : e.RawPath![(at + route.Length + 1)..];
        var headers = new Dictionary<string, string>(StringComparer.Ordinal);
        foreach (var (name, value) in e.Headers ?? new Dictionary<string, string>()) headers[name.ToLowerInvariant()] = value;
        return new()
        {
            Method = e.RequestContext?.Http?.Method ?? "POST",
            Url = $"{publicBaseUrl}{route}{(token.Length > 0 ? "/" + token : "")}{(query.Length > 0 ? "?" + query : "")}",
            PathToken = token,
            Query = query,
            Headers = headers,
            Body = e.Body switch
            {
                null => ReadOnlyMemory<byte>.Empty,
                var body when e.IsBase64Encoded => Convert.FromBase64String(body),
                var body => System.Text.Encoding.UTF8.GetBytes(body),
            },
            ReceivedAt = receivedAt,
        };
    }
}

/// <summary>What a carrier is answered.</summary>
/// <param name="StatusCode">The HTTP status.</param>
/// <param name="ContentType">The media type of the body; null for none.</param>
/// <param name="Body">The body; null for none.</param>
/// <param name="Headers">Further headers.</param>
public sealed record WebhookAnswer(
    int StatusCode, string? ContentType = null, string? Body = null, IReadOnlyDictionary<string, string>? Headers = null)
{
    /// <summary>Taken, nothing to say.</summary>
    public static WebhookAnswer NoContent { get; } = new(204);

    /// <summary>The one answer to whatever is not proven to come from the carrier. It says nothing about why.</summary>
    public static WebhookAnswer Forbidden { get; } = new(
        403, "application/problem+json", """{"title":"Forbidden","status":403,"code":"forbidden"}""");

    /// <summary>The same, for carriers that expect to be told to sign in.</summary>
    public static WebhookAnswer Unauthorized { get; } = new(401);

    /// <summary>The gateway's form of the answer.</summary>
    public APIGatewayHttpApiV2ProxyResponse ToResponse()
    {
        var response = new APIGatewayHttpApiV2ProxyResponse { StatusCode = StatusCode, Body = Body };
        if (ContentType is not null) response.SetHeaderValues("content-type", ContentType, append: false);
        foreach (var (name, value) in Headers ?? new Dictionary<string, string>()) response.SetHeaderValues(name, value, append: false);
        return response;
    }
}
