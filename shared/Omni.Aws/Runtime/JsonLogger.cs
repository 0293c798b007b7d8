using System.Buffers;
using System.Text.Json;
using Microsoft.Extensions.Logging;

namespace Omni.Aws;

/// <summary>
/// Writes each log entry as one line of JSON, with the trace id of what is being worked on. Functions log through <c>[LoggerMessage]</c>
/// methods: ids and codes, never text, secrets or whole numbers.
/// </summary>
/// <param name="output">Where the lines go.</param>
/// <param name="clock">The time.</param>
public sealed class JsonLogger(TextWriter output, TimeProvider clock) : ILogger
{
    private static readonly AsyncLocal<string?> CurrentTrace = new();

    /// <summary>The logger of a function: standard output, which Lambda collects.</summary>
    public static ILogger Console { get; } = new JsonLogger(JsonLine.Output, TimeProvider.System);

    /// <summary>The <c>traceparent</c> of what is being worked on in this flow of control.</summary>
    public static string? Trace
    {
        get => CurrentTrace.Value;
        set => CurrentTrace.Value = value;
    }

    /// <inheritdoc/>
    public IDisposable? BeginScope<TState>(TState state) where TState : notnull => null;

    /// <inheritdoc/>
    public bool IsEnabled(LogLevel logLevel) => logLevel >= LogLevel.Information;

    /// <inheritdoc/>
    public void Log<TState>(
        LogLevel logLevel, EventId eventId, TState state, Exception? exception, Func<TState, Exception?, string> formatter)
    {
        if (!IsEnabled(logLevel)) return;

        JsonLine.Write(output, line =>
        {
            line.WriteString("timestamp", clock.GetUtcNow());
            line.WriteString("level", logLevel.ToString());
            line.WriteString("event", eventId.Name);
            if (Trace is { } trace) line.WriteString("trace", trace);
            if (state is IReadOnlyList<KeyValuePair<string, object?>> values)
            {
                foreach (var (name, value) in values)
                {
                    if (name != "{OriginalFormat}") WriteValue(line, JsonNamingPolicy.CamelCase.ConvertName(name), value);
                }
            }

            line.WriteString("message", formatter(state, exception));
            if (exception is null) return;

            line.WriteString("errorType", exception.GetType().FullName);
            line.WriteString("errorMessage", exception.Message);
            line.WriteString("stackTrace", exception.ToString()); // with all its causes
        });
    }

    private static void WriteValue(Utf8JsonWriter line, string name, object? value)
    {
        switch (value)
        {
            case int number: line.WriteNumber(name, number); break;
            case long number: line.WriteNumber(name, number); break;
            case double number: line.WriteNumber(name, number); break;
            case bool flag: line.WriteBoolean(name, flag); break;
            default: line.WriteString(name, value?.ToString()); break;
        }
    }
}

/// <summary>
/// Counts things as CloudWatch metrics in the embedded metric format: a line of the log, no call.
/// https://docs.aws.amazon.com/AmazonCloudWatch/latest/monitoring/CloudWatch_Embedded_Metric_Format_Specification.html
/// </summary>
public static class Metrics
{
    private const string Namespace = "Omni";

    /// <summary>Counts something of a carrier.</summary>
    /// <param name="name">The metric.</param>
    /// <param name="carrier">The carrier.</param>
    /// <param name="count">How many.</param>
    public static void Count(string name, string carrier, int count = 1) => Write(name, count, ("Carrier", carrier));

    /// <summary>Counts something of the service.</summary>
    /// <param name="name">The metric.</param>
    /// <param name="count">How many.</param>
    public static void Count(string name, int count = 1) => Write(name, count);

    private static void Write(string name, int count, params (string Name, string Value)[] of) => JsonLine.Write(JsonLine.Output, line =>
    {
        line.WriteStartObject("_aws");
        line.WriteNumber("Timestamp", TimeProvider.System.GetUtcNow().ToUnixTimeMilliseconds());
        line.WriteStartArray("CloudWatchMetrics");
        line.WriteStartObject();
        line.WriteString("Namespace", Namespace);
        line.WriteStartArray("Dimensions");
        line.WriteStartArray();
        foreach (var dimension in of) line.WriteStringValue(dimension.Name);
        line.WriteEndArray();
        line.WriteEndArray();
        line.WriteStartArray("Metrics");
        line.WriteStartObject();
        line.WriteString("Name", name);
        line.WriteString("Unit", "Count");
        line.WriteEndObject();
        line.WriteEndArray();
        line.WriteEndObject();
        line.WriteEndArray();
        line.WriteEndObject();
        foreach (var dimension in of) line.WriteString(dimension.Name, dimension.Value);
        line.WriteNumber(name, count);
    });
}

/// <summary>One line of JSON, written whole.</summary>
internal static class JsonLine
{
    private static readonly TextWriter? _own = Environment.GetEnvironmentVariable("AWS_LAMBDA_RUNTIME_API") is null
        ? null
        : TextWriter.Synchronized(new StreamWriter(System.Console.OpenStandardOutput()) { AutoFlush = true });

    /// <summary>
    /// Standard output. Under Lambda by a writer of our own: the loop replaces the console's, and with JSON logs the official one would
    /// make text of a line and put it into another, where nothing looks for a metric.
    /// </summary>
    public static TextWriter Output => _own ?? Console.Out;

    public static void Write(TextWriter output, Action<Utf8JsonWriter> members)
    {
        var buffer = new ArrayBufferWriter<byte>(512);
        using (var line = new Utf8JsonWriter(buffer))
        {
            line.WriteStartObject();
            members(line);
            line.WriteEndObject();
        }

        output.WriteLine(System.Text.Encoding.UTF8.GetString(buffer.WrittenSpan));
    }
}
