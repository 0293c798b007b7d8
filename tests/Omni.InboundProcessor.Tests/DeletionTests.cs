using Amazon.S3;
using Microsoft.Extensions.Time.Testing;
using Omni.Aws;
using Omni.Shared;
using Omni.Testing;

namespace Omni.InboundProcessor.Tests;

/// <summary>What was deleted does not come back with a webhook, whether it waited or is repeated.</summary>
public sealed class DeletionTests(EmulatorFixture emulators) : TableTests(emulators, Start)
{
    private const string Blob = "raw/whatsapp/20260102/1";

    private static readonly DateTimeOffset Start = new(2026, 1, 2, 3, 4, 5, TimeSpan.Zero);
    private static readonly Address Us = Address.Phone("+31205550100");
    private static readonly Address Them = Address.Phone("+31655501234");
    private static readonly Address User = new(AddressType.WhatsappUserId, "NL.8841ab");
    private static readonly string Id = Ids.DerivedMessage("whatsapp", Defaults.Account, "wamid.1");

    private readonly string _bucket = EmulatorFixture.NewBucketName();

    /// <summary>
    /// Seconds between the call and the deletion, and between the call and its writing; whom the deletion names; and whether the message is
    /// of somebody.
    /// </summary>
    [Theory]
    [InlineData(1, 60, false, false)]
    [InlineData(1, 60, true, false)] // the carrier names the person by another address, too
    [InlineData(0, 60, false, false)]
    [InlineData(-1, 60, false, true)] // the person wrote after they were deleted
    [InlineData(1, 2, false, true)] // it did not wait: it is found by who searches
    public async Task What_waited_while_its_person_was_deleted_names_nobody(int deleted, int written, bool byUser, bool isKept)
    {
        using var s3 = await NewBucketAsync();
        await Tables.Aws.Sessions.MarkDeletedAsync(Defaults.Tenant, byUser ? User : Them, Start.AddSeconds(deleted));
        Clock.Advance(TimeSpan.FromSeconds(written));

        Assert.Empty(await DeskOver(s3).HandleAsync(Wrote(Start)));

        var record = (await Tables.Aws.Messages.FindAsync(Id))!;
        Assert.Equal(isKept ? Them : Address.Unknown, record.Message.From);
        Assert.Equal(isKept, record.Message.Content is TextContent);
        Assert.Equal(isKept, await Tables.Aws.Sessions.FindAsync(Wrote(Start).ConversationId()) is not null);
        Assert.Equal(isKept, (await Tables.ItemAsync(OmniTables.Messages, Id, "raw")).Count > 0);
        Assert.Equal(isKept, await new BlobStore(s3, _bucket).FindAsync(Blob) is not null);
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task A_webhook_that_is_repeated_after_a_deletion_brings_nothing_back(bool isPerson)
    {
        using var s3 = await NewBucketAsync();
        await DeskOver(s3).HandleAsync(Wrote(Start));
        var record = (await Tables.Aws.Messages.FindAsync(Id))!;
        if (isPerson) record = await Tables.Aws.Messages.DeletePersonAsync(record);
        await new ContentDeletion(Tables.Aws.Messages, new(s3, _bucket), Tables.Aws.Media).RunAsync(record);
        if (isPerson)
        {
            await Tables.Aws.Messages.BlankAsync(record);
            Assert.True(await Tables.Aws.Sessions.DeleteAsync(record.Message.ConversationId, Start.AddSeconds(1)));
        }

        Clock.Advance(TimeSpan.FromHours(1));
        await new BlobStore(s3, _bucket).PutAsync(Blob, new byte[] { 1 }, "text/plain");
        Assert.Empty(await DeskOver(s3).HandleAsync(Wrote(Clock.GetUtcNow())));

        var left = (await Tables.Aws.Messages.FindAsync(Id))!;
        Assert.Equal((isPerson ? Address.Unknown : Them, "deleted"), (left.Message.From, ((UnsupportedContent)left.Message.Content).Kind));
        Assert.Null(await new BlobStore(s3, _bucket).FindAsync(Blob));
        Assert.Equal(!isPerson, await Tables.Aws.Sessions.FindAsync(Wrote(Start).ConversationId()) is not null);
        var raw = await Tables.ItemAsync(OmniTables.Messages, Id, "raw");
        Assert.False(raw.ContainsKey("raw") || raw.ContainsKey("blob"));
    }

    /// <summary>Its conversations are gone already, and its message is not looked at yet, or was in this moment.</summary>
    [Theory]
    [InlineData("webhook")]
    [InlineData("receipt")]
    public async Task What_comes_while_its_person_is_deleted_makes_no_conversation_anew(string what)
    {
        using var s3 = await NewBucketAsync();
        var desk = DeskOver(s3);
        await desk.HandleAsync(Wrote(Start));
        await desk.SendingAsync("msg_a", "whatsapp", Them, Us, "Hello", Start, Start);
        var conversations = await Tables.Aws.Sessions.OfPersonAsync(Defaults.Tenant, Them);
        Assert.Equal(2, conversations.Count);
        await Tables.Aws.Sessions.MarkDeletedAsync(Defaults.Tenant, Them, Start.AddSeconds(1));
        foreach (var one in conversations) Assert.True(await Tables.Aws.Sessions.DeleteAsync(one.Id, Start.AddSeconds(1)));
        Clock.Advance(TimeSpan.FromMinutes(1));

        Assert.Empty(await desk.HandleAsync(what == "webhook" ? Wrote(Clock.GetUtcNow()) : new InboundEnvelope
        {
            Carrier = "whatsapp", ReceivedAt = Clock.GetUtcNow(),
            Event = new CarrierEvent.DeliveryReported
            {
                CarrierMessageId = "wamid.2", Reference = "msg_a.0.1", Status = MessageStatus.Delivered, KnownAs = [User],
            },
        }));

        Assert.Empty(await Tables.Aws.Sessions.OfPersonAsync(Defaults.Tenant, Them));
        Assert.Empty(await Tables.Aws.Sessions.OfPersonAsync(Defaults.Tenant, User));
    }

    /// <summary>A receipt tells an opt-out of a message that names nobody any more.</summary>
    [Fact]
    public async Task A_receipt_that_comes_after_the_deletion_is_taken_and_names_nobody()
    {
        using var s3 = await NewBucketAsync();
        var desk = DeskOver(s3);
        var message = await desk.SendingAsync("msg_a", "whatsapp", Them, Us, "Hello", Start, Start);
        var record = await Tables.Aws.Messages.DeletePersonAsync((await Tables.Aws.Messages.FindAsync(message.Id))!);
        await Tables.Aws.Messages.BlankAsync(record);

        Assert.Empty(await desk.HandleAsync(new InboundEnvelope
        {
            Carrier = "whatsapp", ReceivedAt = Start,
            Event = new CarrierEvent.DeliveryReported
            {
                CarrierMessageId = "wamid.31655501234", Reference = "msg_a.0.1", Status = MessageStatus.Undelivered,
                Reason = FailureReason.OptedOut, CarrierCode = "131050", KnownAs = [User],
            },
        }));

        var left = (await Tables.Aws.Messages.FindAsync(message.Id))!;
        Assert.Equal((MessageStatus.Undelivered, null), (left.Status, left.State.Parts[0].CarrierMessageId));
        Assert.Empty(await Tables.Aws.Consents.FindAsync(Defaults.Tenant, Address.Unknown));
        Assert.Empty(await Tables.Aws.Sessions.OfPersonAsync(Defaults.Tenant, User));
    }

    private Desk DeskOver(IAmazonS3 s3) => new(
        Tables,
        new AwsClients(
            new Settings(new Dictionary<string, string>
            {
                [SettingNames.MessagesTable] = OmniTables.Messages, [SettingNames.SessionsTable] = OmniTables.Sessions,
                [SettingNames.ControlTable] = OmniTables.Control, [SettingNames.BlobBucket] = _bucket,
            }),
            Clock) { Dynamo = Tables.Dynamo, S3 = s3 },
        Clock);

    private async Task<AmazonS3Client> NewBucketAsync()
    {
        var s3 = Emulators.NewS3();
        await s3.PutBucketAsync(_bucket);
        await new BlobStore(s3, _bucket).PutAsync(Blob, new byte[] { 1 }, "text/plain");
        return s3;
    }

    private static InboundEnvelope Wrote(DateTimeOffset at) => new()
    {
        Carrier = "whatsapp",
        ReceivedAt = at,
        RawBlob = Blob,
        Event = new CarrierEvent.MessageReceived
        {
            CarrierMessageId = "wamid.1", From = Them, AlsoFrom = [User], To = Us, Content = new TextContent { Body = "Hello" },
            ProfileName = "Ina",
        },
    };
}

file static class Envelopes
{
    public static string ConversationId(this InboundEnvelope envelope) => envelope.Event is CarrierEvent.MessageReceived received
        ? Ids.Conversation(Defaults.Tenant, envelope.Carrier, Defaults.Account, received.To, received.From)
        : throw new ArgumentException("It is no message.");
}
