namespace Omni.Shared;

/// <summary>
/// Where a person came from before they wrote: an advertisement or a page with a link to us. As the carrier tells it; what it leaves out
/// is null.
/// </summary>
public sealed record Referral
{
    /// <summary>The carrier's word for what it was, such as <c>ad</c> or <c>post</c>.</summary>
    public string? SourceType { get; init; }

    /// <summary>The carrier's id of it.</summary>
    public string? SourceId { get; init; }

    /// <summary>Where it can be seen.</summary>
    public string? SourceUrl { get; init; }

    /// <summary>Its headline.</summary>
    public string? Headline { get; init; }

    /// <summary>Its text.</summary>
    public string? Body { get; init; }

    /// <summary>What its picture or film is: the carrier's word, or a media type.</summary>
    public string? MediaType { get; init; }

    /// <summary>Where its picture or film is.</summary>
    public string? MediaUrl { get; init; }

    /// <summary>Where a small picture of its film is.</summary>
    public string? ThumbnailUrl { get; init; }

    /// <summary>The id of the click, to report to the advertiser what came of it.</summary>
    public string? ClickId { get; init; }
}
