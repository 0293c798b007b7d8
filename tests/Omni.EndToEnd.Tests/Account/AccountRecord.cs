using System.Collections.Concurrent;
using Omni.Local;
using Omni.Local.Account;

namespace Omni.EndToEnd.Tests;

/// <summary>
/// What the functions of one host asked of AWS while the tests ran: of each thing that a function did, the first request.
/// </summary>
internal sealed class AccountRecord
{
    private static readonly ConcurrentBag<AccountRecord> Made = [];

    // Which resources are encrypted makes no difference to which requests are alike.
    private static readonly AccessReader Reader = new(new Dictionary<string, string>());

    private readonly ConcurrentDictionary<(string AccessKey, string Accesses), AwsCall> _calls = new();
    private LocalHost? _host;

    /// <summary>The records of all hosts that have started.</summary>
    public static IReadOnlyList<AccountRecord> All => [.. Made.Where(record => record._host is not null)];

    public LocalHost Host => _host!;

    /// <summary>The requests, each different from the others in what it needs.</summary>
    public IEnumerable<AwsCall> Calls => _calls.Values;

    public void BelongsTo(LocalHost host)
    {
        _host = host;
        Made.Add(this);
    }

    public AwsHandler Around(AwsHandler next) => (call, cancellation) =>
    {
        _calls.TryAdd(
            (call.AccessKey, string.Join('\n', Reader.Of(call))), call.Service == "s3" ? call with { Body = [] } : call);
        return next(call, cancellation);
    };
}
