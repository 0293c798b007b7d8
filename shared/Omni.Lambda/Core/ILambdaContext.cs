namespace Amazon.Lambda.Core;

/// <summary>What a function may know about the invocation it is in.</summary>
public interface ILambdaContext
{
    string AwsRequestId { get; }

    IClientContext ClientContext { get; }

    string FunctionName { get; }

    string FunctionVersion { get; }

    ICognitoIdentity Identity { get; }

    string InvokedFunctionArn { get; }

    ILambdaLogger Logger { get; }

    string LogGroupName { get; }

    string LogStreamName { get; }

    int MemoryLimitInMB { get; }

    /// <summary>Time until Lambda stops the invocation; negative once it is past.</summary>
    TimeSpan RemainingTime { get; }

    string TenantId => "";

    string TraceId => "";

    ILambdaSerializer Serializer => null;
}
