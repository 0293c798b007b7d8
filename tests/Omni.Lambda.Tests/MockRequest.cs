using System.Globalization;
using System.Text;

namespace Omni.Lambda.Tests;

/// <summary>One request that a function made: its line, its headers (names in any case), its body.</summary>
internal sealed record MockRequest(string Method, string Path, IReadOnlyDictionary<string, string> Headers, string Body)
{
    /// <summary>The next request of a connection, or null at its end.</summary>
    public static async Task<MockRequest?> ReadAsync(Stream stream, CancellationToken cancellation)
    {
        if (await ReadLineAsync(stream, cancellation) is not { Length: > 0 } requestLine) return null;

        var headers = new Dictionary<string, string>(StringComparer.OrdinalIgnoreCase);
        while (await ReadLineAsync(stream, cancellation) is { Length: > 0 } line)
        {
            headers[line[..line.IndexOf(':')]] = line[(line.IndexOf(':') + 1)..].Trim();
        }

        var body = new byte[int.Parse(headers.GetValueOrDefault("Content-Length", "0"), CultureInfo.InvariantCulture)];
        await stream.ReadExactlyAsync(body, cancellation);
        var words = requestLine.Split(' ');
        return new(words[0], words[1], headers, Encoding.UTF8.GetString(body));
    }

    private static async Task<string?> ReadLineAsync(Stream stream, CancellationToken cancellation)
    {
        var line = new List<byte>();
        var one = new byte[1];
        while (await stream.ReadAsync(one, cancellation) > 0)
        {
            if (one[0] == '\n') return Encoding.UTF8.GetString([.. line]).TrimEnd('\r');
            line.Add(one[0]);
        }

        return null;
    }
}
