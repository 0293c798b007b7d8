namespace Omni.Client;

/// <summary>What faults of Omni left behind, for those who look after the installation.</summary>
public sealed class DeadLettersApi
{
    private readonly Transport _api;

    internal DeadLettersApi(Transport api) => _api = api;

    /// <summary>How much there is in each queue, why, and since when, with a sample.</summary>
    /// <param name="queue">Only this queue; null for all.</param>
    /// <param name="cancellation">Stops the call.</param>
    /// <exception cref="OmniException">The API refused.</exception>
    public async Task<IReadOnlyList<DeadLetterQueue>> ListAsync(string? queue = null, CancellationToken cancellation = default)
    {
        var call = Call.Get(new Query("admin", "dead-letters").Add("queue", queue));
        return (await _api.SendAsync(call, OmniJson.Default.PageDeadLetterQueue, cancellation).ConfigureAwait(false)).Data;
    }

    /// <summary>Gives them back their way.</summary>
    /// <param name="request">Which queue, and how many at most.</param>
    /// <param name="cancellation">Stops the call.</param>
    /// <exception cref="OmniException">The API refused.</exception>
    public Task<Redrive> RedriveAsync(RedriveDeadLetters request, CancellationToken cancellation = default) => _api.SendAsync(
        Call.With(HttpMethod.Post, new("admin", "dead-letters", "redrive"), request, OmniJson.Default.RedriveDeadLetters, mayRepeat: false),
        OmniJson.Default.Redrive,
        cancellation);
}
