using Omni.Aws;
using Omni.Shared;
using Omni.Testing;

namespace Omni.InboundProcessor.Tests;

/// <summary>
/// Receipts of carriers that give our reference back, without it. Senders of such carriers claim no ids: that would be a write for every
/// message, for the sake of a receipt in a thousand.
/// </summary>
public sealed class UnreferencedReceiptTests(EmulatorFixture emulators) : TableTests(emulators, Start)
{
    private static readonly DateTimeOffset Start = new(2026, 1, 2, 3, 4, 5, TimeSpan.Zero);
    private static readonly Address Us = Address.Phone("+12065550100");
    private static readonly Address Them = Address.Phone("+14155550123");

    private Desk _desk = null!;

    public override async Task InitializeAsync()
    {
        await base.InitializeAsync();
        _desk = new(Tables, clock: Clock);
    }

    [Theory]
    [InlineData("whatsapp")]
    [InlineData("twilio")]
    [InlineData("messagebird")]
    [InlineData("bandwidth")]
    public async Task It_finds_its_message_by_the_carriers_id_in_the_conversation(string carrier)
    {
        await SentAsync("msg_other", carrier, "id-other");
        await SentAsync("msg_a", carrier, "id-a");

        Assert.Empty(await _desk.HandleAsync(Receipt(carrier, "id-a", MessageStatus.Delivered)));

        Assert.Equal((MessageStatus.Delivered, MessageStatus.Sent), (await StatusAsync("msg_a"), await StatusAsync("msg_other")));
    }

    [Fact]
    public async Task It_finds_its_part()
    {
        var message = await _desk.SendingAsync("msg_a", "bandwidth", Them, Us, new string('a', 2500), Start, Start);
        foreach (var part in (int[])[0, 1]) await ApplyAsync(message.Id, MessageStatus.Sent, $"id-{part}", part);

        Assert.Empty(await _desk.HandleAsync(Receipt("bandwidth", "id-1", MessageStatus.Delivered)));

        Assert.Equal([MessageStatus.Sent, MessageStatus.Delivered], (await FindAsync("msg_a")).State.Parts.Select(p => p.Rank.Status));
    }

    [Fact]
    public async Task It_is_about_the_attempt_that_had_the_id()
    {
        await _desk.SendingAsync("msg_a", "twilio", Them, Us, "Hello", Start, Start);
        await ApplyAsync("msg_a", MessageStatus.Unknown);
        var unknown = await FindAsync("msg_a");
        await Tables.Aws.Messages.OpenAttemptAsync(unknown.Message, 0, unknown, Desk.Lease, resend: true);
        await ApplyAsync("msg_a", MessageStatus.Sent, "id-2", attempt: 2);
        await ApplyAsync("msg_a", MessageStatus.Sent, "id-1");

        Assert.Empty(await _desk.HandleAsync(Receipt("twilio", "id-1", MessageStatus.Undelivered, FailureReason.Blocked, "30004")));

        // A failure of a superseded attempt is history.
        var record = await FindAsync("msg_a");
        Assert.Contains(record.State.Timeline, e => e.Id == "0.1.undelivered.30004");
        Assert.Equal(MessageStatus.Sent, record.Status);
    }

    [Fact]
    public async Task It_finds_a_person_whom_the_carrier_knows_under_another_address()
    {
        var written = Address.Phone("+5511987654321");
        var message = await SentAsync("msg_a", "whatsapp", "id-a", written);
        await Tables.Aws.People.JoinAsync(message.Conversation, [Address.Phone("+551187654321")]);

        Assert.Empty(await _desk.HandleAsync(Receipt("whatsapp", "id-a", MessageStatus.Delivered, from: Address.Phone("+551187654321"))));

        Assert.Equal(MessageStatus.Delivered, await StatusAsync("msg_a"));
    }

    [Fact]
    public async Task One_that_comes_before_the_outcome_comes_again_and_is_found()
    {
        var message = await _desk.SendingAsync("msg_a", "whatsapp", Them, Us, "Hello", Start, Start);
        var early = Receipt("whatsapp", "id-a", MessageStatus.Delivered);

        Assert.Single(await _desk.HandleAsync(early));
        await ApplyAsync(message.Id, MessageStatus.Sent, "id-a");
        Assert.Equal(MessageStatus.Sent, await StatusAsync("msg_a"));
        Clock.Advance(TimeSpan.FromMinutes(3)); // the queue's visibility
        Assert.Empty(await _desk.HandleAsync(early));

        Assert.Equal(MessageStatus.Delivered, await StatusAsync("msg_a"));
        Assert.DoesNotContain((await FindAsync("msg_a")).State.Timeline, e => e.Type == "receiptUnmatched");
    }

    [Fact]
    public async Task Where_senders_claim_every_id_an_early_one_waits_there_and_comes_again_no_more()
    {
        Assert.Empty(await _desk.HandleAsync(Receipt("inteliquent", "id-a", MessageStatus.Delivered)));

        Assert.NotEmpty((await Tables.Aws.Rendezvous.ClaimAsync("inteliquent", Defaults.Account, "id-a", new("msg_a", 0, 1)))!);
    }

    [Fact]
    public async Task One_that_nobody_can_be_found_for_is_kept_for_whoever_claims_its_id()
    {
        Assert.Empty(await LateAsync(Receipt("twilio", "id-a", MessageStatus.Delivered)));

        var kept = await Tables.Aws.Rendezvous.ClaimAsync("twilio", Defaults.Account, "id-a", new("msg_a", 0, 1));
        Assert.Equal([MessageStatus.Delivered], kept!.Select(receipt => receipt.Status));
    }

    [Fact]
    public async Task One_with_a_reference_of_somebody_elses_is_not_looked_for()
    {
        var receipt = Receipt("bandwidth", "id-a", MessageStatus.Delivered);
        var foreign = (CarrierEvent.DeliveryReported)receipt.Event with { Reference = "theirs" };

        Assert.Empty(await _desk.HandleAsync(receipt with { Event = foreign }));

        Assert.Empty((await Tables.Aws.Rendezvous.ClaimAsync("bandwidth", Defaults.Account, "id-a", new("msg_a", 0, 1)))!);
    }

    [Fact]
    public async Task One_without_addresses_is_kept_too()
    {
        var receipt = Receipt("messagebird", "id-a", MessageStatus.Sent);
        var nameless = (CarrierEvent.DeliveryReported)receipt.Event with { From = null, To = null };

        Assert.Empty(await LateAsync(receipt with { Event = nameless }));

        Assert.NotEmpty((await Tables.Aws.Rendezvous.ClaimAsync("messagebird", Defaults.Account, "id-a", new("msg_a", 0, 1)))!);
    }

    [Theory]
    [InlineData(MessageStatus.Unknown, true)]
    [InlineData(MessageStatus.Sending, true)]
    [InlineData(MessageStatus.Failed, false)]
    public async Task One_that_may_be_of_a_message_in_doubt_says_so_in_its_timeline(MessageStatus status, bool isInDoubt)
    {
        await _desk.SendingAsync("msg_a", "whatsapp", Them, Us, "Hello", Start, Start);
        if (status != MessageStatus.Sending) await ApplyAsync("msg_a", status);

        Assert.Empty(await LateAsync(Receipt("whatsapp", "id-a", MessageStatus.Delivered)));

        Assert.Equal(isInDoubt, (await FindAsync("msg_a")).State.Timeline.Any(e => e.Type == "receiptUnmatched"));
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task An_opt_out_in_it_is_heard_whether_its_message_is_found_or_not(bool isFound)
    {
        if (isFound) await SentAsync("msg_a", "twilio", "id-a");

        Assert.Empty(await LateAsync(Receipt("twilio", "id-a", MessageStatus.Undelivered, FailureReason.OptedOut, "21610")));

        Assert.True(await Tables.Aws.Consents.IsOptedOutAsync(Defaults.Tenant, Them, Us));
    }

    private async Task<int[]> LateAsync(InboundEnvelope envelope)
    {
        Clock.Advance(TimeSpan.FromMinutes(3));
        return await _desk.HandleAsync(envelope);
    }

    private async Task<Message> SentAsync(string id, string carrier, string carrierMessageId, Address? to = null)
    {
        var message = await _desk.SendingAsync(id, carrier, to ?? Them, Us, "Hello", Start, Start);
        await ApplyAsync(id, MessageStatus.Sent, carrierMessageId);
        return message;
    }

    private Task ApplyAsync(string id, MessageStatus status, string? carrierMessageId = null, int part = 0, int attempt = 1) =>
        Tables.Aws.Messages.ApplyAsync(new()
        {
            MessageId = id, Part = part, Attempt = attempt, Status = status, CarrierMessageId = carrierMessageId, At = Start,
        });

    private async Task<MessageRecord> FindAsync(string id) => (await Tables.Aws.Messages.FindAsync(id))!;

    private async Task<MessageStatus> StatusAsync(string id) => (await FindAsync(id)).Status;

    private static InboundEnvelope Receipt(
        string carrier, string id, MessageStatus status, FailureReason? reason = null, string? code = null, Address? from = null) => new()
    {
        Carrier = carrier,
        ReceivedAt = Start.AddSeconds(3),
        Event = new CarrierEvent.DeliveryReported
        {
            CarrierMessageId = id, From = from ?? Them, To = Us, Status = status, Reason = reason, CarrierCode = code,
        },
    };
}
