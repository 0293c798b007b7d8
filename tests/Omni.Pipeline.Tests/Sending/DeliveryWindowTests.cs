using Omni.Aws;
using Omni.Shared;
using Omni.Testing;

namespace Omni.Pipeline.Tests.Sending;

/// <summary>A window that is closed when a part's turn comes, over the real table.</summary>
public sealed class DeliveryWindowTests(EmulatorFixture emulators) : IClassFixture<EmulatorFixture>
{
    [Fact]
    public async Task What_comes_outside_its_window_waits_in_the_table_and_is_sent_when_it_opens()
    {
        using var stage = await Stage.SetAsync(emulators);
        var opening = HourAfter(stage.Clock.GetUtcNow());
        var message = await NewAsync(stage, opening);

        Assert.Empty(await stage.RunAsync(stage.Send(message)));

        var waiting = await stage.FindAsync(message);
        Assert.Equal((opening, 0, MessageStatus.Accepted), (waiting.State.DueAt, waiting.State.Parts[0].Attempts, waiting.Status));
        Assert.Equal([MessageStore.OutsideWindow], waiting.State.Timeline.Skip(1).Select(e => e.Type));
        Assert.Empty(stage.FakeCarrier.Taken);

        stage.Clock.Advance(opening - stage.Clock.GetUtcNow());
        Assert.True(await stage.Aws.Messages.WakeAsync(waiting));
        Assert.False(await stage.Aws.Messages.WakeAsync(waiting)); // another run of the Scheduler
        Assert.Equal(MessageStatus.Sent, (await stage.SettleAsync(message, seen: 0)).Status);
        Assert.Single(stage.FakeCarrier.Taken);
    }

    [Fact]
    public async Task The_parts_that_follow_wait_when_it_closes_between_two()
    {
        using var stage = await Stage.SetAsync(emulators);
        var now = stage.Clock.GetUtcNow();
        var message = await NewAsync(stage, now.AddMinutes(-1), parts: 2, minutes: 2);
        stage.FakeCarrier.Answering = _ => stage.Clock.Advance(TimeSpan.FromMinutes(2));

        Assert.Empty(await stage.RunAsync(stage.Send(message)));

        var waiting = await stage.FindAsync(message);
        Assert.Equal([MessageStatus.Sent, MessageStatus.Accepted], waiting.State.Parts.Select(part => part.Rank.Status));
        Assert.Equal(message.Deadline, waiting.State.DueAt); // the next opening is tomorrow
        Assert.Single(stage.FakeCarrier.Taken);
    }

    [Fact]
    public async Task A_record_put_in_by_hand_gets_its_item_and_waits()
    {
        using var stage = await Stage.SetAsync(emulators);
        var opening = HourAfter(stage.Clock.GetUtcNow());
        var message = stage.NewMessage(change: m => m with { DeliveryWindow = Window(opening) });

        Assert.Empty(await stage.RunAsync(stage.Send(message)));

        Assert.Equal(opening, (await stage.FindAsync(message)).State.DueAt);
    }

    [Fact]
    public async Task One_that_is_canceled_while_it_waits_is_due_no_more_and_one_to_be_canceled_does_not_wait()
    {
        using var stage = await Stage.SetAsync(emulators);
        var message = await NewAsync(stage, HourAfter(stage.Clock.GetUtcNow()));
        await stage.RunAsync(stage.Send(message));

        var canceled = await stage.CancelAsync(message);

        Assert.Equal((MessageStatus.Canceled, null), (canceled.Status, canceled.State.DueAt));
        Assert.False(await stage.Aws.Messages.WaitAsync(message, 0, stage.Clock.GetUtcNow().AddHours(1)));
        Assert.Empty(await stage.RunAsync(stage.Send(message, receiveCount: 2)));
        Assert.Null((await stage.FindAsync(message)).State.DueAt);
    }

    /// <summary>Wherever the sender dies, the message is sent once, when its window is open.</summary>
    [Fact]
    public async Task A_sender_that_dies_anywhere_loses_nothing()
    {
        using var stage = await Stage.SetAsync(emulators);
        for (var death = 0; death < 6; death++)
        {
            var opening = HourAfter(stage.Clock.GetUtcNow());
            var message = await NewAsync(stage, opening);
            var calls = 0;
            stage.Dynamo.After = (_, _) =>
            {
                if (calls++ != death && !stage.IsDead) return;
                stage.IsDead = true;
                throw new Crash();
            };
            try
            {
                await stage.RunAsync(stage.Send(message));
            }
            catch (Crash)
            {
                // Its record comes again.
            }

            (stage.IsDead, stage.Dynamo.After) = (false, null);
            Assert.Empty(await stage.RunAsync(stage.Send(message, receiveCount: 2)));
            var waiting = await stage.FindAsync(message);
            Assert.Equal(opening, waiting.State.DueAt);

            stage.Clock.Advance(opening - stage.Clock.GetUtcNow());
            await stage.Aws.Messages.WakeAsync(waiting);
            Assert.Equal(MessageStatus.Sent, (await stage.SettleAsync(message, seen: 0)).Status);
            Assert.Single(stage.FakeCarrier.Taken, taken => taken.MessageId == message.Id);
        }
    }

    // Windows open on the minute.
    private static DateTimeOffset HourAfter(DateTimeOffset now) => now.AddHours(1).AddTicks(-(now.Ticks % TimeSpan.TicksPerMinute));

    // Of whichever day it is, in UTC; the stage's clock does not stand near midnight for long.
    private static DeliveryWindow Window(DateTimeOffset opening, int minutes = 60)
    {
        var zone = $"Etc/GMT{opening.Hour - 12:+0;-0;+0}"; // turned, so that the opening lies at noon
        var local = opening.AddHours(12 - opening.Hour);
        return new()
        {
            Days = Enum.GetValues<Weekday>(), From = $"{local:HH:mm}", To = $"{local.AddMinutes(minutes):HH:mm}", TimeZone = zone,
        };
    }

    private static async Task<Message> NewAsync(Stage stage, DateTimeOffset opening, int parts = 1, int minutes = 60)
    {
        var message = stage.NewMessage(parts, m => m with { DeliveryWindow = Window(opening, minutes) });
        await stage.Aws.Messages.CreateAsync(MessageStore.NewRecord(message));
        return message;
    }
}
