using Omni.Shared;
using Omni.Testing;

namespace Omni.Pipeline.Tests.Sending;

/// <summary>What a sender does while nothing is to be sent.</summary>
public sealed class PauseTests(EmulatorFixture emulators) : IClassFixture<EmulatorFixture>
{
    private static readonly Address Ours = Address.Phone("+12065550100"), Other = Address.Phone("+12065550101");

    [Fact]
    public async Task Nothing_is_sent_of_a_paused_carrier_and_each_group_waits_as_a_whole()
    {
        using var stage = await Stage.SetAsync(emulators);
        await PauseAsync(stage, sender: null);
        QueueRecord[] batch =
            [stage.Send(stage.NewMessage(), "A"), stage.Send(stage.NewMessage(), "A"), stage.Send(stage.NewMessage(), "B")];

        Assert.Equal(batch.Select(record => record.Id), await stage.RunAsync(batch));

        Assert.Equal([5, 0, 5], batch.Select(record => (int)stage.Waits[record.ReceiptHandle].TotalSeconds));
        Assert.Empty(stage.FakeCarrier.Taken);

        await stage.Aws.Pauses.ResumeAsync(stage.Carrier.Id, sender: null);
        Assert.Empty(await stage.RunAsync(batch));
        Assert.Equal(3, stage.FakeCarrier.Taken.Count);
    }

    [Fact]
    public async Task A_paused_sender_holds_no_other_up()
    {
        using var stage = await Stage.SetAsync(emulators);
        await PauseAsync(stage, Ours);
        var (held, free) = (stage.NewMessage(), stage.NewMessage(change: m => m with { From = Other }));
        var record = stage.Send(held, "A");

        Assert.Equal([record.Id], await stage.RunAsync(record, stage.Send(free, "B")));

        Assert.Equal(free.Id, Assert.Single(stage.FakeCarrier.Taken).MessageId);
    }

    [Fact]
    public async Task What_has_outlived_its_deadline_expires_also_while_it_is_paused()
    {
        using var stage = await Stage.SetAsync(emulators);
        var message = stage.NewMessage(change: m => m with { TtlSeconds = 60 });
        stage.Clock.Advance(TimeSpan.FromSeconds(61));
        await PauseAsync(stage, sender: null);

        Assert.Empty(await stage.RunAsync(stage.Send(message)));

        Assert.Equal(MessageStatus.Expired, (await stage.FindAsync(message)).Status);
        Assert.Empty(stage.FakeCarrier.Taken);
    }

    [Fact]
    public async Task A_pause_ends_by_itself_and_a_message_that_waited_for_it_is_sent_once()
    {
        using var stage = await Stage.SetAsync(emulators);
        await PauseAsync(stage, sender: null, until: TimeSpan.FromMinutes(20));
        var message = stage.NewMessage();
        await stage.Aws.Messages.CreateAsync(Omni.Aws.MessageStore.NewRecord(message));

        var record = await stage.SettleAsync(message);

        Assert.Equal(MessageStatus.Sent, record.Status);
        Assert.Single(stage.FakeCarrier.Taken);
        Assert.Equal(1, record.State.Parts[0].Attempts);
        Assert.InRange(stage.Clock.GetUtcNow() - message.CreatedAt, TimeSpan.FromMinutes(20), TimeSpan.FromMinutes(21));
    }

    private static Task PauseAsync(Stage stage, Address? sender, TimeSpan? until = null)
    {
        var now = stage.Clock.GetUtcNow();
        return stage.Aws.Pauses.PauseAsync(stage.Carrier.Id, sender, new("Tested", "key_1", now, now + until));
    }
}
