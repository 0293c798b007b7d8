namespace Omni.Client;

/// <summary>API keys of your tenant.</summary>
public sealed class KeysApi
{
    private readonly Transport _api;

    internal KeysApi(Transport api) => _api = api;

    /// <summary>All of them, the oldest first, without themselves.</summary>
    /// <param name="cancellation">Stops the call.</param>
    /// <exception cref="OmniException">The API refused.</exception>
    public async Task<IReadOnlyList<ApiKey>> ListAsync(CancellationToken cancellation = default) =>
        (await _api.SendAsync(Call.Get(new("keys")), OmniJson.Default.PageApiKey, cancellation).ConfigureAwait(false)).Data;

    /// <summary>
    /// Makes a key. When the answer is lost this is not repeated by itself, since Omni keeps no key that it could show again: delete what
    /// the list shows, and make another.
    /// </summary>
    /// <param name="request">The key.</param>
    /// <param name="cancellation">Stops the call.</param>
    /// <returns>The key with itself, which no other answer has.</returns>
    /// <exception cref="OmniException">The API refused.</exception>
    public Task<ApiKey> CreateAsync(NewApiKey request, CancellationToken cancellation = default) => _api.SendAsync(
        Call.With(HttpMethod.Post, new("keys"), request, OmniJson.Default.NewApiKey, mayRepeat: false),
        OmniJson.Default.ApiKey,
        cancellation);

    /// <summary>Ends a key, within a minute.</summary>
    /// <param name="id">The key's id.</param>
    /// <param name="cancellation">Stops the call.</param>
    /// <exception cref="OmniException">The API refused.</exception>
    public Task DeleteAsync(string id, CancellationToken cancellation = default) =>
        _api.DoAsync(Call.Delete(new("keys", id)), cancellation);
}
