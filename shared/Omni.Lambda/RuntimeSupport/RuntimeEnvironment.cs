using System.Globalization;
using static System.Environment;

namespace Amazon.Lambda.RuntimeSupport;

/// <summary>
/// What Lambda tells a process once, through its variables: docs.aws.amazon.com/lambda/latest/dg/configuration-envvars.html
/// </summary>
internal sealed class RuntimeEnvironment
{
    public string RuntimeApi { get; } = GetEnvironmentVariable("AWS_LAMBDA_RUNTIME_API");

    public string FunctionName { get; } = GetEnvironmentVariable("AWS_LAMBDA_FUNCTION_NAME");

    public string FunctionVersion { get; } = GetEnvironmentVariable("AWS_LAMBDA_FUNCTION_VERSION");

    public string LogGroupName { get; } = GetEnvironmentVariable("AWS_LAMBDA_LOG_GROUP_NAME");

    public string LogStreamName { get; } = GetEnvironmentVariable("AWS_LAMBDA_LOG_STREAM_NAME");

    /// <summary>In MB; 0 when not set.</summary>
    public int MemorySize { get; } =
        int.TryParse(GetEnvironmentVariable("AWS_LAMBDA_FUNCTION_MEMORY_SIZE"), CultureInfo.InvariantCulture, out var size) ? size : 0;

    public string LogLevel { get; } = NotEmpty("AWS_LAMBDA_HANDLER_LOG_LEVEL") ?? NotEmpty("AWS_LAMBDA_LOG_LEVEL");

    public string LogFormat { get; } = NotEmpty("AWS_LAMBDA_HANDLER_LOG_FORMAT") ?? NotEmpty("AWS_LAMBDA_LOG_FORMAT");

    /// <summary>Ends the loop after one invocation: for tests.</summary>
    public bool RunOnce { get; } = "true".Equals(
        GetEnvironmentVariable("AWS_LAMBDA_DOTNET_DEBUG_RUN_ONCE"), StringComparison.OrdinalIgnoreCase);

    private static string NotEmpty(string name) => GetEnvironmentVariable(name) is { Length: > 0 } value ? value : null;
}
