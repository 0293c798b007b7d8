using System.Text.Json.Nodes;
using Amazon.SQS;
using Amazon.SQS.Model;
using Omni.Local.Deployment;
using Omni.Local.Functions;

namespace Omni.Local.Hosting;

/// <summary>
/// The event source mapping of a queue: receives batches, invokes the function, deletes what it did not report. A few receivers ask the
/// queue, and each batch is an invocation beside the others, as many at once as the mapping allows. A batch whose function failed stays
/// invisible until its visibility ends, as in AWS. https://docs.aws.amazon.com/lambda/latest/dg/services-sqs-errorhandling.html
/// </summary>
internal sealed class QueuePoller(QueueMapping mapping, IAmazonSQS sqs, IFunctionHost function, TextWriter log)
{
    /// <summary>With so many AWS begins: https://docs.aws.amazon.com/lambda/latest/dg/services-sqs-scaling.html</summary>
    private const int Receivers = 5;

    private readonly int _most = Math.Min(mapping.Concurrency, function.MostAtOnce);

    public QueueMapping Mapping => mapping;

    /// <summary>Runs until it is stopped, and then until nothing is handled any more.</summary>
    public async Task RunAsync(CancellationToken cancellation)
    {
        // Whoever receives holds a place for what comes: a record that nobody has time for stays in the queue.
        using var places = new SemaphoreSlim(_most);
        await Task.WhenAll(Enumerable.Range(0, Math.Min(Receivers, _most)).Select(_ => RunReceiverAsync(places, cancellation)));
        for (var place = 0; place < _most; place++) await places.WaitAsync(CancellationToken.None);
    }

    /// <summary>Receives one batch and has it handled; answers how many records it had.</summary>
    public async Task<int> TakeAsync(TimeSpan wait, CancellationToken cancellation)
    {
        var messages = await ReceiveAsync(wait, cancellation);
        if (messages.Count > 0) await HandleAsync(messages, cancellation);
        return messages.Count;
    }

    private async Task RunReceiverAsync(SemaphoreSlim places, CancellationToken cancellation)
    {
        while (!cancellation.IsCancellationRequested)
        {
            await places.WaitAsync(CancellationToken.None); // a stop ends what holds them
            List<Message> messages = [];
            await GuardAsync(async () => messages = await ReceiveAsync(TimeSpan.FromSeconds(20), cancellation), cancellation);
            if (messages.Count == 0) places.Release();
            else _ = HandleAndReleaseAsync(messages);
        }

        async Task HandleAndReleaseAsync(List<Message> messages)
        {
            try
            {
                await GuardAsync(() => HandleAsync(messages, cancellation), cancellation);
            }
            finally
            {
                places.Release();
            }
        }
    }

    private async Task GuardAsync(Func<Task> work, CancellationToken cancellation)
    {
        try
        {
            await work();
        }
        catch (OperationCanceledException) when (cancellation.IsCancellationRequested)
        {
            // The host stops.
        }
        catch (Exception fault)
        {
            await log.WriteLineAsync($"The queue of {mapping.Function} cannot be read: {fault.Message}");
            await Task.Delay(TimeSpan.FromSeconds(1), CancellationToken.None);
        }
    }

    private async Task<List<Message>> ReceiveAsync(TimeSpan wait, CancellationToken cancellation) => (await sqs.ReceiveMessageAsync(
        new ReceiveMessageRequest
        {
            QueueUrl = mapping.QueueUrl,
            MaxNumberOfMessages = Math.Min(10, mapping.BatchSize),
            WaitTimeSeconds = (int)wait.TotalSeconds,
            MessageSystemAttributeNames = ["All"],
            MessageAttributeNames = ["All"],
        },
        cancellation)).Messages ?? [];

    private async Task HandleAsync(List<Message> messages, CancellationToken cancellation)
    {
        // What does not fit into an event comes with the next one, unless it has to follow on what was not done.
        for (var waiting = messages; waiting.Count > 0;)
        {
            var (e, count) = EventBatch.Of([.. waiting.Select(Record)]);
            var batch = waiting[..count];
            var done = await InvokeAsync(batch, e, cancellation);
            var held = IsFifo ? batch.Except(done).Select(GroupOf).ToHashSet() : [];
            waiting = [.. waiting[count..].Where(message => !held.Contains(GroupOf(message)))];
        }
    }

    private bool IsFifo => mapping.QueueArn.EndsWith(".fifo", StringComparison.Ordinal);

    private static string? GroupOf(Message message) => message.Attributes?.GetValueOrDefault("MessageGroupId");

    /// <summary>Invokes the function, and deletes what it did not report; answers that.</summary>
    private async Task<List<Message>> InvokeAsync(List<Message> messages, byte[] eventJson, CancellationToken cancellation)
    {
        var result = await function.InvokeAsync(eventJson, cancellation);
        if (result.IsError)
        {
            await log.WriteLineAsync($"{mapping.Function} failed: {result.Error}");
            return [];
        }

        var failed = BatchResponse.Failures(result.Payload);
        var done = messages.Where(m => !failed.Contains(m.MessageId)).ToList();
        if (done.Count == 0) return [];

        await sqs.DeleteMessageBatchAsync(
            new DeleteMessageBatchRequest
            {
                QueueUrl = mapping.QueueUrl,
                Entries = [.. done.Select((m, i) => new DeleteMessageBatchRequestEntry($"{i}", m.ReceiptHandle))]
            },
            CancellationToken.None);
        return done;
    }

    private JsonNode Record(Message message)
    {
        var attributes = new JsonObject();
        foreach (var (name, value) in message.Attributes ?? []) attributes[name] = value;
        return new JsonObject
        {
            ["messageId"] = message.MessageId,
            ["receiptHandle"] = message.ReceiptHandle,
            ["body"] = message.Body,
            ["attributes"] = attributes,
            ["messageAttributes"] = new JsonObject(),
            ["md5OfBody"] = message.MD5OfBody,
            ["eventSource"] = "aws:sqs",
            ["eventSourceARN"] = mapping.QueueArn,
            ["awsRegion"] = Emulators.LocalEmulators.Region,
        };
    }
}

/// <summary>A function's report of what of a batch it did not finish.</summary>
internal static class BatchResponse
{
    /// <summary>The reported identifiers; empty when all is done.</summary>
    public static IReadOnlySet<string> Failures(byte[] payload) =>
        payload.Length == 0 || JsonNode.Parse(payload)?["batchItemFailures"] is not JsonArray failures
            ? new HashSet<string>()
            : failures.Select(f => (string)f!["itemIdentifier"]!).ToHashSet();
}
