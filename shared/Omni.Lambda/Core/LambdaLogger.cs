namespace Amazon.Lambda.Core;

/// <summary>The log of the process: the console until a bootstrap is built, its log from then on.</summary>
public static class LambdaLogger
{
    /// <summary>Where the lines go. Static because the API is; the bootstrap sets it once.</summary>
    internal static ILambdaLogger Target { get; set; } = new ConsoleLogger();

    /// <summary>Writes a line of no level.</summary>
    public static void Log(string message) => Target.Log(level: (string)null, message);

    public static void Log(string level, string message, params object[] args) => Target.Log(level, message, args);

    public static void Log(LogLevel level, string message, params object[] args) => Target.Log(level, message, args);

    public static void Log(string level, Exception exception, string message, params object[] args) =>
        Target.Log(level, exception, message, args);

    public static void Log(LogLevel level, Exception exception, string message, params object[] args) =>
        Target.Log(level, exception, message, args);

    private sealed class ConsoleLogger : ILambdaLogger
    {
        public void Log(string message) => Console.Write(message);

        public void LogLine(string message) => Console.WriteLine(message);
    }
}
