using System.Text.Json;
using System.Text.Json.Nodes;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using Omni.Simulators.Script;

namespace Omni.Simulators.WhatsApp;

/// <summary>The messages endpoint: send, and mark as read.</summary>
internal sealed class WhatsAppMessagesApi(
    WhatsAppAccount account, WhatsAppChecks checks, WhatsAppReceipts receipts, WhatsAppInbound inbound, BackgroundWork background)
{
    // As a delegate: a method of one HttpContext would be taken for middleware, and its result dropped.
    public void Map(IEndpointRouteBuilder routes) => routes.MapPost("/{phoneNumberId}/messages", (Delegate)PostAsync);

    private async Task<IResult> PostAsync(HttpContext context)
    {
        var send = new WhatsAppSend(await ReadAsync(context.Request));
        if (account.NumberById((string?)context.Request.RouteValues["phoneNumberId"]) is not { } number)
        {
            return Refuse(
                send, WhatsAppError.Of(WhatsAppError.Parameter, "Object does not exist, or cannot be loaded due to missing permissions."));
        }

        if (send.Body.Text("messaging_product") is not "whatsapp")
            return Refuse(send, WhatsAppError.Of(WhatsAppError.Parameter, "The parameter messaging_product is required."));
        return send.IsReadMark ? MarkRead(send, number) : await SendAsync(send, number, context);
    }

    private async Task<IResult> SendAsync(WhatsAppSend send, WhatsAppNumber number, HttpContext context)
    {
        var rule = account.Script.Take(send.To ?? send.Recipient, number.Phone, send.Text);

        // A client that gives up meanwhile does not stop a carrier.
        if (rule?.LatencyMs is { } latency) await Task.Delay(TimeSpan.FromMilliseconds(latency), account.Clock, background.Stopping);

        if (rule is { Refuses: true }) return Refuse(send, WhatsAppError.From(rule), rule.RetryAfterSeconds);
        if ((checks.Check(send, number) ?? CheckRates(send, number)) is { } refusal) return Refuse(send, refusal);

        var message = Accept(send, number);
        if (rule?.Receipts is { BeforeAnswer: true })
        {
            await receipts.PlayAsync(message, rule.Receipts, background.Stopping);
        }
        else if (rule?.AcceptThen is not null)
        {
            receipts.Start(message, rule.Receipts);
        }
        else
        {
            context.Response.OnCompleted(() =>
            {
                receipts.Start(message, rule?.Receipts);
                return Task.CompletedTask;
            });
        }

        if (rule?.AcceptThen is not { } then) return Results.Json(Show(message));
        message.Answer = then;
        return await LostAnswer.AfterAsync(then, context, WhatsAppError.Of(WhatsAppError.Fault).ToResult(), background.Stopping);
    }

    private WhatsAppError? CheckRates(WhatsAppSend send, WhatsAppNumber number) =>
        !account.Rates.TryTake(number.Id, 1) ? WhatsAppError.Of(WhatsAppError.Throughput, "Cloud API message throughput has been reached.")
        : !account.PairRates.TryTake($"{number.Id}>{send.To ?? send.Recipient}", 1)
            ? WhatsAppError.Of(WhatsAppError.Pair, "Too many messages from this number to the same person.")
        : null;

    private WhatsAppMessage Accept(WhatsAppSend send, WhatsAppNumber number)
    {
        var message = new WhatsAppMessage
        {
            Id = WhatsAppMessage.NewId(),
            Number = number,
            Person = send.To is { } phone ? account.People.OfPhone(phone) : account.People.OfUser(send.Recipient!),
            Send = send,
            CreatedAt = account.Clock.GetUtcNow(),
            Category = send.Type is "template" ? account.TemplateOf(send.Content.Text("name"))!.Category.ToLowerInvariant() : "service",
        };
        account.Messages.Add(message.Id, message);
        return message;
    }

    private static JsonObject Show(WhatsAppMessage message)
    {
        var contact = new JsonObject { ["input"] = message.Send.To ?? message.Send.Recipient };
        if (message.Send.To is not null) contact["wa_id"] = message.Person.WaId;
        contact["user_id"] = message.Person.UserId;

        var sent = new JsonObject { ["id"] = message.Id };
        if (message.Send.Type is "template") sent["message_status"] = "accepted";
        return new() { ["messaging_product"] = "whatsapp", ["contacts"] = new JsonArray(contact), ["messages"] = new JsonArray(sent) };
    }

    private IResult MarkRead(WhatsAppSend send, WhatsAppNumber number)
    {
        if (send.Body.Text("message_id") is not { } id || !inbound.IsKnown(id))
            return Refuse(send, WhatsAppChecks.Wrong("message_id is not a message that a person sent."));
        account.ReadMarks.Add(WhatsAppMessage.NewId(), new(account.Clock.GetUtcNow(), number.Id, id));
        return Results.Json(new JsonObject { ["success"] = true });
    }

    private IResult Refuse(WhatsAppSend send, WhatsAppError error, int? retryAfterSeconds = null)
    {
        account.Refused.Add(
            WhatsAppMessage.NewId(),
            new(account.Clock.GetUtcNow(), error.Status, error.Code, error.Details, send.Body.IsThere() ? send.Body : null));
        return error.ToResult(retryAfterSeconds);
    }

    // Meta reads JSON here and nothing else. Of another body it sees nothing, and so it misses the first thing it needs.
    private static async Task<JsonElement> ReadAsync(HttpRequest request)
    {
        if (!request.HasJsonContentType()) return default;
        try
        {
            return await JsonSerializer.DeserializeAsync<JsonElement>(request.Body, cancellationToken: request.HttpContext.RequestAborted);
        }
        catch (JsonException)
        {
            return default;
        }
    }
}
