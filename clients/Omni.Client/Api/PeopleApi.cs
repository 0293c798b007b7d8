namespace Omni.Client;

/// <summary>The deletion of what names a person.</summary>
public sealed class PeopleApi
{
    private readonly Transport _api;

    internal PeopleApi(Transport api) => _api = api;

    /// <summary>Deletes what names a person up to now, but for what they said about being written to. It goes on by itself.</summary>
    /// <param name="person">The person.</param>
    /// <param name="cancellation">Stops the call, not the deletion.</param>
    /// <returns>How far it is.</returns>
    /// <exception cref="OmniException">The API refused.</exception>
    public Task<PersonDeletion> DeleteAsync(Address person, CancellationToken cancellation = default)
    {
        ArgumentNullException.ThrowIfNull(person);
        return _api.SendAsync(Call.Delete(new("people", person.ToString())), OmniJson.Default.PersonDeletion, cancellation);
    }

    /// <summary>How far the deletion of a person is.</summary>
    /// <param name="person">The person.</param>
    /// <param name="cancellation">Stops the call.</param>
    /// <exception cref="OmniException">The API refused.</exception>
    public Task<PersonDeletion> GetDeletionAsync(Address person, CancellationToken cancellation = default)
    {
        ArgumentNullException.ThrowIfNull(person);
        return _api.SendAsync(Call.Get(new("people", person.ToString(), "deletion")), OmniJson.Default.PersonDeletion, cancellation);
    }
}
