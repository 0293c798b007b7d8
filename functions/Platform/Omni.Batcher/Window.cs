using Omni.Aws;
using Omni.Shared;

namespace Omni.Batcher;

/// <summary>How many messages of a batch may be on the way.</summary>
/// <param name="Size">So many at once.</param>
/// <param name="Room">So many more by now.</param>
/// <param name="PerSecond">How many messages a second are this batch's share of the sender's pace.</param>
internal sealed record Window(int Size, int Room, double PerSecond)
{
    /// <summary>How many are worth a step: a quarter of the window, so that a step is not taken for each message.</summary>
    public int Worthwhile => Math.Max(1, Size / 4);
}

/// <summary>
/// Keeps as many messages of a batch on the way as its sender sends in five seconds, ten at least, shared with the other batches of the
/// sender. So what stops a batch stops it within seconds, and nothing urgent ever stands behind it.
/// </summary>
internal sealed class Windows(BatcherParts parts)
{
    private const int Fewest = 10;

    // Of a carrier whose rate nobody knows, in messages a second.
    private const double WithoutRate = 50;

    // What is decided late is not waited for: only what was released last is counted as on the way.
    private const int LooksBack = 2;

    private static readonly TimeSpan Ahead = TimeSpan.FromSeconds(5);

    /// <summary>The window of a batch, as it is now.</summary>
    /// <param name="record">The batch as just read.</param>
    public async Task<Window> OfAsync(BatchRecord record)
    {
        var batch = record.Batch;
        var shares = await Task.WhenAll(SendersOf(batch).Select(sender => ShareAsync(batch, sender))).ConfigureAwait(false);

        // As fast as the slowest of its senders goes with its part of it.
        var (perSecond, sharing) = shares.MinBy(share => share.PerSecond);
        var size = Math.Max((int)(Ahead.TotalSeconds * perSecond), Math.Max(1, Fewest / sharing));

        var released = record.Progress.Released;
        var from = Math.Max(0, released - LooksBack * size);
        var decided = await parts.Statuses.ReadAsync(batch.Id, from, released).ConfigureAwait(false);
        return new(size, size - (released - from - decided.Count), perSecond);
    }

    /// <summary>The batch takes nothing of its sender's pace any more.</summary>
    /// <param name="batch">The batch.</param>
    public Task LeaveAsync(Batch batch) => Task.WhenAll(
        SendersOf(batch).Select(sender => parts.Shares.LeaveAsync(sender.Carrier, LineOf(sender), batch.Id)));

    private static IReadOnlyList<BatchSender> SendersOf(Batch batch) =>
        batch.Senders.Count > 0 ? batch.Senders : [new(batch.Carrier, batch.From, batch.Segments)];

    /// <summary>How many messages a second of the whole batch one of its senders bears, and how many batches share it.</summary>
    private async Task<(double PerSecond, int Sharing)> ShareAsync(Batch batch, BatchSender sender)
    {
        var name = LineOf(sender);
        var sharing = parts.Shares.EnterAsync(sender.Carrier, name, batch.Id);
        var pace = await PaceAsync(sender, name).ConfigureAwait(false);
        return (pace * batch.Total / sender.Segments / await sharing.ConfigureAwait(false), await sharing.ConfigureAwait(false));
    }

    /// <summary>The sender's pace by now, in segments a second.</summary>
    private async Task<double> PaceAsync(BatchSender sender, string name)
    {
        var carrier = CarrierCatalogue.Get(sender.Carrier);
        var own = carrier.Limits.RateScope == RateScope.Account
            ? null
            : (await parts.Senders.GlanceAsync(sender.Carrier, sender.From).ConfigureAwait(false))?.RatePerSecond;
        if ((own ?? parts.RateOf(carrier)) is not { } rate) return WithoutRate;

        // The pace that the carrier bears, where it refused the configured one.
        var lines = await parts.Rates.StatesAsync(sender.Carrier, new Dictionary<string, double> { [name] = rate }).ConfigureAwait(false);
        return lines is [{ PerSecond: var pace }] ? Math.Min(pace, rate) : rate;
    }

    private static string LineOf(BatchSender sender) =>
        RateLimiter.NameOf(CarrierCatalogue.Get(sender.Carrier), Defaults.Account, sender.From);
}
