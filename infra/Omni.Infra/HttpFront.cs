using Amazon.CDK;
using Amazon.CDK.AWS.Apigatewayv2;
using Amazon.CDK.AWS.KMS;
using Amazon.CDK.AWS.Logs;
using Amazon.CDK.AwsApigatewayv2Integrations;
using Constructs;

namespace Omni.Infra;

/// <summary>The HTTP API in front of the webhooks and the client API.</summary>
internal sealed class HttpFront : Construct
{
    // Neither path nor query string: where a carrier signs nothing, a secret stands in its webhook's path.
    // The route key tells which route it was.
    private const string AccessLogFormat =
        """
        {"requestId":"$context.requestId","time":"$context.requestTime","method":"$context.httpMethod",
        "route":"$context.routeKey","status":"$context.status","responseLength":"$context.responseLength",
        "latencyMs":"$context.responseLatency","integrationError":"$context.integrationErrorMessage"}
        """;

    public HttpFront(Construct scope, OmniOptions options, IKey? key) : base(scope, "Http")
    {
        Api = new HttpApi(this, "Api", new HttpApiProps
        {
            ApiName = options.Prefix,
            Description = "Omni's webhooks and client API.",
            DisableExecuteApiEndpoint = false,
        });
        Url = Api.ApiEndpoint;
        PublicBaseUrl = options.PublicBaseUrl ?? Url;

        // Under /aws/vendedlogs/, or each such group adds to a resource policy that is limited in size:
        // docs.aws.amazon.com/AmazonCloudWatch/latest/logs/AWS-logs-and-resource-policy.html
        var logs = new LogGroup(this, "AccessLogs", new LogGroupProps
        {
            LogGroupName = $"/aws/vendedlogs/{options.Prefix}-http",
            EncryptionKey = key,
            Retention = options.IsProduction ? RetentionDays.THREE_MONTHS : RetentionDays.ONE_MONTH,
            RemovalPolicy = options.IsProduction ? RemovalPolicy.RETAIN : RemovalPolicy.DESTROY,
        });

        var stage = (CfnStage)Api.DefaultStage!.Node.DefaultChild!;
        stage.AccessLogSettings = new CfnStage.AccessLogSettingsProperty
        {
            DestinationArn = logs.LogGroupArn, Format = AccessLogFormat.ReplaceLineEndings("")
        };
        // A limit for each route: one that is flooded takes nothing from the others. Above what the fastest carrier's receipts need
        // (Twilio: 400 messages a second, some three receipts each), because a refused receipt may not come again.
        stage.DefaultRouteSettings = new CfnStage.RouteSettingsProperty { ThrottlingRateLimit = 2000, ThrottlingBurstLimit = 4000 };
    }

    public HttpApi Api { get; }

    /// <summary>The API's own endpoint, without a slash at its end.</summary>
    public string Url { get; }

    /// <summary>Where carriers reach us: the endpoint, or the domain in front of it.</summary>
    public string PublicBaseUrl { get; }

    public void Route(string path, IEnumerable<string> methods, OmniFunction function) =>
        Api.AddRoutes(new AddRoutesOptions
        {
            Path = path,
            Methods = [.. methods.Select(Enum.Parse<Amazon.CDK.AWS.Apigatewayv2.HttpMethod>)],
            Integration = new HttpLambdaIntegration($"{function.Shape.Project}Integration", function.Function),
        });
}
