using System.Globalization;
using System.Text.Json.Nodes;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;

namespace Omni.Simulators.MessageBird;

/// <summary>SMS and MMS. https://developers.messagebird.com/api/sms-messaging</summary>
internal sealed class MessageBirdRestApi(MessageBirdAccount account, MessageBirdSends sends, SimulatorOptions options)
{
    private const int MaxRecipients = 50, MaxReference = 128, MaxParts = 9, MaxPage = 100, DefaultPage = 20;

    public void Map(IEndpointRouteBuilder routes)
    {
        foreach (var (path, api)
            in (ReadOnlySpan<(string, MessageBirdKind)>)[("/messages", MessageBirdKind.Sms), ("/mms", MessageBirdKind.Mms)])
        {
            var kind = api;

            // As a delegate: a lambda of one HttpContext would be taken for middleware, and its result dropped.
            routes.MapPost(path, (Delegate)((HttpContext context) =>
                sends.SendAsync(
                    context,
                    kind,
                    request => Check(request, kind, context.Request),
                    message => Show(message, context.Request, StatusCodes.Status201Created))));
            routes.MapGet(path + "/{id}", (string id, HttpRequest request) =>
                account.Messages.Find(id) is { } message && message.Kind == kind
                    ? Show(message, request)
                    : MessageBirdError.NotFound.ToResult());
        }

        routes.MapGet("/messages", (Delegate)List);
        routes.MapGet("/balance", () => Results.Json(new { payment = "prepaid", type = "credits", amount = 12.5 }));
    }

    private (MessageBirdMessage? Message, MessageBirdError? Error) Check(JsonObject request, MessageBirdKind kind, HttpRequest call)
    {
        if (MessageBirdSends.Text(request, "originator") is not { } originator) return (null, MessageBirdError.Missing("originator"));
        if (!IsSender(originator, kind)) return (null, MessageBirdError.Invalid("originator"));

        var recipients = MessageBirdSends.Recipients(request);
        if (recipients.Length is 0 or > MaxRecipients || !recipients.All(IsRecipient)) return (null, MessageBirdError.NoRecipients);

        var body = MessageBirdSends.Text(request, "body");
        var media = request["mediaUrls"] is JsonArray urls ? urls : [];
        if (body is null && (kind is MessageBirdKind.Sms || media.Count == 0)) return (null, MessageBirdError.Missing("body"));
        if (kind is MessageBirdKind.Mms && !media.All(url => MessageBirdSends.IsWebAddress(url?.ToString())))
            return (null, MessageBirdError.Invalid("mediaUrls"));

        var reference = MessageBirdSends.Text(request, "reference");
        var reportUrl = MessageBirdSends.Text(request, "reportUrl");
        if (reference?.Length > MaxReference) return (null, MessageBirdError.Invalid("reference"));
        if (reportUrl is not null && !MessageBirdSends.IsWebAddress(reportUrl)) return (null, MessageBirdError.Invalid("reportUrl"));
        if (request["validity"] is { } validity
            && !(validity is JsonValue number && number.TryGetValue<int>(out var seconds) && seconds > 0))
        {
            return (null, MessageBirdError.Invalid("validity"));
        }

        var datacoding = MessageBirdSends.Text(request, "datacoding") ?? "plain";
        if (datacoding is not ("plain" or "unicode" or "auto")) return (null, MessageBirdError.Invalid("datacoding"));
        var alphabet = kind is MessageBirdKind.Mms ? "unicode" : MessageBirdText.Alphabet(body ?? "", datacoding);
        var parts = kind is MessageBirdKind.Mms ? 1 : MessageBirdText.Parts(body!, alphabet);
        if (parts > MaxParts) return (null, MessageBirdError.Invalid("body"));

        var now = account.Clock.GetUtcNow();
        return (new()
        {
            Id = MessageBirdAccount.NewId(),
            Kind = kind,
            From = originator,
            Recipients = [.. recipients.Select(recipient => new MessageBirdRecipient(recipient.TrimStart('+'), "sent", now))],
            Request = request,
            CreatedAt = now,
            Text = MessageBirdText.Arrives(body ?? "", alphabet),
            Alphabet = alphabet,
            PartCount = parts,
            Reference = reference,

            // Without a reference there are no reports at all. An MMS has no reportUrl of its own: the account's is called.
            ReportUrl = reference is null
                ? null
                : (kind is MessageBirdKind.Sms ? reportUrl : null) ?? MessageBirdSimulator.WebhookUrl(options, call),
        }, null);
    }

    // The number of an MMS is American. https://developers.messagebird.com/api/mms-messaging
    private bool IsSender(string originator, MessageBirdKind kind)
    {
        if (account.Options.Numbers.Contains(originator))
            return kind is MessageBirdKind.Sms || originator is ['1', ..] || originator.Length < 9;
        return kind is MessageBirdKind.Sms
            && originator.Length <= 11
            && originator.All(char.IsAsciiLetterOrDigit)
            && originator.Any(char.IsAsciiLetter);
    }

    private static bool IsRecipient(string text) =>
        text.TrimStart('+') is { Length: >= 7 and <= 17 } digits && digits.All(char.IsAsciiDigit) && digits != MessageBirdNumbers.Nobody;

    private IResult List(HttpRequest request)
    {
        var query = request.Query;
        var limit = int.TryParse(query["limit"], CultureInfo.InvariantCulture, out var asked) ? Math.Clamp(asked, 1, MaxPage) : DefaultPage;
        var from = DateTimeOffset.TryParse(query["from"], CultureInfo.InvariantCulture, out var since) ? since : DateTimeOffset.MinValue;
        MessageBirdMessage[] found =
        [
            .. account.Messages.All().Reverse().Where(message => message.Kind is MessageBirdKind.Sms && message.CreatedAt >= from)
                .Where(message => query["originator"] is not [{ Length: > 0 } originator] || message.From == originator)
                .Where(message =>
                    query["recipient"] is not [{ Length: > 0 } recipient] || message.Recipients.Any(one => one.Number == recipient)),
        ];
        return Results.Json(new JsonObject
        {
            ["offset"] = 0,
            ["limit"] = limit,
            ["count"] = Math.Min(limit, found.Length),
            ["totalCount"] = found.Length,
            ["items"] = new JsonArray([.. found.Take(limit).Select(message => Resource(message, request))]),
        });
    }

    private static IResult Show(MessageBirdMessage message, HttpRequest request, int status = StatusCodes.Status200OK) =>
        Results.Json(Resource(message, request), statusCode: status);

    private static JsonObject Resource(MessageBirdMessage message, HttpRequest call)
    {
        var request = message.Request;
        var items = message.Recipients.Select(recipient => (JsonNode)new JsonObject
        {
            ["recipient"] = long.Parse(recipient.Number, CultureInfo.InvariantCulture),
            ["status"] = recipient.Status,
            ["statusDatetime"] = Time(recipient.StatusAt),
            ["statusErrorCode"] = recipient.ErrorCode,
            ["messagePartCount"] = message.PartCount,
        });
        return new()
        {
            ["id"] = message.Id,
            ["href"] = $"{call.Scheme}://{call.Host}{call.Path}/{message.Id}",
            ["direction"] = "mt",
            ["type"] = MessageBirdSends.Text(request, "type") ?? "sms",
            ["originator"] = message.From,
            ["subject"] = request["subject"]?.DeepClone(),
            ["body"] = message.Text,
            ["mediaUrls"] = request["mediaUrls"]?.DeepClone(),
            ["reference"] = message.Reference,
            ["validity"] = request["validity"]?.DeepClone(),
            ["gateway"] = 10,
            ["typeDetails"] = new JsonObject(),
            ["datacoding"] = message.Alphabet,
            ["mclass"] = 1,
            ["scheduledDatetime"] = null,
            ["createdDatetime"] = Time(message.CreatedAt),
            ["recipients"] = new JsonObject
            {
                ["totalCount"] = message.Recipients.Count,
                ["totalSentCount"] = message.Recipients.Count,
                ["totalDeliveredCount"] = message.Recipients.Count(recipient => recipient.Status is "delivered"),
                ["totalDeliveryFailedCount"] = message.Recipients.Count(recipient => recipient.Status is "delivery_failed"),
                ["items"] = new JsonArray([.. items]),
            },
        };
    }

    private static string Time(DateTimeOffset time) => time.ToString("yyyy-MM-dd'T'HH:mm:sszzz", CultureInfo.InvariantCulture);
}
