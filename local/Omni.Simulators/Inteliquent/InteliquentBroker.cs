using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using Omni.Simulators.Script;

namespace Omni.Simulators.Inteliquent;

/// <summary>The broker's call that sends: <c>POST /publishMessages</c>.</summary>
internal sealed class InteliquentBroker(InteliquentAccount account, InteliquentReceipts receipts, BackgroundWork background)
{
    // As a delegate: a method of one HttpContext would be taken for middleware, and its result dropped.
    public void Map(IEndpointRouteBuilder routes) => routes.MapPost("/publishMessages", (Delegate)PublishAsync);

    private async Task<IResult> PublishAsync(HttpContext context)
    {
        using var reader = new StreamReader(context.Request.Body);
        var body = await reader.ReadToEndAsync(context.RequestAborted);
        if (context.Request.Headers.Authorization.ToString() != $"Bearer {account.Options.ApiKey}")
        {
            return Refuse(context, body, InteliquentRefusal.OfCode(StatusCodes.Status401Unauthorized, "401", "Unauthorized"));
        }

        if (context.Request.ContentType?.Split(';')[0].Trim() is not "application/json")
            return Refuse(context, body, InteliquentRefusal.UserError("The content type must be application/json"));

        var (send, problem) = InteliquentSend.Read(body);
        if (send is null) return Refuse(context, body, InteliquentRefusal.UserError(problem!));

        var rule = account.Script.Take(send.To is [var first, ..] ? first : null, send.From, send.Text);

        // A client that gives up meanwhile does not stop a carrier.
        if (rule?.LatencyMs is { } latency) await Task.Delay(TimeSpan.FromMilliseconds(latency), account.Clock, background.Stopping);

        if (rule is { Refuses: true }) return Refuse(context, body, InteliquentRefusal.From(rule), rule.RetryAfterSeconds);
        return Check(send) is { } refusal ? Refuse(context, body, refusal) : await TakeAsync(context, send, rule);
    }

    private InteliquentRefusal? Check(InteliquentSend send)
    {
        if (send.Problem() is { } problem) return InteliquentRefusal.UserError(problem);
        if (!account.Options.OwnNumbers.Contains(send.From!))
            return InteliquentRefusal.Declined("FAILED", "The from number has no active messaging feature");
        if (send.To.Contains(InteliquentNumbers.Declined))
            return InteliquentRefusal.Declined("INVALID_NUMBER", "The to number cannot take messages");
        return account.Rates.TryTake(send.From!, send.To.Count)
            ? null
            : InteliquentRefusal.OfCode(StatusCodes.Status429TooManyRequests, "429", "Too many requests");
    }

    private async Task<IResult> TakeAsync(HttpContext context, InteliquentSend send, Rule? rule)
    {
        // One id for the call, whoever it goes to.
        var referenceId = Guid.NewGuid().ToString();
        InteliquentMessage[] messages = [.. send.To.Where(to => to != InteliquentNumbers.NotTaken).Select(to => new InteliquentMessage
        {
            ReferenceId = referenceId,
            From = send.From!,
            To = to,
            Text = send.Text ?? "",
            MediaUrls = send.MediaUrls,
            CreatedAt = account.Clock.GetUtcNow(),
            WebhookUrl = receipts.UrlFor(context.Request),
        })];
        foreach (var message in messages) account.Messages.Add(referenceId, message);

        if (rule?.Receipts is { BeforeAnswer: true })
        {
            foreach (var message in messages) await receipts.PlayAsync(message, rule.Receipts, background.Stopping);
        }
        else if (rule?.AcceptThen is not null)
        {
            receipts.Start(messages, rule.Receipts);
        }
        else
        {
            context.Response.OnCompleted(() =>
            {
                receipts.Start(messages, rule?.Receipts);
                return Task.CompletedTask;
            });
        }

        if (rule?.AcceptThen is not { } then) return InteliquentJson.Taken(referenceId, send);

        foreach (var message in messages) message.Answer = then;
        return await LostAnswer.AfterAsync(
            then, context, InteliquentRefusal.From(new Rule { HttpStatus = 500 }).ToResult(context), background.Stopping);
    }

    private IResult Refuse(HttpContext context, string body, InteliquentRefusal refusal, int? retryAfterSeconds = null)
    {
        account.Refused.Add(
            Guid.NewGuid().ToString(), new InteliquentRefused(account.Clock.GetUtcNow(), refusal.Status, refusal.Code, body));
        return refusal.ToResult(context, retryAfterSeconds);
    }
}
