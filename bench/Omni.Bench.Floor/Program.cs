using System.Net;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json.Serialization;
using Amazon.Lambda.APIGatewayEvents;
using Omni.Aws;

// The least that a webhook function can do: read the event, hash the body, parse it, answer. No queue, no log, no contract.
await FunctionHost.RunAsync<APIGatewayHttpApiV2ProxyRequest, APIGatewayHttpApiV2ProxyResponse, FloorJson>(_ => (request, _) =>
{
    var body = Encoding.UTF8.GetBytes(request.Body);
    var hash = HMACSHA256.HashData("secret"u8, body);
    var fields = request.Body.Split('&').Count(field => WebUtility.UrlDecode(field).Contains('=', StringComparison.Ordinal));
    return Task.FromResult(new APIGatewayHttpApiV2ProxyResponse
    {
        StatusCode = 200,
        Headers = new Dictionary<string, string> { ["Content-Type"] = "text/xml" },
        Body = $"<Response fields=\"{fields}\" hash=\"{hash[0]}\"/>",
    });
});

[JsonSerializable(typeof(APIGatewayHttpApiV2ProxyRequest))]
[JsonSerializable(typeof(APIGatewayHttpApiV2ProxyResponse))]
internal sealed partial class FloorJson : JsonSerializerContext;
