using System.Text.Json;
using System.Text.Json.Nodes;
using Microsoft.AspNetCore.Http;
using Omni.Simulators.Script;

namespace Omni.Simulators.MessageBird;

/// <summary>What the three sending calls have in common: credentials, behaviour, pace, and the report that follows.</summary>
internal sealed class MessageBirdSends(MessageBirdAccount account, MessageBirdReceipts receipts, BackgroundWork background)
{
    /// <summary>Whether a call has the access key.</summary>
    public bool IsSignedIn(HttpRequest request) => request.Headers.Authorization.ToString() == $"AccessKey {account.Options.ApiKey}";

    /// <summary>Takes a request or refuses it.</summary>
    /// <param name="context">The call.</param>
    /// <param name="kind">The API.</param>
    /// <param name="check">Makes the message, or says what is wrong.</param>
    /// <param name="show">The answer.</param>
    public async Task<IResult> SendAsync(
        HttpContext context,
        MessageBirdKind kind,
        Func<JsonObject, (MessageBirdMessage? Message, MessageBirdError? Error)> check,
        Func<MessageBirdMessage, IResult> show)
    {
        if (await ReadAsync(context.Request) is not { } request) return MessageBirdError.Invalid("body").ToResult();

        var conversation = kind is MessageBirdKind.Conversation;
        var from = Text(request, conversation ? "from" : "originator");
        var to = conversation ? Text(request, "to") : Recipients(request).FirstOrDefault();
        var text = conversation ? request["content"]?.ToJsonString() : Text(request, "body");
        var rule = account.Script.Take(to, from, text);

        // A client that gives up meanwhile does not stop a carrier.
        if (rule?.LatencyMs is { } latency) await Task.Delay(TimeSpan.FromMilliseconds(latency), account.Clock, background.Stopping);

        if (rule is { Refuses: true }) return Refuse(request, MessageBirdError.From(rule), rule.RetryAfterSeconds);
        var (message, error) = check(request);
        if (error is null && !account.Rates.TryTake("account", message!.Recipients.Count)) error = MessageBirdError.TooFast;
        if (error is not null) return Refuse(request, error);

        account.Messages.Add(message!.Id, message);
        var answer = show(message);
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

        if (rule?.AcceptThen is not { } then) return answer;
        message.Lose(then);
        return await LostAnswer.AfterAsync(then, context, MessageBirdError.Fault.ToResult(), background.Stopping);
    }

    /// <summary>A member that is a text; null when it is missing, empty or something else.</summary>
    public static string? Text(JsonObject request, string name) =>
        request[name] is JsonValue value && value.TryGetValue<string>(out var text) && text.Length > 0 ? text : null;

    /// <summary>The recipients: an array, or a list with commas.</summary>
    public static string[] Recipients(JsonObject request) => request["recipients"] switch
    {
        JsonArray list => [.. list.Select(one => one?.ToString() ?? "")],
        JsonValue text => text.ToString().Split(',', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries),
        _ => [],
    };

    /// <summary>Whether a URL can be fetched or called from outside; plain HTTP on this machine only.</summary>
    public static bool IsWebAddress(string? text) =>
        Uri.TryCreate(text, UriKind.Absolute, out var url)
            && (url.Scheme == Uri.UriSchemeHttps || (url.Scheme == Uri.UriSchemeHttp && url.IsLoopback));

    private IResult Refuse(JsonObject request, MessageBirdError error, int? retryAfterSeconds = null)
    {
        account.Refused.Add(MessageBirdAccount.NewId(), new(account.Clock.GetUtcNow(), error.Status, error.Code, error.Parameter, request));
        return error.ToResult(retryAfterSeconds);
    }

    private static async Task<JsonObject?> ReadAsync(HttpRequest request)
    {
        if (!request.HasJsonContentType()) return null;
        try
        {
            return await JsonNode.ParseAsync(request.Body, cancellationToken: request.HttpContext.RequestAborted) as JsonObject;
        }
        catch (JsonException)
        {
            return null;
        }
    }
}
