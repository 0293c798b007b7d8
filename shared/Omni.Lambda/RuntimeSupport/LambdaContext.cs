using System.Globalization;
using Amazon.Lambda.Core;

namespace Amazon.Lambda.RuntimeSupport;

/// <summary>The context of one invocation, out of the headers of <c>next</c> and the process's variables.</summary>
internal sealed class LambdaContext(
    IReadOnlyDictionary<string, string> headers, RuntimeEnvironment environment, ILambdaLogger logger, ILambdaSerializer serializer)
    : ILambdaContext
{
    public string AwsRequestId { get; } = Header(headers, "Lambda-Runtime-Aws-Request-Id");

    public string InvokedFunctionArn { get; } = Header(headers, "Lambda-Runtime-Invoked-Function-Arn");

    public string TraceId { get; } = Header(headers, "Lambda-Runtime-Trace-Id");

    public string TenantId { get; } = Header(headers, "Lambda-Runtime-Aws-Tenant-Id");

    public IClientContext ClientContext => field ??= new ClientContext(Header(headers, "Lambda-Runtime-Client-Context"));

    public ICognitoIdentity Identity => field ??= new CognitoIdentity(Header(headers, "Lambda-Runtime-Cognito-Identity"));

    public TimeSpan RemainingTime => _deadline - TimeProvider.System.GetUtcNow();

    public string FunctionName => environment.FunctionName;

    public string FunctionVersion => environment.FunctionVersion;

    public string LogGroupName => environment.LogGroupName;

    public string LogStreamName => environment.LogStreamName;

    public int MemoryLimitInMB => environment.MemorySize;

    public ILambdaLogger Logger => logger;

    public ILambdaSerializer Serializer => serializer;

    private readonly DateTimeOffset _deadline = DateTimeOffset.FromUnixTimeMilliseconds(
        long.TryParse(Header(headers, "Lambda-Runtime-Deadline-Ms"), CultureInfo.InvariantCulture, out var milliseconds)
            ? milliseconds
            : 0);

    private static string Header(IReadOnlyDictionary<string, string> headers, string name) => headers.GetValueOrDefault(name);
}
