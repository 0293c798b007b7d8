using System.Text.Json;
using Amazon.Lambda.Core;
using Microsoft.Extensions.Logging;
using Omni.Aws;
using Omni.Shared;

namespace Omni.Scheduler;

/// <summary>What a run of the Scheduler did.</summary>
/// <param name="Released">Scheduled messages and batches whose time had come.</param>
/// <param name="Raised">Unknown outcomes that are to be reconciled, and plans of legs whose receipts are overdue.</param>
/// <param name="Expired">Messages that were past their deadline.</param>
/// <param name="Woken">Workers of clients' endpoints, and processors, that have something to do.</param>
/// <param name="Counted">Shards of tenants' days whose usage was counted.</param>
/// <param name="Asked">Carriers that are asked for their templates.</param>
/// <param name="Deleted">People of whom nothing is left.</param>
/// <param name="Failed">Messages, endpoints, counts and people that could not be read or written.</param>
public sealed record SchedulerReport(
    int Released = 0, int Raised = 0, int Expired = 0, int Woken = 0, int Counted = 0, int Asked = 0, int Deleted = 0, int Failed = 0);

/// <summary>
/// Every minute: releases what is due, has overdue unknown outcomes reconciled, expires what is past its deadline, and wakes the workers of
/// clients' endpoints that lag, and processors that wished to be. About once an hour it counts what tenants' messages of the last days came
/// to, and has carriers asked for their templates. It goes on with the deletion of people. Of messages to send it only raises a counter in
/// the table; the Dispatcher does the rest. Two runs at once, or one that is cut short, do no harm: each look at a due moment takes effect
/// once.
/// </summary>
public sealed class Function
{
    /// <summary>How soon an unknown outcome is looked at again, at first.</summary>
    private static readonly TimeSpan FirstPause = TimeSpan.FromSeconds(45);

    /// <summary>How soon it is looked at again at the latest.</summary>
    private static readonly TimeSpan LongestPause = TimeSpan.FromMinutes(10);

    /// <summary>With less time left than this, the rest is left to the next run.</summary>
    private static readonly TimeSpan NeededTime = TimeSpan.FromSeconds(3);

    /// <summary>Counting and deleting are left to the next run sooner: they can be long, and nobody waits for them.</summary>
    private static readonly TimeSpan TimeForMore = TimeSpan.FromSeconds(15);

    private readonly MessageStore _messages;
    private readonly BatchStore _batches;
    private readonly EndpointRounds? _rounds;
    private readonly WakeRounds? _wakes;
    private readonly UsageSums? _usage;
    private readonly TemplateRounds? _templates;
    private readonly PersonDeleter? _people;
    private readonly TimeProvider _clock;
    private readonly ILogger _log;

    /// <summary>The function over its settings.</summary>
    /// <param name="settings">The settings.</param>
    public Function(Settings settings)
        : this(new AwsClients(settings), settings.KeepsEvents())
    {
    }

    internal Function(
        MessageStore messages,
        BatchStore batches,
        EndpointRounds? rounds,
        WakeRounds? wakes,
        UsageSums? usage,
        TemplateRounds? templates,
        PersonDeleter? people,
        TimeProvider clock,
        ILogger log) =>
        (_messages, _batches, _rounds, _wakes, _usage, _templates, _people, _clock, _log) =
            (messages, batches, rounds, wakes, usage, templates, people, clock, log);

    private Function(AwsClients aws, bool keepsEvents)
        : this(
            aws.Messages,
            aws.Batches,
            keepsEvents ? aws.Rounds : null,
            aws.WakeRounds,
            aws.UsageSums,
            aws.TemplateRounds,
            aws.PersonDeleter,
            TimeProvider.System,
            JsonLogger.Console)
    {
    }

    /// <summary>Handles a tick of the clock.</summary>
    /// <param name="tick">Not looked at.</param>
    /// <param name="context">Tells how much time is left.</param>
    public async Task<SchedulerReport> HandleAsync(JsonElement tick, ILambdaContext context)
    {
        var reports = await Task.WhenAll(
            [
                .. Enumerable.Range(0, MessageStore.DueShards).Select(shard => RunShardAsync(shard, context)),
                .. _rounds is null
                    ? []
                    : Enumerable.Range(0, EndpointStore.DueShards).Select(shard => RunRoundAsync(_rounds, shard, context)),
                .. _wakes is null
                    ? []
                    : Enumerable.Range(0, DialogStore.WakeShards).Select(shard => RunWakesAsync(_wakes, shard, context)),
                .. _usage is null ? [] : (Task<SchedulerReport>[])[CountAsync(_usage, context)],
                .. _templates is null ? [] : (Task<SchedulerReport>[])[AskAsync(_templates)],
                .. _people is null ? [] : (Task<SchedulerReport>[])[DeleteAsync(_people, context)],
            ]).ConfigureAwait(false);
        var report = new SchedulerReport(
            reports.Sum(r => r.Released), reports.Sum(r => r.Raised), reports.Sum(r => r.Expired),
            reports.Sum(r => r.Woken), reports.Sum(r => r.Counted), reports.Sum(r => r.Asked),
            reports.Sum(r => r.Deleted), reports.Sum(r => r.Failed));
        if (report != new SchedulerReport())
        {
            Log.Ran(
                _log, report.Released, report.Raised, report.Expired, report.Woken, report.Counted, report.Deleted, report.Failed);
        }

        return report;
    }

    private async Task<SchedulerReport> RunShardAsync(int shard, ILambdaContext context)
    {
        var report = new SchedulerReport();
        await foreach (var id in _messages.DueAsync(shard).ConfigureAwait(false))
        {
            if (context.RemainingTime < NeededTime) break;

            try
            {
                report = await LookAsync(id, report).ConfigureAwait(false);
            }
            catch (Exception fault) when (fault is not OutOfMemoryException)
            {
                // One item that cannot be read or written must not keep the others waiting; the next run looks at it again.
                Log.NotLookedAt(_log, fault, id);
                report = report with { Failed = report.Failed + 1 };
            }
        }

        return report;
    }

    private async Task<SchedulerReport> RunRoundAsync(EndpointRounds rounds, int shard, ILambdaContext context)
    {
        var report = new SchedulerReport();
        foreach (var due in await rounds.DueAsync(shard).ConfigureAwait(false))
        {
            if (context.RemainingTime < NeededTime) break;

            try
            {
                report = report with { Woken = report.Woken + await rounds.WakeAsync(due).ConfigureAwait(false) };
            }
            catch (Exception fault) when (fault is not OutOfMemoryException)
            {
                Log.NotLookedAt(_log, fault, due.Id);
                report = report with { Failed = report.Failed + 1 };
            }
        }

        return report;
    }

    private async Task<SchedulerReport> RunWakesAsync(WakeRounds wakes, int shard, ILambdaContext context)
    {
        var report = new SchedulerReport();
        await foreach (var id in wakes.DueAsync(shard).ConfigureAwait(false))
        {
            if (context.RemainingTime < NeededTime) break;

            try
            {
                report = report with { Woken = report.Woken + await wakes.WakeAsync(id).ConfigureAwait(false) };
            }
            catch (Exception fault) when (fault is not OutOfMemoryException)
            {
                Log.NotLookedAt(_log, fault, id);
                report = report with { Failed = report.Failed + 1 };
            }
        }

        return report;
    }

    private async Task<SchedulerReport> CountAsync(UsageSums usage, ILambdaContext context)
    {
        try
        {
            return new(Counted: await usage.RunAsync(() => context.RemainingTime > TimeForMore).ConfigureAwait(false));
        }
        catch (Exception fault) when (fault is not OutOfMemoryException)
        {
            // What was counted is kept, and the rest is due at the next run.
            Log.NotLookedAt(_log, fault, "usage");
            return new(Failed: 1);
        }
    }

    private async Task<SchedulerReport> AskAsync(TemplateRounds templates)
    {
        try
        {
            return new(Asked: await templates.RunAsync().ConfigureAwait(false));
        }
        catch (Exception fault) when (fault is not OutOfMemoryException)
        {
            Log.NotLookedAt(_log, fault, "templates");
            return new(Failed: 1);
        }
    }

    private async Task<SchedulerReport> DeleteAsync(PersonDeleter people, ILambdaContext context)
    {
        try
        {
            return new(Deleted: await people.RunAsync(() => context.RemainingTime > TimeForMore).ConfigureAwait(false));
        }
        catch (Exception fault) when (fault is not OutOfMemoryException)
        {
            // How far it is stands in its item, and the next run goes on with it.
            Log.NotLookedAt(_log, fault, "people");
            return new(Failed: 1);
        }
    }

    private async Task<SchedulerReport> LookAsync(string id, SchedulerReport report)
    {
        var now = _clock.GetUtcNow();
        if (Ids.IsBatch(id)) return await LookAtBatchAsync(id, now, report).ConfigureAwait(false);

        // The index may lag behind: the item decides.
        if (await _messages.FindAsync(id).ConfigureAwait(false) is not { State.DueAt: { } due } record || due > now) return report;

        // Whoever follows the plan decides whether its time has come.
        if (record.Message.Failover is not null)
            return await _messages.WakeAsync(record).ConfigureAwait(false) ? report with { Raised = report.Raised + 1 } : report;

        var waits = record.State.Parts.FirstOrDefault(p => p.Rank.Status < MessageStatus.Sent) is { IsWaiting: true };
        if (waits && record.Status < MessageStatus.Canceled)
        {
            if (now < record.Message.Deadline)
            {
                var isAsked = record.Status == MessageStatus.Scheduled
                    ? await _messages.ReleaseAsync(record).ConfigureAwait(false)
                    : await _messages.WakeAsync(record).ConfigureAwait(false);
                return isAsked ? report with { Released = report.Released + 1 } : report;
            }

            await _messages.CloseAsync(id, MessageStatus.Expired, FailureReason.Expired).ConfigureAwait(false);
            return report with { Expired = report.Expired + 1 };
        }

        if (record.State.Parts.FirstOrDefault(p => p.Rank.Status == MessageStatus.Unknown) is { } unknown)
        {
            var isRaised = await _messages.RaiseAsync(record, NextLook(record.Message, unknown, now)).ConfigureAwait(false);
            return isRaised ? report with { Raised = report.Raised + 1 } : report;
        }

        await _messages.ForgetDueAsync(record).ConfigureAwait(false);
        return report;
    }

    /// <summary>Asks for the next step of a batch whose time has come, or that nobody has moved for a while.</summary>
    private async Task<SchedulerReport> LookAtBatchAsync(string id, DateTimeOffset now, SchedulerReport report) =>
        await _batches.FindAsync(id).ConfigureAwait(false) is { Progress.DueAt: { } due } batch && due <= now
            && await _batches.WakeAsync(batch).ConfigureAwait(false)
                ? report with { Released = report.Released + 1 }
                : report;

    /// <summary>
    /// When to look again should this look come to nothing: after a quarter of the time so far, for evidence may be hours away. At its
    /// deadline at the latest: then it is held.
    /// </summary>
    private static DateTimeOffset NextLook(Message message, PartState unknown, DateTimeOffset now)
    {
        var pause = (now - (unknown.UnknownSince ?? now)) / 4;
        var next = now + (pause < FirstPause ? FirstPause : pause > LongestPause ? LongestPause : pause);
        return now < message.Deadline && message.Deadline < next ? message.Deadline : next;
    }
}
