using Omni.Shared;

namespace Omni.Pipeline;

/// <summary>The answer to the wish to fetch a file. The set is closed.</summary>
public abstract record MediaAnswer
{
    private MediaAnswer() { }

    /// <summary>The file is there; whoever gets this reads the bytes and disposes of them.</summary>
    /// <param name="Bytes">The bytes.</param>
    /// <param name="ContentType">Their type as the carrier says; null when it does not.</param>
    /// <param name="Length">How many there are; null when the carrier does not say.</param>
    public sealed record Opened(Stream Bytes, string? ContentType, long? Length) : MediaAnswer, IDisposable
    {
        /// <summary>
        /// The SHA-256 that the carrier gives for them, hex or base64; null when it gives none. The message's own comes first.
        /// </summary>
        public string? Sha256 { get; init; }

        /// <inheritdoc/>
        public void Dispose() => Bytes.Dispose();
    }

    /// <summary>It will not come: deleted, expired, refused.</summary>
    /// <param name="CarrierCode">The carrier's own code, or a word for what happened.</param>
    public sealed record Gone(string CarrierCode) : MediaAnswer;

    /// <summary>Not now.</summary>
    /// <param name="Cause">What kind of hindrance it was.</param>
    /// <param name="CarrierCode">The carrier's own code, or a word for what happened.</param>
    /// <param name="RetryAfter">The wait that the carrier named; null when it named none.</param>
    public sealed record Later(DeferralCause Cause, string CarrierCode, TimeSpan? RetryAfter = null) : MediaAnswer;
}

/// <summary>A file in memory.</summary>
/// <param name="Bytes">The bytes.</param>
/// <param name="ContentType">Their type.</param>
/// <param name="Filename">A name for it.</param>
public sealed record MediaFile(ReadOnlyMemory<byte> Bytes, string ContentType, string Filename);

/// <summary>
/// The files that an outbound message names, by an address of their own or by the id of one that Omni keeps (<c>med_…</c>).
/// </summary>
public interface IOutboundMedia
{
    /// <summary>An address where the carrier can fetch the file: the message's own, or a signed link to Omni's copy.</summary>
    /// <param name="file">The file.</param>
    /// <returns>The address; null when the file is known by an id that is not Omni's.</returns>
    Uri? LinkTo(MediaItem file);

    /// <summary>The file as its carrier takes it, where it was made so; null where it goes as it is named.</summary>
    /// <param name="file">The file.</param>
    PreparedFile? Prepared(MediaItem file) => null;

    /// <summary>The id under which the carrier has a file already; null where it has not, or nobody remembers.</summary>
    /// <param name="file">The file.</param>
    /// <param name="owner">Whose it is at the carrier, such as the number that sends it.</param>
    /// <param name="cancellation">Stops the call.</param>
    Task<string?> FindUploadAsync(MediaItem file, string owner, CancellationToken cancellation) => Task.FromResult<string?>(null);

    /// <summary>Remembers the id under which the carrier has a file, so that a campaign uploads it once.</summary>
    /// <param name="file">The file.</param>
    /// <param name="owner">Whose it is at the carrier.</param>
    /// <param name="id">The carrier's id; null where it has it no more.</param>
    /// <param name="cancellation">Stops the call.</param>
    Task SetUploadAsync(MediaItem file, string owner, string? id, CancellationToken cancellation) => Task.CompletedTask;

    /// <summary>The file's bytes, for carriers that take uploads only.</summary>
    /// <param name="file">The file.</param>
    /// <param name="cancellation">Stops the call.</param>
    /// <returns>The file, or the outcome of a send that cannot have it.</returns>
    Task<(MediaFile? File, SendOutcome? Refusal)> ReadAsync(MediaItem file, CancellationToken cancellation);
}

/// <summary>Knows no files of Omni's: what is used where none are configured.</summary>
internal sealed class NoMedia : IOutboundMedia
{
    public static NoMedia Instance { get; } = new();

    public Uri? LinkTo(MediaItem file) => file.MediaUrl;

    public Task<(MediaFile? File, SendOutcome? Refusal)> ReadAsync(MediaItem file, CancellationToken cancellation) =>
        Task.FromResult<(MediaFile?, SendOutcome?)>((null, new SendOutcome.Rejected(FailureReason.MediaRejected, "media")));
}
