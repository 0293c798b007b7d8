namespace Amazon.Lambda.RuntimeSupport.Bootstrap;

/// <summary>What a function may set about its loop.</summary>
public class LambdaBootstrapOptions
{
    /// <summary>Where the Runtime API listens, as host:port; the variable AWS_LAMBDA_RUNTIME_API when not set.</summary>
    public string RuntimeApiEndpoint { get; set; }
}
