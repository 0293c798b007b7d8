namespace Omni.Client;

/// <summary>Addresses of yours that are told what happens. What they are sent, <see cref="OmniWebhook"/> verifies.</summary>
public sealed class WebhookEndpointsApi
{
    private readonly Transport _api;

    internal WebhookEndpointsApi(Transport api) => _api = api;

    /// <summary>Makes an endpoint, which is told of what happens from now on.</summary>
    /// <param name="request">The endpoint.</param>
    /// <param name="idempotencyKey">Makes your own repeats safe too, for a day; null for a new one.</param>
    /// <param name="cancellation">Stops the call.</param>
    /// <returns>The endpoint with its secret, which no other answer has.</returns>
    /// <exception cref="OmniException">The API refused.</exception>
    public Task<WebhookEndpoint> CreateAsync(
        NewWebhookEndpoint request, string? idempotencyKey = null, CancellationToken cancellation = default) => _api.SendAsync(
            Call.With(HttpMethod.Post, new("webhook-endpoints"), request, OmniJson.Default.NewWebhookEndpoint).Under(idempotencyKey),
            OmniJson.Default.WebhookEndpoint,
            cancellation);

    /// <summary>Your endpoints.</summary>
    /// <param name="cancellation">Stops the call.</param>
    /// <exception cref="OmniException">The API refused.</exception>
    public async Task<IReadOnlyList<WebhookEndpoint>> ListAsync(CancellationToken cancellation = default) => (await _api
        .SendAsync(Call.Get(new("webhook-endpoints")), OmniJson.Default.PageWebhookEndpoint, cancellation)
        .ConfigureAwait(false)).Data;

    /// <summary>An endpoint, and whether it is told.</summary>
    /// <param name="id">The endpoint.</param>
    /// <param name="cancellation">Stops the call.</param>
    /// <exception cref="OmniException">The API refused.</exception>
    public Task<WebhookEndpoint> GetAsync(string id, CancellationToken cancellation = default) =>
        _api.SendAsync(Call.Get(new("webhook-endpoints", id)), OmniJson.Default.WebhookEndpoint, cancellation);

    /// <summary>Changes an endpoint, or switches it off and on.</summary>
    /// <param name="id">The endpoint.</param>
    /// <param name="change">What becomes otherwise.</param>
    /// <param name="cancellation">Stops the call.</param>
    /// <exception cref="OmniException">The API refused.</exception>
    public Task<WebhookEndpoint> ChangeAsync(string id, WebhookEndpointChange change, CancellationToken cancellation = default) =>
        _api.SendAsync(
            Call.With(HttpMethod.Patch, new("webhook-endpoints", id), change, OmniJson.Default.WebhookEndpointChange),
            OmniJson.Default.WebhookEndpoint,
            cancellation);

    /// <summary>Ends an endpoint.</summary>
    /// <param name="id">The endpoint.</param>
    /// <param name="cancellation">Stops the call.</param>
    /// <exception cref="OmniException">The API refused.</exception>
    public Task DeleteAsync(string id, CancellationToken cancellation = default) =>
        _api.DoAsync(Call.Delete(new("webhook-endpoints", id)), cancellation);

    /// <summary>Posts an event to an endpoint now.</summary>
    /// <param name="id">The endpoint.</param>
    /// <param name="idempotencyKey">Makes your own repeats safe too, for a day; null for a new one.</param>
    /// <param name="cancellation">Stops the call.</param>
    /// <returns>What came of it.</returns>
    /// <exception cref="OmniException">The API refused.</exception>
    public Task<WebhookAttempt> TestAsync(string id, string? idempotencyKey = null, CancellationToken cancellation = default) =>
        _api.SendAsync(
            Call.Post(new("webhook-endpoints", id, "test")).Under(idempotencyKey), OmniJson.Default.WebhookAttempt, cancellation);

    /// <summary>Gives an endpoint a new secret. The one before signs too for a while.</summary>
    /// <param name="id">The endpoint.</param>
    /// <param name="request">For how long; null for 24 hours.</param>
    /// <param name="idempotencyKey">Makes your own repeats safe too, for a day; null for a new one.</param>
    /// <param name="cancellation">Stops the call.</param>
    /// <returns>The endpoint with its secret, which no other answer has.</returns>
    /// <exception cref="OmniException">The API refused.</exception>
    public Task<WebhookEndpoint> RotateSecretAsync(
        string id, RotateWebhookSecret? request = null, string? idempotencyKey = null, CancellationToken cancellation = default)
    {
        var path = new Query("webhook-endpoints", id, "rotate-secret");
        return _api.SendAsync(
            Call.With(HttpMethod.Post, path, request ?? new(), OmniJson.Default.RotateWebhookSecret).Under(idempotencyKey),
            OmniJson.Default.WebhookEndpoint,
            cancellation);
    }

    /// <summary>Tells an endpoint once more of what happened.</summary>
    /// <param name="id">The endpoint.</param>
    /// <param name="request">From when, and up to when.</param>
    /// <param name="idempotencyKey">Makes your own repeats safe too, for a day; null for a new one.</param>
    /// <param name="cancellation">Stops the call.</param>
    /// <exception cref="OmniException">The API refused.</exception>
    public Task<WebhookEndpoint> ReplayAsync(
        string id, ReplayWebhookEndpoint request, string? idempotencyKey = null, CancellationToken cancellation = default)
    {
        var path = new Query("webhook-endpoints", id, "replay");
        return _api.SendAsync(
            Call.With(HttpMethod.Post, path, request, OmniJson.Default.ReplayWebhookEndpoint).Under(idempotencyKey),
            OmniJson.Default.WebhookEndpoint,
            cancellation);
    }

    /// <summary>What came of calling an endpoint: the last success, then all failures of seven days, newest first.</summary>
    /// <param name="id">The endpoint.</param>
    /// <param name="limit">How many a page, 1 to 100; null for 20.</param>
    public Paged<WebhookAttempt> ListAttempts(string id, int? limit = null) => new(
        _api, () => new Query("webhook-endpoints", id, "attempts").Add("limit", limit), OmniJson.Default.PageWebhookAttempt);
}
