using Omni.Aws;

namespace Omni.Api;

/// <summary>Where a copy of what was deleted may be, and until when.</summary>
/// <param name="Where">A word for it.</param>
/// <param name="Until">When it is surely gone.</param>
internal sealed record RemnantView(string Where, DateTimeOffset Until)
{
    // No queue keeps a record longer: https://docs.aws.amazon.com/AWSSimpleQueueService/latest/SQSDeveloperGuide/quotas-messages.html
    private static readonly TimeSpan Queues = TimeSpan.FromDays(14);

    // How far back a table can be restored; earlier versions of files are kept shorter, where they are.
    // https://docs.aws.amazon.com/amazondynamodb/latest/developerguide/Point-in-time-recovery.html
    private static readonly TimeSpan Backups = TimeSpan.FromDays(35);

    // The bucket's own rules, where it keeps earlier versions: what could not be read tells nobody whose it is.
    private static readonly TimeSpan Unparsed = TimeSpan.FromDays(120);

    /// <summary>All that nobody can delete of what was deleted at a moment.</summary>
    /// <param name="at">The moment.</param>
    /// <param name="keepsEvents">Whether clients are told of events.</param>
    public static IReadOnlyList<RemnantView> After(DateTimeOffset at, bool keepsEvents) =>
    [
        .. keepsEvents ? [new("events", at + EventLog.Lifetime)] : Array.Empty<RemnantView>(),
        new("queues", at + Queues),
        new("backups", at + Backups),
        new("unparsed", at + Unparsed),
    ];
}
