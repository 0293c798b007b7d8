namespace Omni.Shared;

/// <summary>Something about a request that its carrier cannot do.</summary>
/// <param name="Field">The field of the request, as a path such as <c>content.body</c>.</param>
/// <param name="Code">A stable code.</param>
/// <param name="Detail">A sentence that names the carrier's limit.</param>
public sealed record PlanProblem(string Field, string Code, string Detail);

/// <summary>What became of a request when it was planned: a planned message, or what is wrong with it.</summary>
/// <param name="Message">The message with its parts; null when there are problems.</param>
/// <param name="Problems">What is wrong; empty when it was planned.</param>
public sealed record MessagePlan(Message? Message, IReadOnlyList<PlanProblem> Problems);

/// <summary>Checks a message against its carrier's catalogue entry and cuts it into carrier messages, once, at accept.</summary>
public static class MessagePlanner
{
    /// <summary>The most parts of one message.</summary>
    public const int MaxParts = 20;

    /// <summary>Plans a message.</summary>
    /// <param name="message">The message, its addresses normalised.</param>
    /// <param name="adapt">
    /// Whether content that the carrier does not carry may be degraded by a rule (<see cref="ContentAdapter"/>).
    /// </param>
    public static MessagePlan Plan(Message message, bool adapt = false)
    {
        if (CarrierCatalogue.Find(message.Carrier) is not { } carrier)
        {
            return new(null, [new PlanProblem("carrier", "unknown_carrier", "There is no such carrier.")]);
        }

        PlanProblem[] malformed = [.. ContentShape.Problems(message.Content)];
        PlanProblem[] unfit = [.. CarrierFit.Problems(message, carrier)];

        // What is malformed stays so as text; what only this carrier does not take may become something that it does.
        if (malformed.Length == 0 && unfit.Length > 0 && Degraded(message, carrier, adapt) is { } text)
        {
            message = message with { Content = text, AdaptedFrom = message.Content.Type };
            unfit = [.. CarrierFit.Problems(message, carrier)];
        }
        else if (message is { Content: MediaContent, FileLinks: not null })
        {
            message = message with { FileLinks = null }; // the person gets the files
        }

        var parts = malformed.Length + unfit.Length == 0 ? PartCutter.Cut(message.Content, carrier) : [];
        PlanProblem[] problems =
        [
            .. Addresses(message, carrier),
            .. malformed,
            .. unfit,
            .. parts.Length > MaxParts ? [TooLong(message.Content, carrier)] : Array.Empty<PlanProblem>()
        ];
        return problems.Length > 0 ? new(null, problems) : new(message with { Parts = parts }, []);
    }

    /// <summary>A message with what becomes of its files: those that Omni can look at are made into what the carrier takes.</summary>
    /// <param name="message">The planned message.</param>
    public static Message WithFiles(Message message)
    {
        var isOurs = ContentFiles.Of(message.Content).Any(named => named.File.MediaUrl is not null || Ids.IsMedia(named.File.MediaId));
        var isKnown = CarrierCatalogue.Get(message.Carrier).Limits.Files is not null;
        return message with { Media = isOurs && isKnown ? message.Media ?? new() : null };
    }

    private static TextContent? Degraded(Message message, Carrier carrier, bool adapt) => message.Content switch
    {
        // One that is too large, say, is refused: a carrier that carries such files shows them, and a link is not what was asked for.
        MediaContent media => carrier.ContentTypesOf(message.From.Type).Contains(media.Type)
            ? null
            : ContentAdapter.ToText(media, message.Media?.Fallback, message.FileLinks),
        var content => adapt ? ContentAdapter.ToText(content) : null,
    };

    private static IEnumerable<PlanProblem> Addresses(Message message, Carrier carrier)
    {
        if (!carrier.To.Contains(message.To.Type))
        {
            yield return new(
                "to", "address_not_carried", $"{carrier.Name} sends to {carrier.To.Words()}, not to {message.To.Type.Word()}.");
        }

        // A number is a phone address: as a user id it would reach nobody.
        if (message.To is { Type: AddressType.WhatsappUserId, Value: var id } && !IsUserId(id))
        {
            yield return new(
                "to", "invalid_address",
                "A whatsappUserId is two letters for a country, a dot, and letters, digits and dots. A number is a phone.");
        }

        if (!carrier.From.Contains(message.From.Type))
        {
            yield return new(
                "from", "address_not_carried", $"{carrier.Name} sends from {carrier.From.Words()}, not from {message.From.Type.Word()}.");
        }

        if (message.From is { Type: AddressType.SenderPool, Value: var pool } && carrier.SenderPoolForm?.IsOf(pool) == false)
            yield return new("from", "invalid_address", $"At {carrier.Name} a senderPool is {carrier.SenderPoolForm}.");

        if (message.ReplyTo is not null && !carrier.Quotes)
        {
            yield return new("replyTo", "not_carried", $"At {carrier.Name} a message cannot quote another.");
        }
    }

    // https://developers.facebook.com/documentation/business-messaging/whatsapp/business-scoped-user-ids
    private static bool IsUserId(string text) =>
        text is [var first, var second, '.', _, ..]
        && char.IsAsciiLetter(first)
        && char.IsAsciiLetter(second)
        && text.All(c => char.IsAsciiLetterOrDigit(c) || c == '.');

    private static PlanProblem TooLong(Content content, Carrier carrier)
    {
        string?[] limits =
        [
            carrier.Limits.TextCharacters is { } characters ? $"{characters} characters" : null,
            carrier.Limits.TextBytes is { } bytes ? $"{bytes} bytes" : null,
            carrier.Limits.SegmentsPerPart is { } segments ? $"{segments} segments" : null,
        ];
        return new(
            content is MediaContent ? "content.caption" : "content.body", "too_long",
            $"It needs more than {MaxParts} messages of at most {string.Join(" and ", limits.OfType<string>())} at {carrier.Name}.");
    }
}

/// <summary>Cuts content into carrier messages.</summary>
internal static class PartCutter
{
    public static PlannedPart[] Cut(Content content, Carrier carrier) => content switch
    {
        TextContent text => CutText(text.Body, carrier, isCaption: false),
        MediaContent media when FollowsAsText(media, carrier.Limits) =>
            [new PlannedPart(), .. CutText(media.Caption!, carrier, isCaption: true)],
        _ => [new PlannedPart()],
    };

    /// <summary>Whether a file has a caption that this carrier cannot put beside it.</summary>
    public static bool FollowsAsText(MediaContent media, CarrierLimits limits) =>
        !string.IsNullOrEmpty(media.Caption) && limits.CaptionTypes?.Contains(media.Type) == false;

    private static PlannedPart[] CutText(string text, Carrier carrier, bool isCaption)
    {
        var pieces = TextSplitter.Split(text, carrier.Limits);
        var parts = new PlannedPart[pieces.Count];
        for (int i = 0, offset = 0; i < parts.Length; offset += pieces[i].Length, i++)
        {
            var count = carrier.Capabilities.Sms ? SmsText.Count(pieces[i]) : default(SegmentCount?);
            parts[i] = new()
            {
                Offset = offset,
                Length = pieces.Count == 1 ? null : pieces[i].Length,
                Segments = count?.Segments ?? 1,
                Encoding = count?.Encoding,
                IsCaption = isCaption,
            };
        }

        return parts;
    }
}
