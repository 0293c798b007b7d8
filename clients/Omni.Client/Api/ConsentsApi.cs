namespace Omni.Client;

/// <summary>What people said about being written to. The latest word wins, whoever tells it first.</summary>
public sealed class ConsentsApi
{
    private readonly Transport _api;

    internal ConsentsApi(Transport api) => _api = api;

    /// <summary>What is on record, newest first.</summary>
    /// <param name="optedOut">Only opt-outs, or only opt-ins; null for both.</param>
    /// <param name="sender">Only about this address of yours; null for all.</param>
    /// <param name="scope">Only of this scope, <c>everything</c> or <c>marketing</c>; null for both.</param>
    /// <param name="limit">How many a page, 1 to 100; null for 20.</param>
    public Paged<Consent> List(bool? optedOut = null, Address? sender = null, string? scope = null, int? limit = null) => new(
        _api,
        () => new Query("consents").Add("optedOut", optedOut).Add("sender", sender).Add("scope", scope).Add("limit", limit),
        OmniJson.Default.PageConsent);

    /// <summary>What is on record of a person. Nothing means that they did not opt out.</summary>
    /// <param name="person">The person.</param>
    /// <param name="cancellation">Stops the call.</param>
    /// <exception cref="OmniException">The API refused.</exception>
    public Task<PersonConsents> GetAsync(Address person, CancellationToken cancellation = default) =>
        _api.SendAsync(Call.Get(PathOf(person)), OmniJson.Default.PersonConsents, cancellation);

    /// <summary>Records that a person opted out.</summary>
    /// <param name="person">The person.</param>
    /// <param name="optOut">Of what, when, and how you know; null for everything, now.</param>
    /// <param name="cancellation">Stops the call.</param>
    /// <exception cref="OmniException">The API refused.</exception>
    public Task<PersonConsents> OptOutAsync(Address person, OptOut? optOut = null, CancellationToken cancellation = default) =>
        _api.SendAsync(
            Call.With(HttpMethod.Put, PathOf(person), optOut ?? new(), OmniJson.Default.OptOut),
            OmniJson.Default.PersonConsents,
            cancellation);

    /// <summary>Records that a person opted in. It removes nothing.</summary>
    /// <param name="person">The person.</param>
    /// <param name="sender">Your address that it is about; null for all.</param>
    /// <param name="scope"><c>everything</c> (when null) or <c>marketing</c>.</param>
    /// <param name="at">When they said it; null for now.</param>
    /// <param name="evidence">How you know.</param>
    /// <param name="cancellation">Stops the call.</param>
    /// <exception cref="OmniException">The API refused.</exception>
    public Task<PersonConsents> OptInAsync(
        Address person,
        Address? sender = null,
        string? scope = null,
        DateTimeOffset? at = null,
        string? evidence = null,
        CancellationToken cancellation = default) =>
        _api.SendAsync(
            Call.Delete(PathOf(person).Add("sender", sender).Add("scope", scope).Add("at", at).Add("evidence", evidence)),
            OmniJson.Default.PersonConsents,
            cancellation);

    private static Query PathOf(Address person)
    {
        ArgumentNullException.ThrowIfNull(person);
        return new("consents", person.ToString());
    }
}
