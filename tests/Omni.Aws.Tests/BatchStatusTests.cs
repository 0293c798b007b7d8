using Omni.Shared;
using Omni.Testing;

namespace Omni.Aws.Tests;

/// <summary>What became of the messages of a batch, over the real tables.</summary>
public sealed class BatchStatusTests(EmulatorFixture emulators) : TableTests(emulators, new(2026, 3, 14, 12, 0, 0, TimeSpan.Zero))
{
    [Theory]
    [InlineData(1)]
    [InlineData(Batch.ChunkSize - 1)]
    [InlineData(Batch.ChunkSize)]
    public async Task A_batch_of_the_stream_may_change_all_of_an_item_at_once_and_twice(int count)
    {
        const string Id = "bat_0197c1e2d3f4754685d8e7f60718293a";
        var statuses = Tables.Aws.BatchStatuses;
        foreach (var status in (MessageStatus[])[MessageStatus.Sent, MessageStatus.Delivered, MessageStatus.Delivered, MessageStatus.Sent])
        {
            await statuses.SetAsync(Id, 200, Enumerable.Range(Batch.ChunkSize, count).ToDictionary(index => index, _ => status));
        }

        var read = await statuses.ReadAsync(Id, 0, 200);
        Assert.Equal(Enumerable.Range(Batch.ChunkSize, count), read.Keys.Order());
        Assert.All(read.Values, status => Assert.Equal(MessageStatus.Delivered, status));
    }
}
