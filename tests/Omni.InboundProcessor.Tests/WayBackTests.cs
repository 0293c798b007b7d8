using Amazon.DynamoDBv2.Model;
using Omni.Aws;
using Omni.Shared;
using Omni.Testing;

namespace Omni.InboundProcessor.Tests;

/// <summary>Receipts show that the way back is open: what was sent before and has none was not taken.</summary>
public sealed class WayBackTests(EmulatorFixture emulators) : TableTests(emulators, Start)
{
    private static readonly DateTimeOffset Start = new(2026, 1, 2, 3, 4, 5, TimeSpan.Zero);
    private static readonly Address Us = Address.Phone("+12065550100");
    private static readonly Address Them = Address.Phone("+14155550123");

    private AwsClients _process = null!;

    public override async Task InitializeAsync()
    {
        await base.InitializeAsync();
        _process = Tables.Aws;
    }

    [Theory]
    [InlineData("whatsapp", MessageStatus.Sent, true)]
    [InlineData("bandwidth", MessageStatus.Sent, true)]
    [InlineData("whatsapp", MessageStatus.Delivered, false)] // may take days for any message
    [InlineData("twilio", MessageStatus.Sent, false)] // may wait in a queue there
    public async Task A_prompt_receipt_of_sent_tells_when_its_send_began(string carrier, MessageStatus status, bool isNoted)
    {
        var message = await SendingAsync("msg_a", carrier, Start.AddSeconds(7));

        await ReportAsync("msg_a", carrier, status);

        Assert.Equal(isNoted ? Start.AddSeconds(7) : null, await Tables.Aws.WayBack.ReadAsync(message));
    }

    [Fact]
    public async Task The_latest_send_counts_in_whatever_order_receipts_come()
    {
        var message = await SendingAsync("msg_late", "whatsapp", Start.AddSeconds(60));
        await SendingAsync("msg_early", "whatsapp", Start.AddSeconds(1));

        await ReportAsync("msg_late", "whatsapp", MessageStatus.Sent);
        Clock.Advance(TimeSpan.FromSeconds(10));
        await ReportAsync("msg_early", "whatsapp", MessageStatus.Sent);

        Assert.Equal(Start.AddSeconds(60), await Tables.Aws.WayBack.ReadAsync(message));
    }

    [Fact]
    public async Task A_process_writes_it_every_few_seconds_and_not_with_every_receipt()
    {
        using var tapped = new TappedDynamoDb(Emulators, Tables.AccessKey);
        _process = Tables.Over(tapped);
        for (var i = 0; i < 20; i++)
        {
            await SendingAsync($"msg_{i}", "whatsapp", Start);
            await ReportAsync($"msg_{i}", "whatsapp", MessageStatus.Sent);
            Clock.Advance(TimeSpan.FromMilliseconds(500));
        }

        Assert.Equal(2, tapped.Calls.OfType<UpdateItemRequest>().Count(call => call.TableName == OmniTables.Control));
    }

    private async Task<Message> SendingAsync(string id, string carrier, DateTimeOffset begunAt)
    {
        var message = await new Desk(Tables).SendingAsync(id, carrier, Them, Us, "Hello", Start, begunAt);
        await Tables.Aws.Messages.ApplyAsync(new() { MessageId = id, Attempt = 1, Status = MessageStatus.Sent, At = begunAt });
        return message;
    }

    private async Task ReportAsync(string id, string carrier, MessageStatus status)
    {
        var receipt = new CarrierEvent.DeliveryReported { Reference = $"{id}.0.1", CarrierMessageId = $"c-{id}", Status = status };

        Assert.Empty(await new Desk(Tables, _process, Clock).HandleAsync(
            new InboundEnvelope { Carrier = carrier, ReceivedAt = Start.AddSeconds(70), Event = receipt }));
    }
}
