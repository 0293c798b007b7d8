using Microsoft.Extensions.Logging;
using Omni.Aws;

namespace Omni.Pipeline;

/// <summary>
/// The records that an invocation hands back, each with its own wait. A wait counts from when it is decided, not from when the slowest
/// record of the batch is done: so it is told to the queue at once, those of the same moments in one call.
/// </summary>
/// <param name="queues">The queues.</param>
/// <param name="queueUrl">Where the records came from.</param>
/// <param name="clock">The time.</param>
/// <param name="log">The log.</param>
internal sealed class Returns(SqsQueues queues, string queueUrl, TimeProvider clock, ILogger log)
{
    private static readonly TimeSpan Gathering = TimeSpan.FromMilliseconds(20);

    private readonly Lock _lock = new();
    private readonly List<string> _ids = [];
    private List<(QueueRecord Record, TimeSpan Wait)>? _gathered;

    /// <summary>The ids of all of them.</summary>
    public IReadOnlyList<string> Ids => _ids;

    /// <summary>Hands records back. The first of these moments tells the queue, for all of them.</summary>
    /// <param name="records">The records.</param>
    public async Task AddAsync(params IEnumerable<(QueueRecord Record, TimeSpan Wait)> records)
    {
        List<(QueueRecord Record, TimeSpan Wait)>? mine = null;
        lock (_lock)
        {
            if (_gathered is null) _gathered = mine = [];
            foreach (var one in records)
            {
                _gathered.Add(one);
                _ids.Add(one.Record.Id);
            }
        }

        if (mine is null) return;

        await Task.Delay(Gathering, clock).ConfigureAwait(false);
        lock (_lock) _gathered = null;
        try
        {
            await queues.PutOffAsync(queueUrl, [.. mine.Select(u => (u.Record.ReceiptHandle, u.Wait))]).ConfigureAwait(false);
        }
        catch (Exception fault) when (fault is not OutOfMemoryException)
        {
            // They come again when their visibility ends, only not as soon.
            SenderLog.Fault(log, fault, mine[0].Record.Id, 0);
        }
    }
}
