namespace Omni.Simulators.Tests;

public sealed class OutboxTests
{
    [Fact]
    public void The_oldest_entries_drop_out()
    {
        var outbox = new Outbox<string>(keep: 2);
        foreach (var entry in (string[])["a", "b", "c"]) outbox.Add(entry, entry);

        Assert.Equal(["b", "c"], outbox.All());
        Assert.Null(outbox.Find("a"));
        Assert.Equal("c", outbox.Find("c"));
    }
}
