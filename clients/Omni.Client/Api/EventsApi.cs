using System.Runtime.CompilerServices;

namespace Omni.Client;

/// <summary>What happened, as a feed of seven days.</summary>
public sealed class EventsApi
{
    /// <summary>Begins with all that is kept.</summary>
    public const string Earliest = "earliest";

    /// <summary>Begins with what happens from now on.</summary>
    public const string Latest = "latest";

    private const int LongestPollSeconds = 20;

    // A call that waits holds one of the API's executions: where little happens, it is given back now and then.
    private static readonly TimeSpan PauseStep = TimeSpan.FromMilliseconds(250);
    private static readonly TimeSpan LongestPause = TimeSpan.FromSeconds(5);
    private static readonly TimeSpan LongestOutagePause = TimeSpan.FromSeconds(30);

    private readonly Transport _api;

    internal EventsApi(Transport api) => _api = api;

    /// <summary>
    /// Reads what happens, for ever: waits for news, and goes on by itself after faults. To go on where you stopped, keep
    /// <see cref="Event.Cursor"/> of the last event that you have done with; some may come again then, with the ids that they had.
    /// </summary>
    /// <param name="after">A cursor, <see cref="Earliest"/> or <see cref="Latest"/>.</param>
    /// <param name="filter">Which events; null for all.</param>
    /// <param name="cancellation">Ends it.</param>
    /// <exception cref="OmniException">
    /// The API refused: <see cref="ProblemCode.CursorExpired"/> when the cursor is older than the log.
    /// </exception>
    public async IAsyncEnumerable<Event> ReadAsync(
        string after = Latest, EventFilter? filter = null, [EnumeratorCancellation] CancellationToken cancellation = default)
    {
        // The latest is another place a moment later: it is held before anything is waited for.
        for (var (cursor, quiet, failures, poll) = (after, 0, 0, after == Latest ? 0 : LongestPollSeconds); ; poll = LongestPollSeconds)
        {
            (Page<Event> Page, TimeSpan? Pause) read;
            try
            {
                read = await PollAsync(cursor, filter, poll, cancellation).ConfigureAwait(false);
                failures = 0;
            }
            catch (OmniException outage) when (outage.IsRetryable)
            {
                var wait = outage.RetryAfter ?? Transport.Backoff(++failures);
                await PauseAsync(wait, LongestOutagePause, cancellation).ConfigureAwait(false);
                continue;
            }

            for (var i = 0; i < read.Page.Data.Count; i++)
            {
                var isLast = i == read.Page.Data.Count - 1;
                yield return read.Page.Data[i] with { Cursor = isLast ? read.Page.NextCursor : cursor };
            }

            quiet = read.Page.Data.Count > 0 || poll == 0 ? 0 : quiet + 1;
            cursor = read.Page.NextCursor!;
            await PauseAsync(read.Pause ?? PauseStep * quiet, LongestPause, cancellation).ConfigureAwait(false);
        }
    }

    /// <summary>Reads one page.</summary>
    /// <param name="after">A cursor, <see cref="Earliest"/> or <see cref="Latest"/>.</param>
    /// <param name="filter">Which events; null for all.</param>
    /// <param name="wait">How long the API may wait for news, 20 s at most, in whole seconds.</param>
    /// <param name="cancellation">Stops the call.</param>
    /// <exception cref="OmniException">The API refused.</exception>
    public async Task<Page<Event>> PageAsync(
        string after, EventFilter? filter = null, TimeSpan wait = default, CancellationToken cancellation = default) =>
        (await PollAsync(after, filter, (int)Math.Ceiling(wait.TotalSeconds), cancellation).ConfigureAwait(false)).Page;

    private async Task<(Page<Event> Page, TimeSpan? Pause)> PollAsync(
        string after, EventFilter? filter, int wait, CancellationToken cancellation)
    {
        var path = (filter ?? new()).AddTo(new Query("events").Add("after", after)).Add("wait", wait > 0 ? wait : null);
        using var response = await _api.SendAsync(Call.Get(path), cancellation).ConfigureAwait(false);
        var page = await Transport.ReadAsync(response, OmniJson.Default.PageEvent, cancellation).ConfigureAwait(false);
        return (page, _api.RetryAfter(response));
    }

    private Task PauseAsync(TimeSpan wished, TimeSpan longest, CancellationToken cancellation) =>
        Task.Delay(wished < longest ? wished : longest, _api.Clock, cancellation);
}

/// <summary>Which events to read. What is null leaves nothing out. It may change at any time: cursors go past what was left out.</summary>
public sealed record EventFilter
{
    /// <summary>The types, of <see cref="EventType"/>.</summary>
    public IReadOnlyList<string>? Types { get; init; }

    /// <summary>The carrier.</summary>
    public string? Carrier { get; init; }

    /// <summary>The conversation.</summary>
    public string? Conversation { get; init; }

    /// <summary>Whether the events of the legs of messages with failover are shown too; null for no.</summary>
    public bool? Legs { get; init; }

    /// <summary>How many a page, 1 to 100; null for 50.</summary>
    public int? Limit { get; init; }

    internal Query AddTo(Query path) => path
        .Add("types", Types is { Count: > 0 } types ? string.Join(',', types) : null)
        .Add("carrier", Carrier)
        .Add("conversation", Conversation)
        .Add("legs", Legs)
        .Add("limit", Limit);
}
