namespace Omni.Shared;

/// <summary>What is remembered of a file that was fetched, or of what was made of one.</summary>
public sealed record KnownFile
{
    /// <summary>Omni's id of the file as it lay at its address, or of what was made of it; null where there is none.</summary>
    public string? MediaId { get; init; }

    /// <summary>Its content type.</summary>
    public string? Type { get; init; }

    /// <summary>How many bytes it has.</summary>
    public long? Bytes { get; init; }

    /// <summary>The content type that it was made from; null where it is as it was.</summary>
    public string? From { get; init; }

    /// <summary>Whether it is a voice message.</summary>
    public bool? Voice { get; init; }

    /// <summary>The code of why there is none; null where there is one.</summary>
    public string? Code { get; init; }

    /// <summary>The same in words.</summary>
    public string? Detail { get; init; }
}
