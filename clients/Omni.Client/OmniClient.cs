using System.Text.Json;

namespace Omni.Client;

/// <summary>
/// A client of Omni's API. It has no state but its connections: one is enough for a program, from as many threads as there are.
/// Calls are repeated by themselves where that is safe: after 429, a fault, or a lost answer, three times at most.
/// </summary>
public sealed class OmniClient : IDisposable
{
    // A connection that lives for ever never hears of a new address.
    private static readonly TimeSpan ConnectionLife = TimeSpan.FromMinutes(5);

    private readonly HttpClient? _own;
    private readonly Transport _api;

    /// <summary>Makes a client.</summary>
    /// <param name="url">Where the API is, without <c>/api/v1</c>.</param>
    /// <param name="apiKey">An API key.</param>
    /// <param name="http">What makes the calls, with your own handlers; null for one of its own. It stays yours to dispose of.</param>
    /// <param name="clock">The time; null for the system's.</param>
    public OmniClient(Uri url, string apiKey, HttpClient? http = null, TimeProvider? clock = null)
    {
        ArgumentNullException.ThrowIfNull(url);
        ArgumentException.ThrowIfNullOrWhiteSpace(apiKey);

        if (http is null)
        {
            // Each call has a time-out of its own; files take as long as they take.
            http = _own = new(new SocketsHttpHandler { PooledConnectionLifetime = ConnectionLife }) { Timeout = Timeout.InfiniteTimeSpan };
        }

        _api = new(http, new(url.AbsoluteUri.TrimEnd('/') + "/"), apiKey, clock ?? TimeProvider.System);
        Messages = new(_api);
        Batches = new(_api);
        Sessions = new(_api);
        Consents = new(_api);
        People = new(_api);
        Media = new(_api, http);
        Carriers = new(_api);
        Events = new(_api);
        WebhookEndpoints = new(_api);
        Senders = new(_api);
        Routes = new(_api);
        Keys = new(_api);
        DeadLetters = new(_api);
    }

    /// <summary>Messages, to people and from them.</summary>
    public MessagesApi Messages { get; }

    /// <summary>One message to many.</summary>
    public BatchesApi Batches { get; }

    /// <summary>Conversations.</summary>
    public SessionsApi Sessions { get; }

    /// <summary>What people said about being written to.</summary>
    public ConsentsApi Consents { get; }

    /// <summary>The deletion of what names a person.</summary>
    public PeopleApi People { get; }

    /// <summary>Files.</summary>
    public MediaApi Media { get; }

    /// <summary>Carriers and their templates.</summary>
    public CarriersApi Carriers { get; }

    /// <summary>What happened, as a feed.</summary>
    public EventsApi Events { get; }

    /// <summary>Addresses of yours that are told what happens.</summary>
    public WebhookEndpointsApi WebhookEndpoints { get; }

    /// <summary>Your own addresses at carriers.</summary>
    public SendersApi Senders { get; }

    /// <summary>Which of your senders a message leaves from when it does not say.</summary>
    public RoutesApi Routes { get; }

    /// <summary>API keys.</summary>
    public KeysApi Keys { get; }

    /// <summary>What faults of Omni left behind.</summary>
    public DeadLettersApi DeadLetters { get; }

    /// <summary>What messages came to, day by day in UTC.</summary>
    /// <param name="from">The first day; null for 29 days before <paramref name="to"/>.</param>
    /// <param name="to">The last day; null for today.</param>
    /// <param name="by">What makes a row, of <see cref="UsageKind"/>; null for a day.</param>
    /// <param name="cancellation">Stops the call.</param>
    /// <exception cref="OmniException">The API refused.</exception>
    public Task<Usage> GetUsageAsync(
        DateOnly? from = null, DateOnly? to = null, string? by = null, CancellationToken cancellation = default) =>
        _api.SendAsync(
            Call.Get(new Query("usage").Add("from", from).Add("to", to).Add("by", by)), OmniJson.Default.Usage, cancellation);

    /// <summary>Whether the API works. It needs no key.</summary>
    /// <param name="deep">Whether tables and queues are asked too.</param>
    /// <param name="cancellation">Stops the call.</param>
    /// <returns>How it is, also when something fails.</returns>
    /// <exception cref="OmniException">The API did not answer.</exception>
    public Task<Health> GetHealthAsync(bool deep = false, CancellationToken cancellation = default) =>
        _api.SendAsync(
            Call.Get(new Query("health").Add("deep", deep ? true : null)) with { TakesUnavailable = true },
            OmniJson.Default.Health,
            cancellation);

    /// <summary>What a kind of problem means, and what to do about it.</summary>
    /// <param name="code">Its code, of <see cref="ProblemCode"/>.</param>
    /// <param name="cancellation">Stops the call.</param>
    /// <exception cref="OmniException">The API refused.</exception>
    public Task<ProblemKind> GetProblemAsync(string code, CancellationToken cancellation = default) =>
        _api.SendAsync(Call.Get(new Query("problems", code)), OmniJson.Default.ProblemKind, cancellation);

    /// <summary>The API's own description, OpenAPI 3.1.</summary>
    /// <param name="cancellation">Stops the call.</param>
    /// <exception cref="OmniException">The API did not answer.</exception>
    public Task<JsonElement> GetOpenApiAsync(CancellationToken cancellation = default) =>
        _api.SendAsync(Call.Get(new Query("openapi.json")), OmniJson.Default.JsonElement, cancellation);

    /// <inheritdoc/>
    public void Dispose() => _own?.Dispose();
}
