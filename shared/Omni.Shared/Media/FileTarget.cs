using System.Globalization;

namespace Omni.Shared;

/// <summary>What one file of a message has to be, for its carrier to take it.</summary>
public sealed record FileTarget
{
    // A message over MMS is more than its files: what stands around them takes some of its bytes.
    private const double ShareOfFiles = 0.95;

    /// <summary>The kind of content that it is sent as.</summary>
    public required ContentType Kind { get; init; }

    /// <summary>What the carrier takes of that kind.</summary>
    public required FileLimits Limits { get; init; }

    /// <summary>
    /// The most bytes that this file may have, beside what <see cref="Limits"/> say: of the message, or as the client wishes.
    /// </summary>
    public long? MostBytes { get; init; }

    /// <summary>The content type that the client wishes; null for the best.</summary>
    public string? Format { get; init; }

    /// <summary>The quality of pictures that are written, 1 to 100.</summary>
    public int Quality { get; init; } = MediaOptions.DefaultQuality;

    /// <summary>
    /// Tells targets apart. The number in front is that of the rules that files are converted by: raise it when they change, and nothing
    /// that was made by older ones is taken any more.
    /// </summary>
    public string Recipe => "1-" + Ids.Hash(
        Kind.Word(),
        string.Join(',', Limits.Types ?? []),
        string.Join(',', (Limits.BytesOf ?? new Dictionary<string, long>()).Select(of => $"{of.Key}={of.Value}")
            .Order(StringComparer.Ordinal)),
        string.Create(
            CultureInfo.InvariantCulture,
            $"{Limits.Bytes},{Limits.StillBytes},{Limits.Side},{Limits.LongestSide},{Limits.PlainColours},{MostBytes},{Format},{Quality}"));

    /// <summary>What a file has to be; null where the carrier takes none of its kind, or nothing is known of what it takes.</summary>
    /// <param name="carrier">The carrier.</param>
    /// <param name="sender">The address that it is sent from.</param>
    /// <param name="kind">The kind of content that it is sent as.</param>
    /// <param name="files">How many files the message has: they share its bytes.</param>
    /// <param name="options">What the client wishes; null for nothing.</param>
    public static FileTarget? Of(Carrier carrier, Address sender, ContentType kind, int files, MediaOptions? options = null)
    {
        if (carrier.Limits.Files?.GetValueOrDefault(kind) is not { } limits) return null;

        // Whoever sends from a pool does not know from which number: then that counts which may send least.
        var ofMessage = carrier.Limits.MessageBytesFrom is { } messages
            ? NumberKinds.Of(sender) is { } number ? messages.GetValueOrDefault(number) : messages.Values.Min()
            : default(long?);
        long? share = ofMessage is > 0 ? (long)(ofMessage.Value * ShareOfFiles / files) : null;
        return new()
        {
            Kind = kind,
            Limits = limits,
            MostBytes = (share, options?.MaxBytes) switch
            {
                ({ } first, { } second) => Math.Min(first, second),
                var (first, second) => first ?? second,
            },
            Format = options?.Format is { } format && FileTypes.KindOf(format) == kind ? format : null,
            Quality = options?.Quality ?? MediaOptions.DefaultQuality,
        };
    }

    /// <summary>The most bytes of a file of a type.</summary>
    /// <param name="type">The content type.</param>
    /// <param name="isStill">Whether it does not move.</param>
    public long LargestOf(string type, bool isStill = true)
    {
        var most = Limits.BytesOf?.TryGetValue(type, out var bytes) == true ? bytes : Limits.Bytes;
        if (isStill && Limits.StillBytes is { } still) most = Math.Min(most, still);
        return MostBytes is { } wished ? Math.Min(most, wished) : most;
    }

    /// <summary>Why a file cannot go as it is; null when it can.</summary>
    /// <param name="facts">What the file is.</param>
    public Misfit? Of(FileFacts facts) => this switch
    {
        _ when Limits.Types?.Contains(facts.Type) == false || (Format is not null && Format != facts.Type) => Misfit.Type,
        _ when facts.Bytes > LargestOf(facts.Type, facts.Frames is null or 1) => Misfit.Bytes,
        _ when Limits.Side is { } side && (facts.Width != side || facts.Height != side) => Misfit.Dimensions,
        _ when Limits.PlainColours && !facts.HasPlainColours => Misfit.Colours,
        _ when facts.VideoCodec is { } video && Limits.VideoCodecs?.Contains(video) == false => Misfit.Codec,
        _ when facts.AudioCodec is { } audio && Limits.AudioCodecs?.Contains(audio) == false => Misfit.Codec,
        _ when Limits.ChannelsOf?.TryGetValue(facts.Type, out var channels) == true && facts.Channels > channels => Misfit.Channels,
        // Of a document all is kept: it may be what the message is about.
        _ when facts.HasMetadata && FileTypes.KindOf(facts.Type) == ContentType.Image && Kind != ContentType.Document => Misfit.Metadata,
        _ => null,
    };
}

/// <summary>Why a file cannot go to a carrier as it is.</summary>
public enum Misfit
{
    /// <summary>The carrier does not take its content type, or the client wishes another.</summary>
    Type,

    /// <summary>It has too many bytes.</summary>
    Bytes,

    /// <summary>It is not as wide and high as it must be.</summary>
    Dimensions,

    /// <summary>Its colours are none that the carrier shows.</summary>
    Colours,

    /// <summary>What is in it is not what the carrier plays.</summary>
    Codec,

    /// <summary>Its sound has too many channels.</summary>
    Channels,

    /// <summary>It tells more than what is seen, such as where it was taken.</summary>
    Metadata,
}
