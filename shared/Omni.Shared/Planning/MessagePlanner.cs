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
    /// <param name="adapt">Whether content that the carrier does not carry may be degraded by a rule (<see cref="ContentAdapter"/>).</param>
    public static MessagePlan Plan(Message message, bool adapt = false)
    {
        if (CarrierCatalogue.Find(message.Carrier) is not { } carrier)
        {
            return Refuse(new PlanProblem("carrier", "unknown_carrier", "There is no such carrier."));
        }

        if (adapt && !carrier.Carries(message.Content.Type) && ContentAdapter.ToText(message.Content) is { } text)
        {
            message = message with { Content = text, AdaptedFrom = message.Content.Type };
        }

        PlanProblem[] problems =
        [
            .. Addresses(message, carrier),
            .. message.Content switch
            {
                var content when !carrier.Carries(content.Type) =>
                    [new("content.type", "content_not_carried", $"{carrier.Name} does not carry {content.Type.Word()}; it carries {Words(carrier.ContentTypes)}.")],
                TextContent content => Text(content, carrier),
                MediaContent content => Media(content, carrier),
                TemplateContent { Name.Length: 0 } => [new PlanProblem("content.name", "required", "A template needs its name.")],
                _ => Array.Empty<PlanProblem>(),
            },
        ];
        return problems.Length > 0 ? new(null, problems) : new(message with { Parts = Cut(message.Content, carrier) }, []);
    }

    private static MessagePlan Refuse(params PlanProblem[] problems) => new(null, problems);

    private static IEnumerable<PlanProblem> Addresses(Message message, Carrier carrier)
    {
        if (!carrier.To.Contains(message.To.Type))
        {
            yield return new("to", "address_not_carried", $"{carrier.Name} sends to {Words(carrier.To)}, not to {message.To.Type.Word()}.");
        }

        if (!carrier.From.Contains(message.From.Type))
        {
            yield return new("from", "address_not_carried", $"{carrier.Name} sends from {Words(carrier.From)}, not from {message.From.Type.Word()}.");
        }
    }

    private static IEnumerable<PlanProblem> Text(TextContent content, Carrier carrier)
    {
        if (string.IsNullOrWhiteSpace(content.Body)) yield return new("content.body", "required", "The text is empty.");
        else if (CutText(content.Body, carrier).Length > MaxParts)
        {
            yield return new("content.body", "too_long", $"The text needs more than {MaxParts} messages of {carrier.Limits.TextCharacters} characters at {carrier.Name}.");
        }
    }

    private static IEnumerable<PlanProblem> Media(MediaContent content, Carrier carrier)
    {
        if (content.MediaUrl is null == content.MediaId is null)
        {
            yield return new("content.mediaUrl", "required", "Name the file by exactly one of mediaUrl and mediaId.");
        }

        for (var i = 0; i < (content.More?.Count ?? 0); i++)
        {
            var item = content.More![i];
            if (item.MediaUrl is null == item.MediaId is null)
            {
                yield return new($"content.more[{i}].mediaUrl", "required", "Name the file by exactly one of mediaUrl and mediaId.");
            }

            if (BadUrl(item.MediaUrl)) yield return BadUrlProblem($"content.more[{i}].mediaUrl");
        }

        if (BadUrl(content.MediaUrl)) yield return BadUrlProblem("content.mediaUrl");

        if (1 + (content.More?.Count ?? 0) > carrier.Limits.MediaCount)
        {
            yield return new("content.more", "too_many_files", $"{carrier.Name} takes {carrier.Limits.MediaCount} file(s) in one message.");
        }

        if (content.Caption?.Length > carrier.Limits.CaptionCharacters)
        {
            yield return new("content.caption", "too_long", $"{carrier.Name} takes a caption of {carrier.Limits.CaptionCharacters} characters; this has {content.Caption.Length}.");
        }
    }

    // Carriers fetch the file themselves, over https; on one machine the simulators and the files stand on loopback.
    private static bool BadUrl(Uri? url) =>
        url is not null && !(url.IsAbsoluteUri && (url.Scheme == Uri.UriSchemeHttps || (url.Scheme == Uri.UriSchemeHttp && url.IsLoopback)));

    private static PlanProblem BadUrlProblem(string field) => new(field, "invalid_url", "The file's address must be an absolute https URL.");

    private static PlannedPart[] Cut(Content content, Carrier carrier) => content switch
    {
        TextContent text => CutText(text.Body, carrier),
        _ => [new PlannedPart()],
    };

    private static PlannedPart[] CutText(string text, Carrier carrier)
    {
        var pieces = carrier.Limits switch
        {
            { SegmentsPerPart: { } segments } => TextSplitter.SplitBySegments(text, segments),
            { TextCharacters: { } characters } when text.Length > characters => TextSplitter.Split(text, characters),
            _ => [text],
        };
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
            };
        }

        return parts;
    }

    private static string Words<T>(IEnumerable<T> values) where T : struct, Enum => string.Join(", ", values.Select(v => v.Word()));
}
