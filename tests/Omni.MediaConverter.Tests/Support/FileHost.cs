using System.Collections.Concurrent;
using System.Net;
using System.Net.Sockets;
using System.Text;

namespace Omni.MediaConverter.Tests.Support;

/// <summary>What a host answers: written to the byte, so that it can lie.</summary>
/// <param name="Head">The head of the answer.</param>
/// <param name="Body">What follows.</param>
/// <param name="StallsAfter">After so many bytes of the body nothing comes any more; null to close when all is said.</param>
public sealed record Answer(string Head, byte[] Body, int? StallsAfter = null)
{
    public static Answer Ok(byte[] body, string type = "image/jpeg") =>
        new($"HTTP/1.1 200 OK\r\nContent-Type: {type}\r\nContent-Length: {body.Length}\r\nConnection: close\r\n\r\n", body);

    public static Answer Status(int status) => new($"HTTP/1.1 {status} No\r\nContent-Length: 0\r\nConnection: close\r\n\r\n", []);

    public static Answer Redirect(string to) =>
        new($"HTTP/1.1 302 Found\r\nLocation: {to}\r\nContent-Length: 0\r\nConnection: close\r\n\r\n", []);
}

/// <summary>A host of files on this machine, honest or not.</summary>
internal sealed class FileHost : IAsyncDisposable
{
    private readonly TcpListener _listener = new(IPAddress.Loopback, 0);
    private readonly CancellationTokenSource _stopping = new();
    private readonly ConcurrentDictionary<string, Answer> _answers = new();
    private readonly ConcurrentDictionary<string, int> _asked = new();
    private readonly Task _running;

    public FileHost()
    {
        _listener.Start();
        _running = RunAsync();
    }

    public Uri Url(string path) => new($"http://127.0.0.1:{((IPEndPoint)_listener.LocalEndpoint).Port}/{path}");

    /// <summary>How often a path was asked for.</summary>
    public int Asked(string path) => _asked.GetValueOrDefault(path);

    public Uri Serve(string path, Answer answer)
    {
        _answers[path] = answer;
        return Url(path);
    }

    public async ValueTask DisposeAsync()
    {
        await _stopping.CancelAsync();
        _listener.Stop();
        await _running;
        _stopping.Dispose();
    }

    private async Task RunAsync()
    {
        try
        {
            while (true) _ = AnswerAsync(await _listener.AcceptTcpClientAsync(_stopping.Token));
        }
        catch (Exception stopped) when (stopped is OperationCanceledException or SocketException or ObjectDisposedException)
        {
        }
    }

    private async Task AnswerAsync(TcpClient client)
    {
        using (client)
        {
            try
            {
                var stream = client.GetStream();
                using var reader = new StreamReader(stream, Encoding.ASCII, leaveOpen: true);
                var path = (await reader.ReadLineAsync(_stopping.Token) ?? "").Split(' ')[1].TrimStart('/');
                while (await reader.ReadLineAsync(_stopping.Token) is { Length: > 0 })
                {
                }

                _asked.AddOrUpdate(path, 1, (_, count) => count + 1);
                var answer = _answers.GetValueOrDefault(path) ?? Answer.Status(404);
                await stream.WriteAsync(Encoding.ASCII.GetBytes(answer.Head), _stopping.Token);
                await stream.WriteAsync(answer.Body.AsMemory(0, answer.StallsAfter ?? answer.Body.Length), _stopping.Token);
                if (answer.StallsAfter is not null) await Task.Delay(Timeout.Infinite, _stopping.Token);
            }
            catch (Exception gone) when (gone is OperationCanceledException or IOException)
            {
            }
        }
    }
}
