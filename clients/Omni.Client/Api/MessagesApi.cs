namespace Omni.Client;

/// <summary>Messages, to people and from them.</summary>
public sealed class MessagesApi
{
    // In rising order: a message only ever moves up.
    private static readonly string[] Ranks =
    [
        MessageStatus.Accepted, MessageStatus.Scheduled, MessageStatus.Queued, MessageStatus.Sending, MessageStatus.Unknown,
        MessageStatus.Sent, MessageStatus.Canceled, MessageStatus.Rejected, MessageStatus.Expired, MessageStatus.Failed,
        MessageStatus.Undelivered, MessageStatus.Delivered, MessageStatus.Read,
    ];

    private static readonly TimeSpan LongestPoll = TimeSpan.FromSeconds(20);
    private static readonly TimeSpan BetweenPolls = TimeSpan.FromMilliseconds(250);

    private readonly Transport _api;

    internal MessagesApi(Transport api) => _api = api;

    /// <summary>Sends a message: once, however often the call is repeated.</summary>
    /// <param name="request">The message.</param>
    /// <param name="idempotencyKey">Makes your own repeats safe too; null for a new one.</param>
    /// <param name="cancellation">Stops the call.</param>
    /// <returns>The message as it was taken: Omni answers for it, the carrier does not have it yet.</returns>
    /// <exception cref="OmniException">The API refused.</exception>
    public async Task<Message> SendAsync(SendRequest request, string? idempotencyKey = null, CancellationToken cancellation = default)
    {
        ArgumentNullException.ThrowIfNull(request);
        var call = Call.With(HttpMethod.Post, new("messages", "send"), request, OmniJson.Default.SendRequest).Under(idempotencyKey);
        var taken = await _api.SendAsync(call, OmniJson.Default.Message, cancellation).ConfigureAwait(false);
        return taken with { Content = request.Content, UpdatedAt = taken.CreatedAt };
    }

    /// <summary>What would become of a send. Nothing is sent.</summary>
    /// <param name="request">The message.</param>
    /// <param name="cancellation">Stops the call.</param>
    /// <exception cref="OmniException">The API refused.</exception>
    public Task<Validation> ValidateAsync(SendRequest request, CancellationToken cancellation = default) => _api.SendAsync(
        Call.With(HttpMethod.Post, new("messages", "validate"), request, OmniJson.Default.SendRequest),
        OmniJson.Default.Validation,
        cancellation);

    /// <summary>Messages, newest first.</summary>
    /// <param name="filter">Which; null for all of the last 30 days.</param>
    public Paged<Message> List(MessageFilter? filter = null) =>
        new(_api, (filter ?? new()).ToQuery, OmniJson.Default.PageMessage);

    /// <summary>A message, and what became of it.</summary>
    /// <param name="id">The message.</param>
    /// <param name="cancellation">Stops the call.</param>
    /// <exception cref="OmniException">The API refused.</exception>
    public Task<Message> GetAsync(string id, CancellationToken cancellation = default) =>
        _api.SendAsync(Call.Get(new("messages", id)), OmniJson.Default.Message, cancellation);

    /// <summary>A message's status.</summary>
    /// <param name="id">The message.</param>
    /// <param name="wait">How long the API may hold the answer back, 20 s at most, in whole seconds.</param>
    /// <param name="known">The status that you have: the API waits for another. Null: it waits for a final one.</param>
    /// <param name="cancellation">Stops the call.</param>
    /// <returns>The status; <paramref name="known"/> when nothing changed meanwhile.</returns>
    /// <exception cref="OmniException">The API refused.</exception>
    public async Task<CurrentStatus> GetStatusAsync(
        string id, TimeSpan wait = default, CurrentStatus? known = null, CancellationToken cancellation = default) =>
        (await PollAsync(id, wait, known, cancellation).ConfigureAwait(false)).Status;

    /// <summary>Waits until a message has a status or a higher one, cannot come to have it, or time is over.</summary>
    /// <param name="id">The message.</param>
    /// <param name="status">The status, of <see cref="MessageStatus"/>.</param>
    /// <param name="patience">How long to wait.</param>
    /// <param name="cancellation">Stops waiting.</param>
    /// <returns>The message as it is then: look at its status.</returns>
    /// <exception cref="OmniException">The API refused.</exception>
    public async Task<Message> WaitForAsync(string id, string status, TimeSpan patience, CancellationToken cancellation = default)
    {
        var begun = _api.Clock.GetTimestamp();
        var known = await GetStatusAsync(id, cancellation: cancellation).ConfigureAwait(false);
        while (!HasCome(known, status) && patience - _api.Clock.GetElapsedTime(begun) is { Ticks: > 0 } left)
        {
            var poll = left < LongestPoll ? left : LongestPoll;
            var (now, pause) = await PollAsync(id, poll, known, cancellation).ConfigureAwait(false);

            // Nothing new: the time is over, or the API has no room for calls that wait.
            if (now == known) await Task.Delay(pause ?? BetweenPolls, _api.Clock, cancellation).ConfigureAwait(false);
            known = now;
        }

        return await GetAsync(id, cancellation).ConfigureAwait(false);
    }

    /// <summary>Everything that happened to a message.</summary>
    /// <param name="id">The message.</param>
    /// <param name="cancellation">Stops the call.</param>
    /// <exception cref="OmniException">The API refused.</exception>
    public Task<Timeline> GetTimelineAsync(string id, CancellationToken cancellation = default) =>
        _api.SendAsync(Call.Get(new("messages", id, "timeline")), OmniJson.Default.Timeline, cancellation);

    /// <summary>Takes back what has not left.</summary>
    /// <param name="id">The message.</param>
    /// <param name="cancellation">Stops the call.</param>
    /// <exception cref="OmniException">The API refused: <see cref="ProblemCode.TooLate"/> when the carrier has all of it.</exception>
    public Task<Cancellation> CancelAsync(string id, CancellationToken cancellation = default) =>
        _api.SendAsync(Call.Post(new("messages", id, "cancel")), OmniJson.Default.Cancellation, cancellation);

    /// <summary>Sends a message again that did not arrive: as a new one.</summary>
    /// <param name="id">The message.</param>
    /// <param name="force">Whether to do so although it arrived, still may, or was sent again before.</param>
    /// <param name="idempotencyKey">Makes your own repeats safe too; null for a new one.</param>
    /// <param name="cancellation">Stops the call.</param>
    /// <returns>The new message.</returns>
    /// <exception cref="OmniException">The API refused.</exception>
    public async Task<Message> ResendAsync(
        string id, bool force = false, string? idempotencyKey = null, CancellationToken cancellation = default)
    {
        var path = new Query("messages", id, "resend");
        var call = Call.With(HttpMethod.Post, path, new() { Force = force }, OmniJson.Default.ResendRequest).Under(idempotencyKey);
        var taken = await _api.SendAsync(call, OmniJson.Default.Message, cancellation).ConfigureAwait(false);
        return taken with { UpdatedAt = taken.CreatedAt };
    }

    /// <summary>Tells the carrier that a message from a person was read.</summary>
    /// <param name="id">The message.</param>
    /// <param name="cancellation">Stops the call.</param>
    /// <exception cref="OmniException">The API refused.</exception>
    public Task<ReadAccepted> MarkReadAsync(string id, CancellationToken cancellation = default) =>
        _api.SendAsync(Call.Post(new("messages", id, "read")), OmniJson.Default.ReadAccepted, cancellation);

    /// <summary>Deletes what a message says; that it was, and what became of it, stays.</summary>
    /// <param name="id">The message.</param>
    /// <param name="cancellation">Stops the call.</param>
    /// <exception cref="OmniException">The API refused.</exception>
    public Task<Deletion> DeleteContentAsync(string id, CancellationToken cancellation = default) =>
        _api.SendAsync(Call.Delete(new("messages", id, "content")), OmniJson.Default.Deletion, cancellation);

    private async Task<(CurrentStatus Status, TimeSpan? Pause)> PollAsync(
        string id, TimeSpan wait, CurrentStatus? known, CancellationToken cancellation)
    {
        var seconds = (int)Math.Ceiling(wait.TotalSeconds);
        var path = new Query("messages", id, "status").Add("wait", seconds > 0 ? seconds : null);
        var call = Call.Get(path) with { KnownVersion = known?.Version };
        using var response = await _api.SendAsync(call, cancellation).ConfigureAwait(false);
        var pause = _api.RetryAfter(response);
        if (known is not null && response.StatusCode == System.Net.HttpStatusCode.NotModified) return (known, pause);

        var status = await Transport.ReadAsync(response, OmniJson.Default.CurrentStatus, cancellation).ConfigureAwait(false);
        return (status with { Version = response.Headers.ETag?.ToString() }, pause);
    }

    // A delivered message is final and may still be read; every other final status is the end, as far as anybody can tell.
    private static bool HasCome(CurrentStatus now, string wanted) =>
        Array.IndexOf(Ranks, now.Status) is var rank && rank >= 0 && rank >= Array.IndexOf(Ranks, wanted)
            || (now.Final && now.Status != MessageStatus.Delivered);
}

/// <summary>Which messages to list. What is null leaves nothing out.</summary>
public sealed record MessageFilter
{
    /// <summary>Which way, of <see cref="Omni.Client.Direction"/>.</summary>
    public string? Direction { get; init; }

    /// <summary>The carrier.</summary>
    public string? Carrier { get; init; }

    /// <summary>The status as it is now, of <see cref="MessageStatus"/>.</summary>
    public string? Status { get; init; }

    /// <summary>Who it went to.</summary>
    public Address? To { get; init; }

    /// <summary>Who it came from.</summary>
    public Address? From { get; init; }

    /// <summary>The conversation.</summary>
    public string? ConversationId { get; init; }

    /// <summary>Your reference.</summary>
    public string? ClientReference { get; init; }

    /// <summary>Your word for messages that belong together.</summary>
    public string? Label { get; init; }

    /// <summary>Whether the legs of messages with failover are listed beside them; null for no.</summary>
    public bool? Legs { get; init; }

    /// <summary>At that moment or later; null for 30 days before <see cref="CreatedBefore"/>.</summary>
    public DateTimeOffset? CreatedAfter { get; init; }

    /// <summary>Earlier than that moment; null for now.</summary>
    public DateTimeOffset? CreatedBefore { get; init; }

    /// <summary>How many a page, 1 to 100; null for 20.</summary>
    public int? Limit { get; init; }

    internal Query ToQuery() => new Query("messages")
        .Add("direction", Direction)
        .Add("carrier", Carrier)
        .Add("status", Status)
        .Add("to", To)
        .Add("from", From)
        .Add("conversationId", ConversationId)
        .Add("clientReference", ClientReference)
        .Add("label", Label)
        .Add("legs", Legs)
        .Add("createdAfter", CreatedAfter)
        .Add("createdBefore", CreatedBefore)
        .Add("limit", Limit);
}
