using System.Buffers.Binary;
using System.IO.Compression;
using System.Runtime.CompilerServices;
using System.Text.Json;
using Omni.Shared;

namespace Omni.Aws;

/// <summary>
/// The messages of a batch as a file: NDJSON in pieces of <see cref="Batch.ChunkSize"/> lines, each compressed by itself, so that any of
/// them can be read alone. Behind them stands the index: where each piece begins and the last one ends, eight bytes each, the highest
/// first.
/// </summary>
public static class BatchFile
{
    private const int Entry = sizeof(long);

    /// <summary>Writes a file. The messages must come in order.</summary>
    /// <param name="stream">Where to; it is left open.</param>
    public sealed class Writer(Stream stream) : IDisposable
    {
        private readonly MemoryStream _piece = new();
        private readonly List<long> _index = [];
        private long _length;
        private int _lines;

        /// <summary>Adds a message.</summary>
        /// <param name="message">The message.</param>
        public void Add(Message message)
        {
            using (var json = new Utf8JsonWriter(_piece)) JsonSerializer.Serialize(json, message, OmniJson.Wire.Message);
            _piece.WriteByte((byte)'\n');
            if (++_lines == Batch.ChunkSize) EndPiece();
        }

        /// <summary>Ends the file.</summary>
        /// <returns>Where its index begins.</returns>
        public long End()
        {
            if (_lines > 0) EndPiece();
            var start = _length;
            var entry = new byte[Entry];
            foreach (var place in (IEnumerable<long>)[.. _index, start])
            {
                BinaryPrimitives.WriteInt64BigEndian(entry, place);
                stream.Write(entry);
            }

            return start;
        }

        /// <inheritdoc/>
        public void Dispose() => _piece.Dispose();

        private void EndPiece()
        {
            _index.Add(_length);
            using var packed = new MemoryStream();
            using (var zip = new GZipStream(packed, CompressionLevel.Fastest, leaveOpen: true)) _piece.WriteTo(zip);
            packed.WriteTo(stream);
            _length += packed.Length;
            _piece.SetLength(0);
            _lines = 0;
        }
    }

    /// <summary>Reads messages of a batch.</summary>
    /// <param name="blobs">Where the file is.</param>
    /// <param name="batch">The batch.</param>
    /// <param name="from">The first place.</param>
    /// <param name="to">The first place behind it.</param>
    /// <param name="cancellation">Stops the call.</param>
    /// <returns>The messages, in order; as they were planned.</returns>
    /// <exception cref="JsonException">The file cannot be read.</exception>
    public static async IAsyncEnumerable<Message> ReadAsync(
        BlobStore blobs, Batch batch, int from, int to, [EnumeratorCancellation] CancellationToken cancellation = default)
    {
        var (first, last) = (from / Batch.ChunkSize, (to - 1) / Batch.ChunkSize);
        var index = await blobs.ReadAsync(batch.File, batch.FileIndex + (long)first * Entry, (last - first + 2) * Entry, cancellation)
            .ConfigureAwait(false);
        long PlaceOf(int piece) => BinaryPrimitives.ReadInt64BigEndian(index.AsSpan((piece - first) * Entry));

        var start = PlaceOf(first);
        var pieces = await blobs.ReadAsync(batch.File, start, (int)(PlaceOf(last + 1) - start), cancellation).ConfigureAwait(false);
        for (var piece = first; piece <= last; piece++)
        {
            var packed = new MemoryStream(pieces, (int)(PlaceOf(piece) - start), (int)(PlaceOf(piece + 1) - PlaceOf(piece)));
            using var lines = new StreamReader(new GZipStream(packed, CompressionMode.Decompress));
            for (var place = piece * Batch.ChunkSize; await lines.ReadLineAsync(cancellation).ConfigureAwait(false) is { } line; place++)
            {
                if (place >= from && place < to) yield return JsonSerializer.Deserialize(line, OmniJson.Wire.Message)!;
            }
        }
    }
}
