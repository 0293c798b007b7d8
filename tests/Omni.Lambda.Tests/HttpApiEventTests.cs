using System.Text.Json;
using Amazon.Lambda.APIGatewayEvents;

namespace Omni.Lambda.Tests;

public sealed class HttpApiEventTests
{
    [Fact]
    public void A_request_is_read_from_its_wire_names()
    {
        var request = Json.Read<APIGatewayHttpApiV2ProxyRequest>(
            """
            {"version":"2.0","routeKey":"POST /a/{id}","rawPath":"/a/1","rawQueryString":"a=1&a=2","cookies":["k=v"],
            "headers":{"content-type":"text/plain"},
            "queryStringParameters":{"a":"1,2"},"pathParameters":{"id":"1"},"stageVariables":{"s":"t"},"body":"aGk=","isBase64Encoded":true,
            "requestContext":{"accountId":"1","apiId":"2","domainName":"d","domainPrefix":"p","requestId":"r","routeId":"i","routeKey":"k",
            "stage":"$default",
            "time":"12/Mar/2020:19:03:58 +0000","timeEpoch":1583348638390,
            "http":{"method":"POST","path":"/a/1","protocol":"HTTP/1.1","sourceIp":"192.0.2.1","userAgent":"u"},
            "authentication":{"clientCert":{"clientCertPem":"pem","subjectDN":"s","issuerDN":"i","serialNumber":"n",
            "validity":{"notBefore":"b","notAfter":"a"}}},
            "authorizer":{"jwt":{"claims":{"c":"[a b]"},"scopes":null},"lambda":{"n":1},
            "iam":{"userArn":"arn:u","cognitoIdentity":{"amr":["x"]}}}}}
            """);

        Assert.Equal(
            ["2.0", "POST /a/{id}", "/a/1", "a=1&a=2", "k=v", "1,2", "1", "t", "aGk="],
            [
                request.Version, request.RouteKey, request.RawPath, request.RawQueryString, request.Cookies[0],
                request.QueryStringParameters["a"], request.PathParameters["id"], request.StageVariables["s"], request.Body,
            ]);
        Assert.True(request.IsBase64Encoded);
        Assert.False(request.Headers.ContainsKey("Content-Type"));

        var context = request.RequestContext;
        Assert.Equal(
            ["1", "2", "d", "p", "r", "i", "k", "$default", "12/Mar/2020:19:03:58 +0000"],
            [
                context.AccountId, context.ApiId, context.DomainName, context.DomainPrefix, context.RequestId, context.RouteId,
                context.RouteKey, context.Stage, context.Time,
            ]);
        Assert.Equal(1583348638390, context.TimeEpoch);
        Assert.Equal(
            ["POST", "/a/1", "HTTP/1.1", "192.0.2.1", "u"],
            [context.Http.Method, context.Http.Path, context.Http.Protocol, context.Http.SourceIp, context.Http.UserAgent]);
        Assert.Equal(("pem", "a"), (context.Authentication.ClientCert.ClientCertPem, context.Authentication.ClientCert.Validity.NotAfter));
        Assert.Equal("[a b]", context.Authorizer.Jwt.Claims["c"]);
        Assert.Null(context.Authorizer.Jwt.Scopes);
        Assert.Equal(1, Assert.IsType<JsonElement>(context.Authorizer.Lambda["n"]).GetInt32());
        Assert.Equal(("arn:u", "x"), (context.Authorizer.IAM.UserARN, context.Authorizer.IAM.CognitoIdentity.AMR[0]));
    }

    [Fact]
    public void Absent_members_are_null()
    {
        var request = Json.Read<APIGatewayHttpApiV2ProxyRequest>("""{"requestContext":{}}""");

        Assert.Null(request.Body);
        Assert.Null(request.Cookies);
        Assert.Null(request.QueryStringParameters);
        Assert.Null(request.RequestContext.Authorizer);
    }

    [Fact]
    public void A_response_is_written_with_its_status_and_encoding_always()
    {
        Assert.Equal("""{"statusCode":0,"isBase64Encoded":false}""", Json.Write(new APIGatewayHttpApiV2ProxyResponse()));
        Assert.Equal(
            """{"statusCode":204,"isBase64Encoded":false}""", Json.Write(new APIGatewayHttpApiV2ProxyResponse { StatusCode = 204 }));
        Assert.Equal(
            """{"statusCode":200,"headers":{"X-A":"1"},"cookies":["k=v"],"body":"b","isBase64Encoded":true}""",
            Json.Write(new APIGatewayHttpApiV2ProxyResponse
            {
                StatusCode = 200,
                Headers = new Dictionary<string, string> { ["X-A"] = "1" },
                Cookies = ["k=v"],
                Body = "b",
                IsBase64Encoded = true,
            }));
    }

    [Fact]
    public void Only_what_JSON_needs_is_escaped() => Assert.Contains(
        """
        "a<b>&'\"é\u2028\uD83D\uDE00\u0001/"
        """.Trim(),
        Json.Write(new APIGatewayHttpApiV2ProxyResponse { Body = "a<b>&'\"é\u2028\U0001F600\u0001/" }),
        StringComparison.Ordinal);

    [Fact]
    public void Header_values_are_joined_and_appended_by_exact_name()
    {
        var response = new APIGatewayHttpApiV2ProxyResponse();
        response.SetHeaderValues("X-A", "1", append: false);
        response.SetHeaderValues("X-A", ["2", "3"], append: true);
        response.SetHeaderValues("x-a", "4", append: true);
        response.SetHeaderValues("X-B", "5", append: false);
        response.SetHeaderValues("X-B", "6", append: false);

        Assert.Equal(new Dictionary<string, string> { ["X-A"] = "1,2,3", ["x-a"] = "4", ["X-B"] = "6" }, response.Headers);
    }
}
