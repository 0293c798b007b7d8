using Omni.Shared;

namespace Omni.Conversations;

/// <summary>What a person wrote, after its carrier's shape has been stripped away.</summary>
public sealed record PersonMessage
{
    /// <summary>What they wrote; of a choice its title, of files their caption. Null for none.</summary>
    public string? Text { get; init; }

    /// <summary>
    /// The id of what they chose: of a button or of a row. Where a menu went to them as text, also when they typed its number or its title.
    /// Null when they chose nothing.
    /// </summary>
    public string? Choice { get; init; }

    /// <summary>The files that came with it, in their order; empty for none.</summary>
    public IReadOnlyList<PersonFile> Media { get; init; } = [];

    /// <summary>The place that they sent; null for none.</summary>
    public LocationContent? Location { get; init; }

    /// <summary>The person.</summary>
    public required Address Sender { get; init; }

    /// <summary>The carrier that it came through, by its id: for records, not to decide by.</summary>
    public required string Channel { get; init; }

    /// <summary>When they wrote it, as far as the carrier tells; else when it reached Omni.</summary>
    public required DateTimeOffset At { get; init; }

    /// <summary>The whole message.</summary>
    public required Message Whole { get; init; }

    /// <summary>Reads a message.</summary>
    /// <param name="heard">What came.</param>
    /// <param name="menu">What the person was last offered.</param>
    /// <param name="linkTo">Makes a link to a kept file.</param>
    internal static PersonMessage Of(TurnCommand.Hear heard, IReadOnlyList<Choice> menu, Func<string, Uri>? linkTo)
    {
        var message = heard.Message;
        var text = TextOf(message.Content);
        return new()
        {
            Text = string.IsNullOrWhiteSpace(text) ? null : text,
            Choice = message.Content is InteractiveContent { Reply: { } reply } ? reply.Id
                : message.Content is TextContent ? Conversations.Menu.Hear(menu, text) : null,
            Media = message.Content is MediaContent media
                ? [.. media.Files.Zip(heard.Files ?? [], (file, state) => PersonFile.Of(file, state, linkTo))]
                : [],
            Location = message.Content as LocationContent,
            Sender = message.From,
            Channel = message.Carrier,
            At = message.SentAt ?? message.CreatedAt,
            Whole = message,
        };
    }

    private static string? TextOf(Content content) => content switch
    {
        TextContent text => text.Body,
        InteractiveContent { Reply: { } reply } => reply.Title,
        MediaContent media => media.Caption,
        UnsupportedContent unsupported => unsupported.Text,
        _ => null,
    };
}

/// <summary>A file that a person sent.</summary>
/// <param name="MediaId">Omni's id of it, <c>med_…</c>, by which a reply can send it on; null when the carrier did not give it out.</param>
/// <param name="Link">Where it can be fetched for an hour; null when it is not kept.</param>
/// <param name="MimeType">Its type, as its bytes tell it, else as the carrier says.</param>
/// <param name="Filename">Its name, where it has one.</param>
/// <param name="Bytes">Its size; null when it is not kept.</param>
public sealed record PersonFile(string? MediaId, Uri? Link, string? MimeType, string? Filename, long? Bytes)
{
    internal static PersonFile Of(MediaItem file, FileState state, Func<string, Uri>? linkTo) => new(
        state.MediaId,
        state.MediaId is { } id ? linkTo?.Invoke(id) : null,
        state.DetectedType ?? state.MimeType ?? file.MimeType,
        file.Filename,
        state.Bytes);
}
