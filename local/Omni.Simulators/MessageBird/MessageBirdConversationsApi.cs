using System.Text.Json.Nodes;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;

namespace Omni.Simulators.MessageBird;

/// <summary>The Conversations API, under <c>/v1</c>. https://developers.messagebird.com/api/conversations</summary>
internal sealed class MessageBirdConversationsApi(
    MessageBirdAccount account, MessageBirdSends sends, MessageBirdWebhooks webhooks, BackgroundWork background, SimulatorOptions options)
{
    public void Map(IEndpointRouteBuilder routes)
    {
        // As a delegate: a lambda of one HttpContext would be taken for middleware, and its result dropped.
        routes.MapPost("/v1/send", (Delegate)((HttpContext context) => sends.SendAsync(
            context,
            MessageBirdKind.Conversation,
            request => Check(request, context.Request),
            message => Accept(message, context.Request))));
        routes.MapGet(
            "/v1/messages/{id}",
            (string id) => Find(id) is { } message ? Results.Json(Show(message)) : MessageBirdError.NotFound.ToResult());
        routes.MapGet("/v1/messages", (string ids) => Results.Json(new JsonObject
        {
            ["items"] = new JsonArray([.. ids.Split(',').Select(Find).OfType<MessageBirdMessage>().Select(Show)]),
        }));
    }

    private IResult Accept(MessageBirdMessage message, HttpRequest call)
    {
        // Messages that we sent are created too: the channel's webhook hears of them as of any other.
        var url = MessageBirdSimulator.WebhookUrl(options, call);
        var created = MessageBirdConversation.Event(account, "message.created", message, "accepted", errorCode: null).ToJsonString();
        background.Run(cancellation => webhooks.PostAsync(url, created, MessageBirdWebhooks.Json, cancellation));
        return Results.Json(new { id = message.Id, status = "accepted" }, statusCode: StatusCodes.Status202Accepted);
    }

    private (MessageBirdMessage? Message, MessageBirdError? Error) Check(JsonObject request, HttpRequest call)
    {
        if (MessageBirdSends.Text(request, "to") is not { } to) return (null, MessageBirdError.Missing("to"));
        if (!IsPhone(to) || to.TrimStart('+') == MessageBirdNumbers.Nobody) return (null, MessageBirdError.Invalid("to"));
        if (MessageBirdSends.Text(request, "from") is not { } from) return (null, MessageBirdError.Missing("from"));
        if (account.ChannelOf(from) is null)
            return (null, MessageBirdError.NotFound with { Description = "channel not found", Parameter = "from" });
        if (MessageBirdSends.Text(request, "type") is not { } type) return (null, MessageBirdError.Missing("type"));
        if (request["content"] is not JsonObject content) return (null, MessageBirdError.Missing("content"));
        if (MessageBirdSends.Text(request, "reportUrl") is { } url && !MessageBirdSends.IsWebAddress(url))
            return (null, MessageBirdError.Invalid("reportUrl"));

        var problem = type switch
        {
            "text" => MessageBirdSends.Text(content, "text") is null ? "content.text" : null,
            "image" or "video" or "audio" or "file" =>
                content[type] is JsonObject file && MessageBirdSends.IsWebAddress(MessageBirdSends.Text(file, "url"))
                    ? null
                    : $"content.{type}.url",
            "location" => content["location"] is JsonObject place && IsNumber(place["latitude"]) && IsNumber(place["longitude"])
                ? null
                : "content.location",
            "hsm" => content["hsm"] is JsonObject template ? Template(template) : "content.hsm",
            _ => "type",
        };
        if (problem is not null) return (null, MessageBirdError.Invalid(problem));

        var now = account.Clock.GetUtcNow();
        return (new()
        {
            Id = MessageBirdAccount.NewId(),
            Kind = MessageBirdKind.Conversation,
            From = from,
            Recipients = [new(to.TrimStart('+'), "accepted", now)],
            Request = request,
            CreatedAt = now,
            Text = type switch
            {
                "text" => MessageBirdSends.Text(content, "text")!,
                "hsm" => Render((JsonObject)content["hsm"]!),
                _ => content[type] is JsonObject file ? MessageBirdSends.Text(file, "caption") ?? "" : "",
            },
            Reference = (request["source"] as JsonObject)?["ref"]?.ToString(),
            ReportUrl = MessageBirdSends.Text(request, "reportUrl") ?? MessageBirdSimulator.WebhookUrl(options, call),
            Answer = 202,
        }, null);
    }

    private string? Template(JsonObject template)
    {
        if (MessageBirdSends.Text(template, "namespace") != account.Options.TemplateNamespace) return "content.hsm.namespace";
        if (MessageBirdSends.Text(template, "templateName") is not { } name || !account.Options.Templates.TryGetValue(name, out var body))
            return "content.hsm.templateName";
        if (template["language"] is not JsonObject language
            || MessageBirdSends.Text(language, "policy") != "deterministic"
            || MessageBirdSends.Text(language, "code") is null)
        {
            return "content.hsm.language";
        }

        return Values(template).Length == body.Split("{{").Length - 1 ? null : "content.hsm.params";
    }

    private string Render(JsonObject template) => Values(template).Index().Aggregate(
        account.Options.Templates[MessageBirdSends.Text(template, "templateName")!],
        (text, value) => text.Replace($"{{{{{value.Index + 1}}}}}", value.Item, StringComparison.Ordinal));

    // params, or the body among the components.
    private static string[] Values(JsonObject template)
    {
        var body = (template["components"] as JsonArray)?.FirstOrDefault(
            component => (string?)component?["type"] == "body")?["parameters"] as JsonArray;
        return [.. (body ?? template["params"] as JsonArray ?? [])
            .Select(value => (value?["default"] ?? value?["text"])?.ToString() ?? "")];
    }

    private MessageBirdMessage? Find(string id) =>
        account.Messages.Find(id) is { Kind: MessageBirdKind.Conversation } message ? message : null;

    private JsonObject Show(MessageBirdMessage message) =>
        MessageBirdConversation.Message(account, message, message.Recipients[0].Status, message.Recipients[0].ErrorCode);

    private static bool IsPhone(string text) => text.TrimStart('+') is { Length: >= 7 and <= 17 } digits && digits.All(char.IsAsciiDigit);

    private static bool IsNumber(JsonNode? node) => node is JsonValue value && value.TryGetValue<double>(out _);
}
