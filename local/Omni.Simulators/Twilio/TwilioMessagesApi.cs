using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using Omni.Simulators.Script;

namespace Omni.Simulators.Twilio;

/// <summary>The Messages resource: create, look up, cancel, redact, delete.</summary>
internal sealed class TwilioMessagesApi(TwilioAccount account, TwilioReceipts receipts, BackgroundWork background)
{
    private readonly TwilioChecks _checks = new(account.Options, account.OptOuts, account.Clock);

    public void Map(IEndpointRouteBuilder routes)
    {
        // As a delegate: a method of one HttpContext would be taken for middleware, and its result dropped.
        routes.MapPost("/Messages.json", (Delegate)CreateAsync);
        routes.MapGet("/Messages.json", (HttpRequest request) => TwilioMessageList.Answer(request, account));
        routes.MapGet("/Messages/{sid}.json", (string sid) => Find(sid) is { } message ? Show(message) : NotFound());
        routes.MapPost("/Messages/{sid}.json", UpdateAsync);
        routes.MapDelete("/Messages/{sid}.json", (string sid) =>
        {
            if (Find(sid) is not { } message) return NotFound();
            message.Deleted = true;
            return Results.NoContent();
        });
    }

    private async Task<IResult> CreateAsync(HttpContext context)
    {
        var send = TwilioSend.Of(await ReadFormAsync(context.Request));
        var rule = account.Script.Take(send.To, send.From ?? send.MessagingServiceSid, send.Body);

        // A client that gives up meanwhile does not stop a carrier.
        if (rule?.LatencyMs is { } latency) await Task.Delay(TimeSpan.FromMilliseconds(latency), account.Clock, background.Stopping);

        if (rule is { Refuses: true }) return Refuse(send, TwilioError.From(rule), rule.RetryAfterSeconds);
        if (!TryAccept(send, out var message, out var code)) return Refuse(send, TwilioError.Of(code, WhyUnread(context.Request)));

        var created = Show(message, StatusCodes.Status201Created);
        if (rule?.Receipts is { BeforeAnswer: true } && message.SendAt is null)
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

        if (rule?.AcceptThen is not { } then) return created;
        message.Answer = then;
        return await LostAnswer.AfterAsync(then, context, TwilioError.Of(TwilioError.Fault).ToResult(), background.Stopping);
    }

    private bool TryAccept(TwilioSend send, out TwilioMessage message, out int code)
    {
        message = null!;
        var (sender, refusal) = _checks.Check(send);
        code = refusal ?? 0;
        if (sender is null) return false;

        var body = Render(send);
        var segments = TwilioAddress.ChannelOf(sender) is TwilioAddress.Sms ? SmsSegments.Count(body) : 1;
        if (!account.Rates.TryTake(sender, segments))
        {
            code = TwilioError.TooManyRequests;
            return false;
        }

        message = new TwilioMessage
        {
            Sid = TwilioSid.New(send.MediaUrls is [] ? "SM" : "MM"),
            Direction = "outbound-api",
            Sender = sender,
            To = send.To!,
            MessagingServiceSid = send.MessagingServiceSid,
            Body = body,
            Segments = segments,
            MediaCount = send.MediaUrls.Count,
            CreatedAt = account.Clock.GetUtcNow(),
            SendAt = TwilioTime.TryReadInstant(send.SendAt, out var sendAt) ? sendAt : null,
            StatusCallback = send.StatusCallback,
            Parameters = send.Parameters,
        };
        message.Begin(send switch { { SendAt: not null } => "scheduled", { MessagingServiceSid: not null } => "accepted", _ => "queued" });
        account.Remember(message);
        return true;
    }

    private string Render(TwilioSend send) => send.ContentSid is not { } template
        ? send.Body ?? ""
        : send.Variables()!.Aggregate(
            account.Options.ContentTemplates[template],
            (text, variable) => text.Replace("{{" + variable.Key + "}}", variable.Value, StringComparison.Ordinal));

    private async Task<IResult> UpdateAsync(string sid, HttpRequest request)
    {
        if (Find(sid) is not { } message) return NotFound();

        var form = await ReadFormAsync(request);
        if (form["Status"] == "canceled")
        {
            if (!message.TryLeaveSchedule("canceled", account.Clock.GetUtcNow())) return TwilioError.Of(30409).ToResult();
            background.Run(cancellation => receipts.PostAsync(message, "canceled", errorCode: null, cancellation));
            return Show(message);
        }

        // Redaction: a body can be emptied, and nothing else can be written.
        if (!form.ContainsKey("Body") || form["Body"] != "") return TwilioError.Of(20001).ToResult();
        message.Body = "";
        return Show(message);
    }

    private IResult Refuse(TwilioSend send, TwilioError error, int? retryAfterSeconds = null)
    {
        account.Refused.Add(TwilioSid.New("NO"), new TwilioRefused(account.Clock.GetUtcNow(), error.Status, error.Code, send.Parameters));
        return error.ToResult(retryAfterSeconds);
    }

    // Twilio reads forms only. Of another body it sees nothing, and so it misses the first thing it needs.
    private static async Task<IFormCollection> ReadFormAsync(HttpRequest request) =>
        IsForm(request) ? await request.ReadFormAsync() : FormCollection.Empty;

    private static string? WhyUnread(HttpRequest request) =>
        IsForm(request) ? null : "The content type must be application/x-www-form-urlencoded.";

    private static bool IsForm(HttpRequest request) =>
        request.ContentType?.StartsWith("application/x-www-form-urlencoded", StringComparison.OrdinalIgnoreCase) is true;

    private TwilioMessage? Find(string sid) => account.Messages.Find(sid) is { Deleted: false } message ? message : null;

    private IResult Show(TwilioMessage message, int status = StatusCodes.Status200OK) =>
        TwilioJson.Result(TwilioMessageResource.Of(message, account.Options.AccountSid), status);

    private static IResult NotFound() => TwilioError.Of(TwilioError.NotFound).ToResult();
}
