namespace Omni.Client;

/// <summary>Your own addresses at carriers.</summary>
public sealed class SendersApi
{
    private readonly Transport _api;

    internal SendersApi(Transport api) => _api = api;

    /// <summary>Those that are registered.</summary>
    /// <param name="carrier">Only this carrier's; null for all.</param>
    /// <param name="tenant">Another tenant's, which only keys of the tenant <c>default</c> may read; null for your own.</param>
    /// <param name="limit">How many a page, 1 to 100; null for 20.</param>
    public Paged<RegisteredSender> List(string? carrier = null, string? tenant = null, int? limit = null) => new(
        _api,
        () => new Query("senders").Add("carrier", carrier).Add("tenant", tenant).Add("limit", limit),
        OmniJson.Default.PageRegisteredSender);

    /// <summary>One of them.</summary>
    /// <param name="carrier">The carrier.</param>
    /// <param name="address">The address.</param>
    /// <param name="cancellation">Stops the call.</param>
    /// <exception cref="OmniException">The API refused.</exception>
    public Task<RegisteredSender> GetAsync(string carrier, Address address, CancellationToken cancellation = default) =>
        _api.SendAsync(Call.Get(PathOf(carrier, address)), OmniJson.Default.RegisteredSender, cancellation);

    /// <summary>Registers one, or says anew all that is so of it.</summary>
    /// <param name="carrier">The carrier.</param>
    /// <param name="address">The address.</param>
    /// <param name="request">What is so of it.</param>
    /// <param name="cancellation">Stops the call.</param>
    /// <exception cref="OmniException">The API refused.</exception>
    public Task<RegisteredSender> PutAsync(
        string carrier, Address address, PutSender request, CancellationToken cancellation = default) => _api.SendAsync(
            Call.With(HttpMethod.Put, PathOf(carrier, address), request, OmniJson.Default.PutSender),
            OmniJson.Default.RegisteredSender,
            cancellation);

    /// <summary>Ends its registration.</summary>
    /// <param name="carrier">The carrier.</param>
    /// <param name="address">The address.</param>
    /// <param name="cancellation">Stops the call.</param>
    /// <exception cref="OmniException">The API refused.</exception>
    public Task DeleteAsync(string carrier, Address address, CancellationToken cancellation = default) =>
        _api.DoAsync(Call.Delete(PathOf(carrier, address)), cancellation);

    private static Query PathOf(string carrier, Address address)
    {
        ArgumentNullException.ThrowIfNull(address);
        return new("senders", carrier, address.ToString());
    }
}
