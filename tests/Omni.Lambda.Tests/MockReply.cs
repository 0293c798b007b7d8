using System.Text;

namespace Omni.Lambda.Tests;

/// <summary>What the mock answers, and how it puts that on the wire.</summary>
internal sealed record MockReply(int Status, string Body, params (string Name, string Value)[] Headers)
{
    public static readonly MockReply Accepted = new(202, """{"status":"OK"}""");

    /// <summary>In chunks of this many bytes, each with an extension, and a trailer behind; 0 for a Content-Length.</summary>
    public int ChunkSize { get; init; }

    public bool LowerCaseNames { get; init; }

    /// <summary>Every byte by itself.</summary>
    public bool ByteByByte { get; init; }

    /// <summary>Says nothing of the body's length and ends it by closing.</summary>
    public bool EndedByClose { get; init; }

    /// <summary>Closes the connection behind the answer, without having said so.</summary>
    public bool Drops { get; init; }

    /// <summary>Closes the connection instead of answering.</summary>
    public bool Hangs { get; init; }

    public bool Closes => EndedByClose || Drops || Hangs || Headers.Contains(("Connection", "close"));

    public static MockReply Event(string body, params (string Name, string Value)[] headers) =>
        new(200, body, [("Lambda-Runtime-Aws-Request-Id", "request-1"), ("Lambda-Runtime-Deadline-Ms", "32503680000000"), .. headers]);

    public async Task WriteAsync(Stream stream, CancellationToken cancellation)
    {
        if (Hangs) return;

        var bytes = Encode();
        if (!ByteByByte) await stream.WriteAsync(bytes, cancellation);
        else foreach (var single in bytes) await stream.WriteAsync(new[] { single }, cancellation);
    }

    private byte[] Encode()
    {
        var body = Encoding.UTF8.GetBytes(Body);
        using var wire = new MemoryStream();
        void Text(string text) => wire.Write(Encoding.UTF8.GetBytes(text));
        void Header(string name, string value) => Text($"{(LowerCaseNames ? name.ToLowerInvariant() : name)}: {value}\r\n");

        Text($"HTTP/1.1 {Status} Whatever\r\n");
        foreach (var (name, value) in Headers) Header(name, value);
        if (ChunkSize > 0) Header("Transfer-Encoding", "chunked");
        else if (!EndedByClose) Header("Content-Length", $"{body.Length}");
        Text("\r\n");

        if (ChunkSize == 0)
        {
            wire.Write(body);
            return wire.ToArray();
        }

        foreach (var chunk in body.Chunk(ChunkSize))
        {
            Text($"{chunk.Length:x};name=value\r\n");
            wire.Write(chunk);
            Text("\r\n");
        }

        Text("0\r\nTrailer: ignored\r\n\r\n");
        return wire.ToArray();
    }
}
