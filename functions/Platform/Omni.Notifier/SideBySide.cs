using System.Collections.Concurrent;

namespace Omni.Notifier;

/// <summary>Tells an endpoint of events: those of one conversation in order, several conversations side by side.</summary>
internal static class SideBySide
{
    private const int Most = 8;

    /// <summary>Sends events until all are settled, or until no more may be sent.</summary>
    /// <param name="events">The events, in the log's order.</param>
    /// <param name="send">Sends one.</param>
    /// <param name="mayGoOn">Whether one more may be sent.</param>
    /// <param name="settle">Told of each that is done.</param>
    /// <returns>Whether all are settled.</returns>
    public static async Task<bool> SendAsync(
        IReadOnlyList<Due> events, Func<Due, Task<Verdict>> send, Func<bool> mayGoOn, Action<Due> settle)
    {
        var conversations = new ConcurrentQueue<Due[]>(events.GroupBy(due => due.Event.OrderKey).Select(group => group.ToArray()));
        var ends = await Task.WhenAll(
            Enumerable.Range(0, Math.Min(Most, conversations.Count)).Select(_ => RunAsync())).ConfigureAwait(false);
        return ends.All(isAll => isAll);

        async Task<bool> RunAsync()
        {
            while (conversations.TryDequeue(out var conversation))
            {
                foreach (var due in conversation)
                {
                    if (!mayGoOn()) return false;

                    var verdict = await send(due).ConfigureAwait(false);
                    if (verdict.IsSettled) settle(due);
                    if (!verdict.IsSettled || !verdict.MayGoOn) return false;
                }
            }

            return true;
        }
    }
}
