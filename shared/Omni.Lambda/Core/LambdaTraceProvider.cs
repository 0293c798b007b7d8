namespace Amazon.Lambda.Core;

/// <summary>The X-Ray trace header of the invocation that is running.</summary>
public class LambdaTraceProvider
{
    internal const string Variable = "_X_AMZN_TRACE_ID";

    /// <summary>The loop keeps the variable current, so it is the only source.</summary>
    public static string CurrentTraceId => Environment.GetEnvironmentVariable(Variable);
}
