using Omni.Aws;
using Omni.Shared;
using Omni.Testing;

namespace Omni.Pipeline.Tests.Sending;

/// <summary>
/// Sending again against everything else that happens to the two messages, over the real table. The carrier is the judge.
/// </summary>
public sealed class ResendTests(EmulatorFixture emulators) : IClassFixture<EmulatorFixture>
{
    private const int Rounds = 40;

    /// <summary>
    /// The old one's outcome is never found out, or it is looked up that it was not taken: in neither case it goes out too.
    /// </summary>
    [Theory]
    [InlineData(false, MessageStatus.Unknown)]
    [InlineData(true, MessageStatus.Canceled)]
    public async Task An_unknown_message_that_is_sent_again_is_not_tried_again_by_itself(bool canLookUp, MessageStatus end)
    {
        using var stage = await Stage.SetAsync(emulators, canLookUp ? "twilio" : "inteliquent", canLookUp);
        var message = stage.NewMessage(change: m => m with { OnUnknownOutcome = UnknownOutcomePolicy.Resend });
        await stage.Aws.Messages.CreateAsync(MessageStore.NewRecord(message));
        stage.FakeCarrier.Answer = _ => new SendOutcome.Unknown("http_500");
        await stage.RunAsync(stage.Send(message));
        var unknown = await stage.FindAsync(message);
        var copy = CopyOf(message);

        Assert.IsType<Resending.Resent>(await stage.Aws.Messages.ResendAsync(unknown, copy));
        stage.FakeCarrier.Answer = _ => null;
        var old = await stage.SettleAsync(message, seen: 0);
        var again = await stage.SettleAsync(copy, seen: null);

        Assert.Equal((MessageStatus.Unknown, end), (unknown.Status, old.Status));
        Assert.Equal((copy.Id, 1), (old.State.ResentAs, old.State.Parts[0].Attempts));
        Assert.Equal(MessageStatus.Sent, again.Status);
        Assert.Equal(copy.Id, Assert.Single(stage.FakeCarrier.Taken).MessageId);
    }

    /// <summary>Several requests, and a receipt that says that it arrived after all, at the same moment.</summary>
    [Fact]
    public async Task Of_many_at_once_one_is_written_and_none_when_it_arrived()
    {
        using var stage = await Stage.SetAsync(emulators);
        var (resent, arrived) = (0, 0);
        for (var round = 0; round < Rounds; round++)
        {
            var message = stage.NewMessage();
            await stage.Aws.Messages.CreateAsync(MessageStore.NewRecord(message));
            await stage.RunAsync(stage.Send(message));
            await CrashTests.ReportAsync(stage, message, 0, MessageStatus.Undelivered);
            var seen = await stage.FindAsync(message);
            Message[] copies = [.. Enumerable.Range(0, 3).Select(_ => CopyOf(message))];

            var asking = Task.WhenAll(copies.Select(copy => Task.Run(() => stage.Aws.Messages.ResendAsync(seen, copy))));
            if (round % 2 == 0) await Task.Run(() => CrashTests.ReportAsync(stage, message, 0, MessageStatus.Delivered));
            var answers = await asking;

            var record = await stage.FindAsync(message);
            var written = await Task.WhenAll(copies.Select(copy => stage.Aws.Messages.FindAsync(copy.Id)));
            Assert.Equal(answers.Select(answer => answer is Resending.Resent), written.Select(copy => copy is not null));
            Assert.Equal(record.State.ResentAs is null ? 0 : 1, written.Count(copy => copy is not null));
            Assert.Equal(record.State.ResentAs, written.FirstOrDefault(copy => copy is not null)?.Message.Id);
            if (record.State.ResentAs is null) arrived++;
            else resent++;
        }

        Assert.True(resent >= Rounds / 2, $"{resent} were sent again, {arrived} had arrived.");
    }

    [Fact]
    public async Task An_id_that_is_taken_writes_nothing()
    {
        using var stage = await Stage.SetAsync(emulators);
        var message = stage.NewMessage();
        await stage.Aws.Messages.CreateAsync(MessageStore.NewRecord(message));
        var seen = await stage.FindAsync(message);
        var copy = CopyOf(message);
        await stage.Aws.Messages.CreateAsync(MessageStore.NewRecord(copy with { ClientReference = "first" }));

        var answer = await stage.Aws.Messages.ResendAsync(seen, copy);

        Assert.Equal("first", Assert.IsType<Resending.IdTaken>(answer).By.Message.ClientReference);
        Assert.Null((await stage.FindAsync(message)).State.ResentAs);
    }

    private static Message CopyOf(Message message) => message with { Id = Ids.NewMessage(), ResendOf = message.Id };
}
