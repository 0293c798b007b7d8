namespace Omni.Client;

/// <summary>What is known of a file.</summary>
public sealed record MediaFacts
{
    /// <summary>The same bytes of yours have the same id. It can be sent as mediaId.</summary>
    public required string Id { get; init; }

    /// <summary>Its type: by its first bytes, where these tell it.</summary>
    public required string ContentType { get; init; }

    /// <summary>Its size in bytes.</summary>
    public required long Bytes { get; init; }

    /// <summary>The SHA-256 of its bytes, as lower-case hex.</summary>
    public string? Sha256 { get; init; }

    /// <summary>When it was kept last.</summary>
    public required DateTimeOffset StoredAt { get; init; }

    /// <summary>When it goes, or within two days after.</summary>
    public required DateTimeOffset ExpiresAt { get; init; }

    /// <summary>Where it is read.</summary>
    public required MediaFactsLinks Links { get; init; }
}

/// <summary>Where a file is read.</summary>
public sealed record MediaFactsLinks
{
    /// <summary>Leads to its bytes.</summary>
    public required string Self { get; init; }

    /// <summary>What is known of it.</summary>
    public required string Facts { get; init; }
}

/// <summary>A file to upload.</summary>
public sealed record NewUpload
{
    /// <summary>Just how many the file has.</summary>
    public required long Bytes { get; init; }

    /// <summary>Its type, such as video/mp4.</summary>
    public required string ContentType { get; init; }
}

/// <summary>Where and how to put a file.</summary>
public sealed record Upload
{
    /// <summary>It cannot be sent: the file has its id when it is complete.</summary>
    public required string Id { get; init; }

    /// <summary>Where to PUT the file, whoever has it. Leave the API key out.</summary>
    public required Uri Url { get; init; }

    /// <summary>The request's headers. They are signed: with others it is refused.</summary>
    public required IReadOnlyDictionary<string, string> Headers { get; init; }

    /// <summary>Until when the PUT can be begun.</summary>
    public required DateTimeOffset ExpiresAt { get; init; }

    /// <summary>Where it is read.</summary>
    public required UploadLinks Links { get; init; }
}

/// <summary>What follows.</summary>
public sealed record UploadLinks
{
    /// <summary>Where to say that it was put.</summary>
    public required string Complete { get; init; }
}

/// <summary>
/// What is wished for the files of a message. Left out, each is looked at before the carrier is called, and converted where the carrier
/// would not take it as it is.
/// </summary>
public sealed record MediaOptions
{
    /// <summary>never: files go as they are named, and what is wrong with one shows when the carrier has it.</summary>
    public string? Convert { get; init; }

    /// <summary>The most bytes of each file, where that is fewer than the carrier takes.</summary>
    public long? MaxBytes { get; init; }

    /// <summary>
    /// The content type that files of its kind are to have: one that the carrier takes. Left out: the best that it takes.
    /// </summary>
    public string? Format { get; init; }

    /// <summary>The quality of pictures that are written.</summary>
    public int? Quality { get; init; }

    /// <summary>How long it may take to fetch and convert a file. Above it the message is rejected with media_timeout.</summary>
    public int? TimeoutSeconds { get; init; }

    /// <summary>
    /// What goes where the carrier carries no files of this kind: <c>refuse</c>, <c>link</c> (the caption, with links under which the
    /// person finds them) or <c>text</c> (the caption alone).
    /// </summary>
    public string? Fallback { get; init; }
}

/// <summary>Where a person finds a file that their carrier does not carry.</summary>
public sealed record FileLink
{
    /// <summary>The address in the text.</summary>
    public required Uri Url { get; init; }

    /// <summary>The file, where it is one that Omni keeps.</summary>
    public string? MediaId { get; init; }

    /// <summary>Where the file lies, where it is not.</summary>
    public Uri? MediaUrl { get; init; }
}

/// <summary>A file as its carrier takes it. Empty: it goes as it is named.</summary>
public sealed record PreparedFile
{
    /// <summary>The id of the file that goes: GET /media/{id} gives it.</summary>
    public string? MediaId { get; init; }

    /// <summary>Its type.</summary>
    public string? MimeType { get; init; }

    /// <summary>Its size in bytes.</summary>
    public long? Bytes { get; init; }

    /// <summary>The content type that it had; missing where it is as it was.</summary>
    public string? ConvertedFrom { get; init; }

    /// <summary>Whether it is a voice message.</summary>
    public bool? Voice { get; init; }
}
