namespace Omni.Client;

/// <summary>One message to many, released at the pace of the carrier.</summary>
public sealed class BatchesApi
{
    private readonly Transport _api;

    internal BatchesApi(Transport api) => _api = api;

    /// <summary>Sends a message to many: once to each, however often the call is repeated.</summary>
    /// <param name="request">The message, and its recipients.</param>
    /// <param name="idempotencyKey">Makes your own repeats safe too; null for a new one.</param>
    /// <param name="cancellation">Stops the call.</param>
    /// <exception cref="OmniException">The API refused.</exception>
    public Task<BulkAccepted> SendAsync(
        BulkRequest request, string? idempotencyKey = null, CancellationToken cancellation = default) => _api.SendAsync(
            Call.With(HttpMethod.Post, new("messages", "bulk"), request, OmniJson.Default.BulkRequest).Under(idempotencyKey),
            OmniJson.Default.BulkAccepted,
            cancellation);

    /// <summary>Batches, newest first, without their counts.</summary>
    /// <param name="limit">How many a page, 1 to 100; null for 20.</param>
    public Paged<Batch> List(int? limit = null) => new(_api, () => new Query("batches").Add("limit", limit), OmniJson.Default.PageBatch);

    /// <summary>A batch, and how far it is.</summary>
    /// <param name="id">The batch.</param>
    /// <param name="wait">How long the API may wait for its end, 20 s at most, in whole seconds.</param>
    /// <param name="cancellation">Stops the call.</param>
    /// <exception cref="OmniException">The API refused.</exception>
    public Task<Batch> GetAsync(string id, TimeSpan wait = default, CancellationToken cancellation = default)
    {
        var seconds = (int)Math.Ceiling(wait.TotalSeconds);
        var path = new Query("batches", id).Add("wait", seconds > 0 ? seconds : null);
        return _api.SendAsync(Call.Get(path), OmniJson.Default.Batch, cancellation);
    }

    /// <summary>Its messages.</summary>
    /// <param name="id">The batch.</param>
    /// <param name="status">Only those with this status, of <see cref="MessageStatus"/>; null for all.</param>
    /// <param name="limit">How many a page, 1 to 100; null for 20.</param>
    public Paged<Message> ListMessages(string id, string? status = null, int? limit = null) => new(
        _api, () => new Query("batches", id, "messages").Add("status", status).Add("limit", limit), OmniJson.Default.PageMessage);

    /// <summary>Lets a batch rest: nothing more of it is released.</summary>
    /// <param name="id">The batch.</param>
    /// <param name="cancellation">Stops the call.</param>
    /// <exception cref="OmniException">The API refused.</exception>
    public Task<Batch> PauseAsync(string id, CancellationToken cancellation = default) => TurnAsync(id, "pause", cancellation);

    /// <summary>Goes on with a batch that rests.</summary>
    /// <param name="id">The batch.</param>
    /// <param name="cancellation">Stops the call.</param>
    /// <exception cref="OmniException">The API refused.</exception>
    public Task<Batch> ResumeAsync(string id, CancellationToken cancellation = default) => TurnAsync(id, "resume", cancellation);

    /// <summary>Ends a batch: what has not left never will.</summary>
    /// <param name="id">The batch.</param>
    /// <param name="cancellation">Stops the call.</param>
    /// <exception cref="OmniException">The API refused.</exception>
    public Task<Batch> CancelAsync(string id, CancellationToken cancellation = default) => TurnAsync(id, "cancel", cancellation);

    private Task<Batch> TurnAsync(string id, string turn, CancellationToken cancellation) =>
        _api.SendAsync(Call.Post(new("batches", id, turn)), OmniJson.Default.Batch, cancellation);
}
