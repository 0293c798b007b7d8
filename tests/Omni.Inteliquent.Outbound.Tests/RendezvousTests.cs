using System.Net;
using System.Text.Json;
using Amazon.Lambda.SQSEvents;
using Microsoft.Extensions.Logging.Abstractions;
using Omni.Aws;
using Omni.Emulators;
using Omni.Pipeline;
using Omni.Shared;
using Omni.Testing;
using Message = Omni.Shared.Message;

namespace Omni.Inteliquent.Outbound.Tests;

/// <summary>
/// The carrier gives no reference of ours back, so sender and receipt meet by its own id: this sender in its pipeline, and the function
/// that writes receipts, over the same tables.
/// </summary>
public sealed class RendezvousTests(EmulatorFixture emulators) : IClassFixture<EmulatorFixture>
{
    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task A_receipt_finds_its_message_whichever_of_the_two_comes_first(bool isReceiptFirst)
    {
        using var tables = await OmniTables.CreateAsync(emulators, TimeProvider.System);
        var message = Broker.Hello with { Id = Ids.NewMessage(), CreatedAt = TimeProvider.System.GetUtcNow() };
        var carrier = new StubCarrier(() =>
        {
            if (isReceiptFirst) ReportAsync(tables).GetAwaiter().GetResult(); // the webhook was quicker than the answer
            return StubCarrier.Answer(HttpStatusCode.OK, Broker.Taken)();
        });

        Assert.Empty(await SendAsync(tables, carrier, message));
        if (!isReceiptFirst)
        {
            Assert.Equal(MessageStatus.Sent, (await tables.Aws.Messages.FindAsync(message.Id))!.Status);
            await ReportAsync(tables);
        }

        var record = await tables.Aws.Messages.FindAsync(message.Id);
        Assert.Equal(MessageStatus.Undelivered, record!.Status);
        Assert.Equal((Broker.Id, "UNDELIV:045"), (record.State.Parts[0].CarrierMessageId, record.State.Parts[0].Rank.CarrierCode));
        Assert.Equal(
            ["0.1.sending", "0.1.sent", "0.1.undelivered.UNDELIV:045", "accepted"],
            record.State.Timeline.Select(e => e.Id).Order(StringComparer.Ordinal));
        Assert.Single(carrier.Requests);
    }

    private Task<IReadOnlyList<string>> SendAsync(OmniTables tables, StubCarrier carrier, Message message)
    {
        var aws = new AwsClients(TableSettings(tables)) { Dynamo = tables.Dynamo, Sqs = emulators.NewSqs() };
        var pipeline = new SenderPipeline(
            carrier.NewSender(),
            carrier.Http,
            new() { Carrier = InteliquentSender.Carrier, DeadLetterQueue = "dead-letters" },
            aws,
            ["outbound"],
            TimeProvider.System,
            NullLogger.Instance);
        var body = JsonSerializer.Serialize<OutboundCommand>(new OutboundCommand.Send { Message = message }, OmniJson.Wire.OutboundCommand);
        return pipeline.RunAsync(
            [new("r1", "r1", body, "group", 1, TimeProvider.System.GetUtcNow())], "outbound", () => TimeSpan.FromSeconds(20));
    }

    /// <summary>What the webhook puts into the queue for <c>stat:UNDELIV err:045</c>, handled by the function that writes it.</summary>
    private async Task ReportAsync(OmniTables tables)
    {
        var envelope = new InboundEnvelope
        {
            Carrier = "inteliquent",
            ReceivedAt = TimeProvider.System.GetUtcNow(),
            Event = new CarrierEvent.DeliveryReported
            {
                CarrierMessageId = Broker.Id,
                Status = MessageStatus.Undelivered,
                Reason = FailureReason.Unknown,
                CarrierCode = "UNDELIV:045"
            },
        };
        var processor = new InboundProcessor.Function(TableSettings(tables));

        var answer = await processor.HandleAsync(
            new SQSEvent
            {
                Records = [new() { MessageId = "r1", Body = JsonSerializer.Serialize(envelope, OmniJson.Wire.InboundEnvelope) }]
            },
            null!);

        Assert.Empty(answer.BatchItemFailures);
    }

    private Settings TableSettings(OmniTables tables) => new(new Dictionary<string, string>
    {
        [SettingNames.MessagesTable] = OmniTables.Messages,
        [SettingNames.SessionsTable] = OmniTables.Sessions,
        [SettingNames.ControlTable] = OmniTables.Control,
        [SettingNames.BlobBucket] = "blobs",
        ["AWS_ENDPOINT_URL_DYNAMODB"] = emulators.Emulators.DynamoDb.ToString(),
        ["AWS_REGION"] = LocalEmulators.Region,
        ["AWS_ACCESS_KEY_ID"] = tables.AccessKey,
        ["AWS_SECRET_ACCESS_KEY"] = "secret",
    });
}
