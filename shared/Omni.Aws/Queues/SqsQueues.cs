using System.Text;
using Amazon.SQS;
using Amazon.SQS.Model;
using Omni.Shared;
using Message = Omni.Shared.Message;

namespace Omni.Aws;

/// <summary>One record for a queue.</summary>
/// <param name="Body">Its text.</param>
/// <param name="GroupId">FIFO: the group whose order is kept. Standard: the tenant of a fair queue. Null for none.</param>
/// <param name="DeduplicationId">FIFO: records with the same id within five minutes are one.</param>
/// <param name="Problem">Of a dead letter: why it is one, in words that hold nothing of what it is about; null for none.</param>
public sealed record QueueEntry(string Body, string? GroupId = null, string? DeduplicationId = null, string? Problem = null);

/// <summary>A record that was taken from a queue.</summary>
/// <param name="Id">The queue's id of it.</param>
/// <param name="ReceiptHandle">The handle of this delivery.</param>
/// <param name="Body">Its text.</param>
/// <param name="GroupId">The group whose order is kept; null for none.</param>
/// <param name="SentAt">When it was put into the queue.</param>
/// <param name="Receives">How often it was delivered, this time included.</param>
/// <param name="Problem">Why it is a dead letter, where whoever made it one has said so.</param>
public sealed record ReceivedRecord(
    string Id, string ReceiptHandle, string Body, string? GroupId, DateTimeOffset SentAt, int Receives, string? Problem);

/// <summary>How many records a queue holds.</summary>
/// <param name="Waiting">Ready to be taken.</param>
/// <param name="InFlight">Taken, not done yet; also those put off.</param>
/// <param name="Delayed">Not ready yet.</param>
public sealed record QueueDepth(int Waiting, int InFlight, int Delayed);

/// <summary>Sends to queues in the fewest calls: up to 10 records and 1 MiB each.</summary>
/// <param name="sqs">The client.</param>
public sealed class SqsQueues(IAmazonSQS sqs)
{
    /// <summary>
    /// The most bytes of one record, and of one call.
    /// https://docs.aws.amazon.com/AWSSimpleQueueService/latest/SQSDeveloperGuide/quotas-messages.html
    /// </summary>
    public const int MaxBytes = 1024 * 1024;

    private const int MaxEntries = 10;
    private const string ProblemAttribute = "problem";
    private const int MaxTries = 3;

    /// <summary>Sends records, in order. It returns when the queue has them all.</summary>
    /// <param name="queueUrl">The queue.</param>
    /// <param name="entries">The records.</param>
    /// <param name="cancellation">Stops the call.</param>
    /// <exception cref="QueueRefusedException">
    /// The queue did not take one; all of its call's and of later calls' records may be missing.
    /// Records of a FIFO queue can be sent again as they are.
    /// </exception>
    public async Task SendAsync(string queueUrl, IReadOnlyList<QueueEntry> entries, CancellationToken cancellation = default)
    {
        foreach (var batch in Batches(entries))
        {
            var waiting = batch;
            for (var tries = 1; waiting.Count > 0; tries++)
            {
                var response = await sqs.SendMessageBatchAsync(new SendMessageBatchRequest
                {
                    QueueUrl = queueUrl,
                    Entries = [.. waiting.Select(entry => new SendMessageBatchRequestEntry
                    {
                        Id = entry.Index.ToString(System.Globalization.CultureInfo.InvariantCulture),
                        MessageBody = entry.Item.Body,
                        MessageGroupId = entry.Item.GroupId,
                        MessageDeduplicationId = entry.Item.DeduplicationId,
                        MessageAttributes = AttributesOf(entry.Item),
                    })],
                }, cancellation).ConfigureAwait(false);

                var failed = (response.Failed ?? []).ToDictionary(f => int.Parse(f.Id, System.Globalization.CultureInfo.InvariantCulture));
                foreach (var (index, refused) in failed)
                {
                    if (refused.SenderFault == true) throw new QueueRefusedException(refused.Code, entries[index]);
                    if (tries == MaxTries) throw new QueueRefusedException(refused.Code);
                }

                waiting = [.. waiting.Where(entry => failed.ContainsKey(entry.Index))];
            }
        }
    }

    /// <summary>Takes records from a queue: those that are there.</summary>
    /// <param name="queueUrl">The queue.</param>
    /// <param name="most">The most; ten at most.</param>
    /// <param name="hidden">How long nobody else is given them; zero to look only.</param>
    /// <param name="cancellation">Stops the call.</param>
    public async Task<IReadOnlyList<ReceivedRecord>> ReceiveAsync(
        string queueUrl, int most, TimeSpan hidden, CancellationToken cancellation = default)
    {
        var response = await sqs.ReceiveMessageAsync(new ReceiveMessageRequest
        {
            QueueUrl = queueUrl,
            MaxNumberOfMessages = Math.Min(most, MaxEntries),
            VisibilityTimeout = (int)hidden.TotalSeconds,
            WaitTimeSeconds = 1, // without a wait only some of the queue's servers are asked
            MessageSystemAttributeNames =
            [
                MessageSystemAttributeName.MessageGroupId, MessageSystemAttributeName.SentTimestamp,
                MessageSystemAttributeName.ApproximateReceiveCount,
            ],
            MessageAttributeNames = [ProblemAttribute],
        }, cancellation).ConfigureAwait(false);
        return [.. (response.Messages ?? []).Select(message => new ReceivedRecord(
            message.MessageId,
            message.ReceiptHandle,
            message.Body ?? "",
            message.Attributes?.GetValueOrDefault("MessageGroupId"),
            DateTimeOffset.FromUnixTimeMilliseconds(NumberOf(message, "SentTimestamp")),
            (int)NumberOf(message, "ApproximateReceiveCount"),
            message.MessageAttributes?.GetValueOrDefault(ProblemAttribute)?.StringValue))];
    }

    /// <summary>Removes a record that was taken from a queue.</summary>
    /// <param name="queueUrl">The queue.</param>
    /// <param name="record">The record.</param>
    /// <param name="cancellation">Stops the call.</param>
    public Task DeleteAsync(string queueUrl, ReceivedRecord record, CancellationToken cancellation = default) =>
        sqs.DeleteMessageAsync(queueUrl, record.ReceiptHandle, cancellation);

    /// <summary>Puts off records that a function hands back: each becomes visible again after its own wait.</summary>
    /// <param name="queueUrl">The queue.</param>
    /// <param name="waits">Receipt handles with their waits, at most 12 hours.</param>
    /// <param name="cancellation">Stops the call.</param>
    public async Task PutOffAsync(
        string queueUrl, IReadOnlyList<(string ReceiptHandle, TimeSpan Wait)> waits, CancellationToken cancellation = default)
    {
        foreach (var chunk in waits.Chunk(MaxEntries))
        {
            await sqs.ChangeMessageVisibilityBatchAsync(new ChangeMessageVisibilityBatchRequest
            {
                QueueUrl = queueUrl,
                Entries = [.. chunk.Index().Select(entry => new ChangeMessageVisibilityBatchRequestEntry
                {
                    Id = entry.Index.ToString(System.Globalization.CultureInfo.InvariantCulture),
                    ReceiptHandle = entry.Item.ReceiptHandle,
                    VisibilityTimeout = (int)Math.Clamp(Math.Ceiling(entry.Item.Wait.TotalSeconds), 0, 43_200),
                })],
            }, cancellation).ConfigureAwait(false);
        }
    }

    /// <summary>How full a queue is, about: the service counts loosely.</summary>
    /// <param name="queueUrl">The queue.</param>
    /// <param name="cancellation">Stops the call.</param>
    public async Task<QueueDepth> DepthAsync(string queueUrl, CancellationToken cancellation = default)
    {
        var response = await sqs.GetQueueAttributesAsync(new GetQueueAttributesRequest
        {
            QueueUrl = queueUrl,
            AttributeNames =
            [
                QueueAttributeName.ApproximateNumberOfMessages, QueueAttributeName.ApproximateNumberOfMessagesNotVisible,
                QueueAttributeName.ApproximateNumberOfMessagesDelayed,
            ],
        }, cancellation).ConfigureAwait(false);
        return new(
            response.ApproximateNumberOfMessages,
            response.ApproximateNumberOfMessagesNotVisible,
            response.ApproximateNumberOfMessagesDelayed);
    }

    /// <summary>What the queue keeps beside a record's text; where that leaves no room for it, nothing.</summary>
    private static Dictionary<string, MessageAttributeValue>? AttributesOf(QueueEntry entry) =>
        IsExplained(entry) ? new() { [ProblemAttribute] = new() { DataType = "String", StringValue = entry.Problem } } : null;

    private static bool IsExplained(QueueEntry entry) =>
        entry.Problem is { Length: > 0 } problem && Encoding.UTF8.GetByteCount(entry.Body) + SizeOfProblem(problem) <= MaxBytes;

    private static int SizeOfProblem(string problem) => ProblemAttribute.Length + "String".Length + Encoding.UTF8.GetByteCount(problem);

    private static long NumberOf(Amazon.SQS.Model.Message message, string name) =>
        long.TryParse(
            message.Attributes?.GetValueOrDefault(name), System.Globalization.CultureInfo.InvariantCulture, out var number) ? number : 0;

    private static IEnumerable<IReadOnlyList<(int Index, QueueEntry Item)>> Batches(IReadOnlyList<QueueEntry> entries)
    {
        var batch = new List<(int, QueueEntry)>(MaxEntries);
        var bytes = 0;
        foreach (var (index, entry) in entries.Index())
        {
            var size = Encoding.UTF8.GetByteCount(entry.Body) + (IsExplained(entry) ? SizeOfProblem(entry.Problem!) : 0);
            if (batch.Count == MaxEntries || (batch.Count > 0 && bytes + size > MaxBytes))
            {
                yield return batch;
                batch = new(MaxEntries);
                bytes = 0;
            }

            batch.Add((index, entry));
            bytes += size;
        }

        if (batch.Count > 0) yield return batch;
    }
}

/// <summary>A queue did not take a record.</summary>
/// <param name="code">The queue's code.</param>
/// <param name="entry">The record, when it is at fault itself and would be refused again; null when the queue is.</param>
public sealed class QueueRefusedException(string code, QueueEntry? entry = null) : Exception($"The queue refused a record: {code}.")
{
    /// <summary>The record, when it is at fault itself and would be refused again; null when the queue is.</summary>
    public QueueEntry? Entry { get; } = entry;
}

/// <summary>How a message's records are grouped and told apart in its carrier's FIFO queues.</summary>
public static class OutboundQueueing
{
    /// <summary>The record that asks a carrier's sender for something, the same whoever puts it into the queue.</summary>
    /// <param name="record">The message.</param>
    /// <param name="command">What is to be done.</param>
    public static QueueEntry EntryOf(MessageRecord record, OutboundCommand command) => new(
        System.Text.Json.JsonSerializer.Serialize(command, OmniJson.Wire.OutboundCommand),
        GroupOf(record.Message, command),
        DeduplicationOf(record.Message.Id, record.State.Dispatch, command));

    /// <summary>
    /// The group: the conversation, and its lane. Bulk has a queue of its own. What is done about an inbound message holds nothing else up.
    /// </summary>
    /// <param name="message">The message.</param>
    /// <param name="command">What is to be done.</param>
    public static string GroupOf(Message message, OutboundCommand command) => (command, message.Priority) switch
    {
        (OutboundCommand.FetchMedia or OutboundCommand.MarkRead, _) => message.Id + Kind(command),
        (_, Priority.High) => message.ConversationId + ".high",
        _ => message.ConversationId,
    };

    /// <summary>The deduplication id: one record for each time that something is asked for.</summary>
    /// <param name="messageId">The message.</param>
    /// <param name="dispatch">How often it was asked before.</param>
    /// <param name="command">What is to be done.</param>
    public static string DeduplicationOf(string messageId, int dispatch, OutboundCommand command) =>
        string.Create(System.Globalization.CultureInfo.InvariantCulture, $"{messageId}:{dispatch}{Kind(command)}");

    /// <summary>
    /// The group of a message whose files are made fit: that of its first file and its carrier. So nobody makes the same at the same time,
    /// and a campaign's messages find what the first one made.
    /// </summary>
    /// <param name="message">The message.</param>
    public static string MediaGroupOf(Message message)
    {
        var file = ContentFiles.Of(message.Content).First().File;
        return Ids.Hash(message.Tenant, message.Carrier, file.MediaId ?? file.MediaUrl?.AbsoluteUri ?? "");
    }

    private static string Kind(OutboundCommand command) => command switch
    {
        OutboundCommand.FetchMedia => ".media",
        OutboundCommand.MarkRead => ".read",
        _ => "",
    };
}
