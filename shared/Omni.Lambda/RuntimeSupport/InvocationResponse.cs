namespace Amazon.Lambda.RuntimeSupport;

/// <summary>The result of an invocation; no stream means an empty one.</summary>
public class InvocationResponse(Stream outputStream, bool disposeOutputStream)
{
    public InvocationResponse(Stream outputStream)
        : this(outputStream, true)
    {
    }

    public Stream OutputStream { get; set; } = outputStream;

    public bool DisposeOutputStream { get; } = disposeOutputStream;

    /// <summary>The result, from where the handler left its stream.</summary>
    internal async Task<ReadOnlyMemory<byte>> ReadAsync()
    {
        try
        {
            if (OutputStream is null) return default;
            if (OutputStream is MemoryStream memory && memory.TryGetBuffer(out var written))
                return written.AsMemory((int)long.Min(memory.Position, memory.Length));

            using var copy = new MemoryStream();
            await OutputStream.CopyToAsync(copy);
            return copy.GetBuffer().AsMemory(0, (int)copy.Length);
        }
        finally
        {
            if (DisposeOutputStream && OutputStream is not null) await OutputStream.DisposeAsync();
        }
    }
}
