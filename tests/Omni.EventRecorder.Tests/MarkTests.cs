using Amazon.DynamoDBv2.Model;
using Omni.Aws;
using Omni.Shared;

namespace Omni.EventRecorder.Tests;

/// <summary>What a message's batch counts of a change.</summary>
public sealed class MarkTests
{
    private static readonly DateTimeOffset Start = new(2026, 1, 2, 3, 4, 5, TimeSpan.Zero);

    [Theory]
    [InlineData("-", "00#", null)] // released
    [InlineData("00#", "03#", null)] // on its way
    [InlineData("03#", "05#", "sent")]
    [InlineData("-", "05#", "sent")] // all at once
    [InlineData("05#", "05#", null)] // something else changed
    [InlineData("05#", "11#", "delivered")]
    [InlineData("03#", "07#opted_out", "rejected")]
    [InlineData("09#a:1", "09#b:2", null)]
    [InlineData("03#", "04# due", null)] // being found out
    [InlineData("04# due", "04#", "unknown")] // held
    [InlineData("04#", "05#", "sent")]
    public void What_is_decided_is_marked_once(string before, string after, string? expected)
    {
        var mark = Change.MarkOf(before == "-" ? new Dictionary<string, AttributeValue>() : Item(before), Item(after));

        Assert.Equal(expected, mark?.Status.Word());
        if (mark is not null) Assert.Equal(new BatchPlace("bat_1", 7, 100), mark.Place);
    }

    [Fact]
    public void A_message_of_no_batch_marks_nothing()
    {
        var item = Item("05#");
        item.Remove("ba");

        Assert.Null(Change.MarkOf(new Dictionary<string, AttributeValue>(), item));
    }

    [Theory]
    [InlineData(BatchState.Running, 3, BatchState.Paused, 3, "batch.paused")]
    [InlineData(BatchState.Paused, 3, BatchState.Running, 3, "")]
    [InlineData(BatchState.Paused, 3, BatchState.Canceled, 3, "batch.canceled")]
    [InlineData(BatchState.Running, 2, BatchState.Running, 1, "")]
    [InlineData(BatchState.Running, 1, BatchState.Running, 0, "batch.completed")]
    [InlineData(BatchState.Canceled, 1, BatchState.Canceled, 0, "batch.completed")]
    [InlineData(BatchState.Running, 0, BatchState.Running, 0, "")]
    public void A_batch_tells_when_it_rests_is_canceled_and_is_done(
        BatchState wanted, int open, BatchState wantedThen, int openThen, string expected)
    {
        var events = BatchEvents.Of(Batch(wanted, open), Batch(wantedThen, openThen)).ToArray();

        Assert.Equal(expected, string.Join(' ', events.Select(e => e.Type)));
        Assert.All(events, e => Assert.Equal(("bat_1", "default"), (e.Data.GetProperty("id").GetString(), e.Tenant)));
    }

    [Fact]
    public void A_batch_that_rests_twice_tells_it_twice_and_each_once()
    {
        string IdOf(int dispatch) =>
            BatchEvents.Of(Batch(BatchState.Running, 1, dispatch), Batch(BatchState.Paused, 1, dispatch)).Single().Id;

        Assert.Equal(IdOf(3), IdOf(3));
        Assert.NotEqual(IdOf(3), IdOf(5));
    }

    private static BatchRecord Batch(BatchState wanted, int open, int dispatch = 1) => new(
        new()
        {
            Id = "bat_1", Tenant = "default", Carrier = "twilio", From = Address.Phone("+12065550100"), CreatedAt = Start, Total = 200,
            Segments = 200, File = "file", FileIndex = 0, RequestHash = "hash",
        },
        new() { Wanted = wanted, Open = open, Dispatch = dispatch, UpdatedAt = Start });

    private static Dictionary<string, AttributeValue> Item(string state)
    {
        var item = new Dictionary<string, AttributeValue> { ["ba"] = new("bat_1#7#100"), ["rk"] = new(state.Split(' ')[0]) };
        if (state.EndsWith("due", StringComparison.Ordinal)) item["da"] = new() { N = "1" };
        return item;
    }
}
