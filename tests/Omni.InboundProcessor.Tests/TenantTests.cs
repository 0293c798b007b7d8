using Amazon.DynamoDBv2.Model;
using Omni.Aws;
using Omni.Shared;
using Omni.Testing;

namespace Omni.InboundProcessor.Tests;

/// <summary>What comes in belongs to the tenant of the sender that it was written to.</summary>
public sealed class TenantTests(EmulatorFixture emulators) : TableTests(emulators, Start)
{
    private static readonly DateTimeOffset Start = new(2026, 1, 2, 3, 4, 5, TimeSpan.Zero);
    private static readonly Address Us = Address.Phone("+12065550100");
    private static readonly Address Acmes = Address.Phone("+12065550101");
    private static readonly Address Them = Address.Phone("+14155550123");

    private Desk _desk = null!;

    public override async Task InitializeAsync()
    {
        await base.InitializeAsync();
        _desk = new(Tables, clock: Clock);
        await Tables.Aws.Senders.PutAsync(new() { Carrier = "whatsapp", Address = Acmes, Tenant = "acme" }, mayMake: true);
    }

    [Theory]
    [InlineData("+12065550101", "acme")]
    [InlineData("+12065550100", "default")] // nobody's
    public async Task A_message_and_its_conversation_are_the_tenants_that_it_was_written_to(string to, string tenant)
    {
        Assert.Empty(await _desk.HandleAsync(Received("wamid.1", Address.Phone(to))));

        var message = (await Tables.Aws.Messages.FindAsync(IdOf("wamid.1")))!.Message;
        Assert.Equal(tenant, message.Tenant);
        Assert.Equal(tenant, (await Tables.Aws.Sessions.FindAsync(message.ConversationId))!.Tenant);
    }

    [Fact]
    public async Task The_same_number_at_another_carrier_is_another_sender()
    {
        Assert.Empty(await _desk.HandleAsync(Received("SM1", Acmes) with { Carrier = "twilio" }));

        var id = Ids.DerivedMessage("twilio", Defaults.Account, "SM1");
        Assert.Equal("default", (await Tables.Aws.Messages.FindAsync(id))!.Message.Tenant);
    }

    [Fact]
    public async Task A_repeated_webhook_stays_with_whom_the_message_was_written_to()
    {
        Assert.Empty(await _desk.HandleAsync(Received("wamid.1", Acmes)));
        var sender = (await Tables.Aws.Senders.FindAsync("whatsapp", Acmes))!;
        await Tables.Aws.Senders.DeleteAsync(sender);
        await Tables.Aws.Senders.PutAsync(sender with { Tenant = "other" }, mayMake: true);

        Assert.Empty(await _desk.HandleAsync(Received("wamid.1", Acmes), Received("wamid.2", Acmes)));

        Assert.Equal("acme", (await Tables.Aws.Messages.FindAsync(IdOf("wamid.1")))!.Message.Tenant);
        Assert.Equal("other", (await Tables.Aws.Messages.FindAsync(IdOf("wamid.2")))!.Message.Tenant);
    }

    [Fact]
    public async Task A_stop_holds_for_the_tenant_that_it_was_said_to()
    {
        var stop = Received("wamid.1", Acmes) with { Consents = [new() { From = Them, To = Acmes, OptedOut = true, Evidence = "STOP" }] };
        Assert.Empty(await _desk.HandleAsync(stop));

        Assert.True(await Tables.Aws.Consents.IsOptedOutAsync("acme", Them, Acmes));
        foreach (var (tenant, ours) in ((string, Address)[])[("default", Us), ("default", Acmes), ("other", Acmes), ("acme", Us)])
            Assert.False(await Tables.Aws.Consents.IsOptedOutAsync(tenant, Them, ours));
    }

    [Fact]
    public async Task A_report_of_reading_reaches_the_tenants_messages()
    {
        var theirs = await SentAsync("msg_acme", Acmes, "acme");
        var ours = await SentAsync("msg_default", Acmes, "default");

        Assert.Empty(await _desk.HandleAsync(new InboundEnvelope
        {
            Carrier = "whatsapp",
            ReceivedAt = Start.AddMinutes(6),
            Event = new CarrierEvent.ReadReported { From = Them, To = Acmes, UpTo = Start.AddMinutes(5) },
        }));

        Assert.Equal((MessageStatus.Read, MessageStatus.Sent), (await StatusAsync(theirs), await StatusAsync(ours)));
    }

    [Fact]
    public async Task A_receipt_without_our_reference_finds_the_tenants_message()
    {
        var theirs = await SentAsync("msg_acme", Acmes, "acme");

        Assert.Empty(await _desk.HandleAsync(new InboundEnvelope
        {
            Carrier = "whatsapp",
            ReceivedAt = Start.AddMinutes(1),
            Event = new CarrierEvent.DeliveryReported
            {
                CarrierMessageId = "id-msg_acme", Status = MessageStatus.Undelivered, Reason = FailureReason.OptedOut,
                CarrierCode = "131050", From = Them, To = Acmes,
            },
        }));

        Assert.Equal(MessageStatus.Undelivered, await StatusAsync(theirs));
        Assert.True(await Tables.Aws.Consents.IsOptedOutAsync("acme", Them, Acmes));
        Assert.False(await Tables.Aws.Consents.IsOptedOutAsync("default", Them, Acmes));
    }

    [Fact]
    public async Task Whose_it_is_costs_one_read_of_what_a_person_wrote_and_none_of_a_receipt_with_our_reference()
    {
        using var dynamo = new TappedDynamoDb(Emulators, Tables.AccessKey);
        var desk = new Desk(Tables, Tables.Over(dynamo), Clock);
        var theirs = await SentAsync("msg_acme", Acmes, "acme");

        Assert.Empty(await desk.HandleAsync(
            Received("wamid.1", Acmes) with { Consents = [new() { From = Them, To = Acmes, OptedOut = true, Evidence = "STOP" }] }));
        var look = Assert.Single(Looks());
        Assert.True(look.ConsistentRead);

        Assert.Empty(await desk.HandleAsync(new InboundEnvelope
        {
            Carrier = "whatsapp",
            ReceivedAt = Start.AddMinutes(1),
            Event = new CarrierEvent.DeliveryReported
            {
                CarrierMessageId = "id-msg_acme", Status = MessageStatus.Delivered, From = Them, To = Acmes,
                Reference = new AttemptReference(theirs, 0, 1).ToString(),
            },
        }));
        Assert.Equal(MessageStatus.Delivered, await StatusAsync(theirs));
        Assert.Single(Looks());

        IEnumerable<GetItemRequest> Looks() =>
            dynamo.Calls.OfType<GetItemRequest>().Where(get => get.Key["pk"].S.StartsWith("sender#", StringComparison.Ordinal));
    }

    private async Task<string> SentAsync(string id, Address from, string tenant)
    {
        var message = MessagePlanner.Plan(new()
        {
            Id = id, Tenant = tenant, Carrier = "whatsapp", To = Them, From = from, Content = new TextContent { Body = "Hello" },
            CreatedAt = Start,
        }).Message!;
        var (_, record) = await _desk.At(Start).CreateAsync(MessageStore.NewRecord(message));
        await _desk.At(Start).OpenAttemptAsync(message, 0, record, Desk.Lease);
        await Tables.Aws.Messages.ApplyAsync(
            new() { MessageId = id, Attempt = 1, Status = MessageStatus.Sent, CarrierMessageId = $"id-{id}", At = Start.AddSeconds(1) });
        return id;
    }

    private async Task<MessageStatus> StatusAsync(string id) => (await Tables.Aws.Messages.FindAsync(id))!.Status;

    private static string IdOf(string carrierMessageId) => Ids.DerivedMessage("whatsapp", Defaults.Account, carrierMessageId);

    private static InboundEnvelope Received(string carrierMessageId, Address to) => new()
    {
        Carrier = "whatsapp",
        ReceivedAt = Start,
        Event = new CarrierEvent.MessageReceived
        {
            CarrierMessageId = carrierMessageId, From = Them, To = to, Content = new TextContent { Body = "Hello" },
        },
    };
}
