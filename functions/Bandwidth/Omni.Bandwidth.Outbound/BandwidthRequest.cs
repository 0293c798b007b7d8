using System.Globalization;
using System.Text.Json.Serialization;
using Omni.Pipeline;
using Omni.Shared;

namespace Omni.Bandwidth.Outbound;

/// <summary>
/// What a part becomes in Bandwidth's JSON. https://dev.bandwidth.com/apis/messaging/#tag/Messages/operation/createMessage
/// </summary>
internal sealed record BandwidthRequest
{
    /// <summary>
    /// Our application. It must be linked to the location of the sender, or some accounts answer 202 and nothing ever follows.
    /// </summary>
    [JsonPropertyName("applicationId")]
    public required string ApplicationId { get; init; }

    /// <summary>The recipient. Several would be one group message, and no bulk send.</summary>
    [JsonPropertyName("to")]
    public required IReadOnlyList<string> To { get; init; }

    /// <summary>The sender.</summary>
    [JsonPropertyName("from")]
    public required string From { get; init; }

    /// <summary>The text; null when there are files alone.</summary>
    [JsonPropertyName("text")]
    public string? Text { get; init; }

    /// <summary>Where Bandwidth fetches the files.</summary>
    [JsonPropertyName("media")]
    public IReadOnlyList<string>? Media { get; init; }

    /// <summary>Our reference; it is in every callback of this message.</summary>
    [JsonPropertyName("tag")]
    public required string Tag { get; init; }

    /// <summary><c>default</c> or <c>high</c>: the order inside the account's queue.</summary>
    [JsonPropertyName("priority")]
    public required string Priority { get; init; }

    /// <summary>What still waits at Bandwidth then, expires there when it would have expired here. RFC 3339.</summary>
    [JsonPropertyName("expiration")]
    public required string Expiration { get; init; }

    /// <summary>The request for a part; null when Bandwidth cannot carry its content.</summary>
    /// <param name="part">The part.</param>
    /// <param name="applicationId">Our application.</param>
    /// <param name="now">The time.</param>
    public static BandwidthRequest? For(OutboundPart part, string applicationId, DateTimeOffset now)
    {
        var message = part.Message;
        var request = new BandwidthRequest
        {
            ApplicationId = applicationId,
            To = [message.To.Value],
            From = message.From.Value,
            Tag = part.Reference.ToString(),
            Priority = message.Priority == Shared.Priority.High ? "high" : "default",
            Expiration = Moment(message.Deadline, now),
        };
        return part.Content switch
        {
            TextContent text => request with { Text = text.Body },

            // Bandwidth fetches the files itself: without an address there is nothing to send. A blank text is refused even beside a file.
            MediaContent media when Files(media, part.Media) is { } files =>
                request with { Text = string.IsNullOrWhiteSpace(media.Caption) ? null : media.Caption, Media = files },
            _ => null,
        };
    }

    // It must lie in the future, and whole seconds are cut off.
    private static string Moment(DateTimeOffset deadline, DateTimeOffset now)
    {
        var soonest = now.AddSeconds(2);
        return (deadline > soonest ? deadline : soonest).UtcDateTime.ToString("yyyy-MM-dd'T'HH:mm:ss'Z'", CultureInfo.InvariantCulture);
    }

    private static string[]? Files(MediaContent media, IOutboundMedia at)
    {
        Uri?[] urls = [.. media.Files.Select(at.LinkTo)];
        string[] known = [.. urls.OfType<Uri>().Select(url => url.OriginalString)];
        return known.Length == urls.Length ? known : null;
    }
}
