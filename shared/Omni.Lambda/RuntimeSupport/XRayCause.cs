using System.Buffers;
using System.Diagnostics;
using System.Text;
using System.Text.Json;

namespace Amazon.Lambda.RuntimeSupport;

/// <summary>An exception as X-Ray shows it: https://docs.aws.amazon.com/xray/latest/devguide/xray-api-segmentdocuments.html</summary>
internal static class XRayCause
{
    private const int MaxMessageCharacters = 4096;
    private const int MaxFrames = 100;

    /// <summary>One line of ASCII, since it travels in a header.</summary>
    public static string Of(Exception exception)
    {
        StackFrame[] frames = [.. new StackTrace(exception, fNeedFileInfo: true).GetFrames().Take(MaxFrames)];
        var buffer = new ArrayBufferWriter<byte>();
        using (var writer = new Utf8JsonWriter(buffer))
        {
            writer.WriteStartObject();
            writer.WriteString("working_directory", Environment.CurrentDirectory);
            writer.WriteStartArray("exceptions");
            WriteException(writer, exception, frames);
            writer.WriteEndArray();
            writer.WriteStartArray("paths");
            foreach (var path in frames.Select(frame => frame.GetFileName()).OfType<string>().Distinct()) writer.WriteStringValue(path);
            writer.WriteEndArray();
            writer.WriteEndObject();
        }

        return Encoding.ASCII.GetString(buffer.WrittenSpan);
    }

    private static void WriteException(Utf8JsonWriter writer, Exception exception, StackFrame[] frames)
    {
        writer.WriteStartObject();
        writer.WriteString("type", exception.GetType().Name);
        writer.WriteString("message", exception.Message.AsSpan(0, int.Min(exception.Message.Length, MaxMessageCharacters)));
        writer.WriteStartArray("stack");
        foreach (var frame in frames) WriteFrame(writer, frame);
        writer.WriteEndArray();
        writer.WriteEndObject();
    }

    private static void WriteFrame(Utf8JsonWriter writer, StackFrame frame)
    {
        writer.WriteStartObject();
        if (frame.GetFileName() is { } path) writer.WriteString("path", path);
        if (DiagnosticMethodInfo.Create(frame) is { } method)
            writer.WriteString("label", $"{Innermost(method.DeclaringTypeName)}.{method.Name}");
        if (frame.GetFileLineNumber() is > 0 and var line) writer.WriteNumber("line", line);
        writer.WriteEndObject();
    }

    /// <summary>The type without its namespace, and without the type that it is nested in.</summary>
    private static string Innermost(string typeName) => typeName[(typeName.AsSpan().LastIndexOfAny('.', '+') + 1)..];
}
