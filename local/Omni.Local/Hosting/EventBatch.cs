using System.Text.Json;
using System.Text.Json.Nodes;

namespace Omni.Local.Hosting;

/// <summary>
/// The event that a queue or a stream hands to a function: of the records that are there, the first ones that fit.
/// https://docs.aws.amazon.com/lambda/latest/dg/invocation-eventsourcemapping.html#invocation-eventsourcemapping-batching
/// </summary>
internal static class EventBatch
{
    /// <summary>Makes the event.</summary>
    /// <param name="records">The records, one at least. The first one is handed over whatever its size.</param>
    /// <returns>The event, and how many of the records it has.</returns>
    public static (byte[] Event, int Count) Of(IReadOnlyList<JsonNode> records)
    {
        using var e = new MemoryStream();
        e.Write("{\"Records\":["u8);
        var count = 0;
        foreach (var record in records)
        {
            var json = JsonSerializer.SerializeToUtf8Bytes(record);
            if (count > 0 && e.Length + json.Length + ",]}".Length > Gateway.MaxEventBytes) break;

            if (count++ > 0) e.Write(","u8);
            e.Write(json);
        }

        e.Write("]}"u8);
        return (e.ToArray(), count);
    }
}
