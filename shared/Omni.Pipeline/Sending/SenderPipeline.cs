using System.Net;
using System.Text.Json;
using Amazon.Lambda.Core;
using Amazon.Lambda.SQSEvents;
using Amazon.Runtime;
using Microsoft.Extensions.Logging;
using Omni.Aws;
using Omni.Shared;

namespace Omni.Pipeline;

/// <summary>
/// The sender of any carrier: takes a batch of commands, keeps order within each group and runs the groups side by side, and hands back
/// exactly what is not finished, each with its own wait. What a single part goes through is <see cref="PartSender"/>.
/// </summary>
public sealed class SenderPipeline
{
    private readonly PartSender _parts;
    private readonly Reconciler _reconciler;
    private readonly InboundDesk _inbound;
    private readonly TemplateDesk _templates;
    private readonly Pace _pace;
    private readonly PauseStore _pauses;
    private readonly SqsQueues _queues;
    private readonly IReadOnlyList<string> _sourceQueues;
    private readonly MessageStore _messages;
    private readonly SenderOptions _options;
    private readonly TimeProvider _clock;
    private readonly ILogger _log;

    /// <summary>A pipeline over its parts.</summary>
    /// <param name="sender">What is peculiar to the carrier; also its look-up, its files and its read marks, if it has them.</param>
    /// <param name="http">The call to the carrier, for files.</param>
    /// <param name="options">Times and numbers.</param>
    /// <param name="aws">The stores and queues.</param>
    /// <param name="sourceQueues">The URLs of the queues that records come from.</param>
    /// <param name="clock">The time.</param>
    /// <param name="log">The log.</param>
    public SenderPipeline(
        ICarrierSender sender,
        CarrierHttp http,
        SenderOptions options,
        AwsClients aws,
        IReadOnlyList<string> sourceQueues,
        TimeProvider clock,
        ILogger log)
    {
        _pace = new(aws.Rates, aws.Senders, aws.Messages, options, clock, log);
        var outcomes = new OutcomeWriter(_pace, options, aws, clock, log);
        _parts = new(sender, http, _pace, outcomes, options, aws, clock, log);
        _reconciler = new(sender as ICarrierLookup, _parts, outcomes, options, aws, clock, log);
        _inbound = new(sender, options, aws, clock, log);
        _templates = new(sender, options, aws);
        _queues = aws.Queues;
        _messages = aws.Messages;
        _pauses = aws.Pauses;
        (_options, _sourceQueues, _clock, _log) = (options, sourceQueues, clock, log);
    }

    /// <summary>The pipeline of a function.</summary>
    /// <param name="carrier">The carrier.</param>
    /// <param name="settings">The function's settings.</param>
    /// <param name="make">Makes the carrier's sender over the call to the carrier.</param>
    public static SenderPipeline Create(Carrier carrier, Settings settings, Func<CarrierHttp, ICarrierSender> make)
    {
        var queues = settings.Require(
            SettingNames.OutboundQueue(carrier), SettingNames.BulkQueue(carrier), SettingNames.OutboundDeadLetters(carrier),
            SettingNames.MessagesTable, SettingNames.SessionsTable, SettingNames.ControlTable, SettingNames.BlobBucket);
        var options = new SenderOptions
        {
            Carrier = carrier,
            DeadLetterQueue = queues[2],
            RatePerSecond = settings.RateOf(carrier),
        };
        var ownHost = settings.Find(SettingNames.BaseUrl(carrier)) is { } baseUrl && Uri.TryCreate(baseUrl, UriKind.Absolute, out var url)
            ? url.Host
            : null;
        var http = new CarrierHttp(
            CarrierHttp.NewClient(), TimeProvider.System, PublicHttp.NewClient(ownHost, CarrierHttp.Timeout));
        return new(make(http), http, options, new AwsClients(settings), [queues[0], queues[1]], TimeProvider.System, JsonLogger.Console);
    }

    /// <summary>Handles a Lambda batch.</summary>
    /// <param name="batch">The event.</param>
    /// <param name="context">Tells how much time is left.</param>
    public async Task<SQSBatchResponse> HandleAsync(SQSEvent batch, ILambdaContext context)
    {
        var records = (batch.Records ?? []).Select(QueueRecord.From).ToList();
        var failed = await RunAsync(records, SourceQueue(batch), () => context.RemainingTime).ConfigureAwait(false);
        return new SQSBatchResponse([.. failed.Select(id => new SQSBatchResponse.BatchItemFailure { ItemIdentifier = id })]);
    }

    /// <summary>Handles a batch of records.</summary>
    /// <param name="records">The records, in the queue's order.</param>
    /// <param name="queueUrl">The queue that they come from.</param>
    /// <param name="timeLeft">How much time the invocation has left.</param>
    /// <returns>The ids of those that are not finished; their waits are set.</returns>
    public async Task<IReadOnlyList<string>> RunAsync(IReadOnlyList<QueueRecord> records, string queueUrl, Func<TimeSpan> timeLeft)
    {
        var work = new List<Work>(records.Count);
        var tasks = new List<(QueueRecord Record, OutboundCommand Command)>();
        var returns = new Returns(_queues, queueUrl, _clock, _log);
        foreach (var record in records)
        {
            var (command, problem) = Parse(record);
            if (command is OutboundCommand.FetchMedia or OutboundCommand.MarkRead or OutboundCommand.ListTemplates)
                tasks.Add((record, command));
            else if (WorkOf(record, command, ref problem) is { } readable) work.Add(readable);
            else if (!await SetAsideAsync(record, problem).ConfigureAwait(false))
                await returns.AddAsync((record, Backoff.FullJitter(_options, 1))).ConfigureAwait(false);
        }

        await HoldBackAsync(work, returns).ConfigureAwait(false);
        await ReserveAsync(work).ConfigureAwait(false);
        await Task.WhenAll(
        [
            .. work.GroupBy(w => w.Record.GroupId ?? w.Record.Id).Select(group => RunGroupAsync([.. group], returns, timeLeft)),
            RunTasksAsync(tasks, returns, timeLeft),
        ]).ConfigureAwait(false);
        return returns.Ids;
    }

    /// <summary>
    /// Puts off what is not to be sent for now, a group as a whole: its order stays. What has outlived its deadline is not held back, so
    /// that it can expire. What people write is received, and their files are fetched, all the same.
    /// </summary>
    private async Task HoldBackAsync(List<Work> work, Returns returns)
    {
        if (work.Count == 0) return;

        var now = _clock.GetUtcNow();
        CarrierPauses pauses;
        try
        {
            pauses = await _pauses.GlanceAsync(_options.Carrier.Id).ConfigureAwait(false);
        }
        catch (Exception fault) when (fault is not OutOfMemoryException)
        {
            // Nobody knows whether it may be sent: it waits.
            SenderLog.Fault(_log, fault, work[0].Message.Id, 0);
            pauses = new(new Pause("", "", now, now + Backoff.FullJitter(_options, 1)), new Dictionary<Address, Pause>());
        }

        var held = new List<(QueueRecord Record, TimeSpan Wait)>();
        foreach (var group in work.GroupBy(w => w.Record.GroupId ?? w.Record.Id).ToArray())
        {
            var first = group.First();
            if (first.Message.Deadline <= now || pauses.Of(first.Message.From, now) is not { } pause) continue;

            var wait = pause.LookAfter(now);
            SenderLog.Waits(_log, first.Message.Id, (long)wait.TotalMilliseconds, "it is paused");
            held.AddRange(group.Select(w => (w.Record, w == first ? wait : TimeSpan.Zero)));
            work.RemoveAll(w => group.Contains(w));
        }

        if (held.Count > 0) await returns.AddAsync(held).ConfigureAwait(false);
    }

    /// <summary>
    /// Runs a group in order up to its first unfinished record; that one gets its own wait, what follows it none:
    /// the queue holds it back itself.
    /// </summary>
    private async Task RunGroupAsync(Work[] group, Returns returns, Func<TimeSpan> timeLeft)
    {
        for (var i = 0; i < group.Length; i++)
        {
            if ((await RunAsync(group[i], timeLeft).ConfigureAwait(false)).Wait is not { } wait) continue;

            await returns.AddAsync(
                [(group[i].Record, wait), .. group.Skip(i + 1).Select(rest => (rest.Record, TimeSpan.Zero))]).ConfigureAwait(false);
            return;
        }
    }

    private async Task<RecordResult> RunAsync(Work work, Func<TimeSpan> timeLeft)
    {
        JsonLogger.Trace = work.Message.Trace;
        try
        {
            return work.IsReconciliation
                ? await _reconciler.RunAsync(work, timeLeft).ConfigureAwait(false)
                : await _parts.RunAsync(work, known: null, resend: false, timeLeft).ConfigureAwait(false);
        }
        catch (Exception fault)
        {
            return await FaultAsync(work, fault).ConfigureAwait(false);
        }
    }

    /// <summary>
    /// Runs the commands that send nothing one after the other: a file may be as large as a fifth of the function's disk. There is no part
    /// to count our faults in, so deliveries count, which parking raises too.
    /// </summary>
    private async Task RunTasksAsync(
        IEnumerable<(QueueRecord Record, OutboundCommand Command)> tasks, Returns returns, Func<TimeSpan> timeLeft)
    {
        foreach (var (record, command) in tasks)
        {
            try
            {
                var result = command is OutboundCommand.ListTemplates
                    ? await _templates.RunAsync(record, timeLeft).ConfigureAwait(false)
                    : await _inbound.RunAsync(record, command, timeLeft).ConfigureAwait(false);
                if (result.Wait is { } wait)
                    await returns.AddAsync((record, wait)).ConfigureAwait(false);
            }
            catch (Exception fault) when (fault is not OutOfMemoryException)
            {
                SenderLog.Fault(_log, fault, record.Id, record.ReceiveCount);
                var isOurs = record.ReceiveCount >= _options.MaxFaults && !IsPassing(fault);
                if (isOurs && await SetAsideAsync(record, "a fault of ours").ConfigureAwait(false)) continue;

                await returns.AddAsync((record, Backoff.FullJitter(_options, record.ReceiveCount))).ConfigureAwait(false);
            }
        }
    }

    /// <summary>
    /// A fault of ours costs its record a try, not the batch. After a few the record goes to the dead-letter queue, where an alarm shows
    /// it. A fault of the infrastructure passes, and is not counted.
    /// </summary>
    private async Task<RecordResult> FaultAsync(Work work, Exception fault)
    {
        var count = 0;
        try
        {
            if (IsPassing(fault)) return RecordResult.PutOff(Backoff.FullJitter(_options, work.Record.ReceiveCount));

            count = await _messages.CountFaultAsync(work.Message.Id, work.CurrentPart).ConfigureAwait(false) ?? work.Record.ReceiveCount;
            if (count >= _options.MaxFaults)
            {
                await DeadLetterAsync(work.Record, "fault " + fault.GetType().Name).ConfigureAwait(false);
                return RecordResult.Done;
            }
        }
        catch (Exception deeper) when (deeper is not OutOfMemoryException)
        {
            // The table itself does not answer: nothing to count in, and nothing is lost, for the record comes again.
            SenderLog.Fault(_log, deeper, work.Message.Id, count);
        }
        finally
        {
            SenderLog.Fault(_log, fault, work.Message.Id, count);
        }

        return RecordResult.PutOff(Backoff.FullJitter(_options, Math.Max(count, 1)));
    }

    // https://docs.aws.amazon.com/amazondynamodb/latest/developerguide/Programming.Errors.html
    private static bool IsPassing(Exception fault) => fault switch
    {
        AmazonServiceException { StatusCode: >= HttpStatusCode.InternalServerError or 0 } => true,
        AmazonServiceException { ErrorCode: { } code } =>
            code.Contains("Throttl", StringComparison.Ordinal) || code.EndsWith("Exceeded", StringComparison.Ordinal)
                || code.EndsWith("ExceededException", StringComparison.Ordinal)
                || code.StartsWith("TransactionConflict", StringComparison.Ordinal),
        AmazonClientException or HttpRequestException or OperationCanceledException or TimeoutException => true,
        _ => false,
    };

    /// <summary>Gives the batch its places. When that fails, each record asks for itself, and meets the fault as its own.</summary>
    private async Task ReserveAsync(List<Work> work)
    {
        try
        {
            await _pace.ReserveAsync(work).ConfigureAwait(false);
        }
        catch (Exception fault) when (fault is not OutOfMemoryException)
        {
            SenderLog.Fault(_log, fault, work[0].Message.Id, 0);
        }
    }

    private static (OutboundCommand? Command, string Problem) Parse(QueueRecord record)
    {
        try
        {
            return (JsonSerializer.Deserialize(record.Body, OmniJson.Wire.OutboundCommand), "there is no command");
        }
        catch (Exception unreadable) when (unreadable is not OutOfMemoryException)
        {
            // The message may hold pieces of the text, so it is not logged.
            return (null, unreadable is JsonException { Path: { } path } ? $"not a command at {path}" : unreadable.GetType().Name);
        }
    }

    private Work? WorkOf(QueueRecord record, OutboundCommand? command, ref string problem)
    {
        try
        {
            var work = command switch
            {
                OutboundCommand.Send send => Work.Of(record, send.Message, isReconciliation: false),
                OutboundCommand.Reconcile reconcile => Work.Of(record, reconcile.Message, isReconciliation: true),
                _ => null,
            };
            if (work is null) return null;
            if (work.Message.Carrier == _options.Carrier.Id && Ids.IsMessage(work.Message.Id)) return work;

            problem = work.Message.Carrier == _options.Carrier.Id ? "the id is not a message id" : "the message is another carrier's";
        }
        catch (Exception unreadable) when (unreadable is not OutOfMemoryException)
        {
            // Planning calls nobody: whatever goes wrong is the record's fault.
            problem = unreadable.GetType().Name;
        }

        return null;
    }

    private async Task<bool> SetAsideAsync(QueueRecord record, string problem)
    {
        SenderLog.Unreadable(_log, record.Id, problem);
        try
        {
            await DeadLetterAsync(record, problem).ConfigureAwait(false);
            return true;
        }
        catch (Exception fault) when (fault is not OutOfMemoryException)
        {
            SenderLog.Fault(_log, fault, record.Id, 0);
            return false;
        }
    }

    private Task DeadLetterAsync(QueueRecord record, string problem) => _queues.SendAsync(
        _options.DeadLetterQueue, [new(record.Body, record.GroupId ?? record.Id, DeduplicationId: record.Id, problem)]);

    // A mapping delivers from one queue; its name is the last piece of the ARN and of the URL.
    private string SourceQueue(SQSEvent batch)
    {
        var arn = batch.Records is [{ EventSourceArn: { } name }, ..] ? name : "";
        return _sourceQueues.FirstOrDefault(url => url[(url.LastIndexOf('/') + 1)..] == arn[(arn.LastIndexOf(':') + 1)..])
            ?? _sourceQueues[0];
    }
}
