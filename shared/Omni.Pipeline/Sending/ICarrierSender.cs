using Omni.Aws;
using Omni.Shared;

namespace Omni.Pipeline;

/// <summary>One part of a message on its way to the carrier.</summary>
/// <param name="Message">The message.</param>
/// <param name="Index">Which part, from 0.</param>
/// <param name="Reference">Our reference to this attempt, to travel in the field that the carrier gives back.</param>
public sealed record OutboundPart(Message Message, int Index, AttemptReference Reference)
{
    /// <summary>What this part carries: the message's content, its piece of a long text, or the caption that follows a file.</summary>
    public Content Content => (Message.Content, Message.Parts[Index]) switch
    {
        (MediaContent media, { IsCaption: true } piece) => new TextContent { Body = piece.Slice(media.Caption ?? "") },
        (MediaContent media, _) when Message.Parts.Any(p => p.IsCaption) => media with { Caption = null },
        (TextContent text, { Length: not null } piece) => new TextContent { Body = piece.Slice(text.Body) },
        var (content, _) => content,
    };

    /// <summary>The files that messages name, for a carrier that wants them at another address or as bytes.</summary>
    public IOutboundMedia Media { get; init; } = NoMedia.Instance;

    /// <summary>
    /// Reads the conversation that the message belongs to: one call, so only where the carrier needs it. Null: there is none yet.
    /// </summary>
    public Func<CancellationToken, Task<Session?>> FindSessionAsync { get; init; } = _ => Task.FromResult<Session?>(null);

    /// <summary>
    /// Whether the request may have left: from here on a lost answer is unknown, not deferred. <see cref="CarrierHttp"/> sets it.
    /// </summary>
    public bool HasLeft { get; internal set; }
}

/// <summary>Makes one attempt at sending one part through one carrier. Retrying belongs to the queue.</summary>
public interface ICarrierSender
{
    /// <summary>
    /// Sends a part. Calls that only prepare it (a token, an upload) go through <see cref="CarrierHttp.CallAsync"/>: what they throw, and
    /// the end of the time, puts the part off.
    /// </summary>
    /// <param name="part">The part.</param>
    /// <param name="cancellation">Ends the attempt; its outcome is then unknown, or deferred if nothing has left.</param>
    /// <returns>What the carrier did. Other exceptions are bugs.</returns>
    Task<SendOutcome> SendAsync(OutboundPart part, CancellationToken cancellation);
}

/// <summary>What a carrier shows of a part whose answer was lost. Nothing at all is the answer that it was not taken.</summary>
/// <param name="Ids">The carrier's ids of what is this part, likeliest first; some may be other messages of ours.</param>
public sealed record LookupAnswer(params IReadOnlyList<string> Ids)
{
    /// <summary>
    /// The ids of what may be it although it says something else, for the carrier may show it otherwise than it was sent. While one of them
    /// is no other message of ours, nothing is proven.
    /// </summary>
    public IReadOnlyList<string> Doubtful { get; init; } = [];
}

/// <summary>A carrier where one can look up what became of a part whose answer was lost.</summary>
public interface ICarrierLookup
{
    /// <summary>Finds messages at the carrier that may be this part.</summary>
    /// <param name="part">The part; its reference names the attempt whose answer was lost.</param>
    /// <param name="since">When that attempt began.</param>
    /// <param name="cancellation">Stops the call.</param>
    /// <returns>What the carrier shows; null when what it can show does not tell.</returns>
    /// <exception cref="HttpRequestException">The carrier did not answer.</exception>
    Task<LookupAnswer?> FindAsync(OutboundPart part, DateTimeOffset since, CancellationToken cancellation);
}

/// <summary>
/// A carrier whose inbound files can be fetched. Each is fetched soon after it came: carriers keep them for hours or days.
/// </summary>
public interface ICarrierMedia
{
    /// <summary>Begins to fetch a file with the carrier's credentials, which go to the carrier's own hosts only.</summary>
    /// <param name="file">The file as the inbound message names it.</param>
    /// <param name="cancellation">Stops the call.</param>
    /// <returns>The file, its bytes still to be read, or why there is none.</returns>
    Task<MediaAnswer> OpenAsync(MediaItem file, CancellationToken cancellation);
}

/// <summary>A carrier that lists the templates that it has approved.</summary>
public interface ICarrierTemplates
{
    /// <summary>Lists all that may be sent.</summary>
    /// <param name="cancellation">Stops the call.</param>
    /// <returns>The templates; null where it is not set up to be asked.</returns>
    /// <exception cref="HttpRequestException">The carrier did not answer, or not with templates.</exception>
    Task<IReadOnlyList<CarrierTemplate>?> ListAsync(CancellationToken cancellation);
}

/// <summary>A carrier that can be told that an inbound message was read. Telling it twice changes nothing.</summary>
public interface ICarrierReadMarker
{
    /// <summary>Tells it.</summary>
    /// <param name="inbound">The message that was read.</param>
    /// <param name="cancellation">Stops the call.</param>
    Task<SendOutcome> MarkReadAsync(Message inbound, CancellationToken cancellation);
}
