using System.Collections.Frozen;
using System.Globalization;
using Microsoft.AspNetCore.Http;
using Omni.Simulators.Script;

namespace Omni.Simulators.LiveChat;

/// <summary>
/// A refusal in LiveChat's words. The types are documented, the statuses beside them are not: they are those that users saw.
/// https://platform.text.com/docs/messaging/agent-chat-api#errors
/// </summary>
internal sealed record LiveChatError(string Type, int Status, string Message, object? Data = null)
{
    private static readonly FrozenDictionary<string, (int Status, string Message)> Known = new Dictionary<string, (int, string)>
    {
        ["already_exists"] = (409, "Already exists"),
        ["agent_offline"] = (422, "Agent offline"),
        ["authentication"] = (401, "Authentication error"),
        ["authorization"] = (403, "Authorization error"),
        ["chat_anonymized"] = (422, "Chat anonymized"),
        ["chat_inactive"] = (422, "Chat not active"),
        ["customer_banned"] = (403, "Customer is banned"),
        ["entity_too_large"] = (413, "Upload limit exceeded (10MB)."),
        ["group_offline"] = (422, "Group is offline"),
        ["group_unavailable"] = (422, "No agent available for group"),
        ["groups_offline"] = (422, "Groups offline"),
        ["internal"] = (500, "Internal server error"),
        ["license_expired"] = (403, "License expired"),
        ["license_not_found"] = (404, "License not found"),
        ["limit_reached"] = (422, "Public agents in chat limit reached"),
        ["misdirected_request"] = (421, "Wrong region"),
        ["missing_access"] = (403, "Missing access"),
        ["not_allowed"] = (422, "Not allowed"),
        ["not_found"] = (404, "Not found"),
        ["request_timeout"] = (504, "Request timed out"),
        ["requester_awaiting_approval"] = (403, "Requester awaiting approval"),
        ["requester_suspended"] = (403, "Requester suspended"),
        ["service_unavailable"] = (503, "Service unavailable"),
        ["too_many_requests"] = (429, "Too many requests"),
        ["unsupported_version"] = (400, "Cannot call unsupported API versions."),
        ["validation"] = (400, "Wrong format of request"),
        ["wrong_product_version"] = (400, "Wrong product version"),
    }.ToFrozenDictionary();

    public static LiveChatError Fault { get; } = Of("internal");

    public static LiveChatError NotInChat { get; } = Of("authorization", "Requester is not user of the chat");

    public static LiveChatError Of(string type, string? message = null, object? data = null)
    {
        var (status, usual) = Known.GetValueOrDefault(type, (400, "The request was refused"));
        return new(type, status, message ?? usual, data);
    }

    public static LiveChatError Misdirected(string region) => Of("misdirected_request", data: new { region });

    /// <summary>The refusal that a rule asks for; a status alone gets its usual type.</summary>
    public static LiveChatError From(Rule rule, string region)
    {
        var type = rule.ErrorCode ?? rule.HttpStatus switch
        {
            401 => "authentication",
            403 => "missing_access",
            404 => "not_found",
            413 => "entity_too_large",
            421 => "misdirected_request",
            429 => "too_many_requests",
            503 => "service_unavailable",
            504 => "request_timeout",
            >= 500 => "internal",
            _ => "validation",
        };
        var error = type == "misdirected_request" ? Misdirected(region) : Of(type);
        return error with { Status = rule.HttpStatus ?? error.Status };
    }

    public IResult ToResult(int? retryAfterSeconds = null) => new Refusal(this, retryAfterSeconds);

    private sealed class Refusal(LiveChatError error, int? retryAfterSeconds) : IResult
    {
        public Task ExecuteAsync(HttpContext context)
        {
            if (retryAfterSeconds is { } seconds) context.Response.Headers.RetryAfter = seconds.ToString(CultureInfo.InvariantCulture);
            return Body().ExecuteAsync(context);
        }

        // 502 comes from a gateway in front of the API, which knows no JSON.
        private IResult Body() => error.Status is StatusCodes.Status502BadGateway
            ? Results.Content("<html><body><h1>502 Bad Gateway</h1></body></html>", "text/html", statusCode: error.Status)
            : LiveChatJson.Result(new { error = new { type = error.Type, message = error.Message, data = error.Data } }, error.Status);
    }
}
