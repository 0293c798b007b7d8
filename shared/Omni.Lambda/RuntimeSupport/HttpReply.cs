namespace Amazon.Lambda.RuntimeSupport;

/// <summary>An answer of the Runtime API. The body lies in the connection's buffer: it is valid until the next request.</summary>
internal sealed record HttpReply(int Status, IReadOnlyDictionary<string, string> Headers, ArraySegment<byte> Body);
