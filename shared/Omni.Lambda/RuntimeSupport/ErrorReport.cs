using System.Buffers;
using System.Text.Encodings.Web;
using System.Text.Json;

namespace Amazon.Lambda.RuntimeSupport;

/// <summary>An exception as the Runtime API wants it. The caller of a synchronous invocation sees all of it.</summary>
internal static class ErrorReport
{
    public const string ContentType = "application/vnd.aws.lambda.error+json";

    private const int MaxBytes = 256 * 1024;
    private const int MaxDepth = 50;

    public static ReadOnlyMemory<byte> Of(Exception exception)
    {
        var report = Write(writer => WriteException(writer, exception, MaxDepth));
        return report.Length <= MaxBytes ? report : Write(writer => WriteTooLarge(writer, exception));
    }

    private static ReadOnlyMemory<byte> Write(Action<Utf8JsonWriter> write)
    {
        var buffer = new ArrayBufferWriter<byte>();
        using (var writer = new Utf8JsonWriter(buffer, new() { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping })) write(writer);
        return buffer.WrittenMemory;
    }

    private static void WriteException(Utf8JsonWriter writer, Exception exception, int depth)
    {
        writer.WriteStartObject();
        writer.WriteString("errorType", exception.GetType().Name);
        writer.WriteString("errorMessage", exception.Message);
        if (exception.StackTrace is { } trace)
        {
            writer.WriteStartArray("stackTrace");
            foreach (var line in Lines(trace)) writer.WriteStringValue(line);
            writer.WriteEndArray();
        }

        // Causes nest; what is too deep or too much already is not worth writing, only to be thrown away.
        if (depth > 0 && writer.BytesPending + writer.BytesCommitted <= MaxBytes) WriteCauses(writer, exception, depth - 1);
        writer.WriteEndObject();
    }

    private static void WriteCauses(Utf8JsonWriter writer, Exception exception, int depth)
    {
        if (exception.InnerException is { } inner)
        {
            writer.WritePropertyName("cause");
            WriteException(writer, inner, depth);
        }

        if (exception is AggregateException aggregate)
        {
            writer.WriteStartArray("causes");
            foreach (var cause in aggregate.InnerExceptions) WriteException(writer, cause, depth);
            writer.WriteEndArray();
        }
    }

    private static void WriteTooLarge(Utf8JsonWriter writer, Exception exception)
    {
        writer.WriteStartObject();
        writer.WriteString("errorType", exception.GetType().Name);
        writer.WriteString("errorMessage", "The error report was larger than 256 KB.");
        writer.WriteEndObject();
    }

    /// <summary>The lines of a stack trace, or of an exception with its causes.</summary>
    internal static string[] Lines(string text) =>
        text.Split('\n', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries);
}
