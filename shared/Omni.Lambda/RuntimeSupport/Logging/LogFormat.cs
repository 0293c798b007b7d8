using System.Buffers;
using System.Collections;
using System.Globalization;
using System.Text;
using System.Text.Encodings.Web;
using System.Text.Json;

namespace Amazon.Lambda.RuntimeSupport.Logging;

/// <summary>How a line of the log looks.</summary>
internal static class LogFormat
{
    private const string TimeFormat = "yyyy-MM-dd'T'HH:mm:ss.fff'Z'";

    /// <summary>By the name that Lambda's configuration has for it; text when it has none.</summary>
    public static Func<LogLine, string> Named(string name) => name?.ToUpperInvariant() switch
    {
        "JSON" => Json,
        "UNFORMATTED" => Unformatted,
        _ => Text,
    };

    public static string Unformatted(LogLine line) =>
        line.Exception is null ? line.Template.Message : $"{line.Template.Message}\n{line.Exception}";

    public static string Text(LogLine line) =>
        $"{Time(line)}\t{line.Context?.AwsRequestId}\t{Abbreviation(line.Level)}\t{Unformatted(line)}";

    public static string Json(LogLine line)
    {
        var buffer = new ArrayBufferWriter<byte>();
        using (var writer = new Utf8JsonWriter(buffer, new() { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping }))
            WriteJson(writer, line);
        return Encoding.UTF8.GetString(buffer.WrittenSpan);
    }

    private static void WriteJson(Utf8JsonWriter writer, LogLine line)
    {
        writer.WriteStartObject();
        writer.WriteString("timestamp", Time(line));
        writer.WriteString("level", line.Level);
        if (line.Context?.AwsRequestId is { } requestId) writer.WriteString("requestId", requestId);
        if (line.Context?.TenantId is { } tenantId) writer.WriteString("tenantId", tenantId);
        if (line.Context?.TraceId is { } traceId) writer.WriteString("traceId", traceId);
        writer.WriteString("message", line.Template.Message);
        foreach (var (name, value) in line.Template.Named)
        {
            writer.WritePropertyName(name);
            WriteValue(writer, value);
        }

        if (line.Exception is { } exception)
        {
            writer.WriteString("errorType", exception.GetType().FullName);
            writer.WriteString("errorMessage", exception.Message);
            writer.WriteStartArray("stackTrace");
            foreach (var text in ErrorReport.Lines(exception.ToString())) writer.WriteStringValue(text); // with all its causes
            writer.WriteEndArray();
        }

        writer.WriteEndObject();
    }

    private static void WriteValue(Utf8JsonWriter writer, object value)
    {
        switch (value)
        {
            case null: writer.WriteNullValue(); break;
            case IDictionary map: WriteMap(writer, map); break;
            case IEnumerable list when LogTemplate.IsList(value): WriteList(writer, list); break;
            case bool flag: writer.WriteBooleanValue(flag); break;
            case int or long or short or byte or uint or ulong or decimal: writer.WriteRawValue(LogTemplate.Text(value)); break;
            case double number when double.IsFinite(number): writer.WriteNumberValue(number); break;
            case float number when float.IsFinite(number): writer.WriteNumberValue(number); break;
            default: writer.WriteStringValue(LogTemplate.Text(value)); break;
        }
    }

    private static void WriteMap(Utf8JsonWriter writer, IDictionary map)
    {
        writer.WriteStartObject();
        foreach (DictionaryEntry entry in map)
        {
            writer.WritePropertyName(LogTemplate.Text(entry.Key));
            WriteValue(writer, entry.Value);
        }

        writer.WriteEndObject();
    }

    private static void WriteList(Utf8JsonWriter writer, IEnumerable list)
    {
        writer.WriteStartArray();
        foreach (var item in list) WriteValue(writer, item);
        writer.WriteEndArray();
    }

    private static string Time(LogLine line) => line.Time.ToString(TimeFormat, CultureInfo.InvariantCulture);

    private static string Abbreviation(string level) => level switch
    {
        "Trace" => "trce",
        "Debug" => "dbug",
        "Information" => "info",
        "Warning" => "warn",
        "Error" => "fail",
        "Critical" => "crit",
        _ => level,
    };
}
