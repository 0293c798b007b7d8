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
