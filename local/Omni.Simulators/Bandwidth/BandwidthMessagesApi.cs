using System.Text.Json;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using Omni.Simulators.Script;

namespace Omni.Simulators.Bandwidth;

/// <summary>Messages: send and search. Their texts are not kept by Bandwidth, so no answer ever gives one back but the first.</summary>
internal sealed class BandwidthMessagesApi(BandwidthAccount account, BandwidthReceipts receipts, BackgroundWork background)
{
    public void Map(IEndpointRouteBuilder routes)
    {
        // As a delegate: a method of one HttpContext would be taken for middleware, and its result dropped.
        routes.MapPost("/messages", (Delegate)CreateAsync);
        routes.MapGet("/messages", (HttpRequest request) => BandwidthSearch.Answer(request, account));
    }

    private async Task<IResult> CreateAsync(HttpContext context)
    {
        if (!context.Request.HasJsonContentType()) return Refuse(null, BandwidthError.UnsupportedContentType);
        if (await ReadAsync(context.Request) is not { } send)
            return Refuse(null, BandwidthError.Invalid("Your request could not be accepted"));

        var rule = account.Script.Take(send.To is [var first, ..] ? first : null, send.From, send.Text);

        // A client that gives up meanwhile does not stop a carrier.
        if (rule?.LatencyMs is { } latency) await Task.Delay(TimeSpan.FromMilliseconds(latency), account.Clock, background.Stopping);

        if (rule is { Refuses: true }) return Refuse(send, BandwidthError.From(rule), rule.RetryAfterSeconds);
        if (BandwidthChecks.Problems(send, account.Options, account.Clock.GetUtcNow()) is { Count: > 0 } problems)
        {
            return Refuse(send, BandwidthError.Invalid("Your request could not be accepted", problems));
        }

        var segments = send.Media.Count > 0 ? 1 : SmsSegments.Count(send.Text ?? "");
        if (!account.Queue.TryTake("account", segments)) return Refuse(send, BandwidthError.QueueFull);

        var message = Take(send, segments, context.Request);
        var taken = Show(message, send);
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

        if (rule?.AcceptThen is not { } then) return taken;
        message.Answer = then;
        return await LostAnswer.AfterAsync(then, context, BandwidthError.Fault.ToResult(), background.Stopping);
    }

    private BandwidthMessage Take(BandwidthSend send, int segments, HttpRequest request)
    {
        var message = new BandwidthMessage
        {
            Id = account.NewId(),
            IsOutbound = true,
            From = send.From!,
            To = send.To!,
            Text = send.Text ?? "",
            Media = send.Media,
            Segments = segments,
            CreatedAt = account.Clock.GetUtcNow(),
            Tag = send.Tag,
            Request = send.Body,
            Host = $"{request.Scheme}://{request.Host}",
        };
        account.Messages.Add(message.Id, message);
        return message;
    }

    private IResult Show(BandwidthMessage message, BandwidthSend send) => BandwidthJson.Result(
        new
        {
            message.Id,
            owner = message.From,
            account.Options.ApplicationId,
            time = BandwidthJson.Time(message.CreatedAt),
            segmentCount = message.Segments,
            direction = "out",
            message.To,
            message.From,
            media = message.Media.Count > 0 ? message.Media : null,
            send.Text,
            message.Tag,
            send.Priority,
            send.Expiration,
        },
        StatusCodes.Status202Accepted);

    private IResult Refuse(BandwidthSend? send, BandwidthError error, int? retryAfterSeconds = null)
    {
        account.Refused.Add(account.NewId(), new(account.Clock.GetUtcNow(), error.Status, error.Type, error.FieldErrors, send?.Body));
        return error.ToResult(retryAfterSeconds);
    }

    private static async Task<BandwidthSend?> ReadAsync(HttpRequest request)
    {
        try
        {
            using var document = await JsonDocument.ParseAsync(request.Body);
            return document.RootElement.ValueKind is JsonValueKind.Object ? new(document.RootElement.Clone()) : null;
        }
        catch (JsonException)
        {
            return null;
        }
    }
}
