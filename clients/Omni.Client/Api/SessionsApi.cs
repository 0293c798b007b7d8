namespace Omni.Client;

/// <summary>Conversations: a carrier, one of your addresses, and a person's.</summary>
public sealed class SessionsApi
{
    private readonly Transport _api;

    internal SessionsApi(Transport api) => _api = api;

    /// <summary>Conversations, by the last day on which the person wrote, newest first.</summary>
    /// <param name="carrier">Only this carrier's; null for all.</param>
    /// <param name="person">Only this person's, under every address that carriers named them by; null for everybody's.</param>
    /// <param name="open">Only those whose person may be written to freely now, or only the others; null for both.</param>
    /// <param name="limit">How many a page, 1 to 100; null for 20.</param>
    public Paged<Session> List(string? carrier = null, Address? person = null, bool? open = null, int? limit = null) => new(
        _api,
        () => new Query("sessions").Add("carrier", carrier).Add("person", person).Add("open", open).Add("limit", limit),
        OmniJson.Default.PageSession);

    /// <summary>A conversation, and whether its reply window is open.</summary>
    /// <param name="id">The conversation.</param>
    /// <param name="cancellation">Stops the call.</param>
    /// <exception cref="OmniException">The API refused.</exception>
    public Task<Session> GetAsync(string id, CancellationToken cancellation = default) =>
        _api.SendAsync(Call.Get(new("sessions", id)), OmniJson.Default.Session, cancellation);

    /// <summary>Its messages, newest first.</summary>
    /// <param name="id">The conversation.</param>
    /// <param name="limit">How many a page, 1 to 100; null for 20.</param>
    public Paged<Message> ListMessages(string id, int? limit = null) =>
        new(_api, () => new Query("sessions", id, "messages").Add("limit", limit), OmniJson.Default.PageMessage);

    /// <summary>
    /// Gives a conversation to people: its processor has no turns from then on. Once, however often the call is repeated.
    /// </summary>
    /// <param name="id">The conversation.</param>
    /// <param name="request">Why, and for how long.</param>
    /// <param name="cancellation">Stops the call.</param>
    /// <exception cref="OmniException">The API refused.</exception>
    public Task<Session> HandOffAsync(string id, HandOffSession request, CancellationToken cancellation = default) => _api.SendAsync(
        Call.With(HttpMethod.Post, new("sessions", id, "handOff"), request, OmniJson.Default.HandOffSession),
        OmniJson.Default.Session,
        cancellation);

    /// <summary>Gives a conversation back to its processor.</summary>
    /// <param name="id">The conversation.</param>
    /// <param name="cancellation">Stops the call.</param>
    /// <exception cref="OmniException">The API refused.</exception>
    public Task<Session> ResumeAsync(string id, CancellationToken cancellation = default) =>
        _api.SendAsync(Call.Post(new("sessions", id, "resume")), OmniJson.Default.Session, cancellation);

    /// <summary>Answers in a conversation: once, however often the call is repeated.</summary>
    /// <param name="id">The conversation.</param>
    /// <param name="request">The answer.</param>
    /// <param name="idempotencyKey">Makes your own repeats safe too; null for a new one.</param>
    /// <param name="cancellation">Stops the call.</param>
    /// <exception cref="OmniException">The API refused.</exception>
    public async Task<Message> AnswerAsync(
        string id, AnswerRequest request, string? idempotencyKey = null, CancellationToken cancellation = default)
    {
        ArgumentNullException.ThrowIfNull(request);
        var path = new Query("sessions", id, "messages");
        var call = Call.With(HttpMethod.Post, path, request, OmniJson.Default.AnswerRequest).Under(idempotencyKey);
        var taken = await _api.SendAsync(call, OmniJson.Default.Message, cancellation).ConfigureAwait(false);
        return taken with { Content = request.Content, UpdatedAt = taken.CreatedAt };
    }
}
