namespace Omni.Client;

/// <summary>Carriers and their templates.</summary>
public sealed class CarriersApi
{
    private readonly Transport _api;

    internal CarriersApi(Transport api) => _api = api;

    /// <summary>The catalogue: what carriers can do, and their limits.</summary>
    /// <param name="cancellation">Stops the call.</param>
    /// <exception cref="OmniException">The API refused.</exception>
    public async Task<IReadOnlyList<Carrier>> ListAsync(CancellationToken cancellation = default) =>
        (await _api.SendAsync(Call.Get(new("carriers")), OmniJson.Default.PageCarrier, cancellation).ConfigureAwait(false)).Data;

    /// <summary>How a carrier is, what waits for it, and how fast your senders go.</summary>
    /// <param name="id">The carrier.</param>
    /// <param name="cancellation">Stops the call.</param>
    /// <exception cref="OmniException">The API refused.</exception>
    public Task<CarrierStatus> GetStatusAsync(string id, CancellationToken cancellation = default) =>
        _api.SendAsync(Call.Get(new("carriers", id, "status")), OmniJson.Default.CarrierStatus, cancellation);

    /// <summary>Sends nothing through a carrier for now: what is taken waits.</summary>
    /// <param name="id">The carrier.</param>
    /// <param name="request">Why, and until when.</param>
    /// <param name="cancellation">Stops the call.</param>
    /// <exception cref="OmniException">The API refused.</exception>
    public Task<CarrierSwitch> PauseAsync(string id, PauseCarrier request, CancellationToken cancellation = default) => _api.SendAsync(
        Call.With(HttpMethod.Post, new("carriers", id, "pause"), request, OmniJson.Default.PauseCarrier),
        OmniJson.Default.CarrierSwitch,
        cancellation);

    /// <summary>Sends through a carrier again.</summary>
    /// <param name="id">The carrier.</param>
    /// <param name="cancellation">Stops the call.</param>
    /// <exception cref="OmniException">The API refused.</exception>
    public Task<CarrierSwitch> ResumeAsync(string id, CancellationToken cancellation = default) =>
        _api.SendAsync(Call.Post(new("carriers", id, "resume")), OmniJson.Default.CarrierSwitch, cancellation);

    /// <summary>The templates that a carrier has approved, as it told about an hour ago.</summary>
    /// <param name="carrier">The carrier.</param>
    /// <param name="limit">How many a page, 1 to 500; null for 100.</param>
    public Paged<CarrierTemplate> ListTemplates(string carrier, int? limit = null) =>
        new(_api, () => new Query("templates").Add("carrier", carrier).Add("limit", limit), OmniJson.Default.PageCarrierTemplate);
}
