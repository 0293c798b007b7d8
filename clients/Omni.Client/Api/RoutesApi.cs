namespace Omni.Client;

/// <summary>Which of your senders a message leaves from when it does not say.</summary>
public sealed class RoutesApi
{
    /// <summary>The version that stands for whatever there is.</summary>
    public const string AnyVersion = "*";

    private readonly Transport _api;

    internal RoutesApi(Transport api) => _api = api;

    /// <summary>Your rules, in their order; none until some are written.</summary>
    /// <param name="cancellation">Stops the call.</param>
    /// <exception cref="OmniException">The API refused.</exception>
    public Task<Routes> GetAsync(CancellationToken cancellation = default) => SendAsync(Call.Get(new("routes")), cancellation);

    /// <summary>Writes your rules, all of them.</summary>
    /// <param name="rules">The rules, in their order.</param>
    /// <param name="version">
    /// The version that they take the place of, as it was read; null where there are none; <see cref="AnyVersion"/> for whatever there is.
    /// </param>
    /// <param name="cancellation">Stops the call.</param>
    /// <exception cref="OmniException">The API refused, as when others were written meanwhile.</exception>
    public Task<Routes> PutAsync(IReadOnlyList<RouteRule> rules, string? version = null, CancellationToken cancellation = default) =>
        SendAsync(
            // Of two that are repeated the second meets the version that the first one made: nobody knows whose it is.
            Call.With(HttpMethod.Put, new("routes"), rules, OmniJson.Default.IReadOnlyListRouteRule, mayRepeat: version == AnyVersion)
                with { ReplacedVersion = version },
            cancellation);

    private async Task<Routes> SendAsync(Call call, CancellationToken cancellation)
    {
        using var response = await _api.SendAsync(call, cancellation).ConfigureAwait(false);
        var rules = await Transport.ReadAsync(response, OmniJson.Default.IReadOnlyListRouteRule, cancellation).ConfigureAwait(false);
        return new(rules, response.Headers.ETag?.ToString() ?? AnyVersion);
    }
}
