using Omni.Aws;
using Omni.Shared;

namespace Omni.Pipeline;

/// <summary>Reserves the rate slots of a batch: one conditional write for each limited thing in it.</summary>
/// <param name="limiter">The limiter.</param>
/// <param name="options">The rate, and how far ahead slots may lie.</param>
internal sealed class SlotPlanner(RateLimiter limiter, SenderOptions options)
{
    /// <summary>
    /// Reserves for all records that come for the first time. One that comes again may hold a slot already; its item tells, so it asks for itself.
    /// </summary>
    public async Task ReserveAsync(IReadOnlyList<Work> work)
    {
        if (options.RatePerSecond is null) return;

        var fresh = work.Where(w => !w.IsReconciliation && w.Record.ReceiveCount == 1 && w.Problems.Count == 0);
        await Task.WhenAll(fresh.GroupBy(w => (KeyOf(w.Message), w.Message.Priority == Priority.Bulk)).Select(ReserveGroupAsync)).ConfigureAwait(false);
    }

    /// <summary>Reserves for the parts of one record, from a part onwards.</summary>
    public Task ReserveAsync(Work work, int fromPart) =>
        options.RatePerSecond is null ? Task.CompletedTask : ReserveAsync([.. Enumerable.Range(fromPart, work.Message.Parts.Count - fromPart).Select(part => (work, part))]);

    /// <summary>Gives no slot of a message's sender before a moment: the carrier asked for it.</summary>
    public Task PauseAsync(Message message, DateTimeOffset until) => limiter.PauseAsync(KeyOf(message), until);

    private Task ReserveGroupAsync(IEnumerable<Work> group) =>
        ReserveAsync([.. group.OrderBy(w => w.Message.Priority == Priority.High ? 0 : 1).SelectMany(w => Enumerable.Range(0, w.Message.Parts.Count).Select(part => (w, part)))]);

    private async Task ReserveAsync((Work Work, int Part)[] parts)
    {
        var message = parts[0].Work.Message;
        var ahead = message.Priority == Priority.Bulk ? options.BulkAhead : options.NormalAhead;
        int[] segments = [.. parts.Select(p => p.Work.Message.Parts[p.Part].Segments)];
        var slots = await limiter.ReserveAsync(new(KeyOf(message), options.RatePerSecond!.Value, segments, ahead)).ConfigureAwait(false);
        foreach (var (index, (work, part)) in parts.Index())
        {
            work.Slots[part] = index < slots.Count ? slots[index] : null;
            work.IsCrowdedOut = index >= slots.Count;
        }
    }

    /// <summary>The limited thing: a sender of an account, or the account.</summary>
    private string KeyOf(Message message) => options.Carrier.Limits.RateScope switch
    {
        RateScope.Account => $"{message.Carrier}#{message.Account}",
        _ => $"{message.Carrier}#{message.Account}#{message.From.Key}",
    };
}
