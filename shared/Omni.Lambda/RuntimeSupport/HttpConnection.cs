using System.Globalization;
using System.Net;
using System.Net.Sockets;
using System.Text;

namespace Amazon.Lambda.RuntimeSupport;

/// <summary>
/// One keep-alive HTTP/1.1 connection, one request at a time, without a time-out: the environment may be frozen for hours
/// inside <c>next</c>. Raw, because HttpClient alone would cost more than the rest of a cold start.
/// </summary>
internal sealed class HttpConnection(string endpoint) : IDisposable
{
    private readonly EndPoint _address = Address(endpoint);
    private NetworkStream _stream;
    private HttpReader _reader;

    public async Task<HttpReply> SendAsync(
        string method, string path, string headers, ReadOnlyMemory<byte> body, CancellationToken cancellation)
    {
        await ConnectAsync(cancellation);

        var head = Encoding.UTF8.GetBytes(
            $"{method} {path} HTTP/1.1\r\nHost: {endpoint}\r\nUser-Agent: omni-lambda\r\nAccept: application/json\r\n{headers}\r\n");
        await _stream.WriteAsync(head, cancellation);
        if (!body.IsEmpty) await _stream.WriteAsync(body, cancellation);

        return await _reader.ReadAsync(cancellation);
    }

    public void Dispose() => _stream?.Dispose();

    /// <summary>
    /// A new connection for the first request, and where the old one is known to be gone. Known before anything is sent: a
    /// request whose answer was lost is never repeated, since it may have taken an event from Lambda.
    /// </summary>
    private async Task ConnectAsync(CancellationToken cancellation)
    {
        if (_stream is not null && _reader.CanContinue && !IsDropped(_stream.Socket)) return;

        Dispose();
        var socket = new Socket(SocketType.Stream, ProtocolType.Tcp) { NoDelay = true };
        await socket.ConnectAsync(_address, cancellation);
        _stream = new(socket, ownsSocket: true);
        _reader = new(_stream);
    }

    private static EndPoint Address(string endpoint)
    {
        if (IPEndPoint.TryParse(endpoint, out var address)) return address;

        var colon = endpoint.LastIndexOf(':');
        return new DnsEndPoint(endpoint[..colon], int.Parse(endpoint.AsSpan(colon + 1), CultureInfo.InvariantCulture));
    }

    // Between two requests the peer has nothing to say, so a readable socket is one that was closed.
    private static bool IsDropped(Socket socket) => socket.Poll(0, SelectMode.SelectRead);
}
