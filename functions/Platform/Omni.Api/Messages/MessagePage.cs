using System.Text.Json;
using Omni.Shared;

namespace Omni.Api;

/// <summary>The messages of one answer, and how much room is left for more.</summary>
/// <param name="limit">The most messages.</param>
internal sealed class MessagePage(int limit)
{
    // Lambda hands on no answer above 6 MB. The rest is for the frame, and for a last message that is as large as its item can be.
    private const int MaxBytes = 4 * 1024 * 1024;

    private readonly List<MessageView> _data = [];
    private long _bytes;

    public IReadOnlyList<MessageView> Data => _data;

    public int Room => limit - _data.Count;

    public bool IsFull => Room == 0 || _bytes >= MaxBytes;

    public void Add(MessageView message)
    {
        _data.Add(message);

        // The answer is a text in Lambda's JSON: quotes and backslashes take a byte more there.
        var json = JsonSerializer.SerializeToUtf8Bytes(message, ApiJson.Wire.MessageView);
        _bytes += json.Length + json.AsSpan().Count((byte)'"') + json.AsSpan().Count((byte)'\\');
    }
}
