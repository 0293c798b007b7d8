using Amazon.Lambda.Core;
using Amazon.Lambda.DynamoDBEvents;
using Microsoft.Extensions.Logging;
using Omni.Aws;
using Omni.Shared;

namespace Omni.Dispatcher;

/// <summary>
/// Turns what the table of messages asks for into records of the carriers' queues, of the processors', and of those of batches, of files
/// and of plans. A record that cannot be read, or that its queue refuses for what it is, goes to the function's own dead-letter queue and
/// the batch goes on; only a fault of the infrastructure hands the batch back.
/// </summary>
public sealed class Function
{
    private readonly SqsQueues _queues;
    private readonly MessageQueries _messages;
    private readonly Settings _settings;
    private readonly IReadOnlyList<Carrier> _carriers;
    private readonly string _deadLetters;
    private readonly ILogger _log;

    /// <summary>The function over its settings.</summary>
    /// <param name="settings">The settings.</param>
    public Function(Settings settings) : this(settings, new AwsClients(settings), JsonLogger.Console) { }

    internal Function(Settings settings, AwsClients aws, ILogger log)
    {
        (_settings, _log) = (settings, log);
        _carriers = settings.Carriers();
        _deadLetters = settings.Require([
            SettingNames.DispatcherDeadLetters, SettingNames.MessagesTable, SettingNames.BatchQueue, SettingNames.MediaQueue,
            SettingNames.RouterQueue,
            .. ProcessorCatalogue.All.Select(SettingNames.TurnQueue),
            .. _carriers.SelectMany(c => new[] { SettingNames.OutboundQueue(c), SettingNames.BulkQueue(c) })
        ])[0];
        (_queues, _messages) = (aws.Queues, aws.Queries);
    }

    /// <summary>Handles a batch of the stream.</summary>
    /// <param name="batch">The event.</param>
    /// <param name="context">Not needed.</param>
    public async Task<StreamsEventResponse> HandleAsync(DynamoDBEvent batch, ILambdaContext context)
    {
        var records = new StreamRecords(batch, _queues, _deadLetters, _log);
        var asked = records.Read((before, after) => (Asked[])[new(
            Dispatch.Of(before, after, _carriers), Dispatch.FollowersOf(before, after))]);
        var (work, unread) = await WithFollowersAsync(asked).ConfigureAwait(false);
        var queues = work.GroupBy(w => _settings.Require(w.Work.Queue)[0]);
        var results = await Task.WhenAll(
            queues.Select(queue => EnqueueAsync(queue.Key, [.. queue.OrderBy(w => w.Work.CreatedAt)]))).ConfigureAwait(false);

        // What is enqueued already meets its deduplication id when it is delivered again.
        return await records.EndAsync(
            results.Select(r => r.Missing).Append(unread).Min(), results.SelectMany(r => r.Refused)).ConfigureAwait(false);
    }

    /// <summary>Adds to what changes ask for what follows it: only where there is such is anything read.</summary>
    /// <returns>All work, and the position of the first change whose followers could not be read.</returns>
    private async Task<(List<(int Position, Dispatch Work)> Work, int? Unread)> WithFollowersAsync(
        IReadOnlyList<(int Position, Asked Asked)> changes)
    {
        var work = changes.SelectMany(change => change.Asked.Work.Select(one => (change.Position, one))).ToList();
        var leading = changes.Where(change => change.Asked.Followers.Count > 0).ToArray();
        if (leading.Length == 0) return (work, null);

        try
        {
            var read = await _messages.ReadAsync(leading.SelectMany(change => change.Asked.Followers)).ConfigureAwait(false);
            foreach (var (position, asked) in leading)
            {
                foreach (var record in asked.Followers.Select(read.GetValueOrDefault).OfType<MessageRecord>())
                {
                    work.AddRange(Dispatch.Of(record, _carriers).Select(one => (position, one)));
                    if (Dispatch.IsHeldUp(record)) break; // the rest waits for its files
                }
            }

            return (work, null);
        }
        catch (Exception fault) when (fault is not OutOfMemoryException)
        {
            Log.NotRead(_log, fault, leading.Length);
            return (work, leading[0].Position);
        }
    }

    /// <summary>What a change asks for, and the replies that follow it.</summary>
    private sealed record Asked(IReadOnlyList<Dispatch> Work, IReadOnlyList<string> Followers);

    /// <returns>The position of the first record that the queue may not have, and what it refuses for good.</returns>
    private async Task<(int? Missing, List<SetAside> Refused)> EnqueueAsync(string queueUrl, List<(int Position, Dispatch Work)> work)
    {
        var refused = new List<SetAside>();
        while (work.Count > 0)
        {
            try
            {
                await _queues.SendAsync(queueUrl, [.. work.Select(w => w.Work.Entry)]).ConfigureAwait(false);
                break;
            }
            catch (QueueRefusedException refusal) when (refusal.Entry is not null)
            {
                var index = work.FindIndex(w => w.Work.Entry == refusal.Entry);
                refused.Add(new(work[index].Position, refusal.Message));
                work.RemoveAt(index);
            }
            catch (Exception fault) when (fault is not OutOfMemoryException)
            {
                Log.NotEnqueued(_log, fault, work.Count);
                return (work.Min(w => w.Position), refused);
            }
        }

        return (null, refused);
    }
}
