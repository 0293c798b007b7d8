using System.Diagnostics;
using Microsoft.Extensions.Logging;
using Omni.Aws;
using Omni.Shared;

namespace Omni.InboundProcessor;

/// <summary>Writes one event of a webhook.</summary>
/// <param name="aws">The stores.</param>
/// <param name="log">The log.</param>
internal sealed class EventWriter(AwsClients aws, ILogger log)
{
    /// <summary>How many messages of a conversation one report of reading can reach.</summary>
    private const int MaxRead = 100;

    public Task WriteAsync(InboundEnvelope envelope) => envelope.Event switch
    {
        CarrierEvent.MessageReceived received => WriteAsync(envelope, received),
        CarrierEvent.DeliveryReported reported => WriteAsync(envelope, reported),
        CarrierEvent.ReadReported read => WriteAsync(envelope, read),
        CarrierEvent.ConsentChanged changed => aws.Consents.RecordAsync(
            Defaults.Tenant, changed.From, changed.To, changed.OptedOut, envelope.ReceivedAt, changed.Evidence),
        CarrierEvent.Ignored => Task.CompletedTask,
        _ => throw new UnreachableException(),
    };

    private async Task WriteAsync(InboundEnvelope envelope, CarrierEvent.MessageReceived received)
    {
        var message = new Message
        {
            Id = Ids.DerivedMessage(envelope.Carrier, envelope.Account, received.CarrierMessageId),
            Direction = Direction.Inbound,
            Carrier = envelope.Carrier,
            Account = envelope.Account,
            From = received.From,
            To = received.To,
            Content = received.Content,
            CarrierMessageId = received.CarrierMessageId,
            ReplyTo = received.ReplyTo,
            CreatedAt = envelope.ReceivedAt,
            Trace = envelope.Trace,
        };
        var (created, record) = await aws.Messages.CreateAsync(MessageStore.NewRecord(message)).ConfigureAwait(false);
        if (envelope.Raw is not null || envelope.RawBlob is not null) await aws.Messages.KeepRawAsync(message.Id, envelope.Raw, envelope.RawBlob).ConfigureAwait(false);

        // The message as it is stored: a repeated webhook is not a person who writes again, and opens no new window.
        await aws.Sessions.NoteInboundAsync(record.Message, received.ProfileName).ConfigureAwait(false);
        Log.Received(log, message.Id, envelope.Carrier, created);
    }

    private async Task WriteAsync(InboundEnvelope envelope, CarrierEvent.DeliveryReported reported)
    {
        var attempt = AttemptReference.Parse(reported.Reference)
            ?? await aws.Rendezvous.LeaveAsync(
                envelope.Carrier, envelope.Account, reported.CarrierMessageId, new(reported.Status, reported.Reason, reported.CarrierCode, envelope.ReceivedAt)).ConfigureAwait(false);
        if (attempt is not { } known)
        {
            Log.Waits(log, envelope.Carrier, reported.CarrierMessageId);
            return;
        }

        var record = await aws.Messages.ApplyAsync(new()
        {
            MessageId = known.MessageId,
            Part = known.Part,
            Attempt = known.Attempt,
            Status = reported.Status,
            Reason = reported.Reason,
            CarrierCode = reported.CarrierCode,
            CarrierMessageId = reported.CarrierMessageId,
            At = envelope.ReceivedAt,
        }).ConfigureAwait(false);
        if (record is null)
        {
            Log.Unmatched(log, envelope.Carrier, known.MessageId);
            Metrics.Count("ReceiptUnmatched", envelope.Carrier);
            return;
        }

        Log.Reported(log, known.MessageId, reported.Status.Word(), reported.CarrierCode ?? "");

        // A carrier that refuses to deliver because the person opted out tells us something about the person too.
        if (reported.Reason == FailureReason.OptedOut)
        {
            var message = record.Message;
            await aws.Consents.RecordAsync(message.Tenant, message.To, message.From, optedOut: true, envelope.ReceivedAt, reported.CarrierCode).ConfigureAwait(false);
        }
    }

    private async Task WriteAsync(InboundEnvelope envelope, CarrierEvent.ReadReported read)
    {
        var conversation = Ids.Conversation(Defaults.Tenant, envelope.Carrier, envelope.Account, ours: read.To, theirs: read.From);
        var page = await aws.Queries.ByConversationAsync(conversation, new(read.UpTo.AddMilliseconds(1), ""), read.UpTo - Defaults.Retention, MaxRead).ConfigureAwait(false);
        var records = await aws.Queries.ReadAsync(page.Keys.Select(k => k.MessageId)).ConfigureAwait(false);
        foreach (var record in records.Values.Where(r => r.Message.Direction == Direction.Outbound))
        {
            foreach (var (index, part) in record.State.Parts.Index().Where(p => p.Item.Rank.Status is MessageStatus.Sent or MessageStatus.Delivered))
            {
                if (BegunAt(record, index, part.Attempts) > read.UpTo) continue;

                await aws.Messages.ApplyAsync(new()
                {
                    MessageId = record.Message.Id, Part = index, Attempt = part.Attempts, Status = MessageStatus.Read, At = envelope.ReceivedAt,
                }).ConfigureAwait(false);
            }
        }
    }

    /// <summary>When the call for a part began. Until then nobody can have read it, however long ago the message was accepted or scheduled.</summary>
    private static DateTimeOffset BegunAt(MessageRecord record, int part, int attempt) =>
        record.State.Timeline.FirstOrDefault(e => e.Part == part && e.Attempt == attempt && e.Type == MessageStatus.Sending.Word())?.At ?? record.Message.CreatedAt;
}
