using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using Omni.Simulators.Script;

namespace Omni.Simulators.LiveChat;

/// <summary>The Agent Chat Web API: <c>POST /v3.6/agent/action/{action}</c>.</summary>
internal sealed class LiveChatApi(
    LiveChatAccount account, LiveChatFiles files, LiveChatReceipts receipts, LiveChatWebhooks webhooks, BackgroundWork background)
{
    private const string Version = "v3.6", UploadFile = "upload_file";

    private readonly LiveChatActions _actions = new(account, files);

    public void Map(IEndpointRouteBuilder routes) => routes.MapPost("/{version}/agent/action/{action}", EnterAsync);

    private async Task<IResult> EnterAsync(string version, string action, HttpContext context)
    {
        var request = context.Request;
        if (version != Version) return Refuse(action, LiveChatError.Of("unsupported_version"));
        if (!IsSignedIn(request)) return Refuse(action, LiveChatError.Of("authentication"));
        if (request.Headers["X-Region"].ToString() is { Length: > 0 } region && region != account.Options.Region)
            return Refuse(action, LiveChatError.Misdirected(account.Options.Region));
        if (!account.Rates.TryTake(account.Options.LicenseId, 1)) return Refuse(action, LiveChatError.Of("too_many_requests"));

        if (action == UploadFile) return Answer(action, await files.UploadAsync(request));
        return await ReadAsync(request) is { } body
            ? await CallAsync(action, body, context)
            : Refuse(action, LiveChatError.Of("validation"));
    }

    private async Task<IResult> CallAsync(string action, JsonObject body, HttpContext context)
    {
        // A script is for what sends; calls that prepare or look up are not misbehaved at.
        var rule = action is "send_event" or "start_chat" or "resume_chat"
            ? account.Script.Take(Recipient(body), account.Options.LicenseId, Text(body))
            : null;

        // A client that gives up meanwhile does not stop a carrier.
        if (rule?.LatencyMs is { } latency) await Task.Delay(TimeSpan.FromMilliseconds(latency), account.Clock, background.Stopping);
        if (rule is { Refuses: true }) return Refuse(action, LiveChatError.From(rule, account.Options.Region), rule.RetryAfterSeconds);

        LiveChatOutcome outcome;
        lock (account.Gate) outcome = _actions.Do(action, body);

        var target = webhooks.TargetOf(context.Request);
        if (outcome.Told is var (told, payload)) background.Run(cancellation => webhooks.PostAsync(target, told, payload, cancellation));
        if (outcome.Taken is not { } message) return Answer(action, outcome);

        if (rule?.Receipts is { BeforeAnswer: true })
        {
            await receipts.PlayAsync(message, rule.Receipts, target, background.Stopping);
        }
        else if (rule?.AcceptThen is not null)
        {
            receipts.Start(message, rule.Receipts, target);
        }
        else
        {
            context.Response.OnCompleted(() =>
            {
                receipts.Start(message, rule?.Receipts, target);
                return Task.CompletedTask;
            });
        }

        if (rule?.AcceptThen is not { } then) return Answer(action, outcome);
        message.Answer = then;
        return await LostAnswer.AfterAsync(then, context, LiveChatError.Fault.ToResult(), background.Stopping);
    }

    private IResult Answer(string action, LiveChatOutcome outcome) =>
        outcome.Error is { } error ? Refuse(action, error) : LiveChatJson.Result(outcome.Answer);

    private IResult Refuse(string action, LiveChatError error, int? retryAfterSeconds = null)
    {
        account.Refused.Add(LiveChatJson.NewId(), new(account.Clock.GetUtcNow(), action, error.Status, error.Type, error.Message));
        return error.ToResult(retryAfterSeconds);
    }

    // A personal access token goes with its account in Basic; sent as Bearer it is refused.
    private bool IsSignedIn(HttpRequest request)
    {
        var options = account.Options;
        var basic = "Basic " + Convert.ToBase64String(Encoding.UTF8.GetBytes($"{options.AccountId}:{options.ApiToken}"));
        var given = request.Headers.Authorization.ToString();
        return given == basic || (options.BearerToken is { } bearer && given == "Bearer " + bearer);
    }

    private static async Task<JsonObject?> ReadAsync(HttpRequest request)
    {
        if (request.ContentType?.StartsWith("application/json", StringComparison.OrdinalIgnoreCase) is not true) return null;
        try
        {
            return await JsonNode.ParseAsync(request.Body, cancellationToken: request.HttpContext.RequestAborted) as JsonObject;
        }
        catch (JsonException)
        {
            return null;
        }
    }

    private static string? Recipient(JsonObject body) =>
        body.Text("chat_id")
            ?? body.Object("chat").Text("id")
                ?? body.Object("chat").Array("users")?.FirstOrDefault(u => u.Text("type") == "customer").Text("id");

    private static string? Text(JsonObject body)
    {
        var given = body.Object("event") ?? body.Object("chat").Object("thread").Array("events")?.FirstOrDefault();
        return given.Text("text") ?? given.Array("elements")?.FirstOrDefault().Text("title");
    }
}
