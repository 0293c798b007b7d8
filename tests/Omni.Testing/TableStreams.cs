using System.Text.Json.Nodes;
using Omni.Emulators;

namespace Omni.Testing;

/// <summary>Reads a table's stream for tests that hand it to a function.</summary>
public static class TableStreams
{
    /// <summary>Reads on from the beginning until so many records came; it waits for them.</summary>
    /// <param name="stream">The stream.</param>
    /// <param name="count">How many at least.</param>
    public static async Task<IReadOnlyList<JsonObject>> ReadAsync(this TableStreamReader stream, int count)
    {
        var records = new List<JsonObject>();
        var position = await stream.StartAsync();
        while (records.Count < count)
        {
            var batch = await stream.ReadAsync(position, max: 10);
            records.AddRange(batch.Records);
            position = batch.Next;
        }

        return records;
    }
}
