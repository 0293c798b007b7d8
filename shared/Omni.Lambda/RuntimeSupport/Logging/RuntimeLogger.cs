using System.Text;
using Amazon.Lambda.Core;

namespace Amazon.Lambda.RuntimeSupport.Logging;

/// <summary>The log of the process on its standard output, where every line is one log event.</summary>
internal sealed class RuntimeLogger(TextWriter output, string format, string level) : ILambdaLogger
{
    private readonly Func<LogLine, string> _format = LogFormat.Named(format);
    private readonly bool _isJson = "JSON".Equals(format, StringComparison.OrdinalIgnoreCase);
    private readonly LogLevel _lowest = Configured(level) ?? LogLevel.Information;

    /// <summary>The invocation that runs now; null between two.</summary>
    public ILambdaContext Context { get; set; }

    /// <summary>Makes the log of this process, and puts it behind LambdaLogger and the console.</summary>
    public static RuntimeLogger Install(RuntimeEnvironment environment)
    {
        // Opened here, not taken from Console.Out: that would set up a terminal first.
        var output = Open(Console.OpenStandardOutput());
        var logger = new RuntimeLogger(output, environment.LogFormat, environment.LogLevel);
        LambdaLogger.Target = logger;
        Console.SetOut(new ConsoleLines(line => logger.WriteConsoleLine(output, LogLevel.Information, line)));
        var errors = Open(Console.OpenStandardError());
        Console.SetError(new ConsoleLines(line => logger.WriteConsoleLine(errors, LogLevel.Error, line)));
        return logger;
    }

    public void Log(string message) => output.Write(message);

    public void LogLine(string message) => WriteConsoleLine(output, LogLevel.Information, message);

    public void Log(string level, string message) => Log(level, null, message);

    public void Log(string level, string message, params object[] args) => Log(level, null, message, args);

    public void Log(string level, Exception exception, string message, params object[] args) =>
        Write(output, level, exception, message, args);

    /// <summary>A failure of the function that the loop caught.</summary>
    public void Failed(string message, Exception exception) => Write(output, nameof(LogLevel.Error), exception, message, []);

    /// <summary>
    /// A line that the function wrote by itself. With JSON logs a line that is an object already goes out as it is, whatever
    /// the level: it is a structured event (or an embedded metric), which a wrapper would turn into text inside of another.
    /// </summary>
    private void WriteConsoleLine(TextWriter target, LogLevel level, string line)
    {
        if (_isJson && line is ['{', ..] && !line.Contains('\n')) target.Write(line + '\n');
        else Write(target, level.ToString(), null, line, []);
    }

    private void Write(TextWriter target, string level, Exception exception, string message, object[] args)
    {
        // A level that Lambda has no name for is shown as the lowest, and never left out.
        var known = Named(level);
        if (known < _lowest) return;

        var line = new LogLine(
            TimeProvider.System.GetUtcNow(), Context, (known ?? LogLevel.Trace).ToString(), LogTemplate.Render(message, args), exception);

        // One write a line, so that lines of two threads do not mix.
        target.Write(_format(line) + '\n');
    }

    /// <summary>The level of a function's configuration, which has names of its own for some.</summary>
    private static LogLevel? Configured(string name) => name?.ToUpperInvariant() switch
    {
        "INFO" => LogLevel.Information,
        "WARN" => LogLevel.Warning,
        "FATAL" => LogLevel.Critical,
        _ => Named(name),
    };

    private static LogLevel? Named(string name) => Enum.TryParse<LogLevel>(name, ignoreCase: true, out var level) ? level : null;

    private static TextWriter Open(Stream stream) =>
        TextWriter.Synchronized(new StreamWriter(stream, new UTF8Encoding(false)) { AutoFlush = true });
}
