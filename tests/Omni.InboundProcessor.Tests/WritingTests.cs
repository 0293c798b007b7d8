using Amazon.DynamoDBv2;
using Amazon.DynamoDBv2.Model;
using Microsoft.Extensions.Logging.Abstractions;
using Moq;
using Omni.Aws;
using Omni.Shared;
using Omni.Testing;

namespace Omni.InboundProcessor.Tests;

public sealed class WritingTests(EmulatorFixture emulators) : IClassFixture<EmulatorFixture>, IAsyncLifetime
{
    private static readonly DateTimeOffset Start = new(2026, 1, 2, 3, 4, 5, TimeSpan.Zero);
    private static readonly Address Us = Address.Phone("+12065550100");
    private static readonly Address Them = Address.Phone("+14155550123");

    private OmniTables _tables = null!;
    private Desk _desk = null!;

    public async Task InitializeAsync()
    {
        _tables = await OmniTables.CreateAsync(emulators, TimeProvider.System);
        _desk = new(_tables);
    }

    public Task DisposeAsync()
    {
        _tables.Dispose();
        return Task.CompletedTask;
    }

    [Fact]
    public async Task A_webhook_that_is_repeated_hours_later_changes_nothing()
    {
        Assert.Empty(await _desk.HandleAsync(Received("wamid.1", "first", Start)));
        Assert.Empty(await _desk.HandleAsync(Received("wamid.1", "first, again", Start.AddHours(3))));

        var id = Ids.DerivedMessage("whatsapp", Defaults.Account, "wamid.1");
        var message = (await _tables.Aws.Messages.FindAsync(id))!.Message;
        Assert.Equal(
            (Start, "first", "wamid.1", Direction.Inbound),
            (message.CreatedAt, Assert.IsType<TextContent>(message.Content).Body, message.CarrierMessageId, message.Direction));
        Assert.Equal("first", (await _tables.ItemAsync(OmniTables.Messages, id, "raw"))["raw"].S);
        Assert.Equal(Start.AddHours(24), (await _tables.Aws.Sessions.FindAsync(message.ConversationId))!.WindowExpiresAt);
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task A_stop_counts_before_its_message_is_seen(bool isRepeated)
    {
        var stop = Received(
            "wamid.1", "STOP", Start) with { Consents = [new() { From = Them, To = Us, OptedOut = true, Evidence = "STOP" }] };
        var id = Ids.DerivedMessage("whatsapp", Defaults.Account, "wamid.1");
        using var dynamo = new TappedDynamoDb(emulators, _tables.AccessKey);
        var seen = new List<(bool IsVisible, bool IsOptedOut)>();
        dynamo.After = (request, _) =>
        {
            if (request is GetItemRequest) return;

            seen.Add((
                _tables.Aws.Messages.FindAsync(id).Result is not null,
                _tables.Aws.Consents.IsOptedOutAsync(Defaults.Tenant, Them, Us).Result));
        };
        if (isRepeated)
        {
            // The process stops after its first write; the record comes again as a whole.
            dynamo.After += (request, _) =>
            {
                if (request is not GetItemRequest) throw new InvalidOperationException("Stopped.");
            };
            Assert.NotEmpty(await new Desk(_tables, _tables.Over(dynamo)).HandleAsync(stop));
            Assert.Equal([(false, true)], seen);
            dynamo.After = null;
        }

        Assert.Empty(await new Desk(_tables, _tables.Over(dynamo)).HandleAsync(stop));

        Assert.All(seen, state => Assert.True(state.IsOptedOut));
        Assert.NotNull(await _tables.Aws.Messages.FindAsync(id));
    }

    [Fact]
    public async Task Words_too_large_for_the_table_are_linked()
    {
        Assert.Empty(await _desk.HandleAsync(Received("wamid.1", null, Start) with { RawBlob = "raw/whatsapp/20260102/abc" }));

        var raw = await _tables.ItemAsync(OmniTables.Messages, Ids.DerivedMessage("whatsapp", Defaults.Account, "wamid.1"), "raw");
        Assert.Equal("raw/whatsapp/20260102/abc", raw["blob"].S);
        Assert.False(raw.ContainsKey("raw"));
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task Without_our_reference_receipt_and_sender_meet_whoever_comes_first(bool receiptFirst)
    {
        var message = await _desk.SendingAsync("msg_a", "inteliquent", Them, Us, "Hello", Start, Start);
        var receipt = new InboundEnvelope
        {
            Carrier = "inteliquent",
            ReceivedAt = Start.AddSeconds(3),
            Event = new CarrierEvent.DeliveryReported { CarrierMessageId = "iq-1", Status = MessageStatus.Delivered },
        };

        if (receiptFirst) Assert.Empty(await _desk.HandleAsync(receipt));
        var early = await _tables.Aws.Rendezvous.ClaimAsync("inteliquent", Defaults.Account, "iq-1", new(message.Id, 0, 1));
        await _tables.Aws.Messages.ApplyAsync(new()
        {
            MessageId = message.Id, Attempt = 1, Status = MessageStatus.Sent, CarrierMessageId = "iq-1", At = Start.AddSeconds(1)
        });
        if (!receiptFirst) Assert.Empty(await _desk.HandleAsync(receipt));

        // Who comes second applies it: the sender what it is given here, the InboundProcessor by itself.
        Assert.Equal(receiptFirst ? [MessageStatus.Delivered] : [], early!.Select(r => r.Status));
        Assert.Equal(receiptFirst ? MessageStatus.Sent : MessageStatus.Delivered, (await _tables.Aws.Messages.FindAsync("msg_a"))!.Status);
    }

    [Fact]
    public async Task What_a_sender_that_stopped_left_undone_the_next_receipt_does()
    {
        var message = await _desk.SendingAsync("msg_a", "inteliquent", Them, Us, "Hello", Start, Start);
        InboundEnvelope Receipt(int second, MessageStatus status, FailureReason? reason = null) => new()
        {
            Carrier = "inteliquent",
            ReceivedAt = Start.AddSeconds(second),
            Event = new CarrierEvent.DeliveryReported
            {
                CarrierMessageId = "iq-1", Status = status, Reason = reason, CarrierCode = reason is null ? null : "stop"
            },
        };

        Assert.Empty(await _desk.HandleAsync(Receipt(1, MessageStatus.Undelivered, FailureReason.OptedOut)));
        await _tables.Aws.Rendezvous.ClaimAsync("inteliquent", Defaults.Account, "iq-1", new(message.Id, 0, 1)); // and the sender stops
        Assert.Empty(await _desk.HandleAsync(Receipt(2, MessageStatus.Sent)));

        var record = (await _tables.Aws.Messages.FindAsync("msg_a"))!;
        Assert.Equal((MessageStatus.Undelivered, "iq-1"), (record.Status, record.State.Parts[0].CarrierMessageId));
        Assert.Equal(["accepted", "0.1.sending", "0.1.undelivered.stop", "0.1.sent"], record.State.Timeline.Select(e => e.Id));
        Assert.True(await _tables.Aws.Consents.IsOptedOutAsync(Defaults.Tenant, Them, Us));
    }

    [Fact]
    public async Task A_receipt_settles_an_attempt_whose_answer_was_lost()
    {
        await _desk.SendingAsync("msg_a", "twilio", Them, Us, "Hello", Start, Start);
        await _tables.Aws.Messages.ApplyAsync(
            new() { MessageId = "msg_a", Attempt = 1, Status = MessageStatus.Unknown, CarrierCode = "timeout", At = Start.AddSeconds(8) });

        Assert.Empty(await _desk.HandleAsync(new InboundEnvelope
        {
            Carrier = "twilio",
            ReceivedAt = Start.AddSeconds(9),
            Event = new CarrierEvent.DeliveryReported { Reference = "msg_a.0.1", CarrierMessageId = "SM1", Status = MessageStatus.Sent },
        }));

        var state = (await _tables.Aws.Messages.FindAsync("msg_a"))!.State;
        Assert.Equal(
            (MessageStatus.Sent, "SM1", null, null),
            (state.Rank.Status, state.Parts[0].CarrierMessageId, state.Parts[0].LeaseUntil, state.DueAt));
    }

    [Theory]
    [InlineData(true, new[] { typeof(GetItemRequest) })]
    [InlineData(false, new[] { typeof(GetItemRequest), typeof(UpdateItemRequest) })]
    public async Task A_sent_that_the_outcome_told_is_looked_at_and_not_written(bool isTold, Type[] calls)
    {
        await _desk.SendingAsync("msg_a", "twilio", Them, Us, "Hello", Start, Start);
        var sent = new PartEvent
        {
            MessageId = "msg_a", Attempt = 1, Status = MessageStatus.Sent, CarrierMessageId = "SM1", At = Start.AddSeconds(1)
        };
        if (isTold) await _tables.Aws.Messages.ApplyAsync(sent);
        using var tapped = new TappedDynamoDb(emulators, _tables.AccessKey);

        Assert.Empty(await new Desk(_tables, _tables.Over(tapped)).HandleAsync(new InboundEnvelope
        {
            Carrier = "twilio",
            ReceivedAt = Start.AddSeconds(2),
            Event = new CarrierEvent.DeliveryReported { Reference = "msg_a.0.1", CarrierMessageId = "SM1", Status = MessageStatus.Sent },
        }));

        Assert.Equal(calls, tapped.Calls.Select(call => call.GetType()));
        Assert.Equal(MessageStatus.Sent, (await _tables.Aws.Messages.FindAsync("msg_a"))!.Status);
    }

    [Fact]
    public async Task A_table_that_does_not_answer_hands_the_record_back()
    {
        var dynamo = new Mock<IAmazonDynamoDB>();
        dynamo.Setup(d => d.UpdateItemAsync(It.IsAny<UpdateItemRequest>(), It.IsAny<CancellationToken>()))
            .ThrowsAsync(new ProvisionedThroughputExceededException("Slow down."));
        var settings = new Settings(new Dictionary<string, string>
        {
            [SettingNames.MessagesTable] = "m", [SettingNames.SessionsTable] = "s", [SettingNames.ControlTable] = "c"
        });
        var writer = new EventWriter(new AwsClients(settings) { Dynamo = dynamo.Object }, TimeProvider.System, NullLogger.Instance);
        var function = new Function(writer, NullLogger.Instance);
        var body = """{"carrier":"twilio","receivedAt":"2026-01-02T03:04:05Z","event":"""
            + """{"type":"consentChanged","from":"+14155550123","to":"+12065550100","optedOut":true}}""";

        var answer = await function.HandleAsync(
            new() { Records = [new() { MessageId = "r1", Body = body }, new()
            {
                MessageId = "r2",
                Body = """{"carrier":"twilio","receivedAt":"2026-01-02T03:04:05Z","event":{"type":"ignored","reason":"typing"}}"""
            }] },
            null!);

        Assert.Equal(["r1"], answer.BatchItemFailures.Select(failure => failure.ItemIdentifier));
    }

    private static InboundEnvelope Received(string carrierMessageId, string? text, DateTimeOffset at) => new()
    {
        Carrier = "whatsapp",
        ReceivedAt = at,
        Raw = text,
        Event = new CarrierEvent.MessageReceived
        {
            CarrierMessageId = carrierMessageId, From = Them, To = Us, Content = new TextContent { Body = text ?? "long" }
        },
    };
}
