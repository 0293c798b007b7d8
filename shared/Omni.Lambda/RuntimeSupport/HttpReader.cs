using System.Buffers;
using System.Globalization;
using System.Runtime.InteropServices;
using System.Text;

namespace Amazon.Lambda.RuntimeSupport;

/// <summary>Reads answers off a connection, as much of RFC 9112 as a server may use: any case of names, any framing, any split.</summary>
internal sealed class HttpReader(Stream stream)
{
    private readonly ArrayBufferWriter<byte> _body = new();
    private byte[] _buffer = new byte[16 * 1024];
    private int _start;
    private int _end;

    /// <summary>Whether the connection can carry another request after the last answer.</summary>
    public bool CanContinue { get; private set; } = true;

    public async Task<HttpReply> ReadAsync(CancellationToken cancellation)
    {
        var statusLine = await ReadLineAsync(cancellation);
        if (!statusLine.StartsWith("HTTP/1.", StringComparison.Ordinal)
            || !int.TryParse(statusLine.AsSpan(9, 3), CultureInfo.InvariantCulture, out var status))
        {
            throw new IOException("The Runtime API answered with something that is not HTTP/1.x.");
        }

        var headers = await ReadHeadersAsync(cancellation);
        await ReadBodyAsync(headers, cancellation);
        MemoryMarshal.TryGetArray(_body.WrittenMemory, out var body);
        return new(status, headers, body);
    }

    private async Task<Dictionary<string, string>> ReadHeadersAsync(CancellationToken cancellation)
    {
        var headers = new Dictionary<string, string>(StringComparer.OrdinalIgnoreCase);
        while (await ReadLineAsync(cancellation) is { Length: > 0 } line)
        {
            var colon = line.IndexOf(':', StringComparison.Ordinal);
            if (colon > 0) headers[line[..colon]] = line[(colon + 1)..].Trim();
        }

        return headers;
    }

    // https://www.rfc-editor.org/rfc/rfc9112#section-6.3
    private async Task ReadBodyAsync(Dictionary<string, string> headers, CancellationToken cancellation)
    {
        _body.ResetWrittenCount();
        CanContinue = !headers.TryGetValue("Connection", out var connection)
            || !connection.Equals("close", StringComparison.OrdinalIgnoreCase);

        if (headers.TryGetValue("Transfer-Encoding", out var encoding) && encoding.Equals("chunked", StringComparison.OrdinalIgnoreCase))
        {
            await ReadChunksAsync(cancellation);
        }
        else if (headers.TryGetValue("Content-Length", out var length))
        {
            await CopyAsync(int.Parse(length, CultureInfo.InvariantCulture), cancellation);
        }
        else
        {
            CanContinue = false;
            do await CopyAsync(_end - _start, cancellation);
            while (await FillAsync(cancellation));
        }
    }

    private async Task ReadChunksAsync(CancellationToken cancellation)
    {
        while (true)
        {
            var line = await ReadLineAsync(cancellation);
            var extension = line.IndexOf(';', StringComparison.Ordinal);
            var size = int.Parse(extension < 0 ? line : line[..extension], NumberStyles.HexNumber, CultureInfo.InvariantCulture);
            if (size == 0) break;

            await CopyAsync(size, cancellation);
            await ReadLineAsync(cancellation);
        }

        await ReadHeadersAsync(cancellation); // trailers: none is of use
    }

    private async Task CopyAsync(int count, CancellationToken cancellation)
    {
        var rest = _body.GetMemory(count)[..count];
        var buffered = Math.Min(count, _end - _start);
        _buffer.AsMemory(_start, buffered).CopyTo(rest);
        _start += buffered;
        await stream.ReadExactlyAsync(rest[buffered..], cancellation);
        _body.Advance(count);
    }

    private async Task<string> ReadLineAsync(CancellationToken cancellation)
    {
        int length;
        while ((length = _buffer.AsSpan(_start.._end).IndexOf((byte)'\n')) < 0)
        {
            if (!await FillAsync(cancellation)) throw new EndOfStreamException("The Runtime API closed the connection inside an answer.");
        }

        var line = Encoding.UTF8.GetString(_buffer, _start, length).TrimEnd('\r');
        _start += length + 1;
        return line;
    }

    /// <summary>Reads more behind what is there; false at the end of the connection.</summary>
    private async Task<bool> FillAsync(CancellationToken cancellation)
    {
        if (_start > 0)
        {
            _buffer.AsSpan(_start.._end).CopyTo(_buffer);
            (_start, _end) = (0, _end - _start);
        }

        if (_end == _buffer.Length) Array.Resize(ref _buffer, _buffer.Length * 2);

        var read = await stream.ReadAsync(_buffer.AsMemory(_end), cancellation);
        _end += read;
        return read > 0;
    }
}
