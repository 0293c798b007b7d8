using System.Text;

namespace Amazon.Lambda.RuntimeSupport.Logging;

/// <summary>What the function writes to the console, cut into lines. The console itself lets in one thread at a time.</summary>
internal sealed class ConsoleLines(Action<string> write) : TextWriter
{
    private readonly StringBuilder _line = new();

    public override Encoding Encoding => Encoding.UTF8;

    public override void Write(char value) => Write([value]);

    public override void Write(string value) => Write(value.AsSpan());

    public override void Write(char[] buffer, int index, int count) => Write(buffer.AsSpan(index, count));

    /// <summary>Text that ends a line writes it; line ends inside of the text belong to it, so that it stays one event.</summary>
    public override void Write(ReadOnlySpan<char> buffer)
    {
        if (buffer is [.. var text, '\n'])
        {
            _line.Append(text);
            WriteLine();
        }
        else
        {
            _line.Append(buffer);
        }
    }

    public override void WriteLine()
    {
        var line = _line.ToString();
        _line.Clear();
        write(line);
    }

    public override void WriteLine(string value)
    {
        _line.Append(value);
        WriteLine();
    }

    /// <summary>A started line, such as the last words of a process, is a line too.</summary>
    public override void Flush()
    {
        if (_line.Length > 0) WriteLine();
    }
}
