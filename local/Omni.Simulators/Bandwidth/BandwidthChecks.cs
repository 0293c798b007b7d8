using System.Globalization;
using System.Text.RegularExpressions;

namespace Omni.Simulators.Bandwidth;

/// <summary>
/// What Bandwidth looks at before it takes a message: https://dev.bandwidth.com/apis/messaging/#tag/Messages/operation/createMessage
/// </summary>
internal static partial class BandwidthChecks
{
    private const int MaxText = 2048, MaxMedia = 10, MaxUrl = 4096, MaxTag = 1024, MaxParticipants = 10;

    /// <summary>Everything that is wrong with a submission.</summary>
    public static IReadOnlyList<BandwidthFieldError> Problems(BandwidthSend send, BandwidthOptions options, DateTimeOffset now)
    {
        BandwidthFieldError[] misshapen =
            [.. send.Misshapen().Select(name => new BandwidthFieldError(name, $"'{name}' has the wrong type"))];
        return misshapen.Length > 0 ? misshapen : [.. Addresses(send), .. Content(send), .. Settings(send, options, now)];
    }

    private static IEnumerable<BandwidthFieldError> Addresses(BandwidthSend send)
    {
        switch (send.To)
        {
            case null or []:
                yield return new("to", "'to' must not be empty");
                break;
            case { Count: > MaxParticipants }:
                yield return new("to", $"'to' must have at most {MaxParticipants} numbers");
                break;
            case var to when to.Distinct(StringComparer.Ordinal).Count() != to.Count:
                yield return new("to", "'to' must not name a number twice");
                break;
            case var to when to.FirstOrDefault(number => !Number().IsMatch(number)) is { } wrong:
                yield return new("to", $"'{wrong}' must be replaced with a valid E164 formatted telephone number");
                break;
        }

        if (send.From is null or "") yield return new("from", "'from' must not be empty");
        else if (!Sender().IsMatch(send.From))
            yield return new("from", $"'{send.From}' must be replaced with a valid E164 formatted telephone number");
    }

    private static IEnumerable<BandwidthFieldError> Content(BandwidthSend send)
    {
        if (string.IsNullOrWhiteSpace(send.Text) && (send.Text is not null || send.Media.Count == 0))
            yield return new("text", "'text' must not be blank when there is no media");
        if (send.Text?.Length > MaxText) yield return new("text", $"'text' must have at most {MaxText} characters");
        if (send.Media.Count > MaxMedia) yield return new("media", $"'media' must have at most {MaxMedia} files");
        if (!send.Media.All(IsWebUrl)) yield return new("media", "'media' must hold valid URLs");
    }

    private static IEnumerable<BandwidthFieldError> Settings(BandwidthSend send, BandwidthOptions options, DateTimeOffset now)
    {
        if (send.ApplicationId is null or "") yield return new("applicationId", "'applicationId' must not be empty");
        else if (send.ApplicationId != options.ApplicationId) yield return new("applicationId", "'applicationId' is not valid");
        if (send.Tag?.Length > MaxTag) yield return new("tag", $"'tag' must have at most {MaxTag} characters");
        if (send.Priority is not (null or "default" or "high")) yield return new("priority", "'priority' must be default or high");
        if (send.Expiration is { } text && !(Moment().IsMatch(text) && DateTimeOffset.Parse(text, CultureInfo.InvariantCulture) > now))
        {
            yield return new("expiration", "'expiration' must be a moment in the future, by RFC 3339");
        }
    }

    private static bool IsWebUrl(string text) =>
        text.Length <= MaxUrl && Uri.TryCreate(text, UriKind.Absolute, out var url) && url.Scheme is "http" or "https";

    [GeneratedRegex(@"^\+[1-9]\d{6,14}\z", RegexOptions.CultureInvariant)]
    private static partial Regex Number();

    // A number, a short code, or a name of up to eleven characters with a letter in it.
    [GeneratedRegex(@"^(\+[1-9]\d{6,14}|\d{3,8}|(?=.*[A-Za-z])[A-Za-z0-9 +_&-]{1,11})\z", RegexOptions.CultureInvariant)]
    private static partial Regex Sender();

    [GeneratedRegex(@"^\d{4}-\d\d-\d\dT([01]\d|2[0-3]):[0-5]\d:[0-5]\d(\.\d{1,9})?(Z|[+-]\d\d:\d\d)\z", RegexOptions.CultureInvariant)]
    private static partial Regex Moment();
}
