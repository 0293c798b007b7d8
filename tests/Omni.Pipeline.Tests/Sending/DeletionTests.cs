using Omni.Aws;
using Omni.Shared;
using Omni.Testing;

namespace Omni.Pipeline.Tests.Sending;

/// <summary>What a sender does for messages that are deleted, and for people who are.</summary>
public sealed class DeletionTests(EmulatorFixture emulators) : IClassFixture<EmulatorFixture>
{
    [Theory]
    [InlineData(false, 1)]
    [InlineData(true, 0)]
    [InlineData(true, 0, AutomaticAnswer.OptOut)] // it passes an opt-out, and not this
    public async Task Nothing_older_is_sent_to_who_is_being_deleted(bool isOlder, int sent, AutomaticAnswer? automatic = null)
    {
        using var stage = await Stage.SetAsync(emulators);
        var asked = stage.Clock.GetUtcNow();
        if (!isOlder) stage.Clock.Advance(TimeSpan.FromSeconds(1));
        var message = stage.NewMessage(change: m => m with { Automatic = automatic });
        await stage.Aws.Messages.CreateAsync(MessageStore.NewRecord(message));
        await stage.Aws.Consents.MarkDeletedAsync(message.Tenant, message.To, asked);

        Assert.Empty(await stage.RunAsync(stage.Send(message)));

        Assert.Equal(sent, stage.FakeCarrier.Taken.Count);
        Assert.Equal(isOlder ? MessageStatus.Canceled : MessageStatus.Sent, (await stage.FindAsync(message)).Status);
    }

    /// <summary>The record waited in the queue while its person was deleted, with or without an item.</summary>
    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task What_waited_while_its_person_was_deleted_is_not_sent_and_brings_nothing_back(bool hasItem)
    {
        using var stage = await Stage.SetAsync(emulators);
        var message = stage.NewMessage(parts: 2);
        if (hasItem) await DeleteAsync(stage, message);
        await stage.Aws.Sessions.MarkDeletedAsync(message.Tenant, message.To, stage.Clock.GetUtcNow());

        Assert.Empty(await stage.RunAsync(stage.Send(message)));

        Assert.Empty(stage.FakeCarrier.Taken);
        var left = await stage.FindAsync(message);
        Assert.Equal((MessageStatus.Canceled, Address.Unknown), (left.Status, left.Message.To));
        Assert.IsType<UnsupportedContent>(left.Message.Content);
        Assert.Null(await stage.Aws.Sessions.FindAsync(message.ConversationId));
    }

    [Fact]
    public async Task An_unknown_outcome_of_who_is_deleted_is_held()
    {
        using var stage = await Stage.SetAsync(emulators, canLookUp: true);
        var message = stage.NewMessage(change: m => m with { OnUnknownOutcome = UnknownOutcomePolicy.Resend });
        await stage.Aws.Messages.CreateAsync(MessageStore.NewRecord(message));
        await stage.Aws.Messages.OpenAttemptAsync(message, 0, known: null, TimeSpan.FromSeconds(12));
        await stage.Aws.Messages.ApplyAsync(
            new() { MessageId = message.Id, Attempt = 1, Status = MessageStatus.Unknown, At = stage.Clock.GetUtcNow() });
        await DeleteAsync(stage, message);
        stage.Clock.Advance(TimeSpan.FromHours(1));

        Assert.Empty(await stage.RunAsync(stage.Record(new OutboundCommand.Reconcile { Message = message })));

        Assert.Empty(stage.FakeCarrier.Taken);
        var left = await stage.FindAsync(message);
        Assert.Equal((MessageStatus.Unknown, null), (left.Status, left.State.DueAt));
    }

    /// <summary>Its content is deleted while the carrier hands the file out; the sender stops before it sees that, or does not.</summary>
    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task A_file_that_is_on_its_way_while_its_message_is_deleted_is_not_kept(bool stops)
    {
        using var stage = await Stage.SetAsync(emulators);
        var message = stage.NewMessage(change: m => m with
        {
            Direction = Direction.Inbound, Parts = [], From = m.To, To = m.From,
            Content = new ImageContent { MediaUrl = new("https://carrier.example/1") },
        });
        var (_, record) = await stage.Aws.Messages.CreateAsync(MessageStore.NewRecord(message));
        var deletion = new ContentDeletion(stage.Aws.Messages, stage.Blobs, stage.Aws.Media);
        stage.FakeCarrier.File = _ =>
        {
            deletion.RunAsync(record).Wait();
            return new MediaAnswer.Opened(new MemoryStream([1, 2, 3]), "image/png", 3);
        };
        var fetch = new OutboundCommand.FetchMedia { MessageId = message.Id };
        if (stops) stage.Dynamo.Before = request => { if (request is Amazon.DynamoDBv2.Model.UpdateItemRequest) throw new Crash(); };

        Assert.Single(await stage.RunAsync(stage.Record(fetch)));
        stage.Dynamo.Before = null;
        Assert.Empty(await stage.RunAsync(stage.Record(fetch, receiveCount: 2)));

        Assert.Null(await stage.Blobs.FindAsync(BlobStore.MediaKey(message.Tenant, Ids.Media(message.Id, 0))));
        Assert.Empty((await stage.FindAsync(message)).State.Files);
    }

    private static async Task DeleteAsync(Stage stage, Message message)
    {
        var record = await stage.Aws.Messages.FindAsync(message.Id)
            ?? (await stage.Aws.Messages.CreateAsync(MessageStore.NewRecord(message))).Record;
        await stage.Aws.Messages.BlankAsync(await stage.Aws.Messages.DeletePersonAsync(record));
    }
}
